"""What a search finds, taken out as a file: a list of any rows, or of clients as an import reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from django.http import Http404, HttpResponse

from ringfence.access.listing.clients import ListedClient
from ringfence.core.terms import Export
from ringfence.lists.export.writing import Cells, Format
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

from .downloads import FilePart, take_list
from .search import SearchForm

AT_ONCE = 2_000
"""Clients whose rows are read at once."""


def take_found(
    visit: Visit,
    search: SearchForm,
    total: int,
    what: Export,
    name: str,
    headers: Cells,
    rows: Callable[[FilePart], Iterable[Cells]],
    form: str,
) -> HttpResponse:
    """The `total` lines that the search finds, as `take_list` gives them; a search with an error finds none.

    `form` is the kind of file as the address has it: raises `Http404` for one that is not written.
    """
    if form not in set(Format):
        raise Http404
    shown, back = 0 if search.errors else total, search.action + search.encoded
    return take_list(visit, what, name, headers, rows, Format(form), total=shown, back=back)


def client_headers() -> Cells:
    """The headers of `client_cells`."""
    return (
        _("Client reference"),
        _("[Client] name"),
        _("[Client] type"),
        _("Confidential"),
        _("Service"),
        _("Tax reference"),
    )


def client_cells(row: ListedClient, services: Mapping[int, str]) -> Iterator[Cells]:
    """A row for each service that is shown of a client; `services` are the firm's, by number."""
    fixed = (row.reference, row.name, row.kind, _("yes") if row.confidential else _("no"))
    for each in row.engagements:
        yield *fixed, services.get(each.service, ""), each.reference


def parts_at_once(part: FilePart) -> Iterator[tuple[int, int]]:
    """The lines of a part of a list in pieces that are read at once: from where, and how many."""
    for offset in range(part.first, part.last, AT_ONCE):
        yield offset, min(AT_ONCE, part.last - offset)
