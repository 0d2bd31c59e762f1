"""Rows out of an XLSB workbook ([MS-XLSB]), each cell as the sheet shows it.

Cells may leave their column out and then follow the one before. Where records that are not known here stand
among the cells, some could be missing: such a workbook is refused. Not read: charts, pictures, macros.
"""

from collections.abc import Iterator
from enum import IntEnum
from functools import cached_property
from struct import Struct

from ringfence.lists.faults import F, TableError

from .archive import SHEET_LIMIT, SMALL_LIMIT, TEXTS_LIMIT, Archive
from .grid import Grid
from .held import Held
from .number_formats import BUILT_IN
from .package import main_part, relations
from .sheet import MAX_COLUMNS, Record
from .stored import Stored, numbered_error, packed_number, truth_cell

WORKBOOK = "xl/workbook.bin"


class Sort(IntEnum):
    """What a cell holds."""

    BLANK = 1
    PACKED = 2
    ERROR = 3
    TRUTH = 4
    NUMBER = 5
    TEXT = 6
    SHARED = 7
    RICH_TEXT = 62


_ROW = 0
_WITH_COLUMN = frozenset(Sort)
_FORMULAS = {8: Sort.TEXT, 9: Sort.NUMBER, 10: Sort.TRUTH, 11: Sort.ERROR}
_SHORT = {number: Sort(number - 11) for number in range(12, 19)}
"""Cells without their column."""
_TEXT_ITEM = 19
_FORMAT, _STYLE, _STYLES, _END_OF_STYLES = 44, 47, 617, 618
_COLUMNS, _MERGED = 60, 176
_CELLS, _END_OF_CELLS = 145, 146
_BOOK_SETTINGS, _SHEET, _CALCULATION = 153, 156, 157
_BESIDE_CELLS = frozenset({*range(35, 39), 40, 49, 50, 426, 427, 428})
"""What may stand among cells and holds none: what later versions add (within marks of their own), places in
the file, what is known about a cell, formulas of several cells."""
_LATER_VERSIONS = 1024
_HIDDEN_ROW = 0x10
_LONGEST_RECORD = 16 * 1024 * 1024
_NO_TEXT = 0xFFFF_FFFF
_WHOLE = Struct("<I")
_FLOAT = Struct("<d")
_TWO = Struct("<HH")
_FOUR = Struct("<IIII")


def is_xlsb(archive: Archive) -> bool:
    """Whether the archive holds a binary workbook, wherever in it."""
    return WORKBOOK in archive or main_part(archive, "").endswith(".bin")


class Xlsb:
    """A workbook; `sheets` are the names of its visible worksheets. Raises what `damaged_told` takes."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        book = main_part(archive, WORKBOOK)
        parts = relations(archive, book)
        self._parts: dict[str, str] = {}
        since_1904 = to_be_worked_out = False
        hidden: list[str] = []
        for kind, content in _records(archive, book, SMALL_LIMIT):
            if kind == _SHEET:
                state = _number_at(content, 0)
                relation, end = _text_at(content, 8)
                name, _ = _text_at(content, end)
                sort, target = parts[relation]
                if not sort.endswith("/worksheet"):
                    continue
                if state:
                    hidden.append(name)
                else:
                    self._parts[name] = target
            elif kind == _BOOK_SETTINGS:
                since_1904 = bool(content[0] & 1)
            elif kind == _CALCULATION:
                to_be_worked_out = bool(content[24] & 1)
        self.sheets = tuple(self._parts)
        self.hidden_sheets = tuple(hidden)
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._stored = Stored(since_1904=since_1904, to_be_worked_out=to_be_worked_out)
        self._texts_part = next((to for kind, to in parts.values() if kind.endswith("/sharedStrings")), "")
        self._styles_part = next((to for kind, to in parts.values() if kind.endswith("/styles")), "")

    def top(self, sheet: str) -> Iterator[Record]:
        """The rows as they stand in the file, merged cells empty but for the first."""
        return iter(self._grid(sheet).rows())

    def records(self, sheet: str) -> Iterator[Record]:
        """All rows with content."""
        return self._grid(sheet).records()

    def _grid(self, sheet: str) -> Grid:
        reader = _SheetReader(self, self._archive.file)
        for kind, content in _records(self._archive, self._parts[sheet], SHEET_LIMIT):
            reader.take(kind, content)
        self.hidden, self.hidden_columns = reader.hidden, reader.hidden_columns
        return reader.grid

    def number(self, value: float, style: int, *, is_formula: bool) -> str:
        """A number in its style's format."""
        code = self._codes[style] if style < len(self._codes) else ""
        return self._stored.number(value, code, is_formula=is_formula)

    @cached_property
    def texts(self) -> list[str]:
        """The texts that cells refer to by number."""
        texts: list[str] = []
        held = Held(self._archive.file)
        if self._texts_part:
            for kind, content in _records(self._archive, self._texts_part, TEXTS_LIMIT):
                if kind == _TEXT_ITEM:
                    text, _ = _text_at(content, 1)
                    held.cells((text,))
                    texts.append(text)
        return texts

    @cached_property
    def _codes(self) -> list[str]:
        """The codes of number formats by style; "" for numbers as they are."""
        codes = dict(BUILT_IN)
        styles: list[str] = []
        within = False
        if not self._styles_part:
            return styles
        for kind, content in _records(self._archive, self._styles_part, SMALL_LIMIT):
            if kind == _FORMAT:
                codes[int.from_bytes(content[:2], "little")] = _text_at(content, 2)[0]
            elif kind in {_STYLES, _END_OF_STYLES}:
                within = kind == _STYLES
            elif kind == _STYLE and within:
                code = codes.get(_TWO.unpack_from(content)[1], "")
                styles.append("" if code == "General" else code)
        return styles


