"""The clients that a member can open or not, each with the ways by which; searched, filtered, in pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access import Way
from ringfence.access.listing.clients import page_of_clients
from ringfence.web.browse.client_lines import client_heading
from ringfence.web.browse.listing import ListPage, list_page
from ringfence.web.browse.member_reach import HINDERING, AskedReach
from ringfence.web.browse.search import read_search
from ringfence.web.browse.take_links import take_links
from ringfence.web.browse.way_lines import WayClientLine, way_client_lines
from ringfence.web.queries.things import services_of
from ringfence.web.queries.way_names import NamesOfWays
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.ways import way_text

from .person import member_row

SHOWN = 25
"""Clients on a page that says of each by what it is reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachPage(ListPage[WayClientLine]):
    caption: str
    by: str
    """The one way that the list is of; empty for all."""
    head: str
    """Heading of the ways: by what, or why not."""
    other: tuple[Link, ...]
    """The other lists of the same member."""
    taken: tuple[Link, ...]
    """What takes the list out as a file."""


@needs(Capability.READ_CONTROL)
def clients(visit: Visit, member: int) -> HttpResponse:
    """What the member can open and by what; with `show=closed` what they cannot and why (rules.md 2)."""
    firm, row = visit.firm.pk, member_row(visit, member)
    asked = AskedReach(visit, member)
    closed, only, way = asked.closed, asked.only, asked.way
    here = reverse("member-clients", args=[firm, member])
    search = read_search(visit, here, services=services_of(firm), kept=asked.kept)
    found = asked.clients(search.wanted, searched=search.active)
    page = ReachPage(
        frame=frame_for(visit, "manage"),
        title=_title(closed=closed, only=only, way=way) % {"member": row.name or _("a former [member]")},
        caption=_("[Member]"),
        back=reverse("member", args=[firm, member]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=partial(page_of_clients, visit.firm_now, found),
            lines=lambda numbers: way_client_lines(
                visit,
                member,
                numbers,
                visit.firm_now.engagements,
                route="client-access",
                why=lambda number: reverse("why-member", args=[firm, number, member]),
            ),
            heading=client_heading,
            empty=_("Try fewer words, or clear the search.") if search.active else "",
            size=SHOWN,
        ),
        by=way_text(way, NamesOfWays(firm, [way])) if way is not None else "",
        head=_("Why not") if closed else _("By what or why not") if way is not None else _("By what"),
        other=_others(visit, here, closed=closed, part=only or way is not None),
        taken=take_links("take-reach", search, firm, member),
    )
    return show(visit.request, "team/clients.html", page)


def _title(*, closed: bool, only: bool, way: Way | None) -> str:
    if way is not None and way.reason in HINDERING:
        return _("[Clients] that %(member)s cannot open, or only in part")
    if closed:
        return _("[Clients] that %(member)s cannot open")
    if only and way is None:
        return _("[Clients] that nobody can open without %(member)s")
    return _("[Clients] that %(member)s can open")


def _others(visit: Visit, here: str, *, closed: bool, part: bool) -> tuple[Link, ...]:
    links = []
    if closed or part:
        links.append(Link(text=_("See what they can open, and by what"), href=here))
    if not closed:
        links.append(Link(text=_("See what they cannot open, and why"), href=f"{here}?show=closed"))
    return tuple(links)
