"""The clients that one of the member's groups gives them, and those that they can open besides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.listing.clients import engagements_matching, page_of_clients
from ringfence.web.browse.client_lines import client_heading, client_lines
from ringfence.web.browse.client_list import ClientListPage
from ringfence.web.browse.listing import ListPage, list_page
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.browse.way_lines import WayClientLine, way_client_lines
from ringfence.web.queries.things import services_offered
from ringfence.web.queries.way_names import NamesOfWays
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .own import by_groups

SHOWN = 25
"""Clients on a page that says of each by what it is reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherClientsPage(ListPage[WayClientLine]):
    caption: str


@needs(Capability.MEMBER)
def group(visit: Visit, group: int) -> HttpResponse:
    """The clients that the group gives the member, for who is in it."""
    now = visit.firm_now
    if group not in now.groups:
        raise Http404
    if visit.number not in now.groups[group]:
        raise PermissionDenied
    here = reverse("your-group", args=[visit.firm.pk, group])
    search = _search(visit, here)
    within = now.given(group) & now.seen_by(visit.number)
    found = _found(visit, search, within)
    page = ClientListPage(
        frame=frame_for(visit, "account"),
        title=NamesOfWays(visit.firm.pk).group(group),
        back=reverse("your-account", args=[visit.firm.pk]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=partial(page_of_clients, now, found),
            lines=lambda numbers: client_lines(visit, search, numbers, within, route="client"),
            heading=client_heading,
            empty=_empty(search),
        ),
        add="",
        others=(),
        taken=(),
    )
    return show(visit.request, "shared/client_list.html", page)


@needs(Capability.MEMBER)
def others(visit: Visit) -> HttpResponse:
    """What the member can open by something else than a group, each with by what."""
    now = visit.firm_now
    here = reverse("your-other-clients", args=[visit.firm.pk])
    search = _search(visit, here)
    within = now.seen_by(visit.number) - by_groups(visit)
    found = _found(visit, search, within)
    page = OtherClientsPage(
        frame=frame_for(visit, "account"),
        title=_("Other [clients] that you can open"),
        caption=_("Your account"),
        back=reverse("your-account", args=[visit.firm.pk]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=partial(page_of_clients, now, found),
            lines=lambda numbers: way_client_lines(
                visit,
                visit.number,
                numbers,
                within,
                route="client",
                why=lambda number: reverse("why-me", args=[visit.firm.pk, number]),
            ),
            heading=client_heading,
            empty=_empty(search),
            size=SHOWN,
        ),
    )
    return show(visit.request, "your_account/others.html", page)


def _search(visit: Visit, here: str) -> SearchForm:
    return read_search(visit, here, services=services_offered(visit.firm_now, visit.number))


def _found(visit: Visit, search: SearchForm, within: BitMap) -> BitMap:
    now = visit.firm_now
    return now.clients_of(engagements_matching(now, visit.number, within, search.wanted))


def _empty(search: SearchForm) -> str:
    if search.active:
        return _("Try fewer words, or clear the search.")
    return _("There is no [client] here that you can open.")
