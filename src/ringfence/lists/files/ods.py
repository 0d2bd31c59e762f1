"""Rows out of an ODS workbook (OpenDocument 1.2 and later), each cell as the sheet shows it.

Comments are left out, tabs, line breaks and spaces of a text are kept, and white space between elements
means nothing. A formula that was never worked out and an error are cells with a fault, never empty.
"""

import re
from collections import deque
from collections.abc import Iterator

from ringfence.lists.faults import F, TableError

from .archive import SHEET_LIMIT, SMALL_LIMIT, Archive, xml_parser
from .cells import (
    FORMULA_ZERO,
    NEVER_WORKED_OUT,
    SheetCell,
    date_cell,
    error_cell,
    number_cell,
    percentage,
    plain_number,
    written_number,
)
from .grid import Grid
from .sheet import MAX_COLUMNS, Record, SheetRow, as_record, check_column
from .stored import written_truth

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
CONTENT = "content.xml"
MANIFEST = "META-INF/manifest.xml"
MOST_REPEATED = 1000
"""Rows with the same content, filled down: more are a sheet that was filled to its end by mistake."""
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0 "
_DRAW = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0 "
_DR3D = "urn:oasis:names:tc:opendocument:xmlns:dr3d:1.0 "
_CALC_EXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_CELLS = frozenset({_TABLE + "table-cell", _TABLE + "covered-table-cell"})
_ASIDE = (_OFFICE + "annotation", _DRAW, _DR3D, _TEXT + "ruby-text")
"""How the names begin of what lies on a cell and is not its content: comments, drawings and reading aids."""
_PARAGRAPHS = frozenset({_TEXT + "p", _TEXT + "h"})
_OF_LISTS = _CELLS | _PARAGRAPHS | {_TABLE + "table-row"}
"""What nearly all of a list is made of."""
_GAPS = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_INDENTED = re.compile("[ \t\r\n]*\n[ \t\r\n]*[ \t]")
"""A line break with white space behind it: what a program that lays XML out in lines puts into a paragraph.

To OpenDocument any white space there is one space. Many programs write spaces and line breaks of a text as
they are, and spreadsheets show them so.
"""
_ERROR = re.compile(r"#[A-Z0-9/]+[!?]?|Err:[0-9]{3}")
_DURATION = re.compile(r"PT([0-9]+)H([0-9]+)M([0-9]+)(?:[.,][0-9]+)?S")


def has_password(archive: Archive) -> bool:
    """Whether the workbook is encrypted."""
    return any(b"encryption-data" in piece for piece in archive.chunks(MANIFEST, SMALL_LIMIT))


