"""Kinds of fault as lines of a page: the sentence, the rows that have it, and what stands in the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ringfence.lists.fault_kinds import FaultKind
from ringfence.web.shell.figures import figure
from ringfence.wording.list_faults import told_fault
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

ROWS_NAMED = 10
"""Rows with the same kind of fault whose numbers are written out."""
CELLS_SHOWN = 500
"""Cells that a page shows beside their rows, of all kinds together."""
LETTERS = 60
"""Characters of a cell that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultLine:
    """One kind of fault, with its rows."""

    text: str
    rows: str
    column: str
    example: str
    """The row that the sentence is of, where those of the others differ."""
    summary: str
    """What the cells are headed by; empty where they are not shown."""
    cells: tuple[tuple[str, str], ...]
    """Rows and what stands in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultLines:
    """The kinds that are shown, and in words how many are not."""

    lines: tuple[FaultLine, ...]
    rest: str


def fault_lines(kinds: Iterable[FaultKind], total: int) -> FaultLines:
    """The lines of these kinds, of `total` in all."""
    lines, room = [], CELLS_SHOWN
    for kind in kinds:
        line = _line(kind, room)
        room -= len(line.cells)
        lines.append(line)
    more = total - len(lines)
    rest = ""
    if more > 0:
        rest = ngettext(
            "%(count)s more kind of thing is in the file.",
            "%(count)s more kinds of things are in the file.",
            more,
        ) % {"count": figure(more)}
    return FaultLines(lines=tuple(lines), rest=rest)


def _line(kind: FaultKind, room: int) -> FaultLine:
    first = kind.first
    cells: tuple[tuple[str, str], ...] = ()
    if kind.rows > 1 and any(fault.there for fault in kind.faults):
        cells = tuple((figure(fault.line), fault.there[:LETTERS]) for fault in kind.faults[:room])
    return FaultLine(
        text=told_fault(first.code, first.values),
        rows=_rows(kind),
        column=first.column,
        example="" if kind.alike else figure(first.line),
        summary=_summary(kind.rows, len(cells)) if cells else "",
        cells=cells,
    )


def _summary(rows: int, shown: int) -> str:
    if rows > shown:
        return _("What stands in the first %(count)s rows") % {"count": figure(shown)}
    return _("What stands in these rows")


def _rows(kind: FaultKind) -> str:
    """`Row 7`, `Rows 7, 9 and 12 more`."""
    lines = kind.lines[:ROWS_NAMED]
    some, more = ", ".join(map(str, lines)), kind.rows - len(lines)
    if more > 0:
        return _("Rows %(rows)s and %(more)s more") % {"rows": some, "more": figure(more)}
    return ngettext("Row %(rows)s", "Rows %(rows)s", len(lines)) % {"rows": some}
