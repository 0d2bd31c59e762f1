"""One worksheet's rows, whatever the kind of workbook: where its cells stand, and what is merged."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator

from ringfence.lists.faults import F, TableError

MAX_COLUMNS = 500
Record = tuple[int, tuple[str, ...]]
"""Row number and cells, as the file has them."""
SheetRow = tuple[int, dict[int, str]]
"""Row number and the cells with content by column, both from 1."""
Merge = tuple[int, int, int]
"""First row, last row and first column of merged cells."""


def column_letters(number: int) -> str:
    """`A` for 1, `AB` for 28."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(65 + letter) + letters
    return letters


def check_column(file: str, row: int, column: int) -> None:
    """TableError for content too far from any list."""
    if column > MAX_COLUMNS:
        raise TableError(file, F.FAR_CELL, cell=f"{column_letters(column)}{row}")


def as_record(row: SheetRow) -> Record:
    number, cells = row
    if not cells:
        return number, ()
    return number, tuple([cells.get(column, "") for column in range(1, max(cells) + 1)])


def with_merged(rows: list[SheetRow], merges: Iterable[Merge]) -> Iterator[Record]:
    """The rows, in which what is merged downwards over several counts for each of them."""
    held = dict(rows)
    numbers = sorted(held)
    filled: dict[int, int] = {}
    for first, last, column in sorted(merges):
        text = held.get(first, {}).get(column)
        if text is None or first <= filled.get(column, 0):
            continue
        filled[column] = last
        for number in _between(numbers, first + 1, last):
            held[number][column] = text
    return (as_record(row) for row in rows)


def _between(numbers: list[int], first: int, last: int) -> Iterator[int]:
    yield from numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]
