"""Many commands at once: one entry for each batch, all or none, by the same rules as one by one."""

from collections.abc import Callable
from typing import Any

import pytest

from ringfence import access
from ringfence.access import OPERATOR, Actor, Batch, ListRefused, Overtaken, rehearse, save
from ringfence.access.batches import save as saving
from ringfence.core.commands import Command, On
from ringfence.core.commands import definitions as w
from ringfence.core.refusals import Refusal
from ringfence.firms.models import Client, Engagement
from tests.access.cast import ADMIN, Cast

pytestmark = pytest.mark.both_databases

MANY = 2_000


def changed(number: int) -> Command:
    """A client's new name."""
    return w.ChangeClient(client=number, name=f"Renamed {number}", reference=f"N{number}")


def saved(firm: int, batches: list[Batch], *, actor: Actor, version: int) -> int:
    """The firm's version after the batches."""
    return save(rehearse(firm, batches, actor=actor, version=version))


def test_each_batch_is_one_entry(firm: Cast) -> None:
    numbers = firm.clients(3)
    batches = [
        Batch("client.import", tuple(map(changed, numbers))),
        Batch("member.add", (w.AddMember(name="Bob"),)),
    ]
    assert saved(firm.firm, batches, actor=Actor(ADMIN), version=2) == 4
    told = [(entry.command, entry.actor) for entry in access.entries(firm.firm, after=2)]
    assert told == [("client.import", Actor(ADMIN)), ("member.add", Actor(ADMIN))]
    assert access.verify(firm.firm).problems == ()


def test_one_refusal_takes_all_batches_back(firm: Cast) -> None:
    numbers = firm.clients(2)
    batches = [
        Batch("client.import", tuple(map(changed, numbers))),
        Batch("group.create", (w.CreateGroup(name="Team"),)),
        Batch("group.create", (w.CreateGroup(name="TEAM"),)),
    ]
    with pytest.raises(ListRefused) as refused:
        saved(firm.firm, batches, actor=OPERATOR, version=2)
    assert (refused.value.place, refused.value.refused.refusal) == (3, Refusal.NAME_TAKEN)
    assert firm.view.version == 2
    assert not Client.objects.filter(name__startswith="Renamed").exists()


def test_batches_for_an_older_version_change_nothing(firm: Cast) -> None:
    firm.clients(1)
    with pytest.raises(Overtaken):
        saved(firm.firm, [Batch("client.import", (changed(1),))], actor=OPERATOR, version=1)
    assert firm.view.version == 2


def test_batches_made_before_a_record_was_opened_are_still_current(firm: Cast) -> None:
    (client,) = firm.clients(1)
    access.open_record(firm.view, member=ADMIN, client=client)
    batches = [Batch("client.import", (changed(client),))]
    assert saved(firm.firm, batches, actor=OPERATOR, version=2) == 4
    assert access.verify(firm.firm).problems == ()


def test_what_was_rehearsed_before_a_record_was_opened_is_saved(firm: Cast) -> None:
    (client,) = firm.clients(1)
    batches = [Batch("client.import", (changed(client),))]
    rehearsal = rehearse(firm.firm, batches, actor=OPERATOR, version=2)
    access.open_record(firm.view, member=ADMIN, client=client)
    assert save(rehearsal) == 4
    assert access.verify(firm.firm).problems == ()


def test_no_batch_is_no_entry(firm: Cast) -> None:
    assert saved(firm.firm, [], actor=OPERATOR, version=1) == 1
    assert firm.view.version == 1


def test_a_reference_in_use_is_refused_in_a_batch_too(firm: Cast) -> None:
    firm.clients(2)
    command = w.ChangeClient(client=1, reference=" r1 ")
    with pytest.raises(ListRefused) as refused:
        saved(firm.firm, [Batch("client.import", (command,))], actor=OPERATOR, version=2)
    assert refused.value.refused.refusal is Refusal.NAME_TAKEN


def test_a_tax_reference_in_use_is_refused_in_a_batch_too(firm: Cast) -> None:
    vat = firm.service("VAT")
    firm.do(w.AddClient(client=w.ClientRow(name="A", services={vat: "GB1"})))
    firm.clients(1)
    command = w.AddEngagement(client=2, service=vat, reference="gb1")
    with pytest.raises(ListRefused) as refused:
        saved(firm.firm, [Batch("client.import", (command,))], actor=OPERATOR, version=4)
    assert refused.value.refused.refusal is Refusal.NAME_TAKEN


def test_a_command_rests_on_what_the_ones_before_it_did(firm: Cast) -> None:
    vat = firm.service("VAT")
    numbers = firm.clients(1)
    commands = (
        w.AddEngagement(client=numbers[0], service=vat, reference="GB1"),
        w.RemoveEngagement(engagement=1),
        w.CreateGroup(name="Team", on=On.engagement(2)),
    )
    saved(firm.firm, [Batch("client.import", commands)], actor=OPERATOR, version=3)
    assert list(Engagement.objects.filter(firm=firm.firm, ended=False).values_list("number", flat=True)) == [
        2
    ]
    assert access.verify(firm.firm).problems == ()


def test_thousands_of_clients_are_renamed_with_a_handful_of_questions(
    firm: Cast, django_assert_max_num_queries: object
) -> None:
    numbers = firm.clients(MANY)
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(20):
        batch = Batch("client.import", tuple(map(changed, numbers)))
        saved(firm.firm, [batch], actor=OPERATOR, version=2)
    assert Client.objects.filter(name__startswith="Renamed").count() == MANY
    assert access.verify(firm.firm).problems == ()


def test_what_goes_alongside_is_saved_with_the_batches_or_not_at_all(firm: Cast) -> None:
    (number,) = firm.clients(1)
    batches = [Batch("client.import", (changed(number),))]
    rehearsal = rehearse(firm.firm, batches, actor=OPERATOR, version=2)

    def refuse(version: int) -> None:
        assert version == 3
        raise LookupError("taken back")

    with pytest.raises(LookupError):
        save(rehearsal, alongside=refuse)
    assert firm.view.version == 2
    assert not Client.objects.filter(name__startswith="Renamed").exists()


def test_all_that_is_written_is_worked_out_before_the_firm_is_locked(
    firm: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = firm.clients(2)
    batches = [
        Batch("client.import", tuple(map(changed, numbers))),
        Batch("group.create", (w.CreateGroup(name="Team"),)),
    ]
    rehearsal = rehearse(firm.firm, batches, actor=OPERATOR, version=2)
    order: list[str] = []

    def noting(what: str, done: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any, **named: Any) -> Any:
            order.append(what)
            return done(*given, **named)

        return noted

    for name in ("work_out", "lock"):
        monkeypatch.setattr(saving, name, noting(name, getattr(saving, name)))
    assert save(rehearsal) == 4
    assert order == ["work_out", "work_out", "lock"]
    assert access.verify(firm.firm).problems == ()
