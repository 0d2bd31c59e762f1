"""The texts beside a ledger in bulk, as columns: for who goes through all of them, or looks some up.

How they lie there is `texts.py`'s matter, and single entries with their words are read by `entries.py`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any, NamedTuple

from pyroaring import BitMap

from ringfence.access.sql import rows_of
from ringfence.core.terms import Thing
from ringfence.firms.models import LedgerBlock
from ringfence.proof.chain import decode_fields

from .texts import blocks_of, texts_about

ROWS = 5_000
"""Texts read at once that have rows of their own."""


class TextColumns(NamedTuple):
    """Some texts of one entry about things of one kind, in order of their slots."""

    thing: str
    slots: Sequence[int]
    numbers: Sequence[int]
    members: Sequence[int]
    salts: Sequence[bytes]
    texts: Sequence[bytes | None]
    """The encoded fields; None for one that was erased."""

    def part(self, some: slice) -> "TextColumns":
        columns: list[Any] = [column[some] for column in self[1:]]
        return TextColumns(self.thing, *columns)

    def among(self, which: Iterable[bool]) -> "TextColumns":
        """Those of which it is true, in the same order."""
        chosen = list(which)
        columns: list[Any] = [list(compress(column, chosen)) for column in self[1:]]
        return TextColumns(self.thing, *columns)


class TextsBeside:
    """All texts of a firm, entry by entry, read in one pass."""

    def __init__(self, firm: int) -> None:
        self._firm = firm
        self._in_blocks = BitMap(LedgerBlock.objects.filter(firm=firm).values_list("entry", flat=True))
        self._pages = _pages(firm)
        self._page = _Page((), (), TextColumns("", (), (), (), (), ()))
        self._place = 0
        self._passed_over = False

    def of(self, entry: int) -> Iterator[TextColumns]:
        """The texts beside the entry, those in blocks first; ask in order of the entries."""
        if entry in self._in_blocks:
            self._in_blocks.remove(entry)
            for slot, thing, numbers, salts, texts in blocks_of(self._firm, entry):
                # Columns of several lengths were never written: what all of them have is looked at.
                count = min(len(numbers), len(salts), len(texts))
                slots, members = range(slot, slot + count), [0] * count
                yield TextColumns(thing, slots, numbers[:count], members, salts[:count], texts[:count])
        while self._more() and (found := self._page.entries[self._place]) <= entry:
            end = bisect_right(self._page.entries, found, self._place)
            part, self._place = slice(self._place, end), end
            if found == entry:
                yield from self._page.by_thing(part)
            else:
                self._passed_over = True

    def left(self) -> bool:
        """Whether there are texts beside entries that were never asked for."""
        return self._passed_over or bool(self._in_blocks) or self._more()

    def _more(self) -> bool:
        if self._place == len(self._page.entries) and (page := next(self._pages, None)) is not None:
            self._page, self._place = page, 0
        return self._place < len(self._page.entries)


class _Page(NamedTuple):
    """Texts that have rows of their own, some thousand in the order in which they lie."""

    entries: tuple[int, ...]
    things: tuple[str, ...]
    texts: TextColumns
    """Of whatever things."""

    def by_thing(self, some: slice) -> Iterator[TextColumns]:
        things = self.things[some]
        texts = self.texts.part(some)
        for thing in dict.fromkeys(things):
            found = texts._replace(thing=thing)
            alone = things.count(thing) == len(things)
            yield found if alone else found.among(map(thing.__eq__, things))


def _pages(firm: int) -> Iterator[_Page]:
    entry, slot = 0, -1
    while rows := rows_of(
        "SELECT entry, thing, slot, number, member, salt, text FROM firms_ledgertext"
        " WHERE firm_id = %s AND (entry, slot) > (%s, %s) ORDER BY entry, slot LIMIT %s",
        firm,
        entry,
        slot,
        ROWS,
    ):
        entries, things, slots, numbers, members, salts, texts = zip(*rows, strict=True)
        entry, slot = entries[-1], slots[-1]
        words = [None if text is None else text.encode() for text in texts]
        columns = TextColumns("", slots, numbers, members, [*map(bytes, salts)], words)
        yield _Page(entries, things, columns)


def last_words(firm: int, thing: Thing, numbers: Iterable[int]) -> Mapping[int, dict[str, str]]:
    """What was last said of these things: fields by number. What was erased says nothing any more."""
    found: dict[int, dict[str, str]] = {}
    for number, _entry, _slot, text in texts_about(firm, {thing: list(numbers)}, 2**62)[thing]:
        found[number] = {} if text is None else {**found.get(number, {}), **decode_fields(text)}
    return found
