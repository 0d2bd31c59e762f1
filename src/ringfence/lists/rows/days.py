"""Days and moments of lists as instants, and back: a day is the firm's, and means its close (rules.md 1)."""

import datetime
from zoneinfo import ZoneInfo

from ringfence.core.days import close_of, day_closing_at, instant, local_time
from ringfence.core.terms import Instant


def instant_of(stated: datetime.date | datetime.datetime, zone: ZoneInfo) -> Instant:
    """A day's close, or the moment: the firm's time where it carries no offset.

    Raises OverflowError for what lies beyond the calendar.
    """
    if isinstance(stated, datetime.datetime):
        return instant(stated if stated.tzinfo is not None else stated.replace(tzinfo=zone))
    return close_of(stated, zone)


def stated_as(at: Instant, zone: ZoneInfo) -> datetime.date | datetime.datetime:
    """What a list says for an instant: the day that closes then, else the moment in the firm's time."""
    return day_closing_at(at, zone) or local_time(at, zone)
