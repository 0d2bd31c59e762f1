"""Days and moments of lists as instants, and back: a day is the firm's, and means its close (rules.md 1)."""

import datetime
from zoneinfo import ZoneInfo

from ringfence.core.terms import Instant

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)
_DAY = datetime.timedelta(days=1)


def instant_of(stated: datetime.date | datetime.datetime, zone: ZoneInfo) -> Instant:
    """A day's close, or the moment: the firm's time where it carries no offset.

    Raises OverflowError for what lies beyond the calendar.
    """
    if isinstance(stated, datetime.datetime):
        moment = stated if stated.tzinfo is not None else stated.replace(tzinfo=zone)
    else:
        moment = datetime.datetime.combine(stated + _DAY, datetime.time(), zone)
    return Instant((moment - _EPOCH) // _MICROSECOND)


def stated_as(instant: Instant, zone: ZoneInfo) -> datetime.date | datetime.datetime:
    """What a list says for an instant: the day that closes then, else the moment in the firm's time."""
    moment = (_EPOCH + instant * _MICROSECOND).astimezone(zone)
    day = moment.date() - _DAY
    return day if instant_of(day, zone) == instant else moment