class _SheetReader:
    """The cells of one sheet, record by record."""

    def __init__(self, book: Xlsb, file: str) -> None:
        self.grid = Grid(file)
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._book = book
        self._file = file
        self._row = self._column = 0
        self._among_cells = self._is_hidden = False

    def take(self, kind: int, content: bytes) -> None:
        """The next record of the sheet."""
        if self._among_cells:
            self._among(kind, content)
        elif kind == _CELLS:
            self._among_cells = True
        elif kind == _MERGED:
            first, last, column, last_column = _FOUR.unpack_from(content)
            self.grid.merge(first + 1, last + 1, column + 1, last_column + 1)
        elif kind == _COLUMNS:
            first, last, _width, _style = _FOUR.unpack_from(content)
            if content[16] & 1:
                self.hidden_columns.update(range(first + 1, min(last, MAX_COLUMNS) + 2))

    def _among(self, kind: int, content: bytes) -> None:
        if kind in _SHORT:
            self._column += 1
            self._put(_SHORT[kind], content[:3], content[4:], is_formula=False)
        elif kind in _WITH_COLUMN or kind in _FORMULAS:
            self._column = _number_at(content, 0) + 1
            sort = _FORMULAS.get(kind, kind)
            self._put(sort, content[4:7], content[8:], is_formula=kind in _FORMULAS)
        elif kind == _ROW:
            self._row, self._column = _number_at(content, 0) + 1, 0
            self._is_hidden = bool(content[11] & _HIDDEN_ROW)
        elif kind == _END_OF_CELLS:
            self._among_cells = False
        elif kind not in _BESIDE_CELLS and kind < _LATER_VERSIONS:
            raise TableError(self._file, F.OTHER_SPREADSHEET, what="xlsb")

    def _put(self, sort: int, style: bytes, value: bytes, *, is_formula: bool) -> None:
        if cell := self._cell(sort, style, value, is_formula=is_formula):
            self.grid.put(self._row, self._column, cell)
            if self._is_hidden:
                self.hidden.add(self._row)

    def _cell(self, sort: int, style: bytes, value: bytes, *, is_formula: bool) -> str:
        match sort:
            case Sort.SHARED:
                return self._book.texts[_number_at(value, 0)]
            case Sort.NUMBER | Sort.PACKED:
                packed = sort == Sort.PACKED
                number = packed_number(_number_at(value, 0)) if packed else _FLOAT.unpack_from(value)[0]
                return self._book.number(number, int.from_bytes(style, "little"), is_formula=is_formula)
            case Sort.TEXT:
                return _text_at(value, 0)[0]
            case Sort.RICH_TEXT:
                return _text_at(value, 1)[0]
            case Sort.TRUTH:
                return truth_cell(bool(value[0]))
            case Sort.ERROR:
                return numbered_error(value[0])
        return ""


def _records(archive: Archive, part: str, limit: int) -> Iterator[tuple[int, bytes]]:
    """The records of a part: kind and content. Raises ValueError for one that is cut off or endless."""
    rest = b""
    for piece in archive.chunks(part, limit):
        held = rest + piece
        at, end = 0, len(held)
        while at < end:
            kind, size, start = _head(held, at)
            stop = start + size
            if size > _LONGEST_RECORD:
                raise ValueError("a record without end")
            if not start or stop > end:
                break
            yield kind, held[start:stop]
            at = stop
        rest = held[at:]
    if rest:
        raise ValueError("a part ends within a record")


def _head(held: bytes, at: int) -> tuple[int, int, int]:
    """A record's kind, its size and where its content begins; 0 for that where the head is not whole."""
    kind = held[at]
    at += 1
    if kind & 0x80:
        if at == len(held):
            return 0, 0, 0
        kind = kind & 0x7F | (held[at] & 0x7F) << 7
        at += 1
    size = 0
    for place in range(4):
        if at == len(held):
            return 0, 0, 0
        byte = held[at]
        at += 1
        size |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            break
    return kind, size, at


def _number_at(content: bytes, at: int) -> int:
    number: int = _WHOLE.unpack_from(content, at)[0]
    return number


def _text_at(content: bytes, at: int) -> tuple[str, int]:
    """A text and where it ends. Raises ValueError for one that is cut off."""
    count = _number_at(content, at)
    at += 4
    if count == _NO_TEXT:
        return "", at
    end = at + 2 * count
    if end > len(content):
        raise ValueError("a text is cut off")
    return content[at:end].decode("utf-16-le", "replace"), end
