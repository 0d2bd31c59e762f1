"""Records opened and exports taken: entries of the ledger like any other, and nothing changes by them."""

from collections.abc import Callable

import pytest

from ringfence import access
from ringfence.access import FirmUnknown, Refused, StateUnavailable
from ringfence.access.door import STATES
from ringfence.access.ledger.noting import SAME_OPENING
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import at
from ringfence.core.events import ExportTaken, RecordOpened
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Export, Instant, Level, Reason, Role, member_subject
from ringfence.firms.models import Firm, LedgerEntry, LedgerText
from tests.access.cast import ADMIN, Cast
from tests.support.unwritable import unwritable_database

pytestmark = pytest.mark.both_databases

ACME, BORDER = 1, 2


@pytest.fixture
def bob(firm: Cast) -> int:
    """A member; Acme is his alone, Border nobody's in particular."""
    number = firm.member("Bob")
    firm.client("Acme")
    firm.client("Border")
    firm.turn_on()
    firm.grant(member_subject(number), On.client(ACME))
    return number


def open_(firm: Cast, member: int, client: int = ACME) -> access.FirmNow:
    return access.open_record(firm.view, member=member, client=client)


def noted(firm: Cast) -> list[tuple[str, int | None]]:
    """What was noted and by whom, oldest first."""
    found = access.entries(firm.firm)
    return [
        (entry.command, entry.actor.member)
        for entry in found
        if entry.command in {"record.open", "export.take"}
    ]


def aged(firm: Cast, by: int) -> None:
    """As though so many microseconds had passed since the last entry."""
    LedgerEntry.objects.filter(firm=firm.firm).update(at=firm.view.moment.now - by)
    Firm.objects.filter(pk=firm.firm).update(changed_at=firm.view.moment.now - by)


def test_an_opening_names_who_opened_which_client_by_which_reason_and_nothing_else(
    firm: Cast, bob: int
) -> None:
    view = open_(firm, bob)
    (entry,) = access.entries(firm.firm, after=view.version - 1)
    assert entry.events == (RecordOpened(client=ACME, reason=Reason.DIRECT),)
    assert (entry.command, entry.actor.member, entry.texts) == ("record.open", bob, ())
    assert not entry.self_access


def test_an_export_names_the_list_and_how_long_it_is(firm: Cast) -> None:
    view = access.note_export(firm.firm, Export.ACCESS, 12)
    (entry,) = access.entries(firm.firm, after=view.version - 1)
    assert entry.events == (ExportTaken(what=Export.ACCESS, rows=12),)
    assert (entry.command, entry.actor, entry.texts) == ("export.take", access.OPERATOR, ())


def test_noting_leaves_the_very_same_state_in_memory(firm: Cast, bob: int) -> None:
    # What another test left in this process is of another firm with the same number.
    STATES.forget(firm.firm)
    firm.group("Team", bob)
    state = firm.view.moment.state
    at(state, firm.view.moment.now).clients(bob)
    open_(firm, bob)
    access.note_export(firm.firm, Export.CLIENTS, 2)
    assert firm.view.moment.state is state


def test_what_comes_back_is_the_firm_with_the_entry_in_it(firm: Cast, bob: int) -> None:
    before = firm.view.version
    assert open_(firm, bob).version == firm.view.version == before + 1


def test_a_client_that_the_member_does_not_see_is_not_there_and_nothing_is_noted(
    firm: Cast, bob: int
) -> None:
    cleo = firm.member("Cleo")
    for member, client in ((cleo, ACME), (bob, 404), (404, ACME)):
        with pytest.raises(Refused) as refused:
            open_(firm, member, client)
        assert refused.value.refusal is Refusal.NOT_FOUND
    assert noted(firm) == []


def test_an_auditor_opens_no_record(firm: Cast, bob: int) -> None:
    una = firm.member("Una", Role.AUDITOR)
    with pytest.raises(Refused):
        open_(firm, una, BORDER)


def test_a_client_of_another_firm_is_not_there(firm: Cast, bob: int, other_firm: Cast) -> None:
    stranger = other_firm.member("Zoe")
    other_firm.client("Theirs")
    with pytest.raises(Refused):
        open_(firm, stranger + 10)
    assert noted(other_firm) == noted(firm) == []


def test_access_lost_while_the_page_was_asked_for_is_refused(firm: Cast, bob: int) -> None:
    stale = firm.view
    firm.grant(member_subject(bob), On.client(ACME), Level.BLOCKED)
    with pytest.raises(Refused):
        access.open_record(stale, member=bob, client=ACME)
    assert noted(firm) == []


def test_the_page_is_made_from_the_firm_as_it_stood_when_it_was_noted(firm: Cast, bob: int) -> None:
    stale = firm.view
    firm.grant(member_subject(bob), On.client(ACME), Level.READER)
    view = access.open_record(stale, member=bob, client=ACME)
    assert view.moment.client_level(bob, ACME) is Level.READER


def test_the_same_record_again_within_ten_minutes_is_the_same_opening(firm: Cast, bob: int) -> None:
    open_(firm, bob)
    aged(firm, SAME_OPENING - 60_000_000)
    open_(firm, bob)
    assert noted(firm) == [("record.open", bob)]


def test_after_ten_minutes_it_is_an_opening_of_its_own(firm: Cast, bob: int) -> None:
    open_(firm, bob)
    aged(firm, SAME_OPENING)
    open_(firm, bob)
    assert noted(firm) == [("record.open", bob)] * 2


def test_another_member_or_another_client_is_an_opening_of_its_own(firm: Cast, bob: int) -> None:
    firm.grant(member_subject(ADMIN), On.client(ACME))
    for member, client in ((bob, ACME), (ADMIN, ACME), (bob, BORDER)):
        open_(firm, member, client)
    assert [who for _, who in noted(firm)] == [bob, ADMIN, bob]


