"""Days and times of a firm as instants, and back: a day is the firm's own, an expiry on it is at its close.

The rule is in rules.md 1, "Firm". How a time is written for people is not here.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from .terms import Instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


def instant(moment: datetime) -> Instant:
    """An aware date-time as microseconds since 1970; one without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Instant((aware - _EPOCH) // timedelta(microseconds=1))


def local_time(at: Instant, zone: tzinfo) -> datetime:
    """The instant as the zone's clocks show it; in UTC where the zone's calendar has ended before it."""
    moment = _EPOCH + timedelta(microseconds=at)
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def close_of(day: date, zone: tzinfo) -> Instant:
    """The instant at which the day ends in the zone: its next midnight (rules.md 1, "Firm").

    Raises `OverflowError` for the last day of the calendar.
    """
    return instant(datetime.combine(day + _DAY, time(), zone))


def day_closing_at(at: Instant, zone: tzinfo) -> date | None:
    """The day that ends at the instant in the zone; None where no day does."""
    day = local_time(at, zone).date() - _DAY
    return day if close_of(day, zone) == at else None
