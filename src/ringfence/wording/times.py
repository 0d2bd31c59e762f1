"""Days and times as people of the reader's language write them, by the clocks of a firm.

An expiry at the close of a day names that day: "until the end of 31 December 2026" (rules.md 1, "Firm").
"""

from datetime import date, datetime, time, tzinfo

from ringfence.core.days import day_closing_at, local_time
from ringfence.core.terms import Instant

from .catalogue import language_spoken
from .saying import gettext as _

MONTHS: dict[str, tuple[str, ...]] = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "cy": (
        "Ionawr",
        "Chwefror",
        "Mawrth",
        "Ebrill",
        "Mai",
        "Mehefin",
        "Gorffennaf",
        "Awst",
        "Medi",
        "Hydref",
        "Tachwedd",
        "Rhagfyr",
    ),
}
"""Our own: the Welsh catalogue of a framework may be wrong, and a test holds these against CLDR."""


def day_text(day: date) -> str:
    """``21 November 2026``."""
    return f"{day.day} {MONTHS[language_spoken()][day.month - 1]} {day.year}"


def day_at_text(at: Instant, zone: tzinfo) -> str:
    """The day of an instant by the zone's clocks: ``21 November 2026``."""
    return day_text(local_time(at, zone).date())


def moment_text(at: Instant, zone: tzinfo) -> str:
    """``21 November 2026, 14:05``, by the zone's clocks."""
    return _at_minute(local_time(at, zone))


def second_text(at: Instant, zone: tzinfo) -> str:
    """``21 November 2026, 14:05:09``, where a minute would not tell two moments apart."""
    moment = local_time(at, zone)
    return f"{_at_minute(moment)}:{moment.second:02}"


def until_text(expires: Instant, zone: tzinfo) -> str:
    """When something ends: ``until the end of 31 December 2026``, or ``until 21 November 2026, 14:05``."""
    if (day := day_closing_at(expires, zone)) is not None:
        return _("until the end of %(day)s") % {"day": day_text(day)}
    moment = local_time(expires, zone)
    # To the second where it has one: whoever reads it at that minute must not be told wrongly.
    seconds = f":{moment.second:02}" if moment.second else ""
    return _("until %(time)s") % {"time": _at_minute(moment) + seconds}


def since_text(starts: Instant, zone: tzinfo) -> str:
    """When something begins: ``from 1 December 2026``, or ``from 1 December 2026, 14:05``."""
    moment = local_time(starts, zone)
    if moment.time() == time():
        return _("from %(time)s") % {"time": day_text(moment.date())}
    seconds = f":{moment.second:02}" if moment.second else ""
    return _("from %(time)s") % {"time": _at_minute(moment) + seconds}


def _at_minute(moment: datetime) -> str:
    return f"{day_text(moment)}, {moment:%H:%M}"
