"""A table out of a file: headers, and rows that know their number in the editor or the spreadsheet.

`kinds` tells what the file is; `text`, or the reader of its kind of workbook, reads it. What the columns mean
is not known here.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain, groupby, islice
from pathlib import Path

import msgspec

from ringfence.lists.faults import F, RowFault, TableError

from .archive import Archive, damaged_told
from .html_tables import HtmlTables
from .kinds import Kind, has_encoding, kind_of
from .ods import Ods
from .sheet import MAX_COLUMNS, Record, Workbook, column_letters
from .source import ListFile, OnDisk
from .spreadsheetml import SpreadsheetML
from .text import HEADER_WITHIN, IsHeader, read_text
from .xls import Xls
from .xlsb import Xlsb
from .xlsx import Xlsx

MAX_CELL = 32_767
"""Characters in one cell; a spreadsheet program holds no more."""
SPREADSHEET_BLOCK = 16
"""Spreadsheet programs drop empty cells at the ends of rows for blocks of 16 rows at once."""

MOST_PIECES = 16
"""Pieces that a row broken by line breaks is put together of."""


class Row(msgspec.Struct, frozen=True):
    """One row under the header: as many cells as there are headers, and what is wrong with its shape."""

    line: int
    cells: tuple[str, ...]
    fault: RowFault | None = None


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
    """Numbers of rows that the worksheet does not show, and that are read all the same."""
    hidden_columns: Collection[int] = ()
    """Numbers of columns that it does not show, from 1, and that are read all the same."""
    unheaded: set[str]
    """Letters of the columns that hold something and have no header; complete when the rows were walked."""


class Told(msgspec.Struct, frozen=True):
    """What the person says of a file; "" where they leave it to be found out."""

    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    header: int = 0
    """The number of the row that is the header; 0 where it is to be found out."""


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
    return Table(
        file=file,
        kind=kind,
        headers=header.names,
        header_line=header.line,
        rows=_text_rows(header, unheaded),
        encoding=text.encoding,
        separator=text.separator,
        guessed=text.guessed,
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
    return Table(
        file=file,
        kind=kind,
        headers=header.names,
        header_line=header.line,
        rows=_damage_told(file, _sheet_rows(header, unheaded)),
        encoding=getattr(book, "encoding", ""),
        guessed=getattr(book, "guessed", False),
        sheet=name,
        other_sheets=tuple(other for other in book.sheets if other != name),
        hidden_sheets=book.hidden_sheets,
        hidden_rows=book.hidden,
        hidden_columns=book.hidden_columns,
        unheaded=unheaded,
    )


def choose_sheet(book: Workbook, file: str, is_header: IsHeader | None, sheet: str) -> str:
    """The sheet that is read: the one that was told, else the first with a header, else the first filled."""
    if sheet and sheet not in book.sheets:
        raise TableError(file, F.NO_SUCH_SHEET, sheet=sheet, sheets=", ".join(book.sheets) or "-")
    filled = ""
    for name in [sheet] if sheet else book.sheets:
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
    """The records, each cell and the width checked. Blank ones stay: spreadsheet blocks count them."""
    for line, cells in records:
        if len(cells) > MAX_COLUMNS:
            raise TableError(file, F.TOO_MANY_COLUMNS, line, count=len(cells), limit=MAX_COLUMNS)
        for cell in cells:
            if len(cell) > MAX_CELL:
                raise TableError(file, F.CELL_TOO_LONG, line, count=len(cell), limit=MAX_CELL)
        yield line, cells


class _Header(msgspec.Struct, frozen=True):
    line: int
    width: int
    """Cells of the header, those without text at its end among them."""
    names: tuple[str, ...]
    below: Iterator[tuple[int, Record]]
    """Each record below with its number among all, from 0."""


def _find_header(file: str, records: Iterator[Record], is_header: IsHeader | None, told: int = 0) -> _Header:
    numbered = enumerate(records)
    top: list[tuple[int, Record]] = []
    for number, record in numbered:
        if any(cell.strip() for cell in record[1]):
            top.append((number, record))
            if (is_header is None and not told) or len(top) == HEADER_WITHIN:
                break
    if not top:
        raise TableError(file, F.NO_TEXT)
    found = header_among([record for _, record in top], is_header, told)
    line, cells = top[found][1]
    names = tuple(str(cell).strip() for cell in cells)
    while names and not names[-1]:
        names = names[:-1]
    return _Header(line, len(cells), names, chain(iter(top[found + 1 :]), numbered))


def header_among(top: Sequence[Record], is_header: IsHeader | None, told: int = 0) -> int:
    """Which of the top rows is the header: the one `told`, else the first accepted, the lowest of several."""
    for place, (line, _) in enumerate(top):
        if line == told:
            return place
    if is_header is None:
        return 0
    accepted = [is_header(cells) for _, cells in top]
    found = accepted.index(True) if True in accepted else 0
    while found + 1 < len(top) and accepted[found] and accepted[found + 1]:
        found += 1
    return found


# --- Rows of a sheet: it has no ends of rows, so none is short


def _sheet_rows(header: _Header, unheaded: set[str]) -> Iterator[Row]:
    width = len(header.names)
    without_name = [place for place, name in enumerate(header.names) if not name]
    for _, (line, cells) in header.below:
        held = cells[:width] + ("",) * (width - len(cells))
        for place in chain(without_name, range(width, len(cells))):
            if place < len(cells) and cells[place].strip():
                unheaded.add(column_letters(place + 1))
        if any(cell.strip() for cell in held):
            yield Row(line, held)


# --- Rows of a text file


def _text_rows(header: _Header, unheaded: set[str]) -> Iterator[Row]:
    """Rows as wide as the header, blank ones left out. One with too many cells is a fault, even if empty.

    Short rows are made up with empty cells: programs leave empty cells at the end out, Excel for a whole
    block, others row by row. Short rows next to one another that have the cells of one whole row together
    are one that was broken by a line break, and are faults.
    """
    width, whole = len(header.names), header.width
    nameless = [place for place, name in enumerate(header.names) if not name] + list(range(width, whole))
    short: list[Record] = []
    for record, even in _with_blocks(header.below, whole):
        line, cells = record
        count = len(cells)
        if count < width and not even:
            short.append(record)
            continue
        if short:
            yield from _made_up(short, header)
            short = []
        for place in nameless:
            if place < count and cells[place].strip():
                unheaded.add(column_letters(place + 1))
        if count == width:
            yield Row(line, cells)
        elif count > whole:
            fault = RowFault(line, "", F.TOO_MANY_CELLS, {"count": count, "headers": whole})
            yield Row(line, cells[:width], fault)
        else:
            yield Row(line, cells[:width] + ("",) * (width - count))
    yield from _made_up(short, header)


def _with_blocks(records: Iterator[tuple[int, Record]], whole: int) -> Iterator[tuple[Record, bool]]:
    """The records that are not blank, each with whether all of its block are equally short.

    Two that are the halves of a whole row are not taken for such a block.
    """
    for _, numbered in groupby(records, lambda each: each[0] // SPREADSHEET_BLOCK):
        block = [record for _, record in numbered if any(record[1]) and any(map(str.strip, record[1]))]
        counts = {len(cells) for _, cells in block}
        even = len(counts) == 1 and len(block) > 1 and (len(block) > 2 or 2 * min(counts) - 1 != whole)
        for record in block:
            yield record, even


def _made_up(short: Sequence[Record], header: _Header) -> Iterator[Row]:
    """Short rows that stand next to one another, with empty cells at their ends."""
    broken = _broken([len(cells) for _, cells in short], header.width)
    for place, (line, cells) in enumerate(short):
        count = len(cells)
        fault = RowFault(line, "", F.BROKEN_ROW, {"count": count, "headers": header.width})
        made_up = cells + ("",) * (len(header.names) - count)
        yield Row(line, made_up, fault if place in broken else None)


def _broken(counts: Sequence[int], whole: int) -> set[int]:
    """The places of rows, next to one another, that together have the cells of one whole row."""
    found: set[int] = set()
    for start, count in enumerate(counts):
        end, together = start, count
        while together < whole and end + 1 < min(len(counts), start + MOST_PIECES):
            end += 1
            # Where a row is broken inside a cell, both pieces count that cell.
            together += counts[end] - 1
        if together == whole and end > start:
            found.update(range(start, end + 1))
    return found
