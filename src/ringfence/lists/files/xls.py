"""Rows out of an XLS workbook (BIFF8, Excel 97 to 2003, [MS-XLS]), each cell as the sheet shows it.

Programs may write cells in any order, so a sheet is read to its end before its first row is known. A formula
that was never worked out and an error are cells with a fault, never empty. Not read: charts, macros.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import chain, takewhile
from struct import Struct

from ringfence.lists.faults import F, TableError

from .biff import Piece, R, Texts, records, short_text_at, substream, text_at
from .cells import NEVER_WORKED_OUT
from .compound import Compound, Stream
from .grid import Grid
from .held import Held
from .number_formats import BUILT_IN, UNKNOWN
from .sheet import Record
from .source import ListFile
from .stored import Stored, numbered_error, packed_number, truth_cell

STREAM = "workbook"
OLD_STREAM = "book"
_BIFF8 = 0x0600
_WORKSHEET = 0
_SHOWN = 0
_HIDDEN_ROW = 0x20
_HIDDEN_COLUMN = 0x01
_NUMBER = Struct("<d")
_PLACE = Struct("<HHH")
_PACKED = Struct("<HI")
_SHARED = Struct("<HHHI")
_MERGE = Struct("<HHHH")
_SHEET_PLACE = Struct("<IBB")
_TWO = Struct("<HH")
_ROW_FLAGS = 12
_NO_NUMBER = b"\xff\xff"
_TEXT, _TRUTH, _ERROR, _EMPTY = range(4)
"""What a formula gives where that is no number."""


def refuse_others(compound: Compound, file: str) -> None:
    """Raises TableError for a workbook that is older or encrypted; ValueError for none at all."""
    if STREAM not in compound.names:
        raise TableError(file, F.OTHER_SPREADSHEET, what="old_xls")
    beginning = records(compound.stream(STREAM))
    first = next(beginning, None)
    if first is None or first.kind != R.BEGIN:
        raise ValueError("no beginning of a workbook")
    if int.from_bytes(first.content[:2], "little") != _BIFF8:
        raise TableError(file, F.OTHER_SPREADSHEET, what="old_xls")
    if any(each.kind == R.ENCRYPTED for each in takewhile(lambda each: each.kind != R.EOF, beginning)):
        raise TableError(file, F.PASSWORD)


class Xls:
    """A workbook; `sheets` are the names of its visible worksheets. Raises what `damaged_told` takes."""

    def __init__(self, source: ListFile) -> None:
        self._file = source.name
        compound = Compound(source)
        refuse_others(compound, self._file)
        self._stream: Stream = compound.stream(STREAM)
        self._places: dict[str, int] = {}
        self._formats: list[int] = []
        self._codes = dict(BUILT_IN)
        self._texts_at = -1
        self._since_1904 = self._worked_out = False
        hidden: list[str] = []
        for record in substream(self._stream, 0):
            self._take(record, hidden)
        self.sheets = tuple(self._places)
        self.hidden_sheets = tuple(hidden)
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._read: tuple[str, Grid] | None = None

    def _take(self, record: Piece, hidden: list[str]) -> None:
        """What a record says of the whole workbook."""
        content = record.content
        match record.kind:
            case R.SHEET:
                place, state, kind = _SHEET_PLACE.unpack_from(content)
                name = short_text_at(content, 6)
                if kind == _WORKSHEET and state & 3 == _SHOWN:
                    self._places[name] = place
                elif kind == _WORKSHEET:
                    hidden.append(name)
            case R.STYLE:
                self._formats.append(_TWO.unpack_from(content)[1])
            case R.FORMAT:
                self._codes[int.from_bytes(content[:2], "little")] = _code(content)
            case R.DATE_SYSTEM:
                self._since_1904 = content[:1] == b"\x01"
            case R.WORKED_OUT_BY:
                self._worked_out = True
            case R.TEXTS:
                self._texts_at = record.place

    # --- Rows

    def top(self, sheet: str) -> Iterator[Record]:
        """The rows as they stand in the file, merged cells empty but for the first."""
        return iter(self._grid(sheet).rows())

    def records(self, sheet: str) -> Iterator[Record]:
        """All rows with content."""
        grid = self._grid(sheet)
        self._read = None
        return grid.records()

    def _grid(self, sheet: str) -> Grid:
        if self._read is None or self._read[0] != sheet:
            self._read = None
            reader = _SheetReader(self, self._file)
            reader.read(substream(self._stream, self._places[sheet]))
            self.hidden, self.hidden_columns = reader.hidden, reader.hidden_columns
            self._read = sheet, reader.grid
        return self._read[1]

    # --- Cells

    def code(self, style: int) -> str:
        """The code of a style's number format; "" for numbers as they are."""
        return self._code_of_style[style] if style < len(self._code_of_style) else ""

    @cached_property
    def _code_of_style(self) -> list[str]:
        codes = [self._codes.get(number, "") for number in self._formats]
        return ["" if code == "General" else code for code in codes]

    @cached_property
    def texts(self) -> list[str]:
        """The texts that cells refer to by number."""
        if self._texts_at < 0:
            return []
        found = records(self._stream, self._texts_at)
        first = next(found)
        continued = takewhile(lambda each: each.kind == R.CONTINUE, found)
        texts = Texts(chain([first.content], (each.content for each in continued)))
        texts.skip(8)
        return list(_all(texts, Held(self._file)))

    def stored(self, *, worked_out: bool) -> Stored:
        """How numbers are meant; whether formulas were worked out is said by the sheet."""
        return Stored(since_1904=self._since_1904, to_be_worked_out=not worked_out)

    @property
    def empty_result(self) -> str:
        """What a formula is that gives an empty text: programs that work none out write just that."""
        return "" if self._worked_out else NEVER_WORKED_OUT


