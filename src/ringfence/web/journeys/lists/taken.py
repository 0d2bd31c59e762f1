"""Lists out: the clients that one sees, who may open which, what one member reaches, by the page's search.

The rows are those of the pages, and what the core does not let the reader see is in none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Way
from ringfence.access.listing.clients import (
    client_rows,
    clients_matching,
    page_of_clients,
    seen_clients,
)
from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.core.terms import Export
from ringfence.lists.export.writing import Cells
from ringfence.web.browse.downloads import FilePart
from ringfence.web.browse.member_reach import AskedReach
from ringfence.web.browse.search import read_search
from ringfence.web.browse.taking_found import client_cells, client_headers, parts_at_once, take_found
from ringfence.web.browse.way_lines import told_ways
from ringfence.web.queries.things import groups_offered, services_of, services_offered
from ringfence.web.queries.way_names import NamesOfWays
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CLIENTS, ("GET",))
def clients(visit: Visit, form: str) -> HttpResponse:
    """The clients of the list of clients: a row for each service, as an import reads them."""
    here = reverse("clients", args=[visit.firm.pk])
    now = visit.firm_now
    search = read_search(
        visit,
        here,
        services=services_offered(now, visit.number),
        groups=groups_offered(now, visit.number),
    )
    seen = seen_clients(now, visit.number, search.wanted)

    def rows(part: FilePart) -> Iterator[Cells]:
        services, shown = dict(services_of(visit.firm.pk)), now.seen_by(visit.number)
        for offset, some in parts_at_once(part):
            numbers = seen.page(offset, some)
            found = client_rows(now, visit.number, numbers, shown)
            for row in (found[number] for number in numbers if number in found):
                if row.number in seen.closed:
                    yield "", row.name, "", "", "", ""
                else:
                    yield from client_cells(row, services)

    return take_found(visit, search, seen.total, Export.CLIENTS, "clients", client_headers(), rows, form)


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def who_opens(visit: Visit, form: str) -> HttpResponse:
    """Who may open which of the clients that the search finds: a row for each member and client, with how."""
    now, firm = visit.firm_now, visit.firm.pk
    here = reverse("client-access-list", args=[firm])
    groups = groups_offered(now, visit.number)
    search = read_search(visit, here, services=services_of(firm), groups=groups)
    found = clients_matching(now, visit.number, now.clients, search.wanted)
    people = members_matching(firm, "")
    theirs = [(member, now.clients_seen_by(member.number) & found) for member in people]
    total = sum(len(clients) for _member, clients in theirs)
    headers = (_("[Member]"), _("E-mail address"), *_reach_headers())

    def rows(part: FilePart) -> Iterator[Cells]:
        names, before = _Names(visit, people), 0
        for member, clients in theirs:
            mine = FilePart(max(part.first - before, 0), min(part.last - before, len(clients)))
            for cells in _reach(visit, member.number, clients, names, mine):
                yield member.name, member.email, *cells
            before += len(clients)

    return take_found(visit, search, total, Export.ACCESS, "who-can-open", headers, rows, form)


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def reach(visit: Visit, member: int, form: str) -> HttpResponse:
    """What one member reaches of what the search finds: a row for each client, with how."""
    firm, asked = visit.firm.pk, AskedReach(visit, member)
    here = reverse("member-clients", args=[firm, member])
    search = read_search(visit, here, services=services_of(firm), kept=asked.kept)
    found = asked.clients(search.wanted, searched=search.active)

    def rows(part: FilePart) -> Iterator[Cells]:
        names = _Names(visit, members_matching(firm, ""))
        return _reach(visit, member, found, names, part, whole=asked.whole)

    headers = _reach_headers(whole=asked.whole)
    return take_found(visit, search, len(found), Export.ACCESS, f"member-{member}", headers, rows, form)


def _reach_headers(*, whole: bool = False) -> Cells:
    how = _("By what or why not") if whole else _("By what")
    return (_("Client reference"), _("[Client] name"), _("Level"), _("Services"), how)


class _Names(NamesOfWays):
    """The names of all groups, services and members, each read once."""

    def __init__(self, visit: Visit, people: Sequence[ListedMember]) -> None:
        super().__init__(visit.firm.pk, members=[member.number for member in people])


def _reach(
    visit: Visit,
    member: int,
    clients: BitMap,
    names: NamesOfWays,
    part: FilePart,
    *,
    whole: bool = False,
) -> Iterator[Cells]:
    """Reference, name, level, services and how, of each of a part of the clients by name.

    `whole`: also of the services that the member cannot open.
    """
    if part.first >= part.last:
        return
    now = visit.firm_now
    shown, ways = now.engagements if whole else now.seen_by(member), now.ways(member)
    for offset, some in parts_at_once(part):
        numbers = page_of_clients(now, clients, offset, some)
        rows = client_rows(now, visit.number, numbers, shown)
        for row in (rows[number] for number in numbers if number in rows):
            how = (
                (names.service(each.service), _ways_on(ways.items(), each.number)) for each in row.engagements
            )
            levels = {now.level(member, each.number) for each in row.engagements}
            yield (
                row.reference,
                row.name,
                ", ".join(level_shown(level) for level in sorted(levels)),
                ", ".join(names.service(each.service) for each in row.engagements),
                "; ".join(told_ways(how, names)),
            )


def _ways_on(ways: Iterable[tuple[Way, BitMap]], engagement: int) -> tuple[Way, ...]:
    return tuple(way for way, engagements in ways if engagement in engagements)
