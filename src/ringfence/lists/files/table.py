"""A table out of a file: headers, and rows that know their number in the editor or the spreadsheet.

`kinds` tells what the file is; `text`, or the reader of its kind of workbook, reads it. What the columns mean
is not known here.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path

import msgspec

from ringfence.lists.faults import F, TableError

from .archive import Archive, damaged_told
from .below import aside, without_totals
from .held import Held
from .html_tables import HtmlTables
from .kinds import Kind, has_encoding, kind_of
from .ods import Ods
from .shape import Aside, Header, rows_of_sheet, rows_of_text
from .shape import Row as Row  # told from here to whoever reads tables
from .sheet import MAX_COLUMNS, Record, Workbook
from .source import ListFile, OnDisk
from .spreadsheetml import SpreadsheetML
from .text import HEADER_WITHIN, IsHeader, read_text
from .xls import Xls
from .xlsb import Xlsb
from .xlsx import Xlsx

MAX_CELL = 32_767
"""Characters in one cell; a spreadsheet program holds no more."""


MOST_SHEETS = 100
"""Worksheets in which the list is looked for: each is a pass through the file."""
MOST_NAMED = 20
"""Worksheets that a message names."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Headers and rows; `rows` is read from the file as it is walked through, once."""

    file: str
    kind: Kind
    headers: tuple[str, ...]
    header_line: int
    rows: Iterator[Row]
    encoding: str = ""
    """Of a text file, as people call it."""
    separator: str = ""
    guessed: bool = False
    """Whether nothing proves the encoding."""
    sheet: str = ""
    """The worksheet read; empty for a text file."""
    other_sheets: tuple[str, ...] = ()
    """Visible worksheets that were not read."""
    hidden_sheets: tuple[str, ...] = ()
    """Worksheets that the workbook does not show, and that are not read."""
    hidden_rows: Collection[int] = ()
    """Numbers of rows that the worksheet does not show; read, unless they were told to be left out."""
    hidden_columns: Collection[int] = ()
    """Numbers of columns that it does not show, from 1, and that are read all the same."""
    above: tuple[Aside, ...] = ()
    """Rows above the header."""
    totals: list[Aside]
    """Totals below the list, which are no rows of it; complete when the rows were walked."""
    unheaded: set[str]
    """Letters of the columns that hold something and have no header; complete when the rows were walked."""


class Told(msgspec.Struct, frozen=True):
    """What the person says of a file; "" where they leave it to be found out."""

    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    header: int = 0
    """The number of the row that is the header; 0 where it is to be found out."""
    without_hidden: bool = False
    """Whether rows that the sheet does not show are left out."""
    read_totals: bool = False
    """Whether what looks like a total below the list is a row of it."""


def read_table(
    source: Path | ListFile,
    *,
    is_header: IsHeader | None = None,
    told: Told = Told(),  # noqa: B008
) -> Table:
    """Open a file and read up to its header.

    The header is the first row that is not blank, or, where `is_header` is given, the first of the top
    twenty that it accepts (if none is, again the first); where the row below it is one as well, that one.
    Of a workbook the first visible sheet with such a header is read, else the first that holds anything.

    Raises TableError, also while the rows are walked through: not a list, empty, no header, bytes that
    are no text, a cell or file beyond its limit. A row of the wrong shape is a row with a `fault`.
    """
    source = OnDisk(source) if isinstance(source, Path) else source
    file = source.name
    kind = kind_of(source)
    if kind != "text":
        with damaged_told(file):
            return _of_workbook(source, kind, is_header, told)
    if told.sheet:
        raise TableError(file, F.NO_SHEETS_IN_TEXT)
    text = read_text(source, encoding=told.encoding, separator=told.separator, is_header=is_header)
    header = _find_header(file, _within_limits(file, text.records), is_header, told.header)
    unheaded: set[str] = set()
    totals: list[Aside] = []
    return Table(
        file=file,
        kind=kind,
        headers=header.names,
        header_line=header.line,
        rows=without_totals(rows_of_text(header, unheaded), totals, told.read_totals),
        encoding=text.encoding,
        separator=text.separator,
        guessed=text.guessed,
        above=header.above,
        totals=totals,
        unheaded=unheaded,
    )


_READERS: Mapping[Kind, Callable[[ListFile, str], Workbook]] = {
    "xlsx": lambda source, _encoding: Xlsx(Archive(source)),
    "ods": lambda source, _encoding: Ods(Archive(source)),
    "xls": lambda source, _encoding: Xls(source),
    "xlsb": lambda source, _encoding: Xlsb(Archive(source)),
    "html": HtmlTables,
    "spreadsheetml": SpreadsheetML,
}


def open_workbook(source: ListFile, kind: Kind, told: Told) -> Workbook:
    """The workbook that a file is. Raises TableError, and what `damaged_told` takes."""
    if told.separator or (told.encoding and not has_encoding(kind)):
        raise TableError(source.name, F.ONLY_FOR_TEXT)
    return _READERS[kind](source, told.encoding)