def test_an_opening_that_another_process_noted_meanwhile_is_not_noted_twice(firm: Cast, bob: int) -> None:
    both_asked = firm.view
    access.open_record(both_asked, member=bob, client=ACME)
    access.open_record(both_asked, member=bob, client=ACME)
    assert noted(firm) == [("record.open", bob)]


def test_whoever_lost_access_is_refused_also_within_the_same_opening(firm: Cast, bob: int) -> None:
    open_(firm, bob)
    firm.grant(member_subject(bob), On.client(ACME), Level.BLOCKED)
    with pytest.raises(Refused):
        open_(firm, bob)


def test_a_ledger_with_notes_is_whole(firm: Cast, bob: int) -> None:
    open_(firm, bob)
    firm.group("Team", bob)
    access.note_export(firm.firm, Export.MEMBERS, 2)
    report = access.verify(firm.firm)
    assert report.problems == ()
    assert report.entries == firm.view.version


def test_a_note_that_was_tampered_with_is_found(firm: Cast, bob: int) -> None:
    view = open_(firm, bob)
    row = LedgerEntry.objects.get(firm=firm.firm, number=view.version)
    changed = bytes(row.body).replace(b'"client":1', b'"client":2')
    LedgerEntry.objects.filter(firm=firm.firm, number=view.version).update(body=changed)
    assert f"Entry {view.version} was changed" in " ".join(access.verify(firm.firm).problems)


def test_the_past_replays_over_notes(firm: Cast, bob: int) -> None:
    before = firm.view.version
    opened = open_(firm, bob).version
    firm.group("Team", bob)
    then = access.replay(firm.firm, version=opened)
    assert (then.version, set(then.moment.who(ACME))) == (opened, {bob})
    assert access.replay(firm.firm, version=before).moment.state.groups == then.moment.state.groups
    assert set(access.replay(firm.firm).moment.state.groups) == {1, 2}


def test_a_past_moment_after_a_note_knows_what_had_expired_by_then(firm: Cast, bob: int) -> None:
    until = Instant(firm.view.moment.now + 3_600_000_000)
    firm.do(w.SetGrant(to=(member_subject(bob),), on=On.client(ACME), level=Level.EDITOR, expires=until))
    view = access.note_export(firm.firm, Export.LEDGER, 1)
    LedgerEntry.objects.filter(firm=firm.firm, number=view.version).update(at=until)
    assert set(access.replay(firm.firm, version=view.version - 1).moment.who(ACME)) == {bob}
    assert set(access.replay(firm.firm, version=view.version).moment.who(ACME)) == set()


def test_only_changes_are_listed_where_asked(firm: Cast, bob: int) -> None:
    before = firm.view.version
    open_(firm, bob)
    firm.group("Team")
    access.note_export(firm.firm, Export.LEDGER, 1)
    found = access.entries(firm.firm, after=before, noted=False)
    assert [entry.command for entry in found] == ["group.create"]


@pytest.mark.parametrize(("noted", "place"), [(True, 2), (False, 1)])
def test_the_place_of_the_last_entries_counts_what_is_asked_for(firm: Cast, noted: bool, place: int) -> None:
    firm.group("One")
    access.note_export(firm.firm, Export.LEDGER, 1)
    firm.group("Two")
    assert access.place_of_last(firm.firm, 2, until=4, noted=noted) == place
    assert access.place_of_last(firm.firm, 0, until=4, noted=noted) == 4
    assert access.place_of_last(firm.firm, 99, until=4, noted=noted) == 0


def test_a_firm_is_not_changed_by_what_is_noted(firm: Cast, bob: int) -> None:
    version = firm.view.version
    assert not access.changed_since(firm.firm, version)
    open_(firm, bob)
    assert not access.changed_since(firm.firm, version)
    firm.group("Team")
    assert access.changed_since(firm.firm, version)


@pytest.mark.parametrize("version", [0, 99])
def test_what_was_worked_out_at_no_entry_of_the_firm_is_not_current(firm: Cast, version: int) -> None:
    assert access.changed_since(firm.firm, version)


def test_erasing_a_client_leaves_who_opened_it_by_number_alone(firm: Cast, bob: int) -> None:
    open_(firm, bob)
    firm.do(w.RemoveClient(client=ACME))
    access.erase_client(firm.firm, ACME, actor=access.OPERATOR)
    assert noted(firm) == [("record.open", bob)]
    assert not LedgerText.objects.filter(firm=firm.firm, text__contains="Acme").exists()
    assert access.verify(firm.firm).problems == ()


def test_erasing_a_member_leaves_what_they_opened_by_number_alone(firm: Cast, bob: int) -> None:
    open_(firm, bob)
    firm.do(w.DeactivateMember(member=bob))
    access.erase_member(firm.firm, bob, actor=access.OPERATOR)
    assert noted(firm) == [("record.open", bob)]
    assert access.verify(firm.firm).problems == ()


NOTES: list[Callable[[Cast, int], object]] = [
    lambda firm, bob: open_(firm, bob),
    lambda firm, bob: access.note_export(firm.firm, Export.CLIENTS, 1),
]


@pytest.mark.parametrize("note", NOTES)
def test_where_it_cannot_be_written_it_is_an_error(
    firm: Cast, bob: int, note: Callable[[Cast, int], object]
) -> None:
    with unwritable_database(), pytest.raises(StateUnavailable):
        note(firm, bob)


def test_an_export_from_a_firm_that_is_not_there_is_an_error(db: None) -> None:
    with pytest.raises(FirmUnknown):
        access.note_export(999, Export.LEDGER, 1)