def _code(content: bytes) -> str:
    """The code of a number format; one that shows nobody knows what where it is cut off."""
    try:
        return text_at(content, 2)
    except ValueError:
        return UNKNOWN


def _all(texts: Texts, held: Held) -> Iterator[str]:
    while texts.more():
        text = texts.rich()
        held.cells((text,))
        yield text


class _SheetReader:
    """The cells of one sheet, record by record."""

    def __init__(self, book: Xls, file: str) -> None:
        self.grid = Grid(file)
        self.hidden: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._book = book
        self._stored = book.stored(worked_out=True)
        self._waiting: tuple[int, int] | None = None
        self._pieces: list[bytes] = []

    def read(self, found: Iterable[Piece]) -> None:
        """All records of the sheet."""
        taken: dict[int, Callable[[bytes], None]] = {
            R.SHARED_TEXT: self._shared_text,
            R.NUMBER: self._number,
            R.PACKED_NUMBER: self._packed_number,
            R.NUMBERS: self._numbers,
            R.FORMULA: self._formula,
            R.FORMULA_AS_IN_3: self._formula,
            R.FORMULA_AS_IN_4: self._formula,
            R.TEXT: self._text,
            R.RICH_TEXT: self._text,
            R.TRUTH_OR_ERROR: self._truth_or_error,
            R.FORMULA_TEXT: self._formula_text,
            R.CONTINUE: self._continued,
            R.ROW: self._row,
            R.COLUMNS: self._columns,
            R.MERGED: self._merged,
            R.NOT_WORKED_OUT: self._not_worked_out,
        }
        for kind, _place, content in found:
            take = taken.get(kind)
            if self._pieces and kind != R.CONTINUE:
                self._end_text()
            if take is not None:
                take(content)
        self._end_text()

    def _shared_text(self, content: bytes) -> None:
        row, column, _style, number = _SHARED.unpack_from(content)
        self.grid.put(row + 1, column + 1, self._book.texts[number])

    def _number(self, content: bytes) -> None:
        row, column, style = _PLACE.unpack_from(content)
        self._put_number(row, column, style, _NUMBER.unpack_from(content, 6)[0])

    def _packed_number(self, content: bytes) -> None:
        row, column = _TWO.unpack_from(content)
        style, packed = _PACKED.unpack_from(content, 4)
        self._put_number(row, column, style, packed_number(packed))

    def _numbers(self, content: bytes) -> None:
        row, column = _TWO.unpack_from(content)
        for place, (style, packed) in enumerate(_PACKED.iter_unpack(content[4:-2])):
            self._put_number(row, column + place, style, packed_number(packed))

    def _put_number(self, row: int, column: int, style: int, value: float) -> None:
        self.grid.put(row + 1, column + 1, self._stored.number(value, self._book.code(style)))

    def _text(self, content: bytes) -> None:
        row, column, _style = _PLACE.unpack_from(content)
        self.grid.put(row + 1, column + 1, text_at(content, 6))

    def _truth_or_error(self, content: bytes) -> None:
        row, column, _style = _PLACE.unpack_from(content)
        value, is_error = content[6], content[7]
        self.grid.put(row + 1, column + 1, numbered_error(value) if is_error else truth_cell(bool(value)))

    def _formula(self, content: bytes) -> None:
        row, column, style = _PLACE.unpack_from(content)
        self.grid.put(row + 1, column + 1, self._result(content[6:14], style))
        self._waiting = (row + 1, column + 1) if content[12:14] == _NO_NUMBER and not content[6] else None

    def _result(self, value: bytes, style: int) -> str:
        if value[6:] != _NO_NUMBER:
            return self._stored.number(_NUMBER.unpack(value)[0], self._book.code(style), is_formula=True)
        match value[0]:
            case 1:
                return truth_cell(bool(value[2]))
            case 2:
                return numbered_error(value[2])
            case 3:
                return self._book.empty_result
        return NEVER_WORKED_OUT  # a text, which a record of its own is to bring

    def _formula_text(self, content: bytes) -> None:
        self._pieces = [content]

    def _continued(self, content: bytes) -> None:
        if self._pieces:
            self._pieces.append(content)

    def _end_text(self) -> None:
        if self._pieces and self._waiting:
            self.grid.put(*self._waiting, Texts(self._pieces).plain())
            self._waiting = None
        self._pieces = []

    def _row(self, content: bytes) -> None:
        if content[_ROW_FLAGS] & _HIDDEN_ROW:
            self.hidden.add(int.from_bytes(content[:2], "little") + 1)

    def _columns(self, content: bytes) -> None:
        first, last = _TWO.unpack_from(content)
        if content[8] & _HIDDEN_COLUMN:
            self.hidden_columns.update(range(first + 1, min(last, 255) + 2))

    def _merged(self, content: bytes) -> None:
        for first, last, column, last_column in _MERGE.iter_unpack(content[2 : 2 + 8 * (len(content) // 8)]):
            self.grid.merge(first + 1, last + 1, column + 1, last_column + 1)

    def _not_worked_out(self, _content: bytes) -> None:
        self._stored = self._book.stored(worked_out=False)
