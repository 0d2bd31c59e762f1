"""The ledger in sentences, newest first, filtered by person, client, kind and day."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import entries_numbered
from ringfence.web.browse.entry_lines import EntryListing, entry_heading, entry_lines, latest_first
from ringfence.web.browse.paging import SIZE, Paging, asked_page
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .seeking import Found, LedgerSearch, seek, until_asked


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage(Page):
    search: LedgerSearch
    listing: EntryListing
    newer: Link | None
    downloads: tuple[Link, ...]


@needs(Capability.READ_CONTROL)
def listing(visit: Visit) -> HttpResponse:
    """Every entry of the firm's ledger (rules.md 5, "Read the ledger")."""
    here = reverse("ledger", args=[visit.firm.pk])
    found = seek(visit, here)
    listed = _listing(visit, found, here)
    firm, search = visit.firm.pk, found.search
    page = LedgerPage(
        frame=frame_for(visit, "manage"),
        title=_("Ledger"),
        back=reverse("manage", args=[firm]),
        errors=search.lines,
        search=search,
        listing=listed,
        newer=_newer(search, listed.newer),
        downloads=(
            Link(
                text=_("Take these entries as CSV"), href=reverse("ledger-csv", args=[firm]) + search.encoded
            ),
            Link(
                text=_("Take these entries as XLSX"),
                href=reverse("ledger-xlsx", args=[firm]) + search.encoded,
            ),
        )
        if listed.lines
        else (),
    )
    return show(visit.request, "ledger/list.html", page)


def _newer(search: LedgerSearch, count: int) -> Link | None:
    if not count:
        return None
    words = ngettext(
        "%(count)s entry has come since: show the newest",
        "%(count)s entries have come since: show the newest",
        count,
    )
    return Link(text=words % {"count": figure(count)}, href=search.action + search.encoded)


def _listing(visit: Visit, found: Found, here: str) -> EntryListing:
    until = until_asked(visit)
    numbers = found.numbers & BitMap(range(1, until + 1))
    page = asked_page(visit.request.GET, len(numbers))
    query = {**found.search.query, "until": str(until)}
    paging = Paging(total=len(numbers), number=page, path=here, query=query)
    entries = entries_numbered(visit.firm.pk, latest_first(numbers, paging.offset, SIZE))
    return EntryListing(
        paging=paging,
        heading=entry_heading(paging),
        lines=entry_lines(visit, entries[::-1]),
        until=until,
        newer=len(found.numbers) - len(numbers),
    )
