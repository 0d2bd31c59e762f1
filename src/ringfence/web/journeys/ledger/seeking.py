"""What of the ledger is looked for, as the form above it was filled in, and the entries that it finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from urllib.parse import urlencode

from pyroaring import BitMap

from ringfence.access import Sought, find_entries
from ringfence.access.listing.people import members_matching
from ringfence.access.reading import client_names
from ringfence.core.days import close_of, instant
from ringfence.core.terms import Instant
from ringfence.web.browse.days import read_day
from ringfence.web.browse.search import LONGEST_SEARCH
from ringfence.web.shell.figures import count_clients
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import Visit
from ringfence.wording.ledger import COMMANDS, OTHER_ENTRIES
from ringfence.wording.saying import gettext as _

EVERYTHING = "all"
"""The kind that records opened and lists exported are found with, too."""
MOST_CLIENTS = 2_000
"""Clients that a word may find: whoever finds more writes more of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSearch:
    """The form as it was filled in."""

    action: str
    person: str
    client: str
    kind: str
    first: str
    last: str
    errors: Mapping[str, str] = field(default_factory=dict)
    """By field, what is to be put right."""

    @property
    def query(self) -> dict[str, str]:
        """The form as it stands in addresses."""
        pairs = {
            "person": self.person,
            "client": self.client,
            "kind": self.kind,
            "from": self.first,
            "to": self.last,
        }
        return {name: value for name, value in pairs.items() if value}

    @property
    def active(self) -> bool:
        return bool(self.query)

    @property
    def encoded(self) -> str:
        """The same behind a question mark; empty where nothing is looked for."""
        return f"?{urlencode(self.query)}" if self.query else ""

    @property
    def lines(self) -> tuple[ErrorLine, ...]:
        return tuple(ErrorLine(text=text, href=f"#{name}") for name, text in self.errors.items())

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """What can be chosen as a kind, each with its words."""
        first = [
            ("", _("All changes")),
            (EVERYTHING, _("Everything, with records opened and lists exported")),
        ]
        return [*first, *((name, str(text)) for name, text in (COMMANDS | OTHER_ENTRIES).items())]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The form and the numbers of the entries that it finds; none where it cannot be read."""

    search: LedgerSearch
    numbers: BitMap


def seek(visit: Visit, action: str) -> Found:
    """What the address looks for; `action` is the address of the ledger."""
    given = {name: _typed(visit, name) for name in ("person", "client", "from", "to")}
    kind = visit.request.GET.get("kind", "")
    reader = _Reader(visit)
    since, until = reader.days(given["from"], given["to"])
    sought = Sought(
        people=reader.people(given["person"]),
        clients=reader.clients(given["client"]),
        commands=(kind,) if kind in COMMANDS or kind in OTHER_ENTRIES else None,
        noted=kind == EVERYTHING,
        since=since,
        until=until,
    )
    known = kind == EVERYTHING or sought.commands is not None
    search = LedgerSearch(
        action=action,
        person=given["person"],
        client=given["client"],
        kind=kind if known else "",
        first=given["from"],
        last=given["to"],
        errors=reader.errors,
    )
    numbers = BitMap()
    if not reader.errors:
        numbers = find_entries(visit.firm.pk, visit.firm_now.version, sought)
    return Found(search=search, numbers=numbers)


def _typed(visit: Visit, name: str) -> str:
    return showable(visit.request.GET.get(name, "").strip())[:LONGEST_SEARCH]


class _Reader:
    """Reads the fields, and notes what is to be put right."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self.errors: dict[str, str] = {}

    def people(self, text: str) -> BitMap | None:
        """Whoever has the text in their name or e-mail address, inactive members too."""
        if not text:
            return None
        return BitMap([row.number for row in members_matching(self._visit.firm.pk, text)])

    def clients(self, text: str) -> BitMap | None:
        """The clients, removed ones too, with the text in their name or client reference."""
        if not text:
            return None
        found = client_names(self._visit.firm.pk).matching(text).clients
        if len(found) > MOST_CLIENTS:
            self.errors["client"] = _("Write more of the name: %(clients)s have this in theirs") % {
                "clients": count_clients(len(found))
            }
        return found

    def days(self, first: str, last: str) -> tuple[Instant | None, Instant | None]:
        """The instants between which, from the beginning of a day to the close of one."""
        begins, ends = self._day("from", first), self._day("to", last)
        if begins is not None and ends is not None and ends < begins:
            self.errors["to"] = _("The last day must not be before the first")
        zone = self._visit.zone
        try:
            since = instant(datetime.combine(begins, time(), zone)) if begins is not None else None
            return since, close_of(ends, zone) if ends is not None else None
        except OverflowError:
            self.errors["to"] = _("Enter a day, such as 27 3 2026")
            return None, None

    def _day(self, name: str, text: str) -> date | None:
        day = read_day(text) if text else None
        if text and day is None:
            self.errors[name] = _("Enter a day, such as 27 3 2026")
        return day


def until_asked(visit: Visit) -> int:
    """The entry that the pages of the list end with: the address says it once somebody has turned a page."""
    asked = number_in(visit.request.GET.get("until", ""))
    return asked if 0 < asked <= visit.firm_now.version else visit.firm_now.version
