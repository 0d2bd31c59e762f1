"""Rows out of a web page that is often called `.xls`: each of its tables is a sheet, called by its number.

The page is read as a stream by lxml (libxml2's parser of HTML), each pass through the whole file; nothing of
it is fetched or run. A table in a cell of another is a table of its own, and its text is the cell's too.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from ringfence.lists.faults import F, TableError

from .archive import CHUNK
from .cells import SheetCell
from .encoding import declared_in_page, encoding_of, start_of_text
from .html_cells import KEPT, NO_STYLE, Style, cell_of, shown_text, style_of, styles_in
from .sheet import MAX_COLUMNS, MergedDown, Record, SheetRow, as_record, check_column
from .source import ListFile
from .text import HEADER_WITHIN

MAX_DEPTH = 250
MOST_TABLES = 100
MOST_STYLES = 4 * 1024 * 1024
"""Characters of style sheets."""
_MOST_SPANNED = 65_534
"""Rows and columns that one cell may span (the HTML Standard; columns fewer)."""
_DECLARED = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE)
_XML_DECLARED = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._:-]+)")
_UNSHOWN = frozenset({"script", "style", "comment", "noscript", "template", "title", "head"})
_BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "tr", "table"})
_FIELDS = frozenset({"input", "select", "textarea"})
"""What somebody fills in: it is not told what stands in it."""
_PARTS = frozenset({"thead", "tbody", "tfoot"})
_COLUMNS = frozenset({"col", "colgroup"})
_OF_CELLS = frozenset({"tr", "td", "th", "col", "html", "body"})
"""What says of itself whether it is shown. (Nobody sees a page that hides itself: its programs show it.)"""
_SINCE_1904 = re.compile(r"<x:Date1904\b", re.IGNORECASE)


def is_page(start: bytes) -> bool:
    """Whether the first bytes, without white space, are those of a web page."""
    lower = _PROLOG.sub(b"", start.lower())
    return _PAGE.match(lower) is not None


_PROLOG = re.compile(rb"\A(?>\s|<\?.*?\?>|<!--.*?-->|<!\[[^>]*>|<!doctype[^>]*>)++", re.DOTALL)
_PAGE = re.compile(
    rb"<(?:html|head|body|meta|title|style|link|base|script|table|thead|tbody|caption|colgroup|tr|td|div|span|center|"
    rb"font|form|p|h[1-6]|b|br|hr|pre|basefont)\b"
)


class HtmlTables:
    """A page; `sheets` are the numbers of its tables that hold anything. Raises what `damaged_told` takes."""

    def __init__(self, source: ListFile, told: str = "") -> None:
        """`told` is the encoding that the person says the page is in."""
        self._source = source
        with source.open() as stream:
            start = start_of_text(stream.read(64 * 1024))
        declared = _DECLARED.search(start) or _XML_DECLARED.match(start)
        self._encoding = encoding_of(source, told, declared_in_page(declared[1].decode()) if declared else "")
        self.encoding, self.guessed = self._encoding.name, self._encoding.guessed
        self.hidden: set[int] = set()
        """Numbers of rows that the table read last does not show."""
        self.hidden_columns: set[int] = set()
        self._tops: dict[str, list[Record]] = {}
        reader = _Reader(source.name, 0)
        for number, ended in self._rows(reader):
            self._tops.setdefault(str(number), []).append(as_record(ended.row))
        if not self._tops:
            raise TableError(source.name, F.NO_TABLE)
        self._since_1904 = reader.since_1904
        tables = sorted(self._tops, key=int)
        shown = [each for each in tables if int(each) not in reader.not_shown]
        # A page that shows none has its programs show them.
        self.sheets = tuple(shown or tables)
        self.hidden_sheets = tuple(each for each in tables if each not in self.sheets)

    def top(self, sheet: str) -> Iterator[Record]:
        """The first rows as they stand in the page, merged cells empty but for the first."""
        return iter(self._tops[sheet])

    def records(self, sheet: str) -> Iterator[Record]:
        """All rows with content, each with its number in the table."""
        reader, merged = _Reader(self._source.name, int(sheet)), MergedDown()
        reader.since_1904 = self._since_1904
        self.hidden, self.hidden_columns = reader.hidden, reader.hidden_columns
        part = 0
        for _number, ended in self._rows(reader):
            if ended.part != part:
                part = ended.part
                merged.end()
            yield merged.record(ended.row)
            for column, last in ended.merges:
                merged.merge(column, last, ended.row[1][column])

    def _rows(self, reader: "_Reader") -> "Iterator[tuple[int, _Ended]]":
        for _ in self._parsed(reader):
            while reader.rows:
                yield reader.rows.popleft()

    def _parsed(self, reader: "_Reader") -> Iterator[None]:
        parser = etree.HTMLParser(target=reader, encoding="utf-8", huge_tree=True)
        try:
            with self._encoding.texts(self._source) as texts:
                while text := texts.read(CHUNK):
                    if "\0" in text:
                        raise TableError(self._source.name, F.NUL_CHARACTER)
                    parser.feed(text.removeprefix("\ufeff").encode())
                    yield
            parser.close()
        except etree.LxmlError as error:
            raise ValueError("no page") from error
        yield


class _Ended(NamedTuple):
    """A row, and in which part of its table it stands: a head, a body, a foot, or none of them."""

    row: SheetRow
    merges: list[tuple[int, int]]
    """What is merged downwards from it: column and last row, no further than its part."""
    part: int


class _Table:
    """A table while it is read."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.row = 0
        self.part = 0
        self.described = 0
        """Columns that were described before the rows."""
        self.count = 0
        """Rows that hold anything."""
        self.column = 0
        self.in_row = False
        self.shown = True
        self.cells: dict[int, str] = {}
        self.merges: list[tuple[int, int]] = []
        self.taken: dict[int, int] = {}
        """Columns that cells of rows above reach into, with the last of these rows."""
        self.cell: dict[str, str] | None = None
        self.style = NO_STYLE
        self.pieces: list[str] = []


