"""The shape of a list's rows: each as wide as the header, what is short or too wide made up or a fault.

Where the header stands is found in `table`; what stands below the list is told apart in `below`.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import chain, groupby, islice

import msgspec

from ringfence.lists.faults import F, RowFault

from .sheet import Record, column_letters

SPREADSHEET_BLOCK = 16
"""Spreadsheet programs drop empty cells at the ends of rows for blocks of 16 rows at once."""

LOOKED_AHEAD = 2000
"""Rows that tell how a program writes empty cells at their ends."""
MOST_PIECES = 16
"""Pieces that a row broken by line breaks is put together of."""


class Row(msgspec.Struct, frozen=True):
    """One row under the header: as many cells as there are headers, and what is wrong with its shape."""

    line: int
    cells: tuple[str, ...]
    fault: RowFault | None = None


class Aside(msgspec.Struct, frozen=True):
    """A row that is no row of the list: a title above it, a total below."""

    line: int
    text: str
    """What stands in it, short enough to be shown."""


class Header(msgspec.Struct, frozen=True):
    """The row above the list that names its columns, and everything below it."""

    line: int
    width: int
    """Cells of the header, those without text at its end among them."""
    names: tuple[str, ...]
    below: Iterator[tuple[int, Record]]
    """Each record below with its number among all, from 0."""
    above: tuple[Aside, ...] = ()
    """The rows above it that hold anything."""


# --- Rows of a sheet: it has no ends of rows, so none is short


def rows_of_sheet(header: Header, unheaded: set[str], left_out: Collection[int]) -> Iterator[Row]:
    """Rows as wide as the header, blank ones and those of the numbers `left_out` not among them.

    The letters of columns that hold something under no header go into `unheaded`.
    """
    width = len(header.names)
    without_name = [place for place, name in enumerate(header.names) if not name]
    for _, (line, cells) in header.below:
        if line in left_out:
            continue
        held = cells[:width] + ("",) * (width - len(cells))
        for place in chain(without_name, range(width, len(cells))):
            if place < len(cells) and cells[place].strip():
                unheaded.add(column_letters(place + 1))
        if any(cell.strip() for cell in held):
            yield Row(line, held)


# --- Rows of a text file


def rows_of_text(header: Header, unheaded: set[str]) -> Iterator[Row]:
    """Rows as wide as the header, blank ones left out. One with too many cells is a fault, even if empty.

    Short rows are made up with empty cells: programs leave empty cells at the end out, Excel for a whole
    block, others row by row. Short rows next to one another that have the cells of one whole row together
    are one that was broken by a line break, and are faults, unless the program that wrote the file leaves
    empty cells out row by row.
    """
    width, whole = len(header.names), header.width
    nameless = [place for place, name in enumerate(header.names) if not name] + list(range(width, whole))
    ahead = list(islice(header.below, LOOKED_AHEAD))
    leaves_out = _leaves_empty_cells_out([record for _, record in ahead], width)
    short: list[Record] = []
    for record, even in _with_blocks(chain(ahead, header.below), whole):
        line, cells = record
        count = len(cells)
        if count < width and not even:
            short.append(record)
            continue
        if short:
            yield from _made_up(short, header, leaves_out)
            short = []
        for place in nameless:
            if place < count and cells[place].strip():
                unheaded.add(column_letters(place + 1))
        if count == width:
            yield Row(line, cells)
        elif count > whole:
            fault = RowFault(line, "", F.TOO_MANY_CELLS, {"count": count, "headers": whole})
            yield Row(line, cells[:width], fault)
        else:
            yield Row(line, cells[:width] + ("",) * (width - count))
    yield from _made_up(short, header, leaves_out)


def _with_blocks(records: Iterator[tuple[int, Record]], whole: int) -> Iterator[tuple[Record, bool]]:
    """The records that are not blank, each with whether all of its block are equally short.

    Two that are the halves of a whole row are not taken for such a block.
    """
    for _, numbered in groupby(records, lambda each: each[0] // SPREADSHEET_BLOCK):
        block = [record for _, record in numbered if any(record[1]) and any(map(str.strip, record[1]))]
        counts = {len(cells) for _, cells in block}
        even = len(counts) == 1 and len(block) > 1 and (len(block) > 2 or 2 * min(counts) - 1 != whole)
        for record in block:
            yield record, even


def _leaves_empty_cells_out(records: Sequence[Record], width: int) -> bool:
    """Whether rows end at their last filled cell, as some programs write them.

    A short row between whole ones shows it, since what is broken is broken in two at least; a whole row with
    an empty cell at its end shows the contrary.
    """
    counts = [len(cells) for _, cells in records if any(map(str.strip, cells))]
    if any(len(cells) == width and not cells[-1].strip() for _, cells in records if cells):
        return False
    alone = zip([width, *counts], counts, [*counts[1:], width], strict=False)
    return any(count < width <= min(before, behind) for before, count, behind in alone)


def _made_up(short: Sequence[Record], header: Header, leaves_out: bool) -> Iterator[Row]:
    """Short rows that stand next to one another, with empty cells at their ends."""
    broken = set() if leaves_out else _broken([len(cells) for _, cells in short], header.width)
    for place, (line, cells) in enumerate(short):
        count = len(cells)
        fault = RowFault(line, "", F.BROKEN_ROW, {"count": count, "headers": header.width})
        made_up = cells + ("",) * (len(header.names) - count)
        yield Row(line, made_up, fault if place in broken else None)


def _broken(counts: Sequence[int], whole: int) -> set[int]:
    """The places of rows, next to one another, that together have the cells of one whole row."""
    found: set[int] = set()
    for start, count in enumerate(counts):
        end, together = start, count
        while together < whole and end + 1 < min(len(counts), start + MOST_PIECES):
            end += 1
            # Where a row is broken inside a cell, both pieces count that cell.
            together += counts[end] - 1
        if together == whole and end > start:
            found.update(range(start, end + 1))
    return found
