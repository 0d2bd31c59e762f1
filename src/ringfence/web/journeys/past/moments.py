"""The moments that a page about the past is asked for, as they were typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from ringfence.core.days import close_of, instant
from ringfence.core.terms import Instant
from ringfence.web.browse.asked_form import AskedForm, typed
from ringfence.web.browse.days import read_day, read_time
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class PastForm(AskedForm):
    """A form about the past as it was filled in; an instant is None where none was typed, or no real one."""

    first: Instant | None = None
    second: Instant | None = None


def read_moments(visit: Visit, action: str) -> PastForm:
    """One moment, or two to be compared; a day without a time is its close."""
    texts = {name: typed(visit, name) for name in ("day", "time", "other-day", "other-time", "search")}
    errors: dict[str, str] = {}
    found = [
        _moment(visit, texts, errors, day=day, clock=clock)
        for day, clock in (("day", "time"), ("other-day", "other-time"))
    ]
    if not texts["day"] and any(texts.values()):
        errors["day"] = _("Enter the day that you want to see")
    return PastForm(action=action, texts=texts, errors=errors, first=found[0], second=found[1])


def _moment(
    visit: Visit, texts: Mapping[str, str], errors: dict[str, str], *, day: str, clock: str
) -> Instant | None:
    if not texts[day]:
        if texts[clock]:
            errors[day] = _("Enter the day that this time belongs to")
        return None
    read = read_day(texts[day])
    if read is None:
        errors[day] = _("Enter a day, such as 27 3 2026")
        return None
    hour = read_time(texts[clock]) if texts[clock] else None
    if texts[clock] and hour is None:
        errors[clock] = _("Enter a time, such as 14:30, or leave it empty for the end of the day")
        return None
    moment = _instant(visit, read, hour)
    if moment is None or moment > visit.firm_now.now:
        if moment is not None and hour is None and read == _today(visit):
            return visit.firm_now.now
        errors[day] = _("Enter a moment that is over")
        return None
    return moment


def _instant(visit: Visit, day: date, hour: time | None) -> Instant | None:
    try:
        if hour is None:
            return Instant(close_of(day, visit.zone) - 1)
        return instant(datetime.combine(day, hour, visit.zone))
    except OverflowError:
        return None


def _today(visit: Visit) -> date:
    return datetime.fromtimestamp(visit.firm_now.now / 1_000_000, visit.zone).date()


def read_days(visit: Visit, action: str) -> PastForm:
    """From the beginning of one day to the close of another, or to now."""
    texts = {name: typed(visit, name) for name in ("from", "to", "search")}
    errors: dict[str, str] = {}
    days = {name: read_day(texts[name]) for name in ("from", "to")}
    if any(texts.values()):
        for name, day in days.items():
            if day is None:
                errors[name] = _("Enter a day, such as 27 3 2026")
    begins, ends = days["from"], days["to"]
    if errors or begins is None or ends is None:
        return PastForm(action=action, texts=texts, errors=errors)
    if ends < begins:
        errors["to"] = _("The last day must not be before the first")
    elif begins > _today(visit):
        errors["from"] = _("Enter a day that has begun")
    if errors:
        return PastForm(action=action, texts=texts, errors=errors)
    try:
        first = instant(datetime.combine(begins, time(), visit.zone))
        last = min(close_of(ends, visit.zone), visit.firm_now.now)
    except OverflowError:
        return PastForm(action=action, texts=texts, errors={"to": _("Enter a day, such as 27 3 2026")})
    return PastForm(action=action, texts=texts, first=first, second=last)
