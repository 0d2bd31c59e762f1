"""Names and references in the tables: how they are compared, who lets go of one, and twins that stand."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from ringfence import access
from ringfence.access.twins import twins
from ringfence.access.writing.directory import TableDirectory
from ringfence.access.writing.tables import words
from ringfence.cli.doctor.database_looks import names
from ringfence.cli.doctor.findings import Verdict
from ringfence.core.commands import Command, Problem, Refused
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Instant, Thing
from ringfence.firms.models import Client, Engagement, Group, User
from tests.access.cast import Cast

pytestmark = pytest.mark.both_databases

DAY = 86_400_000_000
"""Microseconds."""
VAT = 2


@pytest.fixture
def stocked(firm: Cast) -> Cast:
    """With VAT (2), and clients 1 and 2, whose VAT numbers are GB123456789 and none."""
    assert firm.service("VAT") == VAT
    for name, reference, tax in (("Oak", "OAK1", "GB123456789"), ("Elm", "", "")):
        firm.do(w.AddClient(client=w.ClientRow(name=name, reference=reference, services={VAT: tax})))
    return firm


def days_later(firm: Cast, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """The clock of the firm moves on for what is written."""
    later = Instant(firm.view.moment.now + days * DAY)
    monkeypatch.setattr("ringfence.access.batches.rehearse.instant_of", lambda firm, last: later)
    for module in ("access.door", "access.batches.save"):
        monkeypatch.setattr(f"ringfence.{module}.instant_for", lambda row: later)


def problem(firm: Cast, command: Command) -> Problem:
    with pytest.raises(Refused) as refused:
        firm.do(command)
    return refused.value.problem


def test_one_vat_number_in_another_spelling_is_taken(stocked: Cast) -> None:
    command = w.ChangeEngagement(engagement=2, reference="123 4567 89")
    assert problem(stocked, command) is Problem.TAX_REFERENCE_IN_USE


def test_a_name_with_what_shows_nothing_is_taken(stocked: Cast) -> None:
    stocked.group("Deal team")
    assert problem(stocked, w.CreateGroup(name="Deal\u200b  team")) is Problem.NAME_IN_USE


def test_a_removed_client_keeps_its_references_while_it_can_be_restored(
    stocked: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked.do(w.RemoveClient(client=1))
    days_later(stocked, monkeypatch, 29)
    give = w.ChangeEngagement(engagement=2, reference="GB123456789")
    assert problem(stocked, give) is Problem.TAX_REFERENCE_IN_USE
    assert problem(stocked, w.ChangeClient(client=2, reference="OAK1")) is Problem.REFERENCE_IN_USE
    stocked.do(w.RestoreClient(client=1))
    assert access.verify(stocked.firm).problems == ()


def test_after_that_its_references_are_given_to_others(
    stocked: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked.do(w.RemoveClient(client=1))
    days_later(stocked, monkeypatch, 31)
    back = w.ClientRow(name="Oak is back", reference="OAK1", services={VAT: "GB 123 4567 89"})
    stocked.do(w.AddClient(client=back))
    assert access.verify(stocked.firm).problems == ()
    assert problem(stocked, w.ChangeClient(client=2, reference="oak1")) is Problem.REFERENCE_IN_USE


def test_a_list_gives_the_references_of_clients_that_are_gone(
    stocked: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked.do(w.RemoveClient(client=1))
    days_later(stocked, monkeypatch, 31)
    commands = (
        w.ChangeClient(client=2, reference="OAK1"),
        w.ChangeEngagement(engagement=2, reference="GB123456789"),
    )
    access.save(
        access.rehearse(
            stocked.firm,
            [access.Batch("client.import", commands)],
            actor=access.OPERATOR,
            version=stocked.view.version,
        )
    )
    assert Client.objects.get(firm=stocked.firm, number=2).reference == "OAK1"
    assert access.verify(stocked.firm).problems == ()


def test_a_key_taken_from_a_client_that_is_there_is_found(stocked: Cast) -> None:
    Client.objects.filter(firm=stocked.firm, number=1).update(reference_key=None)
    (found,) = access.verify(stocked.firm).problems
    assert "client 1" in found


def test_a_key_that_is_another_s_is_found(stocked: Cast) -> None:
    Engagement.objects.filter(firm=stocked.firm, number=1).update(reference_key="gb123456789")
    (found,) = access.verify(stocked.firm).problems
    assert "engagement 1" in found


# Twins


@pytest.fixture
def twinned(stocked: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A firm of the time when keys were trimmed and folded only, with pairs that are alike now."""
    with monkeypatch.context() as before:
        before.setattr(words, "unique_key", formerly)
        before.setattr(words, "reference_key", lambda thing, text: formerly(text))
        before.setattr(TableDirectory, "named", lambda *asked: None)
        before.setattr(TableDirectory, "clients_by_reference", lambda *asked: {})
        before.setattr(TableDirectory, "engagements_by_reference", lambda *asked: {})
        stocked.group("Deal\u200b team")
        stocked.group("Deal team")
        stocked.do(w.ChangeEngagement(engagement=2, reference="GB 123 4567 89"))
        stocked.do(w.ChangeEngagement(engagement=1, reference="gb123456789"))
        stocked.do(w.ChangeClient(client=2, reference="OAK1\u00ad"))
    return stocked


