"""The cells of a list's rows as texts, words and switches, with the faults and remarks found so far.

What a whole row means is known where its kind is read (`client_rows`, `member_rows`, `access_rows`).
"""

import re
from collections.abc import Callable, Sequence

from ringfence.core.directory import shows
from ringfence.lists.faults import F, RowFault, Value, shown
from ringfence.lists.files.cells import SheetCell
from ringfence.lists.files.table import Row
from ringfence.lists.rows.cell_texts import (
    CellProblem,
    cell_problem,
    constant,
    letters_problem,
    point_zero,
    restore,
    text_problem,
)
from ringfence.lists.rows.columns import Columns

YES = frozenset({"yes", "y", "true", "1", "x", "on", "✓", "✔", "oes", "ie", "ydy", "ydw"})
NO = frozenset({"no", "n", "false", "0", "-", "off", "✗", "n/a", "na", "none", "nil", "nage", "nac oes"})
Check = Callable[[str], CellProblem | None]


class Cells:
    """The fields of a list's rows, with the faults found so far."""

    def __init__(self, columns: Columns, *, guessed: bool = False) -> None:
        """`guessed`: nothing proves the encoding, so that what looks garbled is refused, not only told."""
        self._guessed = guessed
        self.faults: list[RowFault] = []
        self.remarks: list[RowFault] = []
        self._at = {column.field: (column.index, column.header) for column in columns.used}
        if both := self._at.get("reference_and_name"):
            self._at = {"reference": both, "name": both} | self._at

    def header(self, field: str) -> str:
        """The header of a field's column, or "" where there is none."""
        found = self._at.get(field)
        return found[1] if found else ""

    def has(self, field: str) -> bool:
        """Whether a column holds the field."""
        return field in self._at

    def fault(self, line: int, field: str, code: F, **values: Value) -> None:
        """Note that a field, or with "" the row, is wrong."""
        self.faults.append(RowFault(line, self.header(field), code, values))

    def remark(self, line: int, header: str, code: F, **values: Value) -> None:
        """Note what is to be looked at, though the row is taken."""
        self.remarks.append(RowFault(line, header, code, values))

    def given(self, row: Row, field: str) -> bool:
        """Whether the cell shows anything."""
        found = self._at.get(field)
        return found is not None and shows(row.cells[found[0]].strip())

    def word(self, row: Row, field: str) -> str:
        """The cell's value, trimmed, for what is no name: a switch, a level, a date; "" where it has none."""
        found = self._at.get(field)
        if found is None:
            return ""
        cell = row.cells[found[0]]
        if type(cell) is SheetCell and cell.fault and not cell.readable:
            self.fault(row.line, field, cell.fault, cell=shown(cell))
            return ""
        return clean(cell)

    def text(self, row: Row, field: str, limit: int) -> str:
        """The cell as a name or reference of at most `limit` characters; what it cannot be is a fault."""
        found = self._at.get(field)
        return self.checked(row.line, found[1], row.cells[found[0]], limit) if found else ""

    def reference(self, row: Row, field: str, limit: int) -> str:
        """As `text`, for what programs like to take for a number."""
        found = self._at.get(field)
        return self.checked(row.line, found[1], row.cells[found[0]], limit, point_zero) if found else ""

    def checked(self, line: int, header: str, cell: str, limit: int, check: Check | None = None) -> str:
        """As `text`, for a cell under any header; `check` is asked besides."""
        if plain(cell, limit):
            return cell
        if type(cell) is SheetCell:
            if cell.fault is not None:
                self.faults.append(RowFault(line, header, cell.fault, {"cell": shown(cell)}))
                return ""
            cell = cell.shown
        trimmed = cell.strip()
        if not shows(trimmed):
            return ""
        text = constant(trimmed)
        problem = None
        if text is None:
            text = restore(trimmed)
            problem = cell_problem(trimmed) or (check(trimmed) if check else None)
        problem = problem or text_problem(text, limit)
        odd = None if problem else letters_problem(text)
        if odd is not None and self._guessed:
            problem = odd
        if problem is not None:
            self.faults.append(RowFault(line, header, *problem))
            return ""
        if odd is not None:
            self.remarks.append(RowFault(line, header, *odd))
        return text

    def column(
        self, rows: Sequence[Row], field: str, limit: int, check: Check | None = None
    ) -> Sequence[str]:
        """As `text` of each of the rows; `check` is asked besides."""
        found = self._at.get(field)
        if found is None:
            return [""] * len(rows)
        index, header = found
        cells = [row.cells[index] for row in rows]
        return [
            cell if fine else self.checked(row.line, header, cell, limit, check)
            for row, cell, fine in zip(rows, cells, plain_ones(cells, limit), strict=True)
        ]

    def required(self, row: Row, field: str, limit: int, missing: F) -> str:
        """As `text`; an empty cell is the fault `missing`."""
        read = self.reference if field == "reference" else self.text
        text = read(row, field, limit)
        if not text and not self.given(row, field):
            self.fault(row.line, field, missing)
        return text

    def switch(self, row: Row, field: str, yes: frozenset[str] = YES, no: frozenset[str] = NO) -> bool | None:
        """The cell as yes or no, None where it is empty."""
        word = self.word(row, field).casefold()
        if not word:
            return None
        if word in yes or word in no:
            return word in yes
        self.fault(row.line, field, F.NOT_YES_OR_NO, word=shown(word))
        return None


_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 &(),./_-]*[A-Za-z0-9)])?")
_PLAIN_LINES = re.compile(rf"(?:{_PLAIN.pattern}(?<![.,]0)\n)*")
TOGETHER = 50
"""Cells in one look: among more, there is often an odd one."""


def plain(cell: str, limit: int) -> bool:
    """Whether nothing can be wrong or special in a cell of at most `limit` characters: most are so."""
    return (
        type(cell) is str
        and len(cell) <= limit
        and _PLAIN.fullmatch(cell) is not None
        and not cell.endswith((".0", ",0"))
    )


def plain_ones(cells: Sequence[str], limit: int) -> Sequence[bool]:
    """Which of these cells are `plain`: in one look where all are letters and digits alone, else in a few."""
    together = "".join(cells)
    if (
        together.isascii()
        and together.isalnum()
        and all(cells)
        and max(map(len, cells)) <= limit
        and set(map(type, cells)) == {str}
    ):
        return [True] * len(cells)
    found: list[bool] = []
    for start in range(0, len(cells), TOGETHER):
        some = cells[start : start + TOGETHER]
        if _all_plain(some, limit):
            found += [True] * len(some)
        else:
            found += [plain(cell, limit) for cell in some]
    return found


def _all_plain(cells: Sequence[str], limit: int) -> bool:
    """Whether each of these cells is `plain`."""
    if set(map(type, cells)) != {str} or max(map(len, cells)) > limit:
        return False
    lines = "\n".join([*cells, ""])
    return lines.count("\n") == len(cells) and _PLAIN_LINES.fullmatch(lines) is not None


def clean(cell: str) -> str:
    """The trimmed text of a cell, an export's guard against formulas and a text written as one undone."""
    trimmed = cell.strip()
    text = constant(trimmed)
    return restore(trimmed) if text is None else text
