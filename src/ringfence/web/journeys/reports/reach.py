"""Members by how much they can open, the widest reach first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.core.directory import sort_key
from ringfence.core.terms import Export
from ringfence.lists.export.writing import Cells
from ringfence.web.browse.downloads import FilePart
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.member_lines import member_heading
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.browse.take_links import take_links
from ringfence.web.browse.taking_found import take_found
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_services
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import role_name
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachLine:
    """A member with how much they can open."""

    name: str
    href: str
    role: str
    reach: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachReportPage(ListPage[ReachLine]):
    lead: str
    taken: tuple[Link, ...]


def _found(visit: Visit) -> tuple[SearchForm, list[ListedMember]]:
    """Active members by the number of services of clients that they see, the most first (rules.md 2)."""
    firm, now = visit.firm.pk, visit.firm_now
    search = read_search(visit, reverse("report-reach", args=[firm]), _("Name or e-mail address"))
    found = members_matching(firm, search.wanted.text, within=now.active_members)
    return search, sorted(found, key=lambda row: (-len(now.seen_by(row.number)), sort_key(row.name)))


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def take_reach(visit: Visit, form: str) -> HttpResponse:
    """The same as a file, a row for each member."""
    (search, found), now = _found(visit), visit.firm_now
    headers = (_("Name"), _("E-mail"), _("Role"), _("[Clients]"), _("Services of [clients]"))

    def rows(part: FilePart) -> Iterator[Cells]:
        for row in found[part.first : part.last]:
            seen = len(now.clients_seen_by(row.number)), len(now.seen_by(row.number))
            yield row.name, row.email, role_name(row.role), *map(str, seen)

    return take_found(visit, search, len(found), Export.ACCESS, "widest-reach", headers, rows, form)


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def reach(visit: Visit) -> HttpResponse:
    """The list, and the ways to take it out."""
    firm = visit.firm.pk
    search, found = _found(visit)
    page = ReachReportPage(
        frame=frame_for(visit, "manage"),
        title=_("Widest reach"),
        back=reverse("reports", args=[firm]),
        errors=search.errors,
        lead=_("Whoever can open most stands first. Look whether they still need all of it."),
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: _lines(visit, rows),
            heading=member_heading,
            empty=_("Try a part of the name or e-mail address, or clear the search."),
            size=20,
        ),
        taken=take_links("take-report-reach", search, firm) if found else (),
    )
    return show(visit.request, "reports/reach.html", page)


def _lines(visit: Visit, rows: Sequence[ListedMember]) -> list[ReachLine]:
    now = visit.firm_now
    return [
        ReachLine(
            name=row.name,
            href=reverse("member", args=[visit.firm.pk, row.number]),
            role=role_name(row.role),
            reach=count_services(len(now.seen_by(row.number)), len(now.clients_seen_by(row.number))),
        )
        for row in rows
    ]
