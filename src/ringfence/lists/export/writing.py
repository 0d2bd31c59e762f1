"""Lists out: the firm's clients, members, access and places as CSV or XLSX, as import reads them.

Importing an export again changes nothing. Cells that a spreadsheet would run are guarded
(`names.neutralise`) and read back exactly. Which rows go out, and to whom, is for the caller to ask the core.
"""

import csv
import datetime
import io
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import BinaryIO

from ringfence.lists.rows.cell_texts import neutralise
from ringfence.lists.rows.typed_rows import AccessRow, MemberRow, TypedClient

CLIENT_HEADERS = (
    "Client reference",
    "Client name",
    "Client type",
    "Confidential",
    "Service",
    "Tax reference",
)
MEMBER_HEADERS = ("Email", "Name", "Role", "Access", "Manage access", "Active", "External ID")
ACCESS_HEADERS = ("Client reference", "Service", "Group", "Email", "Level", "Expires", "Fee split")

Cells = tuple[str, ...]
SHEET_ROWS = 1_048_576
"""Rows of a worksheet, its header among them."""
SHEET_CELL = 32_767
"""Characters of a cell."""


class TooManyRows(Exception):
    """More rows than a worksheet has; a CSV file holds them all."""


class Format(StrEnum):
    """The kinds of file that are written."""

    CSV = "csv"
    XLSX = "xlsx"


def client_cells(rows: Iterable[TypedClient]) -> Iterator[Cells]:
    """A row for each client and service, or one without service where it has none."""
    for row in rows:
        fixed = (row.reference, row.name, row.kind or "", _switch(row.confidential))
        for service, reference in row.services.items() or (("", ""),):
            yield (*fixed, service, reference)


def member_cells(rows: Iterable[MemberRow]) -> Iterator[Cells]:
    for row in rows:
        switches = (_switch(row.access), _switch(row.manage_access), _switch(row.active))
        yield (row.email, row.name, row.role or "", *switches, row.external)


def access_cells(rows: Iterable[AccessRow]) -> Iterator[Cells]:
    for row in rows:
        yield (
            row.client_reference,
            row.service or "",
            row.group or "",
            row.email or "",
            row.level.word if row.level else "",
            _moment(row.expires),
            "" if row.fee_split is None else f"{row.fee_split:f}%",
        )


def write_list(stream: BinaryIO, headers: Cells, rows: Iterable[Cells], form: Format) -> int:
    """Write one list and return how many rows it has.

    CSV is UTF-8 with a byte order mark, without which Excel takes it for Windows-1252. Raises OSError, and
    for a workbook TooManyRows. A cell that is longer than a workbook's can be ends with `…` there.
    """
    guarded = (tuple(neutralise(cell) for cell in row) for row in rows)
    if form is Format.CSV:
        return _write_csv(stream, headers, guarded)
    return _write_xlsx(stream, headers, guarded)


def _write_csv(stream: BinaryIO, headers: Cells, rows: Iterable[Cells]) -> int:
    count = 0
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(headers)
    for row in rows:
        writer.writerow(row)
        count += 1
    text.flush()
    text.detach()
    return count


def _write_xlsx(stream: BinaryIO, headers: Cells, rows: Iterable[Cells]) -> int:
    """Every cell is text, so that zeros in front stay and nothing is a formula or a link."""
    # Most who come by here write no workbook.
    import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists

    count = 0
    with xlsxwriter.Workbook(stream, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("List")
        sheet.freeze_panes(1, 0)
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, len(headers) - 1, 24, text)
        bold = book.add_format({"bold": True})
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, bold)
        for count, row in enumerate(rows, start=1):
            if count == SHEET_ROWS:
                raise TooManyRows
            for column, cell in enumerate(row):
                if cell:
                    cut = cell if len(cell) <= SHEET_CELL else f"{cell[: SHEET_CELL - 1]}…"
                    sheet.write_string(count, column, cut, text)
    return count


def _switch(value: bool | None) -> str:
    if value is None:
        return ""
    return "yes" if value else "no"


def _moment(value: datetime.date | datetime.datetime | None) -> str:
    return "" if value is None else value.isoformat()
