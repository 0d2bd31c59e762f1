"""Lists in pages by id: what is there all the while comes once, whatever else comes or goes meanwhile."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Annotated, Generic, NamedTuple, TypeVar

from ninja.params.functions import Query
from pydantic import BaseModel, ConfigDict, Field
from pyroaring import BitMap

MOST = 500
USUAL = 100

Item = TypeVar("Item")


class PageAsked(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[
        str | None,
        Field(None, pattern="^[0-9]{0,9}$", description="`next` of the page before; none for the first."),
    ]
    limit: Annotated[int, Field(USUAL, ge=1, le=MOST, description="How many on a page.")]

    @property
    def after(self) -> int:
        return int(self.cursor or 0)


Pages = Annotated[PageAsked, Query(...)]
"""The parameters of a list."""


class PagePart(NamedTuple):
    """The numbers of one page, how many there are on all, and where the next begins."""

    numbers: list[int]
    total: int
    next: str | None


class ListAnswer(BaseModel, Generic[Item]):
    """One page of a list."""

    total: Annotated[int, Field(description="How many there are on all pages: exact.")]
    items: list[Item]
    next: Annotated[str | None, Field(description="The cursor of the next page; null on the last.")]


def part_of(numbers: BitMap | Sequence[int], page: PageAsked) -> PagePart:
    """The page of these numbers, which come in order."""
    start = numbers.rank(page.after) if isinstance(numbers, BitMap) else bisect_right(numbers, page.after)
    found = list(numbers[start : start + page.limit])
    more = start + len(found) < len(numbers)
    return PagePart(found, len(numbers), str(found[-1]) if more else None)
