"""A form that asks by its address, as it was filled in: what was typed, and what of it is to be put right.

What is looked for by it is known to the page.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from urllib.parse import urlencode

from ringfence.core.days import close_of, instant
from ringfence.core.terms import Instant
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

from .days import read_day
from .search import LONGEST_SEARCH

YEARS = range(2, 9_998)
"""What lies at the edge of the calendar is no instant in every zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedForm:
    """The form as it was filled in."""

    action: str
    texts: Mapping[str, str]
    """What was typed, by field."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """By field, what is to be put right."""

    @property
    def lines(self) -> tuple[ErrorLine, ...]:
        return tuple(ErrorLine(text=text, href=f"#{name}") for name, text in self.errors.items())

    @property
    def query(self) -> dict[str, str]:
        """The form as it stands in addresses; empty where nothing is looked for."""
        return {name: text for name, text in self.texts.items() if text}

    @property
    def encoded(self) -> str:
        """The same behind a question mark."""
        return f"?{urlencode(self.query)}" if self.query else ""


def typed(visit: Visit, name: str) -> str:
    """What was typed into a field."""
    return showable(visit.request.GET.get(name, "").strip())[:LONGEST_SEARCH]


def instants_between(
    visit: Visit, texts: Mapping[str, str], errors: MutableMapping[str, str]
) -> tuple[Instant | None, Instant | None]:
    """From the beginning of the day in `from` to the close of the one in `to`; each None where none is typed.

    What is to be put right goes into `errors`.
    """
    first, last = (_day(texts[name], name, errors) for name in ("from", "to"))
    if first is not None and last is not None and last < first:
        errors["to"] = _("The last day must not be before the first")
    since = instant(datetime.combine(first, time(), visit.zone)) if first is not None else None
    return since, close_of(last, visit.zone) if last is not None else None


def _day(text: str, name: str, errors: MutableMapping[str, str]) -> date | None:
    day = read_day(text) if text else None
    if text and (day is None or day.year not in YEARS):
        errors[name] = _("Enter a day, such as 27 3 2026")
        return None
    return day
