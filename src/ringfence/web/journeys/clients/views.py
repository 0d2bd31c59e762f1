"""The list of clients: what the member sees, searched and counted exactly."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.listing.clients import seen_clients
from ringfence.web.browse.client_lines import client_heading, client_lines, none_yet
from ringfence.web.browse.client_list import ClientListPage, add_address, other_lists
from ringfence.web.browse.listing import list_page
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.browse.take_links import take_links
from ringfence.web.browse.waiting_emergencies import emergencies_link
from ringfence.web.browse.waiting_requests import waiting_link
from ringfence.web.browse.waiting_reviews import reviews_link
from ringfence.web.queries.things import groups_offered, services_offered
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _


@needs(Capability.READ_CLIENTS)
def listing(visit: Visit) -> HttpResponse:
    """A page of the clients that the member sees, with those they may know by name (rules.md 2, 3)."""
    here = reverse("clients", args=[visit.firm.pk])
    search = read_search(
        visit,
        here,
        services=services_offered(visit.firm_now, visit.number),
        groups=groups_offered(visit.firm_now, visit.number),
    )
    seen = seen_clients(visit.firm_now, visit.number, search.wanted)
    shown = visit.firm_now.seen_by(visit.number)
    found = list_page(
        visit,
        search,
        total=seen.total,
        page=seen.page,
        # Who opens one that is closed to them is told who has access (rules.md 4, kyc and practice).
        lines=lambda rows: client_lines(visit, search, rows, shown, route="client", closed=seen.closed),
        heading=client_heading,
        empty=_empty(visit, search),
    )
    page = ClientListPage(
        frame=frame_for(visit, "clients", here=True),
        title=_("[Clients]"),
        errors=search.errors,
        listing=found,
        add=add_address(visit),
        others=(*waiting_link(visit), *emergencies_link(visit), *reviews_link(visit), *other_lists(visit)),
        taken=take_links("take-clients", search, visit.firm.pk),
    )
    return show(visit.request, "clients/list.html", page)


def _empty(visit: Visit, search: SearchForm) -> str:
    if search.active:
        return _(
            "Try fewer words, in any order, or a part of one; a single letter or digit finds what begins "
            "with it. Or clear the search to see every [client] that you can open."
        )
    if not visit.firm_now.clients:
        return none_yet()
    return _("There is no [client] that you can open. An administrator of your firm can give you access.")
