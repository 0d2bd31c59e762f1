"""Rows out of an XLSX workbook (ECMA-376, transitional or strict), each cell as the sheet shows it.

Cells and rows that carry no place follow the one before. A formula that was never worked out and an error are
cells with a fault, never empty. Not read: charts, pictures, macros, what other workbooks hold.
"""

import re
from collections import deque
from collections.abc import Iterator
from functools import cached_property

from .archive import SHEET_LIMIT, TEXTS_LIMIT, Archive, local, xml_parser
from .cells import NEVER_WORKED_OUT, date_cell, error_cell, written_number
from .grid import Grid
from .held import Held
from .number_formats import BUILT_IN
from .package import main_part, relations
from .sheet import MAX_COLUMNS, Record, SheetRow, as_record, check_column
from .stored import Stored, written_truth

WORKBOOK = "xl/workbook.xml"
CONTENT_TYPES = "[Content_Types].xml"
_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile("_x(00[01][0-9A-F]|005F)_", re.IGNORECASE)
"""What XML cannot hold, and the underscore of what only looks like an escape.

No program that escapes writes others; one that escapes nothing leaves a `_x0020_` as somebody typed it.
"""


def is_xlsx(archive: Archive) -> bool:
    """Whether the archive holds a workbook, wherever in it."""
    return WORKBOOK in archive or any(
        name == "Override" and each.get("ContentType", "").endswith(".sheet.main+xml")
        for name, each in (archive.elements(CONTENT_TYPES) if CONTENT_TYPES in archive else [])
    )


