"""What happened to a client, from the ledger, in sentences: only what the reader may know (rules.md 5).

Who reads the ledger is told all that is about the client. Others who see it are told what became of the
client and of its services, and nothing of who was given access.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access import told_entries, told_history
from ringfence.access.listing.clients import client_name_of
from ringfence.core.terms import Thing
from ringfence.web.browse import entry_lines as lines
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.entry_lines import EntryListing
from ringfence.web.browse.paging import SIZE, Paging, asked_page
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.client_rights import client_address
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientHistoryPage(Page):
    caption: str
    whole: bool
    """Whether everything about the client is told, and each entry leads to the ledger."""
    listing: EntryListing


@needs(Capability.MEMBER)
def history(visit: Visit, number: int) -> HttpResponse:
    """What happened to the client, the latest first: to who sees it and to who reads the ledger."""
    firm, firm_now = visit.firm.pk, visit.firm_now
    whole = visit.can(Capability.READ_CONTROL)
    if number not in firm_now.clients or not (whole or firm_now.sees(visit.number, number)):
        raise Http404
    here = reverse("client-history", args=[firm, number])
    page = ClientHistoryPage(
        frame=frame_for(visit, "clients"),
        title=_("What happened to this [client]"),
        caption=client_name_of(firm, [number])[number],
        back=client_address(visit, number),
        row=client_pages(visit, number, "client-history"),
        whole=whole,
        listing=lines.history(visit, Thing.CLIENT, number, here) if whole else _told(visit, number, here),
    )
    return show(visit.request, "record/history.html", page)


def _told(visit: Visit, number: int, here: str) -> EntryListing:
    """A page of what a member who sees the client is told of it."""
    found = told_history(visit.firm_now, visit.number, number)
    page = asked_page(visit.request.GET, len(found))
    paging = Paging(total=len(found), number=page, path=here, query={})
    shown = lines.latest_first(found, paging.offset, SIZE)
    return EntryListing(
        paging=paging,
        heading=lines.entry_heading(paging),
        lines=lines.entry_lines(visit, told_entries(visit.firm_now, visit.number, number, shown)),
        until=visit.firm_now.version,
    )
