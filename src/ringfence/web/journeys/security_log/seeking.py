"""What of the security log is looked for, as the form above it was filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from urllib.parse import urlencode

from django.urls import reverse

from ringfence.access.listing.people import members_matching
from ringfence.access.security_lines import SecurityQuestion
from ringfence.core.days import close_of, instant
from ringfence.web.browse.days import read_day
from ringfence.web.browse.search import LONGEST_SEARCH
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.security_log import KINDS

OUTCOMES = {"failed": True, "done": False}
"""Whether failures are asked for, by the word in addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuritySearch:
    """The form as it was filled in, and what it asks for."""

    action: str
    person: str
    kind: str
    outcome: str
    first: str
    last: str
    asked: SecurityQuestion
    errors: Mapping[str, str] = field(default_factory=dict)
    """By field, what is to be put right."""

    @property
    def query(self) -> dict[str, str]:
        """The form as it stands in addresses."""
        pairs = {
            "person": self.person,
            "kind": self.kind,
            "outcome": self.outcome,
            "from": self.first,
            "to": self.last,
        }
        return {name: value for name, value in pairs.items() if value}

    @property
    def encoded(self) -> str:
        """The same behind a question mark; empty where nothing is looked for."""
        return f"?{urlencode(self.query)}" if self.query else ""

    @property
    def lines(self) -> tuple[ErrorLine, ...]:
        return tuple(ErrorLine(text=text, href=f"#{name}") for name, text in self.errors.items())

    @property
    def kinds(self) -> list[dict[str, str]]:
        """What can be chosen as a kind."""
        every = {"value": "", "text": _("Everything")}
        return [every, *({"value": name, "text": str(text)} for name, text in KINDS.items())]

    @property
    def outcomes(self) -> list[dict[str, str]]:
        """The same for how it went."""
        return [
            {"value": "", "text": _("Either way")},
            {"value": "done", "text": _("It went well")},
            {"value": "failed", "text": _("It failed or was refused")},
        ]


def seek(visit: Visit) -> SecuritySearch:
    """What the address looks for."""
    given = visit.request.GET
    typed = {
        name: showable(given.get(name, "").strip())[:LONGEST_SEARCH] for name in ("person", "from", "to")
    }
    kind, outcome = given.get("kind", ""), given.get("outcome", "")
    errors: dict[str, str] = {}
    first, last = (_day(typed[name], name, errors) for name in ("from", "to"))
    if first is not None and last is not None and last < first:
        errors["to"] = _("The last day must not be before the first")
    return SecuritySearch(
        action=reverse("security-log", args=[visit.firm.pk]),
        person=typed["person"],
        kind=kind if kind in KINDS else "",
        outcome=outcome if outcome in OUTCOMES else "",
        first=typed["from"],
        last=typed["to"],
        asked=SecurityQuestion(
            members=_people(visit, typed["person"]),
            kind=kind if kind in KINDS else None,
            failed=OUTCOMES.get(outcome),
            since=instant(datetime.combine(first, time(), visit.zone)) if first is not None else None,
            until=close_of(last, visit.zone) if last is not None else None,
        ),
        errors=errors,
    )


def _people(visit: Visit, text: str) -> frozenset[int] | None:
    """Whoever has the text in their name or e-mail address, inactive members too."""
    if not text:
        return None
    return frozenset(row.number for row in members_matching(visit.firm.pk, text))


def _day(text: str, name: str, errors: dict[str, str]) -> date | None:
    day = read_day(text) if text else None
    # What lies at the edge of the calendar is no instant in every zone.
    if text and (day is None or not 1971 <= day.year <= 9998):
        errors[name] = _("Enter a day, such as 27 3 2026")
        return None
    return day