class Xlsx:
    """A workbook; `sheets` are the names of its visible worksheets. Raises what `damaged_told` takes."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        book = main_part(archive, WORKBOOK)
        elements = archive.elements(book)
        parts = relations(archive, book)
        self._parts: dict[str, str] = {}
        hidden: list[str] = []
        for name, each in elements:
            if name != "sheet":
                continue
            shown = each.get("state", "visible") == "visible"
            relation = next((value for key, value in each.items() if local(key) == "id"), "")
            kind, target = parts[relation]
            if kind.endswith("/worksheet") and shown:
                self._parts[each["name"]] = target
            elif kind.endswith("/worksheet"):
                hidden.append(each["name"])
        self.sheets = tuple(self._parts)
        self.hidden_sheets = tuple(hidden)
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()
        settings = {name: each for name, each in elements if name in {"workbookPr", "calcPr"}}
        self._stored = Stored(
            since_1904=settings.get("workbookPr", {}).get("date1904") in {"1", "true"},
            to_be_worked_out=settings.get("calcPr", {}).get("fullCalcOnLoad") in {"1", "true"},
        )
        self._texts_part = next((to for kind, to in parts.values() if kind.endswith("/sharedStrings")), "")
        self._styles_part = next((to for kind, to in parts.values() if kind.endswith("/styles")), "")

    # --- Rows

    def top(self, sheet: str) -> Iterator[Record]:
        """The rows as they stand in the file, merged cells empty but for the first."""
        return (as_record(row) for row in self._rows(sheet, Grid(self._archive.file)))

    def records(self, sheet: str) -> Iterator[Record]:
        """All rows with content."""
        grid = Grid(self._archive.file)
        for row in self._rows(sheet, grid):
            grid.add(as_record(row))
        return grid.records()

    def _rows(self, sheet: str, grid: Grid) -> Iterator[SheetRow]:
        self.hidden.clear()
        self.hidden_columns.clear()
        reader = _SheetReader(self, self._archive.file, grid)
        parser = xml_parser()
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.characters
        for _ in self._archive.parsed(self._parts[sheet], SHEET_LIMIT, parser):
            while reader.rows:
                yield reader.rows.popleft()

    # --- Cells

    def cell(self, kind: str, style: str, text: str, is_formula: bool) -> str:
        """A cell from its type, style and value; "" for one without content."""
        if kind == "inlineStr" or kind == "str":
            return _unescaped(text)
        if not text:
            return NEVER_WORKED_OUT if is_formula else ""
        if kind == "s":
            return self._texts[_whole(text)]
        if kind == "e":
            return error_cell(text)
        if kind == "b":
            return written_truth(text)
        if kind == "d":
            return date_cell(text)
        value = written_number(text)
        return self._stored.number(value, self._formats.get(int(style or "0"), ""), is_formula=is_formula)

    @cached_property
    def _texts(self) -> list[str]:
        """The texts that cells refer to by number."""
        if not self._texts_part:
            return []
        texts: list[str] = []
        held = Held(self._archive.file)
        pieces: list[str] = []
        inside = [False, False]  # within a text; within a reading aid

        def start(name: str, _attributes: dict[str, str]) -> None:
            match local(name):
                case "t":
                    inside[0] = True
                case "rPh":
                    inside[1] = True
                case "si":
                    pieces.clear()

        def end(name: str) -> None:
            match local(name):
                case "t":
                    inside[0] = False
                case "rPh":
                    inside[1] = False
                case "si":
                    text = _unescaped("".join(pieces))
                    held.cells((text,))
                    texts.append(text)

        parser = xml_parser()
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = lambda text: pieces.append(text) if inside == [True, False] else None
        for _ in self._archive.parsed(self._texts_part, TEXTS_LIMIT, parser):
            pass
        return texts

    @cached_property
    def _formats(self) -> dict[int, str]:
        """The codes of number formats by style; those of numbers as they are stay out."""
        if not self._styles_part or self._styles_part not in self._archive:
            return {}
        codes = dict(BUILT_IN)
        styles: dict[int, str] = {}
        number = -1
        for name, each in self._archive.elements(self._styles_part):
            if name == "numFmt" and "numFmtId" in each:
                codes[int(each["numFmtId"])] = each.get("formatCode", "")
            elif name in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
                number = 0 if name == "cellXfs" else -1
            elif name == "xf" and number >= 0:
                if code := codes.get(int(each.get("numFmtId", "0")), ""):
                    styles[number] = code
                number += 1
        return styles


class _SheetReader:
    """The handlers of a sheet's parser: rows are gathered in `rows` as they end."""

    def __init__(self, book: Xlsx, file: str, grid: Grid) -> None:
        self.rows: deque[SheetRow] = deque()
        self._book = book
        self._file = file
        self._grid = grid
        self._row = self._column = 0
        self._placed = self._is_hidden = False
        self._here = ""
        """The number of the row as its cells write it."""
        self._cells: dict[int, str] = {}
        self._kind = self._style = ""
        self._formula = self._inside = self._aid = False
        self._pieces: list[str] = []
        self._columns: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name == "v" or name == "t":
            self._inside = not self._aid
        elif name == "c":
            self._kind = attributes.get("t", "")
            self._style = attributes.get("s", "")
            self._formula = False
            self._pieces.clear()
            self._column = self._column_at(attributes["r"]) if "r" in attributes else self._column + 1
            if self._column in self._cells:
                raise ValueError("a cell that stands twice")
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._placed = "r" in attributes
            row = _whole(attributes["r"]) if self._placed else self._row + 1
            if row <= self._row:
                raise ValueError("rows out of order")
            self._row, self._here = row, ""
            self._column = 0
            self._cells = {}
            self._is_hidden = attributes.get("hidden") in {"1", "true"}
        elif name == "rPh":
            self._aid = True
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            last = min(int(attributes["max"]), MAX_COLUMNS)
            self._book.hidden_columns.update(range(int(attributes["min"]), last + 1))
        elif name == "mergeCell" and (found := _RANGE.fullmatch(attributes.get("ref", ""))):
            first, last = self._number_of(found[1]), self._number_of(found[3])
            self._grid.merge(int(found[2]), int(found[4]), first, last)

    def characters(self, text: str) -> None:
        if self._inside:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        name = local(name)
        if name == "v" or name == "t":
            self._inside = False
        elif name == "c":
            text = "".join(self._pieces)
            if text or self._formula:
                cell = self._book.cell(self._kind, self._style, text, self._formula)
                if cell:
                    check_column(self._file, self._row, self._column)
                    self._cells[self._column] = cell
        elif name == "rPh":
            self._aid = False
        elif name == "row" and self._cells:
            self.rows.append((self._row, self._cells))
            if self._is_hidden:
                self._book.hidden.add(self._row)

    def _column_at(self, place: str) -> int:
        found = _PLACE.fullmatch(place)
        if found is None:
            raise ValueError(f"no place of a cell: {place[:20]}")
        if found[2] != self._here:
            row = _whole(found[2])
            if row < self._row or (self._placed and row > self._row):
                raise ValueError("a cell in a row of another number")
            self._row, self._placed, self._here = row, True, found[2]
        return self._number_of(found[1])

    def _number_of(self, letters: str) -> int:
        number = self._columns.get(letters)
        if number is None:
            number = 0
            for letter in letters.upper():
                number = number * 26 + ord(letter) - 64
            self._columns[letters] = number
        return number


def _whole(text: str) -> int:
    """A whole number from 0. Raises ValueError for what is none."""
    if not (text.isascii() and text.strip().isdecimal()):
        raise ValueError(f"no number: {text[:20]}")
    return int(text)


def _unescaped(text: str) -> str:
    """A text without the escapes that XLSX has for characters beyond XML."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
