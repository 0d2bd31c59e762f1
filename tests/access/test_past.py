"""A firm as it was: worked out from the ledger, kept for a while, and never another ledger's."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from random import Random
from typing import Any

import pytest

from ringfence import access
from ringfence.access import Working, ask_between, ask_then, ask_walls_between, replay
from ringfence.access.past import states, working
from ringfence.access.past.between import spans_between
from ringfence.access.past.states import WayThere, firm_then, state_after, version_at
from ringfence.access.past.walls import walls_between
from ringfence.core.commands import On, Refused
from ringfence.core.commands import definitions as w
from ringfence.core.past.spans import EntryStep, spans
from ringfence.core.scenario.bridge import facts_of
from ringfence.core.terms import Instant, Level, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import LedgerEntry
from tests.access.cast import ADMIN, Cast
from tests.access.possible_commands import PossibleCommands

SECOND = 1_000_000
Task = tuple[Future[Any], Callable[[], Any]]


@pytest.fixture(autouse=True)
def nothing_is_kept() -> Iterator[None]:
    """Each test begins with no past state and no question."""
    states._KEPT.__init__()  # type: ignore[misc]  # as new
    working._QUESTIONS.clear()
    yield
    working._QUESTIONS.clear()


@pytest.fixture
def long_ago(firm: Cast) -> Cast:
    """A random history; each entry a second after the one in front of it."""
    firm.clients(6)
    draw = PossibleCommands(Random(5))
    while firm.view.version < 30:
        try:
            firm.do(draw.command(firm.view.moment), by=ADMIN)
        except Refused:
            continue
    first = LedgerEntry.objects.filter(firm=firm.firm).order_by("number").values_list("at", flat=True)[0]
    for row in LedgerEntry.objects.filter(firm=firm.firm).order_by("number"):
        LedgerEntry.objects.filter(firm=firm.firm, number=row.number).update(
            at=first - (100 - row.number) * SECOND
        )
    return firm


def at_of(firm: Cast, number: int) -> Instant:
    return Instant(LedgerEntry.objects.get(firm=firm.firm, number=number).at)


def test_every_past_state_is_what_replaying_from_the_beginning_gives(long_ago: Cast) -> None:
    last = long_ago.view.version
    for number in [last // 2, 3, last, last // 2 + 2, last // 2 + 1]:
        found = firm_then(long_ago.firm, at_of(long_ago, number))
        assert found is not None
        whole = replay(long_ago.firm, version=number).moment.state
        assert found.version == number
        assert facts_of(found.moment.state) == facts_of(whole)


def test_a_moment_between_two_entries_is_as_the_earlier_one_left_it(long_ago: Cast) -> None:
    at = at_of(long_ago, 5)
    assert version_at(long_ago.firm, Instant(at + SECOND - 1)) == 5
    assert version_at(long_ago.firm, Instant(at - 1)) == 4


def test_before_its_first_entry_a_firm_was_not_there(long_ago: Cast) -> None:
    assert ask_then(long_ago.firm, Instant(at_of(long_ago, 1) - 1)) is None


def test_only_what_came_after_the_nearest_kept_state_is_replayed(long_ago: Cast) -> None:
    assert WayThere(long_ago.firm, 20).still_to_replay() == 20
    state_after(long_ago.firm, 12)
    assert WayThere(long_ago.firm, 20).still_to_replay() == 8
    assert WayThere(long_ago.firm, 11).still_to_replay() == 11


def test_a_state_of_another_ledger_is_never_taken_for_this_ones(long_ago: Cast) -> None:
    state_after(long_ago.firm, 12)
    LedgerEntry.objects.filter(firm=long_ago.firm, number=12).update(hash=b"of another ledger")
    assert WayThere(long_ago.firm, 20).still_to_replay() == 20


def test_no_more_states_are_kept_than_there_is_room_for(long_ago: Cast) -> None:
    for number in range(2, 2 + states.KEPT + 3):
        state_after(long_ago.firm, number)
    assert WayThere(long_ago.firm, 4).still_to_replay() == 4


def test_long_work_is_told_and_answered_once_it_is_done(
    long_ago: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "AT_ONCE", 3)
    tasks: list[Task] = []
    monkeypatch.setattr(working, "_bench", lambda process: Later(tasks))
    at = at_of(long_ago, 20)
    assert ask_then(long_ago.firm, at) == Working(0, 20)
    assert ask_then(long_ago.firm, at) == Working(0, 20)
    assert len(tasks) == 1
    future, work = tasks[0]
    future.set_result(work())
    found = ask_then(long_ago.firm, at)
    assert isinstance(found, access.FirmNow)
    assert found.version == 20


class Later:
    """Stands where a thread does: its work is done when the test says so."""

    def __init__(self, tasks: list[Task]) -> None:
        self.tasks = tasks

    def submit(self, _call: object, answer: Callable[[Any], Any], tell: Callable[[int], None]) -> Future[Any]:
        future: Future[Any] = Future()
        self.tasks.append((future, lambda: answer(tell)))
        return future


@pytest.mark.parametrize("walls", [False, True])
def test_what_is_asked_up_to_now_is_answered_though_time_goes_on_and_records_are_opened(
    firm: Cast, monkeypatch: pytest.MonkeyPatch, walls: bool
) -> None:
    beth, acme = firm.member("Beth"), firm.client("Acme")
    sides = (Side(members=frozenset({beth})), Side(clients=frozenset({acme})))
    for name in ("One", "Two", "Three"):
        firm.do(w.RaiseWall(name=name, sides=sides))
    firm.do(w.LowerWall(wall=1))
    monkeypatch.setattr(working, "AT_ONCE", 0)
    tasks: list[Task] = []
    monkeypatch.setattr(working, "_bench", lambda process: Later(tasks))
    now = firm.view.now
    since = Instant(now - SECOND)

    def asked(later: int) -> Any:
        until = Instant(now + later)
        if walls:
            return ask_walls_between(firm.firm, since, until)
        return ask_between(firm.firm, acme, since, until)

    assert isinstance(asked(1), Working)
    access.open_record(firm.view, member=ADMIN, client=acme)
    (task,) = tasks
    task[0].set_result(task[1]())
    assert not isinstance(asked(2), Working)
    assert len(tasks) == 1


def test_what_walls_kept_up_to_any_instant_is_what_following_the_entries_gives(firm: Cast) -> None:
    beth, clients = firm.member("Beth"), firm.clients(4)
    for name, some in (("One", clients[:2]), ("Two", clients[1:])):
        sides = (Side(members=frozenset({beth})), Side(clients=frozenset(some)))
        firm.do(w.RaiseWall(name=name, sides=sides))
    firm.do(w.RemoveClient(client=clients[0]))
    firm.do(w.LowerWall(wall=2))
    times = sorted(LedgerEntry.objects.filter(firm=firm.firm).values_list("at", flat=True))
    for until in [*times[-4:], times[-1] + 5]:
        since, last = Instant(times[0]), Instant(until)
        found = ask_walls_between(firm.firm, since, last)
        assert not isinstance(found, Working)
        assert found.kept == walls_between(firm.firm, since, last)


def test_what_went_wrong_is_told_once_and_then_asked_anew(
    long_ago: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "AT_ONCE", 3)
    tasks: list[Task] = []
    monkeypatch.setattr(working, "_bench", lambda process: Later(tasks))
    ask_then(long_ago.firm, at_of(long_ago, 20))
    tasks[0][0].set_exception(RuntimeError("away"))
    with pytest.raises(RuntimeError, match="away"):
        ask_then(long_ago.firm, at_of(long_ago, 20))
    assert ask_then(long_ago.firm, at_of(long_ago, 20)) == Working(0, 20)


def test_between_two_instants_the_entries_in_between_are_followed(long_ago: Cast) -> None:
    since, until = at_of(long_ago, 8), Instant(at_of(long_ago, 25) + 1)
    steps = [EntryStep(entry.at, entry.events) for entry in access.entries(long_ago.firm, after=8, until=25)]
    for client in range(1, 7):
        before = replay(long_ago.firm, version=8).moment.state
        assert ask_between(long_ago.firm, client, since, until) == spans(before, steps, client, since, until)


def test_an_hour_in_between_is_found(firm: Cast) -> None:
    beth = firm.member("Beth")
    acme = firm.client("Acme")
    firm.turn_on()
    firm.do(w.ChangeClient(client=acme, confidential=True))
    firm.grant(member_subject(beth), On.client(acme), Level.READER)
    firm.do(w.RemoveGrant(to=(member_subject(beth),), on=On.client(acme)))
    taken, given = LedgerEntry.objects.filter(firm=firm.firm).order_by("-number")[:2]
    found = spans_between(firm.firm, acme, Instant(given.at - 5), Instant(taken.at + 5))
    mine = [span for span in found if span.member == beth]
    assert [(span.since, span.until) for span in mine] == [(given.at, taken.at)] or given.at == taken.at
