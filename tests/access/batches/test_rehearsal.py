"""What is rehearsed is what is saved: names said on the way, who gains and loses, and what comes between."""

from collections.abc import Callable

import pytest

from ringfence import access
from ringfence.access import (
    OPERATOR,
    Actor,
    Batch,
    ListRefused,
    Overtaken,
    Rehearsal,
    rehearse,
    save,
)
from ringfence.core.commands import Command, On
from ringfence.core.commands import definitions as w
from ringfence.core.refusals import Refusal
from ringfence.core.scenario.bridge import facts_of
from ringfence.core.terms import Instant, Level, member_subject
from ringfence.firms.models import Engagement
from tests.access.cast import ADMIN, Cast

pytestmark = pytest.mark.both_databases

MANY = 2_000
MINUTE = 60_000_000
"""Microseconds."""
Questions = Callable[..., object]


def rehearsed(firm: Cast, *commands: Command, by: Actor = OPERATOR) -> Rehearsal:
    """The commands as one batch on the firm as it is now."""
    return rehearse(firm.firm, [Batch("client.import", commands)], actor=by, version=firm.view.version)


def test_nothing_is_written_before_it_is_saved(firm: Cast) -> None:
    before = firm.view.version
    found = rehearsed(firm, w.AddMember(name="Bob"))
    assert firm.view.version == before
    assert save(found) == before + 1
    assert access.verify(firm.firm).problems == ()


def test_the_state_that_was_rehearsed_is_the_one_that_is_saved(firm: Cast) -> None:
    found = rehearsed(firm, w.AddMember(name="Bob"), w.CreateGroup(name="Team", members=frozenset({2})))
    save(found)
    assert facts_of(firm.view.moment.state) == facts_of(found.after)


def test_who_gains_and_who_loses_is_told_of_all_commands_together(firm: Cast) -> None:
    beth = firm.member("Beth")
    acme, boots = firm.clients(2)
    firm.turn_on()
    give = w.SetGrant(to=(member_subject(beth),), on=On.client(acme, boots), level=Level.EDITOR)
    block = w.SetGrant(to=(member_subject(beth),), on=On.client(boots), level=Level.BLOCKED)
    found = rehearsed(firm, give, block).difference()
    # Ann loses what is in Beth's hands from now on; the other stays open to everybody who is not blocked.
    loses = {member: set(clients) for member, clients in found.loses.items()}
    assert loses == {ADMIN: {acme}, beth: {boots}}
    assert set(found.closes) == {acme}


def test_a_change_of_the_firm_between_keeps_it_from_being_saved(firm: Cast) -> None:
    found = rehearsed(firm, w.AddMember(name="Bob"))
    firm.member("Beth")
    before = firm.view.version
    with pytest.raises(Overtaken):
        save(found)
    assert firm.view.version == before


