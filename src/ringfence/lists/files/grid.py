"""A worksheet's rows gathered whole, for kinds in which something below can change a row above: what is
merged, or cells that are written in any order. How much is gathered is limited.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from .held import Held
from .sheet import MAX_COLUMNS, Merge, Record, as_record, check_column


class Grid:
    """The rows of one sheet; its cells come one by one, or a row at once."""

    def __init__(self, file: str) -> None:
        self._merges: list[Merge] = []
        self._file = file
        self._rows: list[Record] = []
        self._row = 0
        self._cells: dict[int, str] = {}
        self._apart: dict[int, dict[int, str]] = {}
        """All rows by number, once one has come that does not follow those before it."""
        self._held = Held(file)

    def put(self, row: int, column: int, cell: str) -> None:
        """One cell, by its numbers from 1; what stood there is replaced, "" is nothing."""
        if row != self._row:
            self._turn_to(row)
        if cell:
            check_column(self._file, row, column)
            self._cells[column] = cell
            if self._apart:
                self._held.more(1)
        else:
            self._cells.pop(column, None)

    def add(self, record: Record) -> None:
        """A row below all that have come so far."""
        self._held.cells(record[1])
        self._rows.append(record)

    def merge(self, first: int, last: int, column: int, last_column: int) -> None:
        """Cells merged from the first of these rows to the last, and from this column to the other."""
        if last > first or last_column > column:
            self._held.more(1)
            self._merges.append((first, last, column, min(last_column, MAX_COLUMNS)))

    def rows(self) -> list[Record]:
        """The rows in their order, as they stand in the file."""
        self._end_row()
        if self._apart:
            apart, self._apart, self._rows = self._apart, {}, []
            self._held = Held(self._file)
            for number in sorted(apart):
                self.add(as_record((number, apart[number])))
            self._row = 0
        return self._rows

    def records(self) -> Iterator[Record]:
        """The rows, in which what is merged downwards over several counts for each; each is given once.

        Whatever else the merged cells hold no sheet shows.
        """
        rows = self.rows()
        if self._merges:
            self._fill(rows)
        rows.reverse()
        while rows:
            yield rows.pop()

    def _turn_to(self, row: int) -> None:
        self._end_row()
        self._row = row
        if self._apart:
            self._cells = self._apart.setdefault(row, {})
        elif self._rows and row <= self._rows[-1][0]:
            self._apart = {number: dict(enumerate(cells, start=1)) for number, cells in self._rows}
            self._rows = []
            self._cells = self._apart.setdefault(row, {})

    def _end_row(self) -> None:
        if self._cells and not self._apart:
            self.add(as_record((self._row, self._cells)))
        self._cells = {}

    def _fill(self, rows: list[Record]) -> None:
        numbers = [number for number, _ in rows]
        widest = max((len(cells) for _, cells in rows), default=0)
        changed: dict[int, list[str]] = {}
        filled: dict[int, int] = {}
        for first, last, column, last_column in sorted(self._merges):
            start, end = bisect_left(numbers, first), bisect_right(numbers, last)
            columns = range(column, min(last_column, widest) + 1)
            if start == end or not columns:
                continue
            self._held.more(len(columns))
            # Of those on top of one another the first counts.
            mine = [each for each in columns if first > filled.get(each, 0)]
            filled.update(dict.fromkeys(mine, last))
            shown = rows[start][1][column - 1 : column] if numbers[start] == first else ()
            text = shown[0] if shown and column in mine else ""
            for place in range(start, end) if mine else ():
                self._put(changed, rows, place, mine, (column, text))
        for place, cells in changed.items():
            rows[place] = numbers[place], tuple(cells)

    def _put(
        self,
        changed: dict[int, list[str]],
        rows: list[Record],
        place: int,
        columns: list[int],
        shown: tuple[int, str],
    ) -> None:
        """The cells of these columns in a row hold nothing but the text that is shown in one column."""
        width = len(changed.get(place) or rows[place][1])
        for column in columns:
            text = shown[1] if column == shown[0] else ""
            if column > width and not text:
                return
            self._put_into(changed, rows, place, column, text)

    def _put_into(
        self, changed: dict[int, list[str]], rows: list[Record], place: int, column: int, text: str
    ) -> None:
        """The cell of a column in the row at this place holds this text and no other."""
        cells = changed.get(place) or rows[place][1]
        missing = column - len(cells)
        if (missing > 0 and not text) or (missing <= 0 and cells[column - 1] is text):
            return
        mine = changed.get(place)
        if mine is None:
            mine = changed[place] = list(cells)
        if missing > 0:
            self._held.more(missing)
            mine.extend([""] * missing)
        mine[column - 1] = text