def formerly(text: str) -> str:
    return text.lower().strip()


def renew() -> None:
    module = importlib.import_module("ringfence.firms.migrations.0005_keys")
    module.renew(apps, SimpleNamespace(connection=connection))


def test_the_migration_works_keys_out_again_and_loses_no_twin(twinned: Cast) -> None:
    renew()
    groups = dict(Group.objects.filter(firm=twinned.firm).values_list("number", "name_key"))
    assert groups == {1: "everyone", 2: "deal\u200b team", 3: "deal team"}
    clients = dict(Client.objects.filter(firm=twinned.firm).values_list("number", "reference_key"))
    assert clients == {1: "oak1", 2: "oak1\u00ad"}
    taxes = dict(Engagement.objects.filter(firm=twinned.firm).values_list("number", "reference_key"))
    assert taxes == {1: "123456789", 2: "gb 123 4567 89"}
    assert access.verify(twinned.firm).problems == ()


def test_the_migration_moves_a_user_s_address(firm: Cast) -> None:
    User.objects.filter(email="ann@agency.example.com").update(email="ann@agency.example.com\u200b")
    renew()
    assert User.objects.filter(email="ann@agency.example.com").exists()


def test_twins_are_listed(twinned: Cast) -> None:
    renew()
    assert list(twins(twinned.firm)) == [
        (Thing.GROUP, "Deal\u200b team", (2, 3)),
        (Thing.CLIENT, "OAK1\u00ad", (2, 1)),
        (Thing.ENGAGEMENT, "GB 123 4567 89", (2, 1)),
    ]


def test_a_twin_that_gets_another_name_is_none_any_more(twinned: Cast) -> None:
    renew()
    twinned.do(w.RenameGroup(group=2, to="Deals"))
    twinned.do(w.ChangeClient(client=2, reference="ELM1"))
    twinned.do(w.ChangeEngagement(engagement=2, reference="987654321"))
    assert list(twins(twinned.firm)) == []
    assert access.verify(twinned.firm).problems == ()


def test_no_third_stands_beside_twins(twinned: Cast) -> None:
    renew()
    assert problem(twinned, w.CreateGroup(name="deal  team")) is Problem.NAME_IN_USE


def test_the_doctor_lists_twins(twinned: Cast) -> None:
    renew()
    found = [finding.text for finding in names() if finding.verdict is Verdict.LOOK]
    assert len(found) == 3
    assert "the tax reference of clients #2 and #1" in found[2]
