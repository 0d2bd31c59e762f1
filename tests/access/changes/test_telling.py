"""What other software is told of a firm: every entry, in order, and exactly whose access each one moved."""

import time
from collections import defaultdict
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from cloudevents.core.formats.json import JSONFormat

from ringfence import access
from ringfence.access import Actor, changes, clock
from ringfence.access.changes import ChangeEvent, FeedPlace, LedgerEnds, UnfitPlace, moved, told_after
from ringfence.access.changes.expiring import firms_with_endings, note_endings
from ringfence.access.tokens import make_token
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.events import WallsTurned
from ringfence.core.terms import Export, Instant, Level, Scope, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import Firm
from tests.access.cast import ADMIN, Cast

ACME, BORDER = 1, 2
Seen = dict[str, set[str]]


@pytest.fixture
def bob(firm: Cast) -> int:
    """A member; Acme is his alone."""
    number = firm.member("Bob")
    firm.client("Acme", reference="A1")
    firm.client("Border", reference="B1")
    firm.turn_on()
    firm.grant(member_subject(number), On.client(ACME))
    return number


def told(firm: Cast, after: int = 0, **how: object) -> tuple[ChangeEvent, ...]:
    return told_after(firm.firm, FeedPlace(after), limit=1000, **how).events  # type: ignore[arg-type]


def seen_by_all(firm: Cast) -> Seen:
    now = firm.view
    return {str(member): set(map(str, now.clients_seen_by(member))) for member in now.members}


def folded(events: tuple[ChangeEvent, ...]) -> Seen:
    """What everybody sees for a reader who has nothing but the events."""
    seen: Seen = defaultdict(set)
    for event in events:
        if event.type not in {"ringfence.access.gained", "ringfence.access.lost"}:
            continue
        for member in event.data["members"]:
            clients = {client["id"] for client in event.data["clients"]}
            if event.type.endswith("gained"):
                seen[member["id"]] |= clients
            else:
                assert clients <= seen[member["id"]]
                seen[member["id"]] -= clients
    return seen


def test_every_entry_is_told_once_and_in_order(firm: Cast, bob: int) -> None:
    said = [event for event in told(firm) if event.part == 0]
    assert [event.entry for event in said] == list(range(1, firm.view.version + 1))
    assert said[-1].type == "ringfence.grant.set"
    assert said[-1].data["events"][0]["level"] == "editor"


def test_a_lost_client_is_told_with_what_software_knows_both_by(firm: Cast, bob: int) -> None:
    firm.do(w.ChangeMember(member=bob, external="S-1042"))
    at = firm.view.version
    firm.do(w.RemoveGrant(to=(member_subject(bob),), on=On.client(ACME)), by=ADMIN)
    firm.grant(member_subject(ADMIN), On.client(ACME))
    lost = [event for event in told(firm, at) if event.type == "ringfence.access.lost"]
    (event,) = lost
    assert event.subject == f"members/{bob}"
    assert event.data["clients"] == [{"id": "1", "reference": "A1"}]
    known = {"id": str(bob), "email": f"bob.{firm.firm}@example.com", "external": "S-1042"}
    assert event.data["members"] == [known]
    assert event.data["cause"] == "command"


def test_whoever_folds_what_was_gained_and_lost_has_what_everybody_sees(firm: Cast, bob: int) -> None:
    firm.member("Cleo")
    firm.group("Team", bob, on=On.client(BORDER))
    firm.do(w.SetGrant(to=(member_subject(bob),), on=On.client(BORDER), level=Level.BLOCKED))
    firm.client("Crown")
    here, there = Side(members=frozenset({bob})), Side(clients=frozenset({3}))
    firm.do(w.RaiseWall(name="Wall", sides=(here, there)))
    firm.do(w.DeactivateMember(member=bob))
    firm.do(w.ReactivateMember(member=bob))
    firm.do(w.RemoveClient(client=3))
    firm.do(w.TurnOff())
    assert {member: clients for member, clients in folded(told(firm)).items() if clients} == seen_by_all(firm)