def _of_workbook(source: ListFile, kind: Kind, is_header: IsHeader | None, told: Told) -> Table:
    file, book = source.name, open_workbook(source, kind, told)
    name = choose_sheet(book, file, is_header, told.sheet)
    header = _find_header(file, _within_limits(file, book.records(name)), is_header, told.header)
    unheaded: set[str] = set()
    totals: list[Aside] = []
    rows = rows_of_sheet(header, unheaded, book.hidden if told.without_hidden else ())
    return Table(
        file=file,
        kind=kind,
        headers=header.names,
        header_line=header.line,
        rows=_damage_told(file, without_totals(rows, totals, told.read_totals)),
        encoding=getattr(book, "encoding", ""),
        guessed=getattr(book, "guessed", False),
        sheet=name,
        other_sheets=tuple(other for other in book.sheets if other != name),
        hidden_sheets=book.hidden_sheets,
        hidden_rows=book.hidden,
        hidden_columns=book.hidden_columns,
        above=header.above,
        totals=totals,
        unheaded=unheaded,
    )


def choose_sheet(book: Workbook, file: str, is_header: IsHeader | None, sheet: str) -> str:
    """The sheet that is read: the one that was told, else the first with a header, else the first filled."""
    if sheet and sheet not in book.sheets:
        some = ", ".join(book.sheets[:MOST_NAMED]) or "-"
        more = " …" if len(book.sheets) > MOST_NAMED else ""
        raise TableError(file, F.NO_SUCH_SHEET, sheet=sheet, sheets=some + more)
    filled = ""
    for place, name in enumerate([sheet] if sheet else book.sheets):
        if place == MOST_SHEETS:
            raise TableError(file, F.TOO_MANY_SHEETS, limit=MOST_SHEETS)
        top = list(islice(book.top(name), HEADER_WITHIN))
        if top and (is_header is None or any(is_header(cells) for _, cells in top)):
            return name
        filled = filled or (name if top else "")
    if not filled:
        raise TableError(file, F.NO_LIST_IN_WORKBOOK)
    return filled


def _damage_told(file: str, rows: Iterator[Row]) -> Iterator[Row]:
    with damaged_told(file):
        yield from rows


def _within_limits(file: str, records: Iterator[Record]) -> Iterator[Record]:
    """The records, each cell, width and the whole checked. Blank ones stay: spreadsheet blocks count them."""
    held = Held(file)
    for line, cells in records:
        if len(cells) > MAX_COLUMNS:
            raise TableError(file, F.TOO_MANY_COLUMNS, line, count=len(cells), limit=MAX_COLUMNS)
        if (longest := max(map(len, cells), default=0)) > MAX_CELL:
            raise TableError(file, F.CELL_TOO_LONG, line, count=longest, limit=MAX_CELL)
        held.cells(cells)
        yield line, cells


def _find_header(file: str, records: Iterator[Record], is_header: IsHeader | None, told: int = 0) -> Header:
    numbered = enumerate(records)
    top: list[tuple[int, Record]] = []
    for number, record in numbered:
        if any(cell.strip() for cell in record[1]):
            top.append((number, record))
            if (is_header is None and not told) or len(top) == HEADER_WITHIN:
                break
    if not top:
        raise TableError(file, F.NO_TEXT)
    found = header_among(file, [record for _, record in top], is_header, told)
    line, cells = top[found][1]
    names = tuple(str(cell).strip() for cell in cells)
    while names and not names[-1]:
        names = names[:-1]
    above = tuple(aside(number, row) for _, (number, row) in top[:found])
    return Header(line, len(cells), names, chain(iter(top[found + 1 :]), numbered), above)


def header_among(file: str, top: Sequence[Record], is_header: IsHeader | None, told: int = 0) -> int:
    """Which of the top rows is the header: the one `told`, else the first accepted, the lowest of several
    that stand together and have no fewer columns.

    Where none is accepted, the first that is no title, which has fewer cells than rows of a list have. Raises
    TableError where the row that was told is not among them.
    """
    if told:
        found = next((place for place, (line, _) in enumerate(top) if line == told), None)
        if found is None:
            raise TableError(
                file, F.NO_HEADER_ROW, number=told, numbers=", ".join(str(row[0]) for row in top)
            )
        return found
    if is_header is None:
        return 0
    columns = [is_header(cells) for _, cells in top]
    if not any(columns):
        filled = [sum(1 for cell in cells if cell.strip()) for _, cells in top]
        return next(place for place, count in enumerate(filled) if 2 * count >= max(filled))
    found = next(place for place, count in enumerate(columns) if count)
    # A row with fewer of them belongs to the list: there are people whose name is that of a column.
    while found + 1 < len(top) and columns[found + 1] >= columns[found]:
        found += 1
    return found
