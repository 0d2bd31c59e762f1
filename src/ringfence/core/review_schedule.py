"""An access review that begins again and again (rules.md 10): how often, and on which day the next one does.

What each of them is about when it has begun is in `review_values`.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time
from typing import Literal

import msgspec

from .days import instant
from .review_values import ReviewScope, Undecided
from .terms import Instant

Every = Literal["quarter", "half_year", "year"]
MONTHS: dict[Every, int] = {"quarter": 3, "half_year": 6, "year": 12}
MOST_DAYS = 89
"""Days that a review may take: it is over before the next one of a quarter begins."""
BEGINS_AT = time(9, tzinfo=UTC)
"""When on its day a review begins: the day is the same then from Alaska to New Zealand."""


class ReviewPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What was scheduled."""

    scope: ReviewScope
    reviewers: tuple[int, ...]
    first: date
    every: Every
    days: int
    """From the start of each until it is due."""
    undecided: Undecided

    def begins_after(self, day: date) -> date:
        """The first of its days later than this one. Raises `OverflowError` at the end of time.

        Counted from the first day each time: what begins on the 31st begins on the last day of short months.
        """
        step = MONTHS[self.every]
        months = (day.year - self.first.year) * 12 + day.month - self.first.month
        times = max(0, months // step)
        while (found := _months_later(self.first, times * step)) <= day:
            times += 1
        return found


class ScheduledReview(msgspec.Struct, frozen=True, kw_only=True):
    """A plan, and how far it has come."""

    plan: ReviewPlan
    next: date
    last: int | None = None
    """The review that began last; 0 where there was nothing to review, None before the first time."""


def beginning(day: date) -> Instant:
    """The instant from which the clock begins a review of that day."""
    return instant(datetime.combine(day, BEGINS_AT))


def day_of(now: Instant) -> date:
    """The day of the instant, as schedules count days: in UTC."""
    return datetime.fromtimestamp(now // 1_000_000, UTC).date()


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError("a schedule goes on past the end of time")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_PLANS = msgspec.msgpack.Decoder(ScheduledReview)


def schedule_bytes(value: ScheduledReview) -> bytes:
    """As tables keep it; read by `schedule_of`, which raises `msgspec.MsgspecError` for anything else."""
    return msgspec.msgpack.encode(value)


def schedule_of(data: bytes) -> ScheduledReview:
    return _PLANS.decode(data)
