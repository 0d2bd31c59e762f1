"""The reports on clients as files: a row for each client and service, as the pages find them."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse

from ringfence.access.listing.clients import client_rows, page_of_clients
from ringfence.core.terms import Export
from ringfence.lists.export.writing import Cells
from ringfence.web.browse.downloads import FilePart
from ringfence.web.browse.taking_found import client_cells, client_headers, parts_at_once, take_found
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.visit import Guarded, Visit, needs
from ringfence.wording.saying import gettext as _

from .asked import asked_clients, only_holders
from .closed import closing_texts


def taking_clients(route: str) -> Guarded:
    """The view that takes out the list of clients of the report at the route."""

    @in_lane(Lane.WRITING, "GET")
    @needs(Capability.READ_CONTROL, ("GET",))
    def view(visit: Visit, form: str) -> HttpResponse:
        search, found = asked_clients(visit, route)

        def rows(part: FilePart) -> Iterator[Cells]:
            for offset, some in parts_at_once(part):
                yield from _rows(visit, route, page_of_clients(visit.firm_now, found, offset, some))

        headers = (*client_headers(), *_told_heading(route))
        return take_found(visit, search, len(found), Export.CLIENTS, route, headers, rows, form)

    return view


def _told_heading(route: str) -> Cells:
    """What a report says of a client besides its services."""
    if route == "report-closed":
        return (_("What closes it"),)
    return (_("Who alone can open it"),) if route == "report-one-holder" else ()


def _told(visit: Visit, route: str, clients: list[int]) -> list[Cells]:
    if route == "report-closed":
        return [(text,) for text in closing_texts(visit, clients)]
    if route == "report-one-holder":
        return [(name,) for name in only_holders(visit, clients)]
    return [()] * len(clients)


def _rows(visit: Visit, route: str, clients: list[int]) -> Iterator[Cells]:
    """A row for each service of these clients, as an import reads them, with what the report says."""
    now, services = visit.firm_now, dict(services_of(visit.firm.pk))
    found = client_rows(now, visit.number, clients, now.engagements)
    for number, told in zip(clients, _told(visit, route, clients), strict=True):
        for cells in client_cells(found[number], services):
            yield *cells, *told
