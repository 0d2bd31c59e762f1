"""The records of an XLS workbook's stream ([MS-XLS]), and texts over as many of them as they take.

What records mean is known in `xls`.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from struct import Struct
from typing import NamedTuple

from .compound import Stream


class R(IntEnum):
    """Records that matter to a list."""

    FORMULA = 0x0006
    FORMULA_AS_IN_3 = 0x0206
    FORMULA_AS_IN_4 = 0x0406
    EOF = 0x000A
    DATE_SYSTEM = 0x0022
    ENCRYPTED = 0x002F
    CONTINUE = 0x003C
    NOT_WORKED_OUT = 0x005E
    COLUMNS = 0x007D
    SHEET = 0x0085
    NUMBERS = 0x00BD
    RICH_TEXT = 0x00D6
    STYLE = 0x00E0
    MERGED = 0x00E5
    TEXTS = 0x00FC
    SHARED_TEXT = 0x00FD
    WORKED_OUT_BY = 0x01C1
    NUMBER = 0x0203
    TEXT = 0x0204
    TRUTH_OR_ERROR = 0x0205
    FORMULA_TEXT = 0x0207
    ROW = 0x0208
    PACKED_NUMBER = 0x027E
    FORMAT = 0x041E
    BEGIN = 0x0809


class Piece(NamedTuple):
    """One record."""

    kind: int
    place: int
    """Where in the stream it begins."""
    content: bytes


_HEAD = Struct("<HH")
_TEXT_HEAD = Struct("<HB")
_COUNT = Struct("<H")
_SIZE = Struct("<I")
_WIDE, _EXTENDED, _RICH = 1, 4, 8
_FORMATTED_RUN = 4
"""Bytes for each place at which the look of a text changes."""


def records(stream: Stream, start: int = 0) -> Iterator[Piece]:
    """The records from this place on. Raises ValueError for a stream that ends within one."""
    rest = b""
    place = start
    unpack = _HEAD.unpack_from
    for piece in stream.pieces(start):
        held = rest + piece if rest else piece
        at, end = 0, len(held)
        while at + 4 <= end:
            kind, size = unpack(held, at)
            stop = at + 4 + size
            if stop > end:
                break
            yield Piece(kind, place, held[at + 4 : stop])
            place += 4 + size
            at = stop
        rest = held[at:]
    if rest.strip(b"\0"):
        raise ValueError("the stream ends within a record")


def substream(stream: Stream, start: int) -> Iterator[Piece]:
    """The records from a BEGIN to its EOF, without those of what lies within, such as charts."""
    depth = 0
    for record in records(stream, start):
        if record.kind == R.BEGIN:
            depth += 1
        elif depth == 0:
            break
        elif record.kind == R.EOF:
            depth -= 1
            if depth == 0:
                return
        elif depth == 1:
            yield record
    raise ValueError("no end of a sheet, or no beginning")


class Texts:
    """Texts one after the other, out of the pieces of a record and of those that continue it."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._held = next(self._pieces, b"")
        self._at = 0

    def more(self) -> bool:
        """Whether anything follows."""
        while self._at >= len(self._held):
            held = next(self._pieces, None)
            if held is None:
                return False
            self._held, self._at = held, 0
        return True

    def plain(self) -> str:
        """The next text, of a kind that has neither a look of its own nor a reading aid."""
        count, flags = _TEXT_HEAD.unpack(self._bytes(3))
        return self._letters(count, flags & _WIDE)

    def rich(self) -> str:
        """The next text, without its look and its reading aid."""
        count, flags = _TEXT_HEAD.unpack(self._bytes(3))
        runs = _COUNT.unpack(self._bytes(2))[0] if flags & _RICH else 0
        extended = _SIZE.unpack(self._bytes(4))[0] if flags & _EXTENDED else 0
        text = self._letters(count, flags & _WIDE)
        if runs or extended:
            self.skip(runs * _FORMATTED_RUN + extended)
        return text

    def skip(self, count: int) -> None:
        """Pass over so many bytes, which are no text."""
        while count:
            if not self.more():
                raise ValueError("a text is cut off")
            taken = min(count, len(self._held) - self._at)
            self._at += taken
            count -= taken

    def _letters(self, count: int, wide: int) -> str:
        size = count * 2 if wide else count
        if self._at + size <= len(self._held):
            found = self._held[self._at : self._at + size]
            self._at += size
            return found.decode("utf-16-le", "replace") if wide else found.decode("latin-1")
        return self._broken(count, wide)

    def _broken(self, count: int, wide: int) -> str:
        """A text over several pieces: each says anew whether its letters take one byte or two."""
        found = b""
        while True:
            left = len(self._held) - self._at
            taken = min(count, left // 2 if wide else left)
            part = self._held[self._at : self._at + (taken * 2 if wide else taken)]
            found += part if wide else part.decode("latin-1").encode("utf-16-le")
            self._at += len(part)
            count -= taken
            if not count:
                return found.decode("utf-16-le", "replace")
            self._held = next(self._pieces, b"")
            if not self._held:
                raise ValueError("a text is cut off")
            wide, self._at = self._held[0] & _WIDE, 1

    def _bytes(self, count: int) -> bytes:
        found = self._held[self._at : self._at + count]
        self._at += len(found)
        while len(found) < count:
            if not self.more():
                raise ValueError("a text is cut off")
            part = self._held[self._at : self._at + count - len(found)]
            self._at += len(part)
            found += part
        return found


def text_at(content: bytes, at: int) -> str:
    """The text that begins there in a record of its own."""
    return Texts([content[at:]]).plain()


def short_text_at(content: bytes, at: int) -> str:
    """A text of at most 255 letters, which says its length in one byte."""
    return Texts([bytes((content[at], 0)) + content[at + 1 :]]).plain()
