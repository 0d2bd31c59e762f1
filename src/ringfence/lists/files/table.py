"""A table out of a file: headers, and rows that know their number in the editor or the spreadsheet.

What kind of file it is, is told by its first bytes and never by its name: `text` reads CSV, `workbook`
XLSX and ODS. What the columns mean is not known here.
"""

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import msgspec

from ringfence.lists.faults import TableError
from ringfence.lists.files.text import read_records
from ringfence.lists.files.workbook import Workbook, is_workbook

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_CELL = 32_767
"""Characters in one cell; a spreadsheet program holds no more."""
MAX_COLUMNS = 500
HEADER_WITHIN = 20
"""Rows searched for the header: exports like to put a title and a date above it."""
SPREADSHEET_BLOCK = 16
"""Spreadsheet programs drop empty cells at the ends of rows for blocks of 16 rows at once."""

IsHeader = Callable[[tuple[str, ...]], bool]
Record = tuple[int, tuple[str, ...]]
"""Row number and cells, as the file has them."""


class Row(msgspec.Struct, frozen=True):
    """One row under the header: as many cells as there are headers, and what is wrong with its shape."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""


class Table(msgspec.Struct, frozen=True):
    """Headers and rows; `rows` is read from the file as it is walked through, once."""

    file: str
    headers: tuple[str, ...]
    header_line: int
    rows: Iterator[Row]
    sheet: str = ""
    """The worksheet read; empty for a text file."""
    other_sheets: tuple[str, ...] = ()
    """Visible worksheets that were not read."""


_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"II*\x00", "an image"),
    (b"MM\x00*", "an image"),
    (b"{\\rtf", "a word-processor document"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"<", "a web page or XML file"),
    (b"{", "a JSON file"),
    (b"[{", "a JSON file"),
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AS = "Save the list as CSV (UTF-8), XLSX or ODS and try again."


def read_table(path: Path, *, is_header: IsHeader | None = None, sheet: str | None = None) -> Table:
    """Open `path` and read up to its header.

    The header is the first row that is not blank, or, where `is_header` is given, the first of the top
    twenty that it accepts (if none is, again the first). `sheet` names a worksheet; without it the
    first visible one that holds anything is read.

    Raises TableError, also while the rows are walked through: not a list, empty, no header, bytes that
    are no text, a cell or file beyond its limit. A row of the wrong shape is a row with a `fault`.
    """
    file = path.name
    kind = _kind(path, file)
    if kind == "workbook":
        book = Workbook(path, file, sheet)
        records, name, others = book.records(), book.sheet, book.others
    elif sheet is not None:
        raise TableError(file, "A text file has no worksheets.", "Leave the sheet name out.")
    else:
        records, name, others = read_records(path, file), "", ()
    records = _within_limits(file, records)
    line, headers, rest = _find_header(file, records, is_header)
    rows = _rows(rest, len(headers))
    return Table(file, headers, line, rows, sheet=name, other_sheets=others)


def _kind(path: Path, file: str) -> str:
    """`text` or `workbook`; anything else is a fault that names what it is."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            start = stream.read(4096)
            rest = stream.read(MAX_FILE_BYTES) if start.startswith(_COMPOUND) else b""
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise TableError(
            file, f"The file cannot be read ({reason}).", "Check its name and whether you may open it."
        ) from error
    if size == 0 or not start.strip():
        raise TableError(file, "The file is empty.", "Export the list again and check it in an editor.")
    if size > MAX_FILE_BYTES:
        raise TableError(
            file,
            f"The file is larger than {MAX_FILE_BYTES // 1024 // 1024} MB.",
            "Split the list into several files.",
        )
    if start.startswith(_COMPOUND):
        if "EncryptedPackage".encode("utf-16-le") in start + rest:
            raise TableError(
                file, "The workbook is protected by a password.", "Save a copy without the password."
            )
        raise TableError(file, "This is an old Excel workbook (.xls).", SAVE_AS)
    if start.startswith(b"PK\x03\x04"):
        return is_workbook(path, file, SAVE_AS)
    for signature, what in _SIGNATURES:
        if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(signature):
            raise TableError(file, f"This is {what}, not a list.", SAVE_AS)
    return "text"


def _within_limits(file: str, records: Iterator[Record]) -> Iterator[Record]:
    """The records that are not blank in their place, with each cell and the width checked.

    Blank records stay in the stream: spreadsheet blocks count them.
    """
    for line, cells in records:
        if len(cells) > MAX_COLUMNS:
            raise TableError(
                file,
                f"The row has {len(cells)} columns; the limit is {MAX_COLUMNS}.",
                "Remove the columns that are not needed.",
                line,
            )
        for cell in cells:
            if len(cell) > MAX_CELL:
                raise TableError(
                    file,
                    f"A cell holds {len(cell):,} characters; the limit is {MAX_CELL:,}.",
                    "Shorten it, or look for a quotation mark that is never closed.",
                    line,
                )
        yield line, cells


def _find_header(
    file: str, records: Iterator[Record], is_header: IsHeader | None
) -> tuple[int, tuple[str, ...], Iterator[tuple[int, Record]]]:
    """The header's line, its cells without blank ones at the end, and the numbered records below it."""
    numbered = enumerate(records)
    top: list[tuple[int, Record]] = []
    for number, record in numbered:
        if any(cell.strip() for cell in record[1]):
            top.append((number, record))
            if is_header is None or is_header(record[1]) or len(top) == HEADER_WITHIN:
                break
    if not top:
        raise TableError(file, "The file holds no text.", "Check that the list is on its first sheet.")
    found = len(top) - 1
    if is_header is not None and not is_header(top[found][1][1]):
        found = 0
    line, cells = top[found][1]
    headers = tuple(cell.strip() for cell in cells)
    while headers and not headers[-1]:
        headers = headers[:-1]
    below = chain(iter(top[found + 1 :]), numbered)
    return line, headers, below


def _rows(records: Iterator[tuple[int, Record]], width: int) -> Iterator[Row]:
    """Rows of exactly `width` cells, blank ones left out, in blocks as spreadsheet programs write them."""
    block: list[Record] = []
    block_number = -1
    for number, record in records:
        if number // SPREADSHEET_BLOCK != block_number:
            yield from _shape(block, width)
            block, block_number = [], number // SPREADSHEET_BLOCK
        block.append(record)
    yield from _shape(block, width)


def _shape(block: list[Record], width: int) -> Iterator[Row]:
    """One block of records as rows.

    Short rows are made up with empty cells where all of the block are equally short, which is how Excel
    saves columns whose last cells are empty; one short row among others is most likely a row broken in
    two, and is a fault.
    """
    filled = [(line, cells) for line, cells in block if any(cells) and any(cell.strip() for cell in cells)]
    even = len(filled) > 1 and len({len(cells) for _, cells in filled}) == 1
    for line, cells in filled:
        count = len(cells)
        if count == width:
            yield Row(line, cells)
        elif count > width:
            extra = any(cell.strip() for cell in cells[width:])
            fault = f"There are {count} cells but only {width} headers. {_QUOTE_IT}" if extra else ""
            yield Row(line, cells[:width], fault)
        else:
            fault = "" if even else f"There are {count} cells but {width} headers. {_BROKEN}"
            yield Row(line, cells + ("",) * (width - count), fault)


_QUOTE_IT = "Put text that contains the separator between quotation marks, or remove the surplus cells."
_BROKEN = "Join the row if it is broken over two lines, or add the missing separators."
