"""The list of a client's documents of one kind: of the services that the visitor sees, the latest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from django.urls import reverse

from ringfence.access.listing.clients import client_name_of
from ringfence.core.directory import sort_key
from ringfence.web.queries.things import services_of
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for
from ringfence.web.shell.visit import Visit

from .client_pages import client_pages
from .documents import writes
from .listing import Line, ListPage, list_page, sliced
from .paging import Paging
from .search import SearchForm, read_search

FEW = 7
"""So many documents are seen at a glance: a search is offered for more."""


class Listed(Protocol):
    """A document as a list has it."""

    @property
    def engagement(self) -> int: ...
    @property
    def title(self) -> str: ...


Document = TypeVar("Document", bound=Listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentListPage(ListPage[Line], Generic[Line]):
    """The list, and where documents are added to it."""

    caption: str
    searchable: bool
    add: tuple[Link, ...]
    """One link for each service whose documents the visitor may write."""
    note: str = ""
    """What is to be known of the whole list; empty where that is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWords:
    """What a list of one kind says."""

    title: str
    name: str
    """What documents are searched by."""
    add: str
    """The words of the link that adds one, with `%(service)s`."""
    none: str
    nothing_found: str
    heading: Callable[[int, bool], str] = field(compare=False)
    """From how many are shown, and whether they were searched for."""
    note: str = ""


def seen_services(visit: Visit, client: int) -> dict[int, str]:
    """The engagements of the client that the visitor sees, with the names of their services."""
    now, names = visit.firm_now, dict(services_of(visit.firm.pk))
    seen = (each for each in now.engagements_of(client) if now.can(visit.number, each))
    return {each: names.get(now.service_of(each), "") for each in seen}


def document_list(
    visit: Visit,
    client: int,
    documents: Sequence[Document],
    services: Mapping[int, str],
    *,
    words: ListWords,
    route: str,
    add_route: str,
    line: Callable[[Document], Line],
) -> DocumentListPage[Line]:
    """The page of these documents, all of `services`. `add_route`: empty where none may be added."""
    firm = visit.firm.pk
    search = read_search(visit, reverse(route, args=[firm, client]), words.name)
    wanted = sort_key(search.wanted.text)
    found = [each for each in documents if wanted in sort_key(each.title)]

    def heading(paging: Paging, search: SearchForm) -> str:
        return words.heading(paging.total, search.active)

    return DocumentListPage(
        frame=frame_for(visit, "clients"),
        title=words.title,
        row=client_pages(visit, client, route),
        back=reverse("client", args=[firm, client]),
        errors=search.errors,
        caption=client_name_of(firm, [client]).get(client, ""),
        searchable=search.active or len(documents) > FEW,
        add=tuple(
            Link(text=words.add % {"service": name}, href=reverse(add_route, args=[firm, client, each]))
            for each, name in services.items()
            if add_route and writes(visit, each)
        ),
        note=words.note,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: [line(row) for row in rows],
            heading=heading,
            empty=words.nothing_found if search.active else words.none,
        ),
    )