def test_access_that_ends_by_the_clock_is_noted_once_and_told_as_lost(
    firm: Cast, bob: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = Instant(firm.view.now + 3600_000_000)
    firm.do(w.SetGrant(to=(member_subject(bob),), on=On.client(BORDER), level=Level.READER, expires=soon))
    at = firm.view.version
    assert firms_with_endings() == []
    later = SimpleNamespace(time_ns=lambda: 1000 * (soon + 1), monotonic=time.monotonic)
    monkeypatch.setattr(clock, "time", later)
    assert firms_with_endings() == [firm.firm]
    note_endings(firm.firm)
    note_endings(firm.firm)
    assert firms_with_endings() == []
    said, lost = told(firm, at)
    assert (said.type, lost.type) == ("ringfence.access.expire", "ringfence.access.lost")
    assert (lost.data["cause"], lost.data["clients"]) == ("expiry", [{"id": "2", "reference": "B1"}])
    assert access.verify(firm.firm).problems == ()


def test_a_wall_that_began_and_ended_is_noted_once_and_told_with_whom_it_moved(
    firm: Cast, bob: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = Instant(firm.view.now + 3600_000_000)
    sides = (Side(members=frozenset({bob})), Side(clients=frozenset({ACME})))
    firm.do(w.RaiseWall(name="Bid", sides=sides, starts=soon, ends=Instant(soon + 1)))
    firm.do(w.RaiseWall(name="Later", sides=sides, starts=soon))
    last = firm.view.version
    later = SimpleNamespace(time_ns=lambda: 1000 * (soon + 1), monotonic=time.monotonic)
    monkeypatch.setattr(clock, "time", later)
    assert firms_with_endings() == [firm.firm]
    note_endings(firm.firm)
    note_endings(firm.firm)
    assert firms_with_endings() == []
    (entry,) = access.entries(firm.firm, after=last)
    assert (entry.command, entry.events) == (
        "wall.turn",
        (WallsTurned(began=frozenset({1, 2}), ended=frozenset({1})),),
    )
    lost = [each for each in told(firm, after=last) if each.type == "ringfence.access.lost"]
    assert [client["id"] for each in lost for client in each.data["clients"]] == [str(ACME)]
    assert access.verify(firm.firm).problems == ()


def test_a_change_of_level_is_told_with_the_level_now(firm: Cast, bob: int) -> None:
    at = firm.view.version
    firm.grant(member_subject(bob), On.client(ACME), Level.READER)
    (event,) = [event for event in told(firm, at) if event.family == "access"]
    assert (event.type, event.data["level"]) == ("ringfence.access.changed", "reader")


def test_a_change_for_very_many_is_counted_by_member_and_nothing_is_left_out(
    firm: Cast, bob: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = firm.view.version
    firm.do(w.TurnOff())
    monkeypatch.setattr(moved, "MOST_LOOKED_AT", 0)
    (event,) = [event for event in told(firm, at) if event.family == "access"]
    assert event.type == "ringfence.access.many"
    counts = {each["id"]: (each["gained"], each["lost"]) for each in event.data["members"]}
    assert counts == {str(ADMIN): (1, 0)}
    assert "clients" not in event.data


def test_sets_are_told_in_parts_where_they_are_long(
    firm: Cast, bob: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moved, "AT_ONCE", 2)
    at = firm.view.version
    clients = firm.clients(5)
    parts = [event for event in told(firm, at) if event.family == "access"]
    assert [len(event.data["clients"]) for event in parts] == [2, 2, 1]
    assert [each["id"] for event in parts for each in event.data["clients"]] == list(map(str, clients))
    assert len({event.id for event in parts}) == 3


def test_a_reader_who_stops_anywhere_goes_on_from_there(firm: Cast, bob: int) -> None:
    whole = [event.id for event in told(firm)]
    place, found = FeedPlace(0), list[str]()
    while True:
        some = told_after(firm.firm, FeedPlace.read(str(place)), limit=1)
        if not some.events:
            break
        found += [event.id for event in some.events]
        place = some.next
    assert found == whole
    assert place == FeedPlace(firm.view.version)


def test_only_what_was_asked_for_is_told_and_the_place_moves_on(firm: Cast, bob: int) -> None:
    some = told_after(firm.firm, FeedPlace(0), limit=100, families={"group"})
    assert some.events == ()
    assert some.next == FeedPlace(firm.view.version)


def test_a_place_beyond_the_ledger_is_no_place(firm: Cast) -> None:
    with pytest.raises(LedgerEnds):
        told_after(firm.firm, FeedPlace(firm.view.version + 1), limit=1)


@pytest.mark.parametrize("text", ["", "-1", "01", "1.0", "1.", "٣", "1.2.3", " 1", "1e3", "9" * 30])
def test_a_text_that_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(UnfitPlace):
        FeedPlace.read(text)


def test_the_same_event_is_the_same_cloudevent_whenever_it_is_asked_for(firm: Cast, bob: int) -> None:
    uid = Firm.objects.get(pk=firm.firm).uid
    event = told(firm)[-1]
    again = changes.event_numbered(firm.firm, event.entry, event.part)
    assert again is not None
    assert changes.as_cloudevent(again) == changes.as_cloudevent(event)
    read = JSONFormat().read(None, changes.as_cloudevent(event))
    assert read.get_id() == f"{uid}/{event.entry}/{event.part}"
    assert read.get_source() == f"urn:uuid:{uid}"
    assert read.get_time() == datetime.fromtimestamp(event.at / 1_000_000, UTC)


def test_long_sets_in_an_entry_are_counted(firm: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.access.changes.events.MOST_LISTED", 3)
    at = firm.view.version
    firm.clients(5)
    (added, *_) = told(firm, at)[0].data["events"]
    assert (added["count"], added["client_of"]) == (5, {"count": 5})


def test_nothing_of_a_token_is_told_but_whose_it_is_and_what_for(firm: Cast) -> None:
    made = make_token(firm.firm, actor=Actor(ADMIN), name="Tax portal", scopes=Scope.DECIDE)
    *_, event = told(firm)
    (added, *_) = event.data["events"]
    assert added["token"] == made.number
    assert set(added) == {"event", "token", "member", "scopes"}


def test_names_and_reasons_stay_with_the_firm(firm: Cast, bob: int) -> None:
    at = firm.view.version
    firm.do(w.ChangeClient(client=ACME, name="Secret Holdings", reason="Merged with Hidden plc"))
    access.note_export(firm.firm, Export.CLIENTS, 2)
    sent = b"".join(map(changes.as_cloudevent, told(firm, at)))
    assert b"Secret" not in sent
    assert b"Hidden" not in sent
    assert b"ringfence.export.take" in sent