def test_an_expiry_between_keeps_it_from_being_saved(firm: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    beth = firm.member("Beth")
    firm.clients(1)
    soon = Instant(firm.view.moment.now + MINUTE)
    firm.do(w.SetGrant(to=(member_subject(beth),), on=On.client(1), level=Level.EDITOR, expires=soon))
    found = rehearsed(firm, w.AddMember(name="Bob"))
    before = firm.view.version
    monkeypatch.setattr("ringfence.access.batches.save.instant_for", lambda row: soon)
    with pytest.raises(Overtaken):
        save(found)
    assert firm.view.version == before


def test_an_expiry_that_the_commands_set_may_not_pass_before_they_are_saved(
    firm: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    beth = firm.member("Beth")
    firm.clients(1)
    soon = Instant(firm.view.moment.now + MINUTE)
    give = w.SetGrant(to=(member_subject(beth),), on=On.client(1), level=Level.EDITOR, expires=soon)
    forget = w.RemoveGrant(to=(member_subject(beth),), on=On.client(1))
    found = rehearsed(firm, give, forget)
    monkeypatch.setattr("ringfence.access.batches.save.instant_for", lambda row: soon)
    with pytest.raises(Overtaken):
        save(found)


def test_a_time_in_which_nothing_expires_keeps_nothing_from_being_saved(
    firm: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = rehearsed(firm, w.AddMember(name="Bob"))
    later = Instant(found.before.now + MINUTE)
    monkeypatch.setattr("ringfence.access.batches.save.instant_for", lambda row: later)
    save(found)
    assert [entry.at for entry in access.entries(firm.firm)][-1] == later


# --- Names


TAKEN: list[tuple[str, tuple[Command, ...]]] = [
    ("a group just made", (w.CreateGroup(name="Team"), w.CreateGroup(name=" TEAM"))),
    (
        "an address just given",
        (w.AddMember(name="A", email="a@x.org"), w.AddMember(name="B", email="A@x.org")),
    ),
    ("a service just added", (w.AddService(name="CIS"), w.AddService(name="cis"))),
    (
        "a client's reference just given",
        (w.ChangeClient(client=1, reference="N1"), w.ChangeClient(client=2, reference="n1")),
    ),
    (
        "the reference of a client just added",
        (w.AddClient(client=w.ClientRow(name="C", reference="N1")), w.ChangeClient(client=2, reference="N1")),
    ),
    (
        "a tax reference just given",
        (
            w.AddEngagement(client=1, service=2, reference="GB1"),
            w.AddEngagement(client=2, service=2, reference="gb1"),
        ),
    ),
    (
        "a tax reference just changed",
        (
            w.ImportEngagements(
                rows=(w.EngagementRow(client=1, service=2), w.EngagementRow(client=2, service=2))
            ),
            w.ChangeEngagement(engagement=3, reference="GB1"),
            w.ChangeEngagement(engagement=4, reference="GB1"),
        ),
    ),
]
FREE: list[tuple[str, tuple[Command, ...]]] = [
    (
        "the name of a group just renamed",
        (w.CreateGroup(name="Team"), w.RenameGroup(group=2, to="Squad"), w.CreateGroup(name="Team")),
    ),
    (
        "the name of a group just deleted",
        (w.CreateGroup(name="Team"), w.DeleteGroup(group=2), w.CreateGroup(name="Team")),
    ),
    (
        "a reference that was in the tables",
        (w.ChangeClient(client=1, reference="N1"), w.ChangeClient(client=2, reference="R0")),
    ),
    (
        "a reference that another gives up only later",
        (
            w.ChangeClient(client=2, reference="X1"),
            w.ChangeClient(client=1, reference="R1"),
            w.ChangeClient(client=2, reference="R0"),
        ),
    ),
    (
        "the tax reference of an engagement just removed",
        (
            w.AddEngagement(client=1, service=2, reference="GB1"),
            w.RemoveEngagement(engagement=3),
            w.AddEngagement(client=2, service=2, reference="GB1"),
        ),
    ),
    ("the name of a service just removed", (w.RemoveService(service=2), w.AddService(name="VAT"))),
]


@pytest.fixture
def stocked(firm: Cast) -> Cast:
    """With VAT (2) and clients 1 and 2, whose references are R0 and R1."""
    firm.service("VAT")
    firm.clients(2)
    return firm


@pytest.mark.parametrize("apart", [False, True], ids=["in one batch", "in batches of their own"])
@pytest.mark.parametrize("commands", [pytest.param(some, id=what) for what, some in TAKEN])
def test_what_a_command_takes_is_taken_for_those_after_it(
    stocked: Cast, commands: tuple[Command, ...], apart: bool
) -> None:
    with pytest.raises(ListRefused) as refused:
        rehearse(stocked.firm, batches(commands, apart), actor=OPERATOR, version=stocked.view.version)
    assert refused.value.refused.refusal is Refusal.NAME_TAKEN
    assert refused.value.place == len(commands) - 1


@pytest.mark.parametrize("apart", [False, True], ids=["in one batch", "in batches of their own"])
@pytest.mark.parametrize("commands", [pytest.param(some, id=what) for what, some in FREE])
def test_what_a_command_gives_up_is_free_for_those_after_it(
    stocked: Cast, commands: tuple[Command, ...], apart: bool
) -> None:
    save(rehearse(stocked.firm, batches(commands, apart), actor=OPERATOR, version=stocked.view.version))
    assert access.verify(stocked.firm).problems == ()


def batches(commands: tuple[Command, ...], apart: bool) -> list[Batch]:
    if apart:
        return [Batch("client.import", (command,)) for command in commands]
    return [Batch("client.import", commands)]


def test_a_text_that_a_command_changed_is_another_for_those_after_it(stocked: Cast) -> None:
    rename = w.ChangeClient(client=1, name="Fresh")
    with pytest.raises(ListRefused) as refused:
        rehearsed(stocked, rename, rename)
    assert refused.value.refused.refusal is Refusal.CONFLICT


# --- Very many


def test_thousands_of_clients_get_a_service_with_a_handful_of_questions(
    firm: Cast, django_assert_max_num_queries: Questions
) -> None:
    firm.service("VAT")
    numbers = firm.clients(MANY)
    rows = tuple(w.EngagementRow(client=n, service=2, reference=f"GB{n}") for n in numbers)
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        save(rehearsed(firm, w.ImportEngagements(rows=rows)))
    held = Engagement.objects.filter(firm=firm.firm, service=2, reference__startswith="GB")
    assert held.count() == MANY
    assert access.verify(firm.firm).problems == ()


def test_thousands_of_tax_references_change_with_a_handful_of_questions(
    firm: Cast, django_assert_max_num_queries: Questions
) -> None:
    firm.service("VAT")
    numbers = firm.clients(MANY)
    firm.do(w.ImportEngagements(rows=tuple(w.EngagementRow(client=n, service=2) for n in numbers)))
    first = firm.view.moment.state.register.engagement_for(numbers[0], 2)
    assert first is not None
    changes = (w.ChangeEngagement(engagement=first + n, reference=f"GB{n}") for n in range(MANY))
    with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
        save(rehearsed(firm, *changes))
    assert Engagement.objects.filter(firm=firm.firm, reference__startswith="GB").count() == MANY
