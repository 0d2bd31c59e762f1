"""Rows out of SpreadsheetML, the XML of Excel 2002 and 2003 that is often called `.xls`, as shown.

It is read as a stream, each pass through the whole file. Comments, reading aids and everything of other name
spaces are left out. A formula that was never worked out and an error are cells with a fault, never empty.
"""

import re
from collections import deque
from collections.abc import Iterator

from ringfence.lists.faults import F, TableError

from .archive import CHUNK, xml_parser
from .cells import FORMULA_ZERO, NEVER_WORKED_OUT, date_cell, error_cell, written_number
from .encoding import encoding_of, start_of_text
from .named_formats import format_code, number_in
from .sheet import MAX_COLUMNS, MergedDown, Record, SheetRow, as_record, check_column
from .source import ListFile
from .stored import written_truth

MAX_DEPTH = 64
NAME_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = NAME_SPACE + " "
_EXCEL = "urn:schemas-microsoft-com:office:excel "
_VISIBLE = _EXCEL + "Visible"
_SINCE_1904 = _EXCEL + "Date1904"
_DECLARED = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._:-]+)")
_LAST = 1 << 24
"""Beyond every row that a sheet has."""
_TRUE = frozenset({"1", "true", "True"})


class SpreadsheetML:
    """A workbook; `sheets` are the names of its visible worksheets. Raises what `damaged_told` takes."""

    def __init__(self, source: ListFile, told: str = "") -> None:
        """`told` is the encoding that the person says the file is in."""
        self._source = source
        with source.open() as stream:
            start = stream.read(1024)
        declared = _DECLARED.search(start_of_text(start))
        of_file = declared[1].decode() if declared else "utf-8"
        self._encoding = encoding_of(source, told, of_file)
        self.encoding = self._encoding.name
        self.guessed = False
        reader = _Reader(source.name, None, {})
        for _ in self._parsed(reader):
            pass
        self._styles = reader.styles()
        self._since_1904 = reader.since_1904
        self.sheets = tuple(name for name in reader.names if name not in reader.not_shown)
        self.hidden_sheets = tuple(name for name in reader.names if name in reader.not_shown)
        self.hidden: set[int] = set()
        """Numbers of rows that the sheet read last does not show, such as filtered ones."""
        self.hidden_columns: set[int] = set()

    def _parsed(self, reader: "_Reader") -> Iterator[None]:
        # Parsers know the common encodings alone, so the text is theirs in UTF-8.
        parser = xml_parser("utf-8")
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.characters
        with self._encoding.texts(self._source) as texts:
            while text := texts.read(CHUNK):
                parser.Parse(text.removeprefix("\ufeff").encode(), False)
                yield
        parser.Parse(b"", True)
        yield

    def top(self, sheet: str) -> Iterator[Record]:
        """The rows as they stand in the file, merged cells empty but for the first."""
        return (as_record(row) for row in self._rows(sheet, MergedDown()))

    def records(self, sheet: str) -> Iterator[Record]:
        """All rows with content."""
        merged = MergedDown()
        return (merged.record(row) for row in self._rows(sheet, merged))

    def _rows(self, sheet: str, merged: MergedDown) -> Iterator[SheetRow]:
        reader = _Reader(self._source.name, sheet, self._styles)
        reader.since_1904 = self._since_1904
        self.hidden, self.hidden_columns = reader.hidden, reader.hidden_columns
        for _ in self._parsed(reader):
            while reader.rows:
                row, merges = reader.rows.popleft()
                yield row
                for column, last in merges:
                    merged.merge(column, last, row[1][column])


