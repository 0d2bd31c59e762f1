"""The typed rows that lists come to, and the cells they are read from.

A row states only what the file states: an empty cell says nothing about the firm. Reading of whole lists
is in `clients`, `members` and `grants`; what the firm already has is in `plan`.
"""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Generic, TypeVar

import msgspec

from ringfence.core.directory import shows
from ringfence.core.terms import Level, Role
from ringfence.lists.faults import RowFault
from ringfence.lists.files.table import Row
from ringfence.lists.rows.cell_texts import cell_problem, restore, text_problem
from ringfence.lists.rows.columns import Columns

YES = frozenset({"yes", "y", "true", "1", "x", "on", "✓", "✔", "oes", "ie", "ydy", "ydw"})
NO = frozenset({"no", "n", "false", "0", "-", "off", "✗", "n/a", "na", "none", "nil", "nage", "nac oes"})


class ClientRow(msgspec.Struct, frozen=True):
    """A client as one row, or several rows of the same reference, state it.

    `name` and `reference` are "" and `kind`, `confidential` None where the file is silent, but not both of
    the first. `services` maps service names to tax references, "" where none is given.
    """

    line: int
    name: str
    reference: str
    kind: str | None = None
    confidential: bool | None = None
    services: Mapping[str, str] = {}
    service_lines: Mapping[str, int] = {}
    """Lines of services that stand in another row than `line`."""

    def line_of(self, service: str) -> int:
        """The row that states this service."""
        return self.service_lines.get(service, self.line)


class MemberRow(msgspec.Struct, frozen=True):
    """A member; None where the file is silent."""

    line: int
    name: str
    email: str
    role: Role | None = None
    access: bool | None = None
    manage_access: bool | None = None
    active: bool | None = None


class AccessRow(msgspec.Struct, frozen=True):
    """A grant on a client, or on its one engagement for `service`, to a group or to a member.

    `level`, `expires` and `fee_split` are None where the file is silent. `expires` is a day (the firm's, at
    its close) or a moment (the firm's time unless it carries an offset); `fee_split` is in percent.
    """

    line: int
    client_reference: str
    service: str | None
    group: str | None
    email: str | None
    level: Level | None = None
    expires: datetime.date | datetime.datetime | None = None
    fee_split: Decimal | None = None


class PlaceRow(msgspec.Struct, frozen=True):
    """A member's place in a group."""

    line: int
    group: str
    email: str


T = TypeVar("T")


class Reading(msgspec.Struct, Generic[T], frozen=True):
    """The good rows of a list in its order, and all faults; with any fault nothing may be saved."""

    rows: tuple[T, ...]
    faults: tuple[RowFault, ...]


class Cells:
    """The fields of a list's rows, with the faults found so far."""

    def __init__(self, columns: Columns) -> None:
        self.faults: list[RowFault] = []
        self._at = {column.field: (column.index, column.header) for column in columns.used}

    def header(self, field: str) -> str:
        """The header of a field's column, or "" where there is none."""
        found = self._at.get(field)
        return found[1] if found else ""

    def has(self, field: str) -> bool:
        return field in self._at

    def fault(self, line: int, field: str, message: str) -> None:
        self.faults.append(RowFault(line, self.header(field), message))

    def raw(self, row: Row, field: str) -> str:
        """The trimmed cell, an export's guard against formulas undone; "" where there is no column."""
        found = self._at.get(field)
        return clean(row.cells[found[0]]) if found else ""

    def text(self, row: Row, field: str, limit: int) -> str:
        """The cell as a name or reference of at most `limit` characters; what it cannot be is a fault."""
        found = self._at.get(field)
        return self.checked(row.line, found[1], row.cells[found[0]], limit) if found else ""

    def checked(self, line: int, header: str, cell: str, limit: int) -> str:
        """As `text`, for a cell under any header."""
        trimmed = cell.strip()
        if not shows(trimmed):
            return ""
        restored = restore(trimmed)
        problem = cell_problem(trimmed) or text_problem(restored, limit)
        if problem:
            self.faults.append(RowFault(line, header, problem))
            return ""
        return restored

    def required(self, row: Row, field: str, limit: int, remedy: str) -> str:
        """As `text`; an empty cell is a fault that says `remedy`."""
        text = self.text(row, field, limit)
        if not text and not self.raw(row, field):
            self.fault(row.line, field, remedy)
        return text

    def switch(self, row: Row, field: str, yes: frozenset[str] = YES, no: frozenset[str] = NO) -> bool | None:
        """The cell as yes or no, None where it is empty."""
        word = self.raw(row, field).casefold()
        if not word:
            return None
        if word in yes or word in no:
            return word in yes
        self.fault(row.line, field, f"“{shown(word)}” is neither yes nor no. Write yes or no.")
        return None


def clean(cell: str) -> str:
    """The trimmed text of a cell, an export's guard against formulas undone."""
    return restore(cell.strip())


def shown(text: str) -> str:
    """Text from the file, short and printable enough to be shown in a message."""
    short = text if len(text) <= 40 else f"{text[:39]}…"
    if short.isprintable():
        return short
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in short)


def counted(number: int, thing: str) -> str:
    """`1 row`, `2,000 rows`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
