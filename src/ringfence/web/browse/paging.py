"""Pages of a list: which rows, the links between them, and the heading that counts exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.untrusted import number_in

SIZE = 50
NEAR = 2
"""Page numbers shown on each side of the present one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A number in the row of pages, or a gap between numbers."""

    number: int = 0
    href: str = ""
    current: bool = False
    ellipsis: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """One page of a list of `total` rows."""

    total: int
    number: int
    size: int = SIZE
    path: str = ""
    query: Mapping[str, str]
    """What stays in the address from page to page: the search."""

    @property
    def words(self) -> dict[str, str]:
        """First, last and total as a heading writes them."""
        return {"first": figure(self.first), "last": figure(self.last), "total": figure(self.total)}

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        """How many rows lie before this page."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.offset + self.size, self.total)

    def address(self, number: int) -> str:
        """The address of another page of the same list."""
        pairs = {name: value for name, value in self.query.items() if value}
        if number > 1:
            pairs["page"] = str(number)
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path or "?"

    @property
    def previous(self) -> Link | None:
        return Link(text="", href=self.address(self.number - 1)) if self.number > 1 else None

    @property
    def next(self) -> Link | None:
        return Link(text="", href=self.address(self.number + 1)) if self.number < self.pages else None

    @property
    def links(self) -> tuple[PageLink, ...]:
        """First, last, and those near the present page; a gap stands for two numbers or more."""
        near = range(self.number - NEAR, self.number + NEAR + 1)
        shown = sorted({1, self.pages, *(number for number in near if 1 <= number <= self.pages)})
        links: list[PageLink] = []
        before = 0
        for number in shown:
            if number == before + 2:
                links.append(self._link(before + 1))
            elif number > before + 2:
                links.append(PageLink(ellipsis=True))
            links.append(self._link(number))
            before = number
        return tuple(links) if len(links) > 1 else ()

    def _link(self, number: int) -> PageLink:
        return PageLink(number=number, href=self.address(number), current=number == self.number)


def asked_page(query: QueryDict, total: int, size: int = SIZE) -> int:
    """The page number that the address asks for, moved to the nearest one there is."""
    return min(max(number_in(query.get("page", "")), 1), max(1, -(-total // size)))
