"""What stands below a list and is no row of it: a total, a count, a note of the program that wrote it.

A total is left out and told where it cannot be a row: it lacks what every row above it has. What only looks
like one is a fault, and whoever brings the list can say that it is a row.
"""

import re
from collections import deque
from collections.abc import Iterator, Sequence

import msgspec

from ringfence.lists.faults import F, RowFault, shown

from .cells import SheetCell
from .shape import Aside, Row

MOST_BELOW = 20
"""Rows below a list that are looked at."""
_LONGEST = 100
"""Characters of what a total is called, or of a figure."""
_THINGS = (
    "clients|contacts|customers|members|users|records|rows|items|entries|lines|grants"
    "|services|engagements|assignments|jobs|references"
    "|cleientiaid|cofnodion|rhesi|gwasanaethau"
)
_FIGURES = r"[\d.,' \u00a0]+"
_TOTAL = re.compile(
    rf"(?:(?:(?:grand|overall|report|list|sub)[\s-]*)?totals?(?:\s+(?:number\s+of\s+)?(?:{_THINGS}|count))?"
    rf"|sum|count|(?:record|row|client|item)\s+count|(?:number|no\.?)\s+of\s+(?:{_THINGS})|cyfansymiau"
    rf"|cyfanswm(?:\s+(?:y\s+)?(?:{_THINGS}))?|nifer\s+(?:y\s+|o\s+)?(?:{_THINGS}))"
    rf"\s*(?:[:=]\s*)?(?:{_FIGURES})?|{_FIGURES}(?:{_THINGS})(?:\s+(?:in\s+total|found|listed|exported))?\.?",
    re.IGNORECASE,
)
"""What a total is called, from its first letter to its last."""
_NOTE = re.compile(
    r"(?:(?:grand|overall|sub)[\s-]*)?totals?\b|sum\b|cyfansw|\*{2,}|-{3,}|={3,}|end of\b|page \d|tudalen \d"
    r"|(?:printed|exported|generated|produced|created|report|prepared|downloaded|run)"
    r" (?:on|by|at|date|from|run)\b"
    r"|(?:as at|source:|note:|notes:|copyright|©|\(c\) )",
    re.IGNORECASE,
)
"""How a total or a note begins; names of clients begin so too."""
_STARTS = re.compile(rf"(?:{_NOTE.pattern})|(?:{_TOTAL.pattern})\Z", re.IGNORECASE)
_FIGURE = re.compile(r"[(+\-−]*\s*(?:[£$€]|GBP|EUR|USD)?\s*[\d.,'\s]*\d[\d.,'\s]*(?:%|[£$€])?\)?")
_NUMBER_FAULTS = frozenset({F.FORMATTED_NUMBER, F.FORMULA_WITHOUT_VALUE, F.ERROR_CELL})


def aside(line: int, cells: Sequence[str]) -> Aside:
    """A row that is told and not read."""
    filled = [cell.shown if isinstance(cell, SheetCell) else cell for cell in cells if cell.strip()]
    return Aside(line, shown(" | ".join(text.strip() for text in filled)))


def without_totals(rows: Iterator[Row], totals: list[Aside], read_totals: bool) -> Iterator[Row]:
    """The rows without the totals at their end, which go into `totals`; all where those are to be read.

    A row at the end that only looks like a total or a note is a row with the fault BELOW_LIST.
    """
    if read_totals:
        yield from rows
        return
    always: list[int] | None = None
    last: deque[Row] = deque()
    for row in rows:
        last.append(row)
        if len(last) > MOST_BELOW:
            ended = last.popleft()
            always = _filled_in(ended, always)
            yield ended
    below: list[Row] = []
    while last and _STARTS.match(_first_text(last[-1].cells)):
        below.append(last.pop())
    for row in last:
        always = _filled_in(row, always)
    yield from last
    for row in reversed(below):
        if _is_total(row.cells) and _lacks(row, always):
            totals.append(aside(row.line, row.cells))
        elif _is_total(row.cells) or _lacks(row, always):
            yield msgspec.structs.replace(row, fault=RowFault(row.line, "", F.BELOW_LIST))
        else:
            yield row


def _first_text(cells: Sequence[str]) -> str:
    return next(filter(None, map(str.strip, cells)), "")[:_LONGEST]


def _filled_in(row: Row, before: list[int] | None) -> list[int]:
    """The places that are filled in every row so far."""
    cells = row.cells
    if before is None:
        before = list(range(len(cells)))
    if "" not in cells:
        return before
    return before if all(map(cells.__getitem__, before)) else [place for place in before if cells[place]]


def _lacks(row: Row, always: list[int] | None) -> bool:
    """Whether it lacks what every row above has."""
    return any(not row.cells[place].strip() for place in always or ())


def _is_total(cells: Sequence[str]) -> bool:
    """Whether it is called a total, and holds nothing beside its name but figures."""
    first, *others = [cell for cell in cells if cell.strip()]
    called = first.strip()
    return len(called) <= _LONGEST and _TOTAL.fullmatch(called) is not None and all(map(_is_figure, others))


def _is_figure(cell: str) -> bool:
    if isinstance(cell, SheetCell) and cell.fault in _NUMBER_FAULTS:
        return True
    return len(cell) <= _LONGEST and _FIGURE.fullmatch(cell.strip()) is not None
