"""Access reviews that begin again and again: asked for, begun by the clock, stopped."""

from datetime import date
from typing import Any

import pytest

from ringfence.access import Actor, Committed, StateUnavailable, clock, firm_state
from ringfence.access.reviews import schedules
from ringfence.access.reviews.asking import open_reviews
from ringfence.access.reviews.rows import review_rows
from ringfence.access.reviews.schedules import begin_due, schedule_rows
from ringfence.core.commands.definitions import BeginReview, On, ScheduleReview, SetGrant, StartReview
from ringfence.core.review_schedule import beginning
from ringfence.core.review_values import ReviewScope
from ringfence.core.terms import Instant, Level, member_subject
from tests.web.cast import CAI, FORTUNE, Cast, do
from tests.web.checks import PageClient
from tests.web.reading import text

from .test_reviews import address, answered

DAY = 24 * 3_600_000_000
FIRST = date(2099, 12, 31)
REPEATED: dict[str, Any] = {"scope": ReviewScope(kind="all"), "first": FIRST, "every": "year", "days": 30}


@pytest.fixture
def granted(cast: Cast) -> Cast:
    """A firm in which there is something to review."""
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    return cast


@pytest.fixture
def late(granted: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """A yearly review was scheduled, and the machine's clock stands on its first day."""
    do(granted.firm, ScheduleReview(name="Yearly", **REPEATED))
    for module in (clock, schedules):
        monkeypatch.setattr(module, "clock", lambda: beginning(FIRST))
    return granted


def test_a_review_is_scheduled_and_the_list_says_when_it_begins(granted: Cast, owen: PageClient) -> None:
    repeats = {"repeats": "quarter"}
    place = address("start-review", granted)
    for fields in (
        {"name": "Quarterly"},
        {"scope": "all"},
        {"who": "owners"},
        repeats,
        {"until-day": "31", "until-month": "12", "until-year": "2099"},
        {"days": "30"},
        {"undecided": "keep"},
    ):
        place = owen.post(place, fields)["Location"]
    said = text(owen.get(place))
    assert "How often Every quarter" in said
    assert "First day 31 December 2099" in said
    assert "Due after 30 days" in said
    assert owen.post(place)["Location"] == address("reviews", granted)
    shown = text(owen.get(address("reviews", granted)))
    assert "Quarterly every quarter 31 December 2099 not yet" in shown
    assert not open_reviews(firm_state(granted.firm))


def test_one_that_is_asked_for_once_is_asked_for_no_days(granted: Cast, owen: PageClient) -> None:
    assert "Due after" not in answered(granted, owen)


def test_a_schedule_is_stopped_after_yes(granted: Cast, owen: PageClient) -> None:
    do(granted.firm, ScheduleReview(name="Yearly", **REPEATED))
    place = address("stop-review-schedule", granted, 1)
    page = owen.get(place)
    assert "Do you want to stop it?" in text(page)
    do_it = {"answer": "yes", "version": str(firm_state(granted.firm).version)}
    owen.post(place, do_it)
    assert not schedule_rows(firm_state(granted.firm)), text(page)
    assert owen.get(place).status_code == 404


def test_the_clock_passes_over_what_is_not_due(granted: Cast) -> None:
    do(granted.firm, ScheduleReview(name="Yearly", **REPEATED))
    assert begin_due() == 0
    assert not open_reviews(firm_state(granted.firm))


def test_the_clock_begins_what_is_due_once_and_says_when_the_next_one_comes(late: Cast) -> None:
    assert begin_due() == 1
    assert begin_due() == 0
    (row,) = review_rows(late.firm)
    assert row.name == "Yearly 2099-12-31"
    (made,) = schedule_rows(firm_state(late.firm))
    assert (made.made.last, made.made.next) == (row.number, date(2100, 12, 31))


def test_of_two_that_look_at_the_same_time_one_begins_it(late: Cast) -> None:
    assert schedules._begun(late.firm, 1, "Yearly")
    assert not schedules._begun(late.firm, 1, "Yearly")
    assert len(review_rows(late.firm)) == 1


def test_what_was_cut_off_before_it_was_written_begins_later_and_once(
    late: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(firm: int, command: BeginReview, *, actor: Actor) -> Committed:
        raise StateUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(schedules, "execute", cut_off)
        with pytest.raises(StateUnavailable):
            begin_due()
    assert begin_due() == 1
    assert len(review_rows(late.firm)) == 1


def test_a_name_that_is_taken_on_the_day_gets_a_number(late: Cast) -> None:
    due = Instant(beginning(FIRST) + DAY)
    do(late.firm, StartReview(name="Yearly 2099-12-31", scope=ReviewScope(kind="all"), due=due))
    begin_due()
    assert review_rows(late.firm)[0].name == "Yearly 2099-12-31 (2)"
