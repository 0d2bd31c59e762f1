"""The reports on clients as files: a row for each client and service, as the pages find them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import Http404, HttpResponse

from ringfence.access.listing.clients import client_rows, page_of_clients
from ringfence.core.terms import Export
from ringfence.lists.export.writing import Cells, Format
from ringfence.web.browse.downloads import FilePart, take_list
from ringfence.web.browse.search import SearchForm
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.visit import Guarded, Visit, needs
from ringfence.wording.saying import gettext as _

from .asked import asked_clients, only_holders
from .closed import closing_texts

AT_ONCE = 2_000
"""Clients whose rows are read at once."""


def taking_clients(route: str) -> Guarded:
    """The view that takes out the list of clients of the report at the route."""

    @in_lane(Lane.WRITING, "GET")
    @needs(Capability.READ_CONTROL, ("GET",))
    def view(visit: Visit, form: str) -> HttpResponse:
        kind, (search, found) = _kind(form), asked_clients(visit, route)
        headers = (
            _("Client reference"),
            _("[Client] name"),
            _("[Client] type"),
            _("Confidential"),
            _("Service"),
            _("Tax reference"),
            *_told_heading(route),
        )

        def rows(part: FilePart) -> Iterator[Cells]:
            for offset in range(part.first, part.last, AT_ONCE):
                some = min(AT_ONCE, part.last - offset)
                yield from _rows(visit, route, page_of_clients(visit.firm_now, found, offset, some))

        total = 0 if search.errors else len(found)
        return take_list(visit, Export.CLIENTS, route, headers, rows, kind, total=total, back=_back(search))

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
        row = found[number]
        fixed = (row.reference, row.name, row.kind, _("yes") if row.confidential else _("no"))
        for each in row.engagements:
            yield *fixed, services.get(each.service, ""), each.reference, *told


def _kind(form: str) -> Format:
    if form not in set(Format):
        raise Http404
    return Format(form)


def _back(search: SearchForm) -> str:
    asked = {key: value for key, value in search.query.items() if value}
    return f"{search.action}?{urlencode(asked)}" if asked else search.action