class _Reader:
    """What the parser tells: the rows of one table (of all for 0) are gathered in `rows` as they end."""

    def __init__(self, file: str, wanted: int) -> None:
        self.rows: deque[tuple[int, _Ended]] = deque()
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.not_shown: set[int] = set()
        """Numbers of tables that the page does not show."""
        self.since_1904 = False
        """Whether days are counted from 1904: known once the page was read to its end."""
        self._file = file
        self._wanted = wanted
        self._count = 0
        self._tables: list[_Table] = []
        self._open: list[str] = []
        self._unshown_from = 0
        """The depth at which what is not shown began; 0 where all is shown."""
        self._hidden_from = 0
        """The depth at which what holds tables or rows began not to be shown; 0 where all is shown."""
        self._kept_from = 0
        """The depth at which spaces began to be kept; 0 where they are taken together."""
        self._sheet: list[str] = []
        self._sheet_size = 0
        self._classes: dict[str, Style] = {}

    # --- What the parser calls

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._open.append(tag)
        depth = len(self._open)
        if depth > MAX_DEPTH:
            raise TableError(self._file, F.TOO_DEEP, limit=MAX_DEPTH)
        self._look_at(tag, attributes, depth)
        if tag == "table":
            self._start_table()
        elif self._tables and tag in {"td", "th"}:
            self._start_cell(dict(attributes))
        elif self._tables and tag == "tr":
            self._start_row(attributes)
        elif self._tables and self._tables[-1].cell is not None:
            self._start_inside(tag, attributes, depth)
        elif tag in _UNSHOWN and not self._unshown_from:
            self._unshown_from = depth

    def end(self, tag: str) -> None:
        depth = len(self._open)
        self._open.pop()
        if depth == self._unshown_from:
            self._unshown_from = 0
        if depth == self._kept_from:
            self._kept_from = 0
        if depth == self._hidden_from:
            self._hidden_from = 0
        if tag == "style":
            self._classes |= styles_in("".join(self._sheet))
            self._sheet.clear()
        if not self._tables:
            return
        if tag == "table":
            self._end_row()
            self._tables.pop()
        elif tag == "tr":
            self._end_row()
        elif tag in {"td", "th"}:
            self._end_cell()
        elif tag in _PARTS:
            self._next_part()
        elif tag in _BLOCKS and self._tables[-1].cell is not None:
            self._tables[-1].pieces.append("\v")

    def data(self, text: str) -> None:
        if self._open and self._open[-1] == "style":
            self._sheet_size += len(text)
            if self._sheet_size > MOST_STYLES:
                raise ValueError("no style sheet of a list")
            self._sheet.append(text)
        elif self._tables and not self._unshown_from:
            text = text.replace(" ", KEPT) if self._kept_from else text.replace("\v", " ")
            for table in self._tables:
                if table.cell is not None and self._reads(table):
                    table.pieces.append(text)

    def comment(self, text: str) -> None:
        """What Excel writes for itself stands in a comment."""
        self.since_1904 = self.since_1904 or _SINCE_1904.search(text) is not None

    def close(self) -> None:
        while self._tables:
            self._end_row()
            self._tables.pop()

    # --- Tables, rows and cells

    def _look_at(self, tag: str, attributes: Mapping[str, str], depth: int) -> None:
        """What an element says of the tables, rows and columns that it holds or stands for."""
        if tag in _PARTS and self._tables:
            self._next_part()
        elif tag in _COLUMNS and self._tables and self._tables[-1].cell is None:
            self._describe_columns(tag, attributes)
        elif tag == "x:date1904":
            self.since_1904 = True
        if not self._hidden_from and tag not in _OF_CELLS and self._is_hidden(attributes):
            self._hidden_from = depth

    def _is_hidden(self, attributes: Mapping[str, str]) -> bool:
        return "hidden" in attributes or style_of(attributes, self._classes).hidden

    def _next_part(self) -> None:
        table = self._tables[-1]
        table.part += 1
        table.taken.clear()

    def _describe_columns(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A `col`, or a `colgroup`, which speaks for its columns where it holds none of its own."""
        table = self._tables[-1]
        first = table.described + 1
        if tag == "col" or "span" in attributes:
            table.described = min(table.described + _span(attributes, "span"), MAX_COLUMNS)
        if self._wanted == table.number and (self._hidden_from or self._is_hidden(attributes)):
            self.hidden_columns.update(range(first, table.described + 1))

    def _start_table(self) -> None:
        self._count += 1
        if self._count > MOST_TABLES:
            raise TableError(self._file, F.TOO_MANY_TABLES, limit=MOST_TABLES)
        for table in self._tables:
            if table.cell is not None:
                table.pieces.append("\v")
        self._tables.append(_Table(self._count))
        if self._hidden_from or self._unshown_from:
            self.not_shown.add(self._count)

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        self._end_row()
        table = self._tables[-1]
        table.row += 1
        table.in_row = True
        table.column = 0
        table.cells, table.merges = {}, []
        table.shown = not (self._hidden_from or self._is_hidden(attributes))

    def _end_row(self) -> None:
        self._end_cell()
        table = self._tables[-1]
        if table.in_row and table.cells:
            ended = _Ended((table.row, table.cells), table.merges, table.part)
            self.rows.append((table.number, ended))
            table.count += 1
            if not table.shown and self._wanted:
                self.hidden.add(table.row)
        table.in_row = False

    def _reads(self, table: _Table) -> bool:
        """Whether the table's cells are of use: it is the one wanted, or all are and it is at its top."""
        return self._wanted == table.number if self._wanted else table.count < HEADER_WITHIN

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        table = self._tables[-1]
        if not table.in_row:
            self._start_row({})
        column = table.column + 1
        while table.taken.get(column, 0) >= table.row:
            column += 1
        table.column = column
        table.cell = attributes
        table.style = style_of(attributes, self._classes)
        table.pieces = []

    def _end_cell(self) -> None:
        table = self._tables[-1]
        if table.cell is None:
            return
        attributes, table.cell = table.cell, None
        column, row = table.column, table.row
        across = min(_span(attributes, "colspan"), MAX_COLUMNS) if "colspan" in attributes else 1
        down = _span(attributes, "rowspan") if "rowspan" in attributes else 1
        if down > 1:
            table.taken.update(
                dict.fromkeys(range(column, min(column + across, MAX_COLUMNS + 1)), row + down - 1)
            )
        table.column += across - 1
        if not self._reads(table):
            return
        cell = _cell(table, attributes, since_1904=self.since_1904)
        if cell:
            check_column(self._file, row, column)
            table.cells[column] = cell
            if down > 1:
                table.merges.append((column, row + down - 1))
            if self._wanted and table.shown and (table.style.hidden or "hidden" in attributes):
                self.hidden_columns.add(column)

    def _start_inside(self, tag: str, attributes: Mapping[str, str], depth: int) -> None:
        """An element within a cell."""
        table = self._tables[-1]
        if self._unshown_from:
            return
        if tag == "br" or tag in _BLOCKS:
            table.pieces.append("\v")
        elif tag in _FIELDS and attributes.get("type") != "hidden":
            table.cell = {**(table.cell or {}), "field": tag}
        if tag in _UNSHOWN or self._is_hidden(attributes):
            self._unshown_from = depth
        elif "mso-spacerun" in attributes.get("style", "") and not self._kept_from:
            self._kept_from = depth


def _cell(table: _Table, attributes: Mapping[str, str], *, since_1904: bool) -> str:
    if "field" in attributes:
        return SheetCell(f"<{attributes['field']}>", fault=F.PROGRAMS_OWN, readable=False)
    return cell_of(shown_text(table.pieces), attributes, table.style, since_1904=since_1904)


def _span(attributes: Mapping[str, str], name: str) -> int:
    """How many rows or columns a cell spans; what is no number is one."""
    said = attributes.get(name, "1").strip()
    return min(max(int(said), 1), _MOST_SPANNED) if said.isdecimal() and said.isascii() else 1
