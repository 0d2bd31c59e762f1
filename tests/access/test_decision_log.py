"""The log of decisions: switching it is in the ledger, and it is read whole, filtered, latest first."""

import pytest

from ringfence import access
from ringfence.access.actor import Actor
from ringfence.access.clock import clock
from ringfence.access.decision_log import (
    DAY,
    LogQuestion,
    count_lost,
    forget_old_decisions,
    logged_decisions,
    switch_decision_log,
)
from ringfence.core.events import DecisionLogSet
from ringfence.core.refusals import Refused
from ringfence.core.terms import Instant
from ringfence.firms.models import DecisionBlock, Firm
from ringfence.store.decision_log import Logged, packed
from tests.access.cast import ADMIN, Cast

pytestmark = pytest.mark.both_databases


def entry(at: int, member: int = 1, client: int = 1, answer: int = 1, kind: str = "evaluation") -> Logged:
    return Logged(Instant(at), kind, 1, member, client, 0, "view", answer, "direct", 7)


def put(firm: int, *entries: Logged, tag: int = 1, lost: int = 0) -> None:
    times = [each.at for each in entries]
    DecisionBlock.objects.create(
        firm_id=firm,
        ended=max(times),
        tag=tag,
        began=min(times),
        entries=len(entries),
        lost=lost,
        body=packed(entries),
    )


def times(firm: int, **wanted: object) -> list[int]:
    return [each.at for each in logged_decisions(firm, LogQuestion(**wanted))]  # type: ignore[arg-type]


def switches(firm: int) -> list[tuple[object, int | None]]:
    return [
        (entry.events[0], entry.actor.member)
        for entry in access.entries(firm)
        if entry.command == "decision_log.set"
    ]


def test_switching_the_log_is_an_entry_of_the_ledger_and_stays_whole(firm: Cast) -> None:
    switch_decision_log(firm.firm, on=True, days=7, actor=Actor(ADMIN))
    row = Firm.objects.get(pk=firm.firm)
    assert (row.logs_decisions, row.decision_days) == (True, 7)
    assert switches(firm.firm) == [(DecisionLogSet(on=True, days=7), ADMIN)]
    assert access.verify(firm.firm).whole


def test_switching_to_what_stands_writes_nothing(firm: Cast) -> None:
    switch_decision_log(firm.firm, on=False, days=30, actor=Actor(ADMIN))
    assert switches(firm.firm) == []


def test_who_does_not_manage_the_firm_does_not_switch_it(firm: Cast) -> None:
    with pytest.raises(Refused):
        switch_decision_log(firm.firm, on=True, days=7, actor=Actor(firm.member("Mia")))
    assert switches(firm.firm) == []


@pytest.mark.parametrize("days", [0, 401])
def test_days_out_of_bounds_change_nothing(firm: Cast, days: int) -> None:
    with pytest.raises(ValueError, match=str(days)):
        switch_decision_log(firm.firm, on=True, days=days, actor=Actor(ADMIN))
    assert not Firm.objects.get(pk=firm.firm).logs_decisions


def test_blocks_of_processes_that_wrote_at_once_are_read_in_one_order(firm: Cast) -> None:
    put(firm.firm, entry(1), entry(4), entry(9))
    put(firm.firm, entry(2), entry(3), entry(8), tag=2)
    put(firm.firm, entry(5), entry(9), tag=3)
    assert times(firm.firm) == [9, 9, 8, 5, 4, 3, 2, 1]


def test_another_firms_log_is_not_read(firm: Cast, other_firm: Cast) -> None:
    put(other_firm.firm, entry(1))
    assert times(firm.firm) == []


def test_a_log_is_asked_for_by_member_client_answer_and_time(firm: Cast) -> None:
    put(firm.firm, entry(1), entry(2, member=2), entry(3, client=2), entry(4, answer=0))
    put(firm.firm, entry(5, kind="resource", answer=0))
    assert times(firm.firm, members=frozenset({2})) == [2]
    assert times(firm.firm, client=2) == [3]
    assert times(firm.firm, denied=True) == [4]
    assert times(firm.firm, since=Instant(3), before=Instant(5)) == [4, 3]


def test_how_many_came_too_fast_is_told(firm: Cast) -> None:
    put(firm.firm, entry(1), lost=5)
    put(firm.firm, entry(2), tag=2)
    put(firm.firm, entry(3), tag=3, lost=2)
    assert count_lost(firm.firm) == 7


def test_what_lies_back_longer_than_it_is_kept_is_forgotten_also_once_the_log_is_off(firm: Cast) -> None:
    now = clock()
    switch_decision_log(firm.firm, on=True, days=2, actor=Actor(ADMIN))
    switch_decision_log(firm.firm, on=False, days=2, actor=Actor(ADMIN))
    put(firm.firm, entry(now - 3 * DAY))
    put(firm.firm, entry(now - DAY))
    forget_old_decisions()
    assert times(firm.firm) == [now - DAY]
