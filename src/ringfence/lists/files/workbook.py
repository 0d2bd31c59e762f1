"""Records out of an XLSX or ODS workbook, each cell as the person sees it.

Before the reader opens a workbook it is measured: what it unpacks to, and how far apart its cells lie,
because the reader reserves memory for the whole rectangle between them and would end the process.
"""

import datetime
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.parsers import expat

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ringfence.lists.faults import TableError
from ringfence.lists.files.overlay import overlay_of

MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
MAX_GRID_CELLS = 25_000_000
"""Cells of the rectangle that holds everything on a sheet: a million rows of 25 columns."""
MOST_EXACT = 1e15
"""Spreadsheets keep fifteen digits of a number and make the others zeros."""
CHUNK = 1024 * 1024
_CELL_AT = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_DIMENSION_TAIL = 256
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_ODS_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"

Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def is_workbook(path: Path, file: str, remedy: str) -> str:
    """`workbook`, if this zip archive is an XLSX or ODS that is safe to open; else raises TableError."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            ods = "mimetype" in names and archive.open("mimetype").read(99).strip().startswith(_ODS_MIMETYPE)
            if "xl/workbook.bin" in names:
                raise TableError(file, "This is a binary Excel workbook (.xlsb).", remedy)
            if not ods and "xl/workbook.xml" not in names:
                raise TableError(file, "This is an archive or document, not a workbook.", remedy)
            if ods and b"encryption-data" in _head(archive, "META-INF/manifest.xml"):
                raise TableError(
                    file, "The workbook is protected by a password.", "Save a copy without the password."
                )
            _measure(archive, file, ods)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError) as error:
        raise TableError(file, "The workbook is damaged.", "Open it, save it again and retry.") from error
    return "workbook"


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return stream.read(CHUNK)


def _measure(archive: zipfile.ZipFile, file: str, ods: bool) -> None:
    """Unpack every part once, chunk by chunk, counting bytes and the extent of the sheets.

    The sizes an archive states may be false, so what counts is what comes out; a part that does not
    match its own checksum makes the workbook damaged.
    """
    unpacked = 0
    for part in archive.infolist():
        grid = _ods_grid(file) if ods and part.filename == "content.xml" else None
        sheet = not ods and part.filename.startswith("xl/worksheets/")
        rows = columns = 0
        tail = b""
        with archive.open(part) as stream:
            for data in _chunks(stream):
                unpacked += len(data)
                if unpacked > MAX_UNPACKED_BYTES:
                    raise TableError(
                        file,
                        f"The workbook unpacks to more than {MAX_UNPACKED_BYTES // 1024 // 1024} MB.",
                        "Remove pictures and other sheets, or save the list as CSV.",
                    )
                if grid is not None:
                    _feed(grid, data, file)
                elif sheet:
                    rows, columns = _extent(tail + data, rows, columns)
                    _check_grid(file, rows, columns)
                    tail = data[-_DIMENSION_TAIL:]


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while data := stream.read(CHUNK):
        yield data


def _extent(data: bytes, rows: int, columns: int) -> tuple[int, int]:
    """The last row and column among the cells of a piece of an XLSX sheet, or those known before."""
    places = _CELL_AT.findall(data)
    if not places:
        return rows, columns
    for letters in {letters for letters, _ in places}:
        number = 0
        for letter in letters:
            number = number * 26 + letter - 64
        columns = max(columns, number)
    return max(rows, max(int(row) for _, row in places)), columns


def _check_grid(file: str, rows: int, columns: int) -> None:
    if rows * columns > MAX_GRID_CELLS:
        raise TableError(
            file,
            f"The sheet reaches to row {rows:,} and column {columns:,}, too far apart to read.",
            "Delete the stray cells beyond the list, or save the list as CSV.",
        )


def _ods_grid(file: str) -> "expat.XMLParserType":
    """A parser that adds up the cells with content, repeated ones as often as they are repeated."""
    parser = expat.ParserCreate(namespace_separator=" ")
    row_repeat = 1
    cells = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row_repeat, cells
        if name == _TABLE + "table-row":
            row_repeat = int(attributes.get(_TABLE + "number-rows-repeated", "1"))
        elif name == _TABLE + "table-cell" and _OFFICE + "value-type" in attributes:
            cells += row_repeat * int(attributes.get(_TABLE + "number-columns-repeated", "1"))
            _check_grid(file, cells, 1)

    parser.StartElementHandler = start
    return parser


def _feed(parser: "expat.XMLParserType", data: bytes, file: str) -> None:
    try:
        parser.Parse(data, False)
    except (expat.ExpatError, ValueError) as error:
        raise TableError(file, "The workbook is damaged.", "Open it, save it again and retry.") from error


class Workbook:
    """One worksheet of a workbook, chosen by name or the first visible one that holds anything."""

    def __init__(self, path: Path, file: str, sheet: str | None) -> None:
        self._file = file
        try:
            book = CalamineWorkbook.from_path(path)
            names = [
                meta.name
                for meta in book.sheets_metadata
                if meta.visible == SheetVisibleEnum.Visible and meta.typ == SheetTypeEnum.WorkSheet
            ]
            chosen = self._choose(book, names, sheet)
            self._overlay = overlay_of(path, chosen.name)
        except PasswordError as error:
            raise TableError(
                file, "The workbook is protected by a password.", "Save a copy without the password."
            ) from error
        except (CalamineError, expat.ExpatError, KeyError, IndexError) as error:
            raise TableError(
                file, f"The workbook cannot be read ({error}).", "Open it, save it again and retry."
            ) from error
        self._sheet = chosen
        self.sheet = chosen.name
        self.others = tuple(name for name in names if name != chosen.name)

    def _choose(self, book: CalamineWorkbook, names: list[str], sheet: str | None) -> CalamineSheet:
        if sheet is not None and sheet not in names:
            raise TableError(
                self._file,
                f"There is no visible worksheet called “{sheet}”.",
                f"Choose one of: {', '.join(names) or 'none'}.",
            )
        for name in [sheet] if sheet is not None else names:
            found = book.get_sheet_by_name(name)
            if found.start is not None:
                return found
        raise TableError(self._file, "The workbook holds no list.", "Put the list on a visible worksheet.")

    def records(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Each row with its number on the sheet (1-based), cells as text."""
        overlay = self._overlay
        rows_of_it = {row for row, _ in overlay}
        # The reader gives empty rows above the list, and no empty columns before it.
        first = self._sheet.start[1] + 1 if self._sheet.start else 1
        for number, values in enumerate(self._sheet.iter_rows(), start=1):
            cells = [v if type(v) is str else as_seen(v) for v in values]
            if number in rows_of_it:
                for place, text in enumerate(cells):
                    shows = overlay.get((number, first + place), text)
                    cells[place] = text.zfill(shows) if isinstance(shows, int) else shows
            yield number, tuple(cells)


def as_seen(value: Value) -> str:
    """A cell's value as text: dates in ISO form, whole numbers without a point, TRUE and FALSE.

    A whole number of more than 15 digits has been rounded, and is written so that this shows: `1.5e+15`.
    """
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            if not value.is_integer():
                return repr(value)
            return f"{value:.0f}" if abs(value) < MOST_EXACT else f"{value:.15e}"
        case datetime.datetime():
            midnight = value.time() == datetime.time()
            return value.date().isoformat() if midnight else value.isoformat(sep=" ")
        case datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return str(value)
