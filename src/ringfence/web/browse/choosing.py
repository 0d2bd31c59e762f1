"""A list with ticks that survive paging, searching and filtering: the choice is kept on the server.

Every button of the page sends the ticks of the rows shown; what the button asks for is in `go`. The answer
leads on to an address, so going back and loading again change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from pyroaring import BitMap

from ringfence.web.shell.figures import count_services, figure
from ringfence.web.shell.untrusted import number_in
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .listing import ListPage

MOST_SHOWN = 1000
"""Rows of which one form may tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A row that can be chosen."""

    value: int
    label: str
    cells: tuple[str, ...]
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTicks:
    """A client with a tick for each of its services."""

    number: int
    name: str
    reference: str
    mark: str
    """How many of its services are chosen, where that is some and not all."""
    whole: str
    """The button that chooses all of them, empty where all are chosen or there is one only."""
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingPage(ListPage[Tick | ClientTicks]):
    caption: str
    lead: str = ""
    """What a tick means, where the heading does not say it."""
    head: tuple[str, ...]
    selected: str
    """How many are chosen over all pages and searches."""
    all_text: str
    """The button that chooses all that match, empty where there is none."""
    none_text: str
    choice_error: str


def services_selected(services: int, clients: int) -> str:
    """How many services of how many clients are chosen in all."""
    return _("%(services)s selected in all") % {"services": count_services(services, clients)}


def selected(count: int) -> str:
    """How many are chosen in all."""
    return ngettext("%(count)s selected in all", "%(count)s selected in all", count) % {
        "count": figure(count)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class TicksSent:
    """What was sent: ticks among the rows shown, and where to go on."""

    go: str
    shown: BitMap
    ticked: BitMap
    search: str
    service: str
    shown_search: str
    shown_service: str

    def applied(self, chosen: BitMap) -> BitMap:
        """The choice with the rows shown as they are ticked now."""
        return (chosen - self.shown) | (self.ticked & self.shown)

    def address(self, here: str) -> str:
        """The page to show next: another search starts at page 1, all else stays in the search shown."""
        pairs = {"search": self.shown_search, "service": self.shown_service}
        if self.go == "search":
            pairs = {"search": self.search, "service": self.service}
        elif self.go == "clear":
            pairs = {}
        elif self.go.startswith("page-"):
            pairs["page"] = str(number_in(self.go.removeprefix("page-")) or "")
        kept = {name: value for name, value in pairs.items() if value}
        return f"{here}?{urlencode(kept)}" if kept else here


def read_asked(post: QueryDict) -> TicksSent:
    """The form as it was sent. Values that are no numbers are passed over."""
    return TicksSent(
        go=post.get("go", "search"),
        shown=_numbers(post.getlist("shown")[:MOST_SHOWN]),
        ticked=_numbers(post.getlist("tick")[:MOST_SHOWN]),
        search=post.get("search", "").strip(),
        service=post.get("service", ""),
        shown_search=post.get("shown_search", ""),
        shown_service=post.get("shown_service", ""),
    )


def _numbers(values: Iterable[str]) -> BitMap:
    return BitMap([number_in(each) for each in values]) - BitMap([0])
