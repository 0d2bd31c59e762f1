"""One worksheet's rows, whatever the kind of workbook: where its cells stand, and what is merged."""

from collections.abc import Iterator
from typing import Protocol

from ringfence.lists.faults import F, TableError

MAX_COLUMNS = 500
Record = tuple[int, tuple[str, ...]]
"""Row number and cells, as the file has them."""
SheetRow = tuple[int, dict[int, str]]
"""Row number and the cells with content by column, both from 1."""
Merge = tuple[int, int, int, int]
"""First row, last row, first column and last column of merged cells."""


class Workbook(Protocol):
    """A file of worksheets, whatever its kind; all of it raises what `archive.damaged_told` takes."""

    sheets: tuple[str, ...]
    """The names of the visible worksheets."""
    hidden_sheets: tuple[str, ...]
    """The names of those that are not shown, and not read."""
    hidden: set[int]
    """Numbers of rows that the sheet read last does not show, such as filtered ones."""
    hidden_columns: set[int]
    """Numbers of its columns that are not shown, from 1."""

    def top(self, sheet: str) -> Iterator[Record]:
        """The rows as they stand in the file, merged cells empty but for the first."""

    def records(self, sheet: str) -> Iterator[Record]:
        """All rows with content; what is merged downwards counts in each."""


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


class MergedDown:
    """What is merged downwards, for readers that learn of it with the first of the merged cells."""

    def __init__(self) -> None:
        self._until: dict[int, tuple[int, str]] = {}

    def merge(self, column: int, last: int, text: str) -> None:
        """The cell of the column counts in the rows below too, up to the last."""
        self._until[column] = (last, text)

    def end(self) -> None:
        """Nothing goes on into the rows below."""
        self._until.clear()

    def record(self, row: SheetRow) -> Record:
        """The row, filled."""
        if self._until:
            number, cells = row
            for column, (last, text) in list(self._until.items()):
                if number > last:
                    del self._until[column]
                elif column not in cells or not cells[column].strip():
                    cells[column] = text
        return as_record(row)