class Ods:
    """A workbook; `sheets` are the names of its visible tables. Raises what `damaged_told` takes."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        reader = _Reader(archive.file, None)
        for _ in self._parsed(reader):
            pass
        self.sheets = tuple(reader.visible)
        self.hidden_sheets = tuple(reader.not_shown)
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()

    def _parsed(self, reader: "_Reader") -> Iterator[None]:
        parser = xml_parser()
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.characters
        return self._archive.parsed(CONTENT, SHEET_LIMIT, parser)

    def top(self, sheet: str) -> Iterator[Record]:
        """The rows as they stand in the file, merged cells empty but for the first."""
        return self._rows(_Reader(self._archive.file, sheet))

    def records(self, sheet: str) -> Iterator[Record]:
        """All rows with content."""
        reader = _Reader(self._archive.file, sheet)
        for record in self._rows(reader):
            reader.grid.add(record)
        self.hidden, self.hidden_columns = reader.hidden, reader.hidden_columns
        return reader.grid.records()

    def _rows(self, reader: "_Reader") -> Iterator[Record]:
        """The rows as they end; repeated ones are made one by one, so that they are counted as they come."""
        for _ in self._parsed(reader):
            while reader.rows:
                row, count, shown = reader.rows.popleft()
                first, cells = as_record(row)
                for number in range(first, first + count):
                    if not shown:
                        reader.hidden.add(number)
                    yield number, cells


class _Reader:
    """The handlers of the content's parser: names of tables, or the rows of one of them as they end."""

    def __init__(self, file: str, sheet: str | None) -> None:
        self.visible: list[str] = []
        self.not_shown: list[str] = []
        self.rows: deque[tuple[SheetRow, int, bool]] = deque()
        """Rows with how often they are repeated, and whether they are shown."""
        self.grid = Grid(file)
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._file = file
        self._sheet = sheet
        self._hidden: set[str] = set()
        self._style = ""
        self._here = False
        self._depth = 0  # of tables within tables
        self._row = self._column = 0
        self._row_repeat = self._repeat = 1
        self._shown = True
        self._cells: dict[int, str] = {}
        self._cell: dict[str, str] | None = None
        self._aside = 0
        self._paragraphs: list[list[str]] = []
        self._within = 0  # of paragraphs

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _TABLE + "table":
            self._start_table(attributes)
        elif name == _STYLE + "style":
            self._style = attributes.get(_STYLE + "name", "")
        elif name == _STYLE + "table-properties" and attributes.get(_TABLE + "display") == "false":
            self._hidden.add(self._style)
        elif self._here and (self._aside or name not in _OF_LISTS) and name.startswith(_ASIDE):
            self._aside += 1
        elif self._here and not self._aside:
            self._start_inside(name, attributes)

    def _start_table(self, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > 1:
            if self._here and not self._aside:
                raise ValueError("a table in a cell")
            return
        title = attributes.get(_TABLE + "name", "")
        if self._sheet is None:
            hidden = attributes.get(_TABLE + "style-name", "") in self._hidden
            (self.not_shown if hidden else self.visible).append(title)
        self._here = title == self._sheet
        self._row = self._column = 0

    def _start_inside(self, name: str, attributes: dict[str, str]) -> None:
        if name == _TABLE + "table-row":
            self._row_repeat = _count(attributes, "number-rows-repeated")
            self._column, self._cells = 0, {}
            self._shown = attributes.get(_TABLE + "visibility", "visible") == "visible"
        elif name in _CELLS:
            self._repeat = _count(attributes, "number-columns-repeated")
            self._cell, self._paragraphs = attributes, []
        elif name == _TABLE + "table-column":
            first = self._column + 1
            self._column += _count(attributes, "number-columns-repeated")
            if attributes.get(_TABLE + "visibility", "visible") != "visible":
                self.hidden_columns.update(range(first, min(self._column, MAX_COLUMNS) + 1))
        elif self._cell is not None:
            if name in _PARAGRAPHS:
                self._within += 1
                self._paragraphs.append([])
            elif self._within:
                self._paragraphs[-1].append(_gap(name, attributes))

    def characters(self, text: str) -> None:
        if self._within and not self._aside:
            self._paragraphs[-1].append(_INDENTED.sub(" ", text))

    def end(self, name: str) -> None:
        if name == _TABLE + "table":
            self._depth -= 1
            self._here = self._here and self._depth > 0
        elif not self._here:
            return
        elif self._aside:
            self._aside -= name.startswith(_ASIDE)
        elif name in _PARAGRAPHS:
            self._within = max(0, self._within - 1)
        elif name in _CELLS and self._cell is not None:
            self._end_cell(self._cell)
        elif name == _TABLE + "table-row":
            self._end_row()

    def _end_cell(self, attributes: dict[str, str]) -> None:
        text = "\n".join("".join(pieces) for pieces in self._paragraphs)
        cell = _cell(attributes, text, written=bool(self._paragraphs))
        first = self._column + 1
        if cell:
            check_column(self._file, self._row + 1, self._column + self._repeat)
            for column in range(first, first + self._repeat):
                self._cells[column] = cell
        down, across = _count(attributes, "number-rows-spanned"), _count(attributes, "number-columns-spanned")
        self.grid.merge(self._row + 1, self._row + down, first, first + across - 1)
        self._column += self._repeat
        self._cell = None

    def _end_row(self) -> None:
        if self._cells:
            if self._row_repeat > MOST_REPEATED:
                raise TableError(self._file, F.REPEATED_ROW, self._row + 1, count=self._row_repeat)
            self.rows.append(((self._row + 1, self._cells), self._row_repeat, self._shown))
        self._row += self._row_repeat


def _count(attributes: dict[str, str], name: str) -> int:
    """How often something is repeated, or how far it reaches. Raises ValueError for no such number."""
    count = int(attributes.get(_TABLE + name, "1"))
    if count < 1:
        raise ValueError("neither repeated nor there")
    return count


def _gap(name: str, attributes: dict[str, str]) -> str:
    """The spaces, tab or break that an element stands for."""
    if name == _TEXT + "s":
        return " " * min(int(attributes.get(_TEXT + "c", "1")), MOST_REPEATED)
    return _GAPS.get(name, "")


def _cell(attributes: dict[str, str], text: str, *, written: bool) -> str:
    """A cell from its attributes and paragraphs, if any are `written`; "" for one without content."""
    kind = attributes.get(_OFFICE + "value-type", "")
    formula = _TABLE + "formula" in attributes
    worked_out = formula or kind not in {"", "string"}
    if attributes.get(_CALC_EXT + "value-type") == "error" or (worked_out and _ERROR.fullmatch(text)):
        return error_cell(text or "#N/A")
    if kind == "string":
        return text or attributes.get(_OFFICE + "string-value", "")
    if formula and not text:
        return NEVER_WORKED_OUT
    if kind in {"float", "currency", "percentage"}:
        value = written_number(attributes[_OFFICE + "value"])
        if kind == "percentage":
            return percentage(value)
        if formula and value == 0:
            return FORMULA_ZERO
        if written and not text:
            return SheetCell(plain_number(value), fault=F.FORMATTED_NUMBER)  # its format hides it
        # Programs that know no formats write `1955839661.0`, which is the number and nothing that it shows.
        return number_cell(value, text) if text and text != str(value) else plain_number(value)
    if kind == "date":
        return date_cell(attributes[_OFFICE + "date-value"])
    if kind == "time":
        found = _DURATION.fullmatch(attributes[_OFFICE + "time-value"])
        return SheetCell(f"{found[1]}:{found[2]}:{found[3]}" if found else text, fault=F.DATE_CELL)
    if kind == "boolean":
        return written_truth(attributes.get(_OFFICE + "boolean-value", text))
    return text
