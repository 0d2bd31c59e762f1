"""One page of a searched list: what was searched for, how many there are, and the lines of this page.

Whoever asks knows which rows may be shown and how many; only the rows of the one page are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from ringfence.web.shell.page import Page
from ringfence.web.shell.visit import Visit

from .paging import SIZE, Paging, asked_page
from .search import SearchForm

Line = TypeVar("Line", covariant=True)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[Line]):
    """The lines of one page, with the search and the heading above them."""

    search: SearchForm
    paging: Paging
    heading: str
    lines: tuple[Line, ...]
    empty: str = ""
    """What is said where there is no line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage(Page, Generic[Line]):
    """A page that is about one list; `layout.html` counts its pages in the title."""

    listing: Listing[Line]


def list_page(
    visit: Visit,
    search: SearchForm,
    *,
    total: int,
    page: Callable[[int, int], Sequence[Row]],
    lines: Callable[[Sequence[Row]], Iterable[Line]],
    heading: Callable[[Paging, SearchForm], str],
    empty: str = "",
    size: int = SIZE,
) -> Listing[Line]:
    """The page that the address asks for, of `total` rows, `size` of them at most.

    `page` gives the rows from an offset on, up to a limit.
    """
    number = asked_page(visit.request.GET, total, size)
    paging = Paging(total=total, number=number, size=size, path=search.action, query=search.query)
    rows = page(paging.offset, paging.size)
    return Listing(
        search=search,
        paging=paging,
        heading=heading(paging, search),
        lines=tuple(lines(rows)),
        empty=empty,
    )


def sliced(rows: Sequence[Row]) -> Callable[[int, int], Sequence[Row]]:
    """How a list that is read whole is asked for a page."""
    return lambda offset, limit: rows[offset : offset + limit]
