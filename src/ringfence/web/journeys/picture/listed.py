"""What one box of a picture gathers, as a list that can be searched: clients, or members."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.listing.clients import clients_matching, engagements_matching, page_of_clients
from ringfence.web.browse.client_lines import client_heading, client_lines
from ringfence.web.browse.client_list import ClientListPage
from ringfence.web.browse.listing import list_page
from ringfence.web.browse.member_list import member_list
from ringfence.web.browse.search import read_search
from ringfence.web.queries.things import services_offered
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

from .boxes import Picture


def listed_box(
    visit: Visit, picture: Picture, box: str, *, here: str, back: str, own: bool, section: str
) -> HttpResponse:
    """The list; back to the picture where it has no such box any more, since others changed the firm."""
    bundle = picture.bundles.get(box)
    if bundle is None:
        messages.info(visit.request, _("The picture has changed since you saw it: this is how it is now."))
        return redirect(back)
    if bundle.clients is not None:
        return _clients(visit, bundle.clients, here, back, section, own)
    return _members(visit, bundle.members or BitMap(), here, back, section, picture.drawing.title)


def _clients(visit: Visit, clients: BitMap, here: str, back: str, section: str, own: bool) -> HttpResponse:
    now = visit.firm_now
    search = read_search(visit, here, services=services_offered(now, visit.number))
    shown = now.engagements_of_all(clients)
    if own:
        # Of one's own only what one sees of them.
        shown = shown & now.seen_by(visit.number)
        found = now.clients_of(engagements_matching(now, visit.number, shown, search.wanted))
    else:
        found = clients_matching(now, visit.number, clients, search.wanted)
    route = "client" if own or not visit.can(Capability.READ_CONTROL) else "client-access"
    page = ClientListPage(
        frame=frame_for(visit, section),
        title=_("[Clients] of one box of the picture"),
        back=back,
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=partial(page_of_clients, now, found),
            lines=lambda numbers: client_lines(visit, search, numbers, shown, route=route),
            heading=client_heading,
            empty=_("Try fewer words, or clear the search."),
        ),
        add="",
        others=(),
        taken=(),
    )
    return show(visit.request, "shared/client_list.html", page)


def _members(visit: Visit, members: BitMap, here: str, back: str, section: str, caption: str) -> HttpResponse:
    reads = visit.can(Capability.READ_CONTROL)
    return member_list(
        visit,
        members,
        here=here,
        title=_("[Members] of one box of the picture"),
        caption=caption,
        back=back,
        section=section,
        leads=lambda member: reverse("member-picture", args=[visit.firm.pk, member]) if reads else "",
    )
