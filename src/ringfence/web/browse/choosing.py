"""A question that is answered with ticks, which survive pages, searches and languages: kept on the server.

`choose` answers every request to such a page. Whoever asks says what is offered, what is chosen now and how a
choice is kept (`Choosing`); what one row is, and how it is searched and shown, says a kind of `Rows`
(`choosing_clients.py`, `choosing_members.py`, `choosing_groups.py`).

Every button of the page sends the ticks of the rows shown; what the button asks for is in `go`. The answer
leads on to an address, so going back and loading again change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from django.http import HttpResponse
from django.shortcuts import redirect
from pyroaring import BitMap

from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine, Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .choosing_sent import SELECTED, VIEW, TicksSent, read_sent
from .listing import Listing, ListPage
from .search import SearchForm

NONE = BitMap()
SIZE = 25
"""Rows on a page: few enough for a telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A row that can be chosen."""

    value: int
    label: str
    note: str = ""
    """What stands beside the label where it says something else: a client's own reference."""
    cells: tuple[str, ...]
    checked: bool
    mark: str = ""
    """Why the row cannot be chosen; such a row has no box."""


class Rows(Protocol):
    """What one row of the page is."""

    @property
    def head(self) -> tuple[str, ...]:
        """The headings of the columns, that of the label first."""
        ...

    def search(self, here: str, given: Mapping[str, str] | None, kept: Mapping[str, str]) -> SearchForm:
        """The search in the address, or as `given`."""
        ...

    def matching(self, search: SearchForm, within: BitMap) -> BitMap:
        """Those of the rows `within` that the search finds."""
        ...

    def listing(self, search: SearchForm, found: BitMap, tick: Ticking) -> Listing[Tick]:
        """The page of what was `found` that the address asks for."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticking:
    """How rows are shown: which are chosen, which can be chosen no more and what is said of those."""

    chosen: BitMap
    taken: BitMap
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """One question. Sets are row numbers, as the rows count them; `here` is the address of the page."""

    here: str
    title: str
    caption: str = ""
    lead: str = ""
    """What a tick means, where the heading does not say it."""
    notices: tuple[str, ...] = ()
    """What has happened to the choice since the page was last seen."""
    links: tuple[Link, ...] = ()
    back: str
    rows: Rows
    offered: BitMap
    """What is listed."""
    taken: BitMap = field(default_factory=BitMap)
    """What is listed with `mark` and without a box."""
    mark: str = ""
    chosen: BitMap
    keep: Callable[[BitMap], None]
    """Keeps another choice."""
    go_on: Callable[[], HttpResponse]
    """Where to go with the choice that was kept."""
    none_chosen: str
    """The error of who would go on without any."""
    submit: str = ""
    instead: str = ""
    """A second button, for what is done without any of the rows; empty for none."""
    go_instead: Callable[[], HttpResponse] | None = None
    token: str = ""
    """What the choice belongs to: a form for something else is not taken (`another`)."""
    another: str = ""
    """The error of such a form."""
    section: str = "manage"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoosingPage(ListPage[Tick]):
    caption: str
    lead: str
    notices: tuple[str, ...]
    links: tuple[Link, ...]
    head: tuple[str, ...]
    selected: str
    """How many are chosen over all pages and searches."""
    all_text: str
    """The button that chooses all that match, empty where there is none."""
    none_text: str
    whole_page: bool
    """Whether each row with a box is ticked."""
    boxes: int
    """How many rows have a box."""
    reviewing: bool
    """Whether only what is chosen is shown, to be taken out again."""
    any_selected: bool
    choice_error: str
    submit: str
    instead: str
    token: str
    keeps_ticks: str = "choosing"
    """The form that a change of language sends."""


def choose(visit: Visit, choosing: Choosing) -> HttpResponse:
    """Show the page, or take what its form sent."""
    if visit.request.method != "POST":
        return _page(visit, choosing)
    sent = read_sent(visit.request.POST)
    if sent.token not in ("", choosing.token):
        return _page(visit, choosing, choosing.another)
    chosen = _chosen(choosing, sent)
    if chosen != choosing.chosen:
        choosing.keep(chosen)
    if sent.language:
        # The form goes on to where languages are changed, which comes back to the page.
        return redirect("set_language", preserve_request=True)
    if sent.go == "keep":
        return HttpResponse(status=204)
    if sent.go == "instead" and choosing.go_instead is not None:
        return choosing.go_instead()
    if sent.go != "continue":
        return redirect(sent.address(choosing.here))
    if chosen:
        return choosing.go_on()
    return _page(visit, replace(choosing, chosen=chosen), choosing.none_chosen)


def _chosen(choosing: Choosing, sent: TicksSent) -> BitMap:
    """The choice after what was sent; nothing that is not offered, or taken already, is ever chosen."""
    chosen = sent.applied(choosing.chosen)
    if sent.go in ("all", "none"):
        search = choosing.rows.search(choosing.here, sent.shown_search, {})
        found = NONE if search.errors else _listed(choosing, search, sent.reviewing)
        chosen = chosen | found if sent.go == "all" else chosen - found
    elif sent.go == "page-all":
        chosen = chosen | sent.shown
    elif sent.go == "page-none":
        chosen = chosen - sent.shown
    elif removed := sent.removed:
        chosen = chosen - removed
    return (chosen & choosing.offered) - choosing.taken


def _listed(choosing: Choosing, search: SearchForm, reviewing: bool) -> BitMap:
    return choosing.rows.matching(search, choosing.chosen if reviewing else choosing.offered)


def _page(visit: Visit, choosing: Choosing, error: str = "") -> HttpResponse:
    reviewing = visit.request.GET.get(VIEW) == SELECTED
    search = choosing.rows.search(choosing.here, None, {VIEW: SELECTED} if reviewing else {})
    found = _listed(choosing, search, reviewing)
    free = len(found - choosing.taken) if choosing.taken else len(found)
    ticked = found.intersection_cardinality(choosing.chosen)
    ticking = Ticking(chosen=choosing.chosen, taken=choosing.taken, mark=choosing.mark)
    listing = choosing.rows.listing(search, found, ticking)
    boxes = [line for line in listing.lines if not line.mark]
    page = ChoosingPage(
        frame=frame_for(visit, choosing.section),
        title=choosing.title,
        caption=choosing.caption,
        lead=choosing.lead,
        notices=choosing.notices,
        links=choosing.links,
        back=choosing.back,
        errors=(*search.errors, *([ErrorLine(text=error, href="#choices")] if error else [])),
        listing=listing,
        head=choosing.rows.head,
        selected=selected(len(choosing.chosen)),
        all_text="" if reviewing or ticked >= free else _all_text(free, search),
        none_text=_none_text(ticked, search) if ticked else "",
        whole_page=bool(boxes) and all(line.checked for line in boxes),
        boxes=0 if reviewing else len(boxes),
        reviewing=reviewing,
        any_selected=bool(choosing.chosen),
        choice_error=error,
        submit=choosing.submit or _("Continue"),
        instead=choosing.instead,
        token=choosing.token,
    )
    return show(visit.request, "shared/choosing.html", page)


def selected(count: int) -> str:
    """How many are chosen in all."""
    words = ngettext(
        "%(count)s selected across all searches", "%(count)s selected across all searches", count
    )
    return words % {"count": figure(count)}


def _all_text(count: int, search: SearchForm) -> str:
    if search.active:
        words = ngettext("Select the %(count)s that matches", "Select all %(count)s that match", count)
    else:
        words = ngettext("Select the only one", "Select all %(count)s", count)
    return words % {"count": figure(count)}


def _none_text(count: int, search: SearchForm) -> str:
    if search.active:
        words = ngettext("Clear the %(count)s that matches", "Clear the %(count)s that match", count)
    else:
        words = ngettext("Clear the %(count)s selected", "Clear all %(count)s selected", count)
    return words % {"count": figure(count)}
