"""The texts beside a ledger in bulk, as columns: for who goes through all of them, or looks some up.

How they lie there is `texts.py`'s matter, and single entries with their words are read by `entries.py`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.access.writing.tables.bulk import rows_of
from ringfence.core.terms import Thing
from ringfence.firms.models import LedgerBlock

from .chain import decode_fields
from .texts import blocks_of, texts_about

ROWS = 5_000
"""Texts read at once that have rows of their own."""


class TextColumns(NamedTuple):
    """Some texts of one entry."""

    slots: Sequence[int]
    things: Sequence[str]
    numbers: Sequence[int]
    members: Sequence[int]
    salts: Sequence[bytes]
    texts: Sequence[bytes | None]
    """The encoded fields; None for one that was erased."""


class TextsBeside:
    """All texts of a firm, entry by entry, read in one pass."""

    def __init__(self, firm: int) -> None:
        self._firm = firm
        self._in_blocks = BitMap(LedgerBlock.objects.filter(firm=firm).values_list("entry", flat=True))
        self._pages = _pages(firm)
        self._entries: tuple[int, ...] = ()
        self._columns = TextColumns((), (), (), (), (), ())
        self._place = 0
        self._passed_over = False

    def of(self, entry: int) -> Iterator[TextColumns]:
        """The texts beside the entry, those in blocks first; ask in order of the entries."""
        if entry in self._in_blocks:
            self._in_blocks.remove(entry)
            for slot, thing, numbers, salts, texts in blocks_of(self._firm, entry):
                # Columns of several lengths were never written: what all of them have is looked at.
                count = min(len(numbers), len(salts), len(texts))
                slots = range(slot, slot + count)
                yield TextColumns(
                    slots, [thing] * count, numbers[:count], [0] * count, salts[:count], texts[:count]
                )
        while self._more() and (found := self._entries[self._place]) <= entry:
            end = bisect_right(self._entries, found, self._place)
            columns, self._place = _part(self._columns, slice(self._place, end)), end
            if found == entry:
                yield columns
            else:
                self._passed_over = True

    def left(self) -> bool:
        """Whether there are texts beside entries that were never asked for."""
        return self._passed_over or bool(self._in_blocks) or self._more()

    def _more(self) -> bool:
        if self._place == len(self._entries) and (page := next(self._pages, None)) is not None:
            (self._entries, self._columns), self._place = page, 0
        return self._place < len(self._entries)


def _part(all_of: TextColumns, some: slice) -> TextColumns:
    slots, things, numbers, members, salts, texts = all_of
    return TextColumns(slots[some], things[some], numbers[some], members[some], salts[some], texts[some])


def _pages(firm: int) -> Iterator[tuple[tuple[int, ...], TextColumns]]:
    entry, slot = 0, -1
    while rows := rows_of(
        "SELECT entry, slot, thing, number, member, salt, text FROM firms_ledgertext"
        " WHERE firm_id = %s AND (entry, slot) > (%s, %s) ORDER BY entry, slot LIMIT %s",
        firm,
        entry,
        slot,
        ROWS,
    ):
        entry, slot = rows[-1][:2]
        entries, slots, things, numbers, members, salts, texts = zip(*rows, strict=True)
        encoded = [None if text is None else text.encode() for text in texts]
        yield entries, TextColumns(slots, things, numbers, members, [*map(bytes, salts)], encoded)


def last_words(firm: int, thing: Thing, numbers: Iterable[int]) -> Mapping[int, dict[str, str]]:
    """What was last said of these things: fields by number. What was erased says nothing any more."""
    found: dict[int, dict[str, str]] = {}
    for number, _entry, _slot, text in texts_about(firm, {thing: list(numbers)}, 2**62)[thing]:
        found[number] = {} if text is None else {**found.get(number, {}), **decode_fields(text)}
    return found
