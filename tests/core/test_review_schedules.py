"""Reviews that begin again and again (rules.md 10): which days, once each, and what is passed over."""

from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from ringfence.core import events as e
from ringfence.core.authority.capability import may
from ringfence.core.commands import Refused, carry_out
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import at
from ringfence.core.refusals import Problem, Refusal
from ringfence.core.review_schedule import ReviewPlan, ScheduledReview, beginning
from ringfence.core.review_values import ReviewScope
from ringfence.core.specification import reviews as slowly
from ringfence.core.terms import Capability, Instant
from tests.core.random_firms import DAY, Chance, Firm, firm, hold

FIRST = date(2027, 3, 1)
YEARLY = ReviewPlan(
    scope=ReviewScope(kind="all"), reviewers=(), first=FIRST, every="year", days=30, undecided="keep"
)


def scheduled(given: Firm, plan: ReviewPlan = YEARLY) -> Firm:
    """The firm with the plan as number 7, and nothing else scheduled."""
    gone = tuple(e.ReviewUnscheduled(review=number) for number in given.state.schedules)
    return given.after(e.Change(events=(*gone, e.ReviewScheduled(review=7, plan=plan))))


def begun(given: Firm, now: Instant) -> e.Change:
    command = w.BeginReview(review=7, name="Yearly 2027")
    return carry_out(at(given.state, now), given.directory, command, actor=None)[0]


def refused(given: Firm, command: w.Command, now: Instant) -> Refused:
    with pytest.raises(Refused) as found:
        carry_out(at(given.state, now), given.directory, command, actor=None)
    return found.value


@pytest.mark.parametrize(
    ("first", "every", "day", "then"),
    [
        (FIRST, "year", FIRST, date(2028, 3, 1)),
        (FIRST, "year", date(2030, 2, 28), date(2030, 3, 1)),
        (FIRST, "year", date(2026, 1, 1), FIRST),
        (date(2024, 2, 29), "year", date(2024, 2, 29), date(2025, 2, 28)),
        (date(2024, 2, 29), "year", date(2027, 3, 1), date(2028, 2, 29)),
        (date(2026, 8, 31), "quarter", date(2026, 8, 31), date(2026, 11, 30)),
        (date(2026, 8, 31), "quarter", date(2026, 11, 30), date(2027, 2, 28)),
        (date(2026, 8, 31), "half_year", date(2027, 2, 28), date(2027, 8, 31)),
    ],
)
def test_the_days_are_counted_from_the_first_one(first: date, every: Any, day: date, then: date) -> None:
    assert replace(YEARLY, first=first, every=every).begins_after(day) == then


def test_what_is_scheduled_begins_on_its_day_and_not_before() -> None:
    def holds(chance: Chance) -> None:
        given = scheduled(firm(chance))
        day = beginning(FIRST)
        early = refused(given, w.BeginReview(review=7, name="Early"), Instant(day - 1))
        assert early.problem is Problem.NOT_YET_DUE
        came, *started = begun(given, day).events
        assert isinstance(came, e.ScheduledReviewBegun)
        assert came.next == date(2028, 3, 1)
        # What has expired by then, or is of a removed client, is no item.
        there = slowly.items(given.facts, YEARLY.scope, day)
        assert bool(came.begun) == bool(started) == bool(there)
        for event in started:
            assert isinstance(event, e.ReviewStarted)
            assert (event.review, event.terms.due) == (came.begun, day + 30 * DAY)

    hold(holds, 40)


def test_a_review_that_begins_late_on_its_day_is_due_at_the_hour_of_the_others() -> None:
    def holds(chance: Chance) -> None:
        given = scheduled(firm(chance))
        for event in begun(given, Instant(beginning(FIRST) + DAY // 3)).events:
            if isinstance(event, e.ReviewStarted):
                assert event.terms.due == beginning(FIRST) + 30 * DAY

    hold(holds, 10)


def test_of_those_who_know_of_a_schedule_administrators_alone_begin_it() -> None:
    seen: set[bool] = set()

    def holds(chance: Chance) -> None:
        given = scheduled(firm(chance))
        for member in given.facts.members:
            if not may(given.state, member, Capability.READ_CONTROL):
                continue
            manages = may(given.state, member, Capability.MANAGE)
            seen.add(manages)
            command = w.BeginReview(review=7, name="Yearly 2027")
            with nullcontext() if manages else pytest.raises(Refused) as found:
                carry_out(at(given.state, beginning(FIRST)), given.directory, command, actor=member)
            assert found is None or found.value.refusal is Refusal.NOT_PERMITTED

    hold(holds, 40)
    assert seen == {False, True}


def test_after_years_away_one_review_begins_and_the_next_one_is_still_to_come() -> None:
    def holds(chance: Chance) -> None:
        given = scheduled(firm(chance))
        late = beginning(date(2031, 5, 1))
        change = begun(given, late)
        assert sum(isinstance(event, e.ReviewStarted) for event in change.events) <= 1
        after = given.after(change)
        assert after.state.schedules[7].next == date(2032, 3, 1)
        again = refused(after, w.BeginReview(review=7, name="Again"), late)
        assert again.problem is Problem.NOT_YET_DUE

    hold(holds, 20)


def test_a_review_of_nothing_is_said_and_the_schedule_goes_on() -> None:
    def holds(chance: Chance) -> None:
        nothing = replace(YEARLY, scope=ReviewScope(kind="service", number=999))
        (came,) = begun(scheduled(firm(chance), nothing), beginning(FIRST)).events
        assert came == e.ScheduledReviewBegun(review=7, begun=0, next=date(2028, 3, 1))

    hold(holds, 10)


def test_a_named_reviewer_who_has_left_by_then_is_passed_over() -> None:
    seen = 0

    def holds(chance: Chance) -> None:
        nonlocal seen
        given = firm(chance)
        members = given.facts.members
        gone = {number for number, member in members.items() if not member.active}
        named = replace(YEARLY, reviewers=tuple(members))
        for event in begun(scheduled(given, named), beginning(FIRST)).events:
            if isinstance(event, e.ReviewStarted):
                assert set(event.terms.reviewers) == members.keys() - gone
                seen += bool(gone)

    hold(holds, 40)
    assert seen


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"days": 0}, Problem.REVIEW_DAYS),
        ({"days": 90}, Problem.REVIEW_DAYS),
        ({"name": "N" * 61}, Problem.TEXT_TOO_LONG),
        ({"first": date(2026, 3, 1)}, Problem.FIRST_DAY_PASSED),
    ],
)
def test_what_cannot_be_scheduled_is_refused(changed: dict[str, Any], problem: Problem) -> None:
    right = {"name": "Yearly", "scope": YEARLY.scope, "first": FIRST, "every": "year", "days": 30}

    def holds(chance: Chance) -> None:
        command = w.ScheduleReview(**{**right, **changed})
        assert refused(firm(chance), command, beginning(date(2026, 3, 1))).problem is problem

    hold(holds, 3)


def test_stopping_a_schedule_ends_it() -> None:
    def holds(chance: Chance) -> None:
        given = scheduled(firm(chance))
        assert given.state.schedules[7] == ScheduledReview(plan=YEARLY, next=FIRST)
        stop = w.UnscheduleReview(review=7)
        change, _ = carry_out(at(given.state, beginning(FIRST)), given.directory, stop, actor=None)
        assert 7 not in given.after(change).state.schedules

    hold(holds, 5)