class _Reader:
    """The handlers of the parser: names of sheets and styles, or the rows of one sheet as they end."""

    def __init__(self, file: str, sheet: str | None, formats: dict[str, str]) -> None:
        self.names: list[str] = []
        self.not_shown: set[str] = set()
        self.rows: deque[tuple[SheetRow, list[tuple[int, int]]]] = deque()
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.since_1904 = False
        """Whether the workbook's days are counted from 1904: known once it was read to its end."""
        self._file = file
        self._sheet = sheet
        self._formats = formats
        self._own: dict[str, str] = {}
        self._parents: dict[str, str] = {}
        self._style = ""
        self._path: list[str] = []
        self._here = self._was_here = False
        self._row = self._column = 0
        self._row_format = ""
        self._column_formats: dict[int, str] = {}
        self._shown = True
        self._cells: dict[int, str] = {}
        self._merges: list[tuple[int, int]] = []
        self._cell: dict[str, str] = {}
        self._kind = ""
        self._pieces: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        path = self._path
        path.append(name)
        if len(path) > MAX_DEPTH:
            raise TableError(self._file, F.TOO_DEEP, limit=MAX_DEPTH)
        if name == _SINCE_1904:
            self.since_1904 = True
        if not name.startswith(_SS):
            return
        start = self._STARTS.get(name[len(_SS) :])
        if start is not None:
            start(self, {key.removeprefix(_SS): value for key, value in attributes.items()})

    def characters(self, text: str) -> None:
        if self._kind or self._path[-1] == _VISIBLE:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        self._path.pop()
        if name == _VISIBLE:
            if "".join(self._pieces).strip() in {"SheetHidden", "SheetVeryHidden"}:
                self.not_shown.add(self.names[-1])
            self._pieces.clear()
        elif name == _SS + "Worksheet":
            self._here = False
        elif not self._here:
            return
        elif name == _SS + "Data" and self._path[-1] == _SS + "Cell":
            self._end_data()
        elif name == _SS + "Cell":
            self._end_cell()
        elif name == _SS + "Row":
            self._end_row()

    # --- Sheets and styles

    def _worksheet(self, attributes: dict[str, str]) -> None:
        name = attributes.get("Name", "")
        # Of two that are called alike the first is meant.
        self._here = name == self._sheet and not self._was_here
        self._was_here = self._was_here or self._here
        self.names.append(name)
        self._row = self._column = 0

    def _start_style(self, attributes: dict[str, str]) -> None:
        self._style = attributes.get("ID", "")
        self._parents[self._style] = attributes.get("Parent", "")

    def _number_format(self, attributes: dict[str, str]) -> None:
        if self._path[-2] == _SS + "Style" and "Format" in attributes:
            self._own[self._style] = format_code(attributes["Format"])

    def styles(self) -> dict[str, str]:
        """The codes of number formats by style, its own or its parent's."""
        found = {}
        for style in self._parents:
            each, passed = style, set[str]()
            while each and each not in self._own and each not in passed:
                passed.add(each)
                each = self._parents.get(each, "")
            found[style] = self._own.get(each, "")
        return found

    # --- Rows

    def _table(self, attributes: dict[str, str]) -> None:
        if self._here:
            self._row_format = self._formats.get(attributes.get("StyleID", ""), "")
            self._table_format = self._row_format

    def _start_column(self, attributes: dict[str, str]) -> None:
        if not self._here:
            return
        first = int(attributes.get("Index", self._column + 1))
        last = first + int(attributes.get("Span", "0"))
        self._column = last
        for column in range(first, min(last, MAX_COLUMNS) + 1):
            if "StyleID" in attributes:
                self._column_formats[column] = self._formats.get(attributes["StyleID"], "")
            if attributes.get("Hidden") in _TRUE:
                self.hidden_columns.add(column)

    def _start_row(self, attributes: dict[str, str]) -> None:
        if not self._here:
            return
        number = int(attributes.get("Index", self._row + 1))
        if not self._row < number < _LAST:
            raise ValueError("rows out of order")
        self._row, self._column = number, 0
        self._row_style = attributes.get("StyleID", "")
        self._shown = attributes.get("Hidden") not in _TRUE
        self._span = int(attributes.get("Span", "0"))
        self._cells, self._merges = {}, []

    def _end_row(self) -> None:
        if self._cells:
            self.rows.append(((self._row, self._cells), self._merges))
            if not self._shown:
                self.hidden.add(self._row)
        self._row += self._span

    # --- Cells

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if not self._here:
            return
        self._cell = attributes
        column = int(attributes.get("Index", self._column + 1))
        if column <= self._column:
            raise ValueError("cells out of order")
        self._column = column
        self._value = ""
        self._has_data = False

    def _data(self, attributes: dict[str, str]) -> None:
        if self._here and self._path[-2] == _SS + "Cell":
            self._kind = attributes.get("Type", "String")
            self._pieces.clear()

    def _end_data(self) -> None:
        text = "".join(self._pieces)
        is_formula = "Formula" in self._cell
        self._value = _cell(self._kind, text, self._format(), is_formula, since_1904=self.since_1904)
        self._has_data = True
        self._kind = ""
        self._pieces.clear()

    def _end_cell(self) -> None:
        if "Formula" in self._cell and not self._has_data:
            self._value = NEVER_WORKED_OUT
        if self._value:
            check_column(self._file, self._row, self._column)
            self._cells[self._column] = self._value
            if down := int(self._cell.get("MergeDown", "0")):
                self._merges.append((self._column, self._row + down))
        self._column += int(self._cell.get("MergeAcross", "0"))

    def _format(self) -> str:
        """The format of the cell: its own, its row's, its column's or the table's."""
        style = self._cell.get("StyleID") or self._row_style
        if style:
            return self._formats.get(style, "")
        return self._column_formats.get(self._column, self._table_format)

    _table_format = ""
    _row_style = ""
    _span = 0
    _value = ""
    _has_data = False
    _STARTS = {  # noqa: RUF012 - never changed
        "Worksheet": _worksheet,
        "Style": _start_style,
        "NumberFormat": _number_format,
        "Table": _table,
        "Column": _start_column,
        "Row": _start_row,
        "Cell": _start_cell,
        "Data": _data,
    }


def _cell(kind: str, text: str, code: str, is_formula: bool, *, since_1904: bool) -> str:
    """A cell from its type, its text and its format; "" for one without content."""
    if kind == "String":
        return text
    if not text.strip():
        return NEVER_WORKED_OUT if is_formula else ""
    if kind == "Error":
        return error_cell(text)
    if kind == "Boolean":
        return written_truth(text)
    if kind == "DateTime":
        return date_cell(text.strip())
    value = written_number(text)
    if is_formula and value == 0:
        return FORMULA_ZERO
    return number_in(value, code, since_1904=since_1904)
