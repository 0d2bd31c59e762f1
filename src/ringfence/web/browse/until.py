"""The day until which something is given, as three fields of a form, and what is given in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from ringfence.core.days import close_of, day_closing_at, local_time
from ringfence.core.terms import Instant, Level
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import Visit
from ringfence.wording.money import percent
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import until_text

PARTS = ("until-day", "until-month", "until-year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """The fields as they are filled in; `expires` is the close of the day, None for no end."""

    values: dict[str, str]
    expires: Instant | None = None
    error: str = ""

    @property
    def errors(self) -> tuple[ErrorLine, ...]:
        return (ErrorLine(text=self.error, href="#until-day"),) if self.error else ()


def until_of(expires: Instant | None, visit: Visit) -> Until:
    """The fields of an end that stands; of one within a day, that day."""
    if expires is None:
        return Until(values=dict.fromkeys(PARTS, ""))
    day = day_closing_at(expires, visit.zone) or local_time(expires, visit.zone).date()
    return Until(
        values=dict(zip(PARTS, (str(day.day), str(day.month), str(day.year)), strict=True)), expires=expires
    )


def read_until(visit: Visit, post: QueryDict) -> Until:
    """The end that was asked for: none where the fields are empty, an error where it is no day to come."""
    typed = {part: post.get(part, "").strip() for part in PARTS}
    values = {part: showable(text) for part, text in typed.items()}
    if not any(typed.values()):
        return Until(values=values)
    try:
        day = date(*(number_in(typed[part]) for part in reversed(PARTS)))
        expires = close_of(day, visit.zone)
    except (ValueError, OverflowError):
        return Until(values=values, error=_("Enter a real day, like 31 3 2027"))
    if expires <= visit.firm_now.now:
        return Until(values=values, error=_("Enter a day that is not over yet"))
    return Until(values=values, expires=expires)


def terms_text(
    visit: Visit,
    level: Level,
    expires: Instant | None,
    *,
    own: bool = False,
    fee_split: int | None = None,
) -> str:
    """What is asked for or given: the level (`own`: see `level_shown`), the fee split, and until when.

    `fee_split`: hundredths of a per cent, None for none.
    """
    end = until_text(expires, visit.zone) if expires is not None else _("without an end")
    split = (f"{_('fee split')} {percent(fee_split)}",) if fee_split is not None else ()
    return ", ".join((level_shown(level, own=own), *split, end))
