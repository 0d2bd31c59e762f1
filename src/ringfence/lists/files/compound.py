"""The streams of a compound file ([MS-CFB]), in which XLS workbooks and encrypted XLSX ones stand.

Whatever the file says of itself is held against its real size, and no chain is followed for longer than the
file has sectors. Kept in memory: a few bytes for each sector. Raises ValueError for a file that is damaged.
"""

import sys
import weakref
from array import array
from collections.abc import Iterator
from struct import Struct

import msgspec

from .source import ListFile

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = Struct("<8s18xH2xH12xII8xI4xI4x")
"""Signature, version, sector shift, sectors of the table; the first sector of the directory, of the table of
small sectors, and of what the header does not name of the table."""
_HEADER_BYTES = 512
_VERSIONS = frozenset({(3, 9), (4, 12)})
_ENTRY = Struct("<64sHBxIII36xIQ")
_MOST_DIRECTORY = 8 * 1024 * 1024
_END = 0xFFFF_FFFA
"""Numbers from here on are no sectors: the end of a chain, or nothing."""
_STREAM = 2
_SMALL_BYTES = 64
_SMALL_BELOW = 4096
"""Streams of fewer bytes lie in small sectors within a stream of their own."""
_PIECE = 256 * 1024
"""Bytes handed on at once."""


class Stream(msgspec.Struct, frozen=True):
    """One stream: sectors of `unit` bytes at these places of the file."""

    whole: "Compound"
    places: "array[int]"
    unit: int
    size: int

    def pieces(self, start: int = 0) -> Iterator[bytes]:
        """What stands from the byte `start` on, in pieces."""
        number, skipped = divmod(start, self.unit)
        left = self.size - start
        while left > 0:
            end = self._end_of_run(number)
            wanted = min((end - number) * self.unit - skipped, left)
            piece = self.whole.read(self.places[number] + skipped, wanted)
            if len(piece) < wanted:
                raise ValueError("the file ends within a stream")
            yield piece
            number, skipped, left = end, 0, left - wanted

    def _end_of_run(self, number: int) -> int:
        """The first sector behind `number` that does not lie just behind the one before."""
        places, unit = self.places, self.unit
        most = min(len(places), number + _PIECE // unit)
        end = number + 1
        while end < most and places[end] == places[end - 1] + unit:
            end += 1
        return end


class Compound:
    """A compound file; `names` are those of the streams at its top, in small letters."""

    def __init__(self, source: ListFile) -> None:
        self._file = source.open()
        weakref.finalize(self, self._file.close)
        head = self._file.read(_HEADER_BYTES)
        if len(head) < _HEADER_BYTES:
            raise ValueError("cut off in its header")
        signature, version, shift, tables, directory, small, more = _HEADER.unpack_from(head)
        if signature != SIGNATURE or (version, shift) not in _VERSIONS:
            raise ValueError("no compound file of a known version")
        self._sector = 1 << shift
        self._sectors = max(0, -(-source.size() // self._sector) - 1)
        self._next = self._table(_numbers(head[_HEADER.size :]), tables, more)
        self._small = small
        entries = [
            _Entry(*each) for each in _ENTRY.iter_unpack(self._joined(directory, most=_MOST_DIRECTORY))
        ]
        if version == 3:
            entries = [msgspec.structs.replace(each, size=each.size & 0xFFFF_FFFF) for each in entries]
        self._root = entries[0]
        self._streams = _at_top(entries)
        self.names = frozenset(self._streams)

    def read(self, place: int, count: int) -> bytes:
        """What stands in the file from this byte on; less where the file ends."""
        self._file.seek(place)
        return self._file.read(count)

    def stream(self, name: str) -> Stream:
        """The stream of that name. Raises KeyError."""
        entry = self._streams[name]
        if entry.size >= _SMALL_BELOW:
            return self._ordinary(entry)
        within = self._ordinary(self._root)
        table = _numbers(self._joined(self._small, most=within.size // 16 + self._sector))
        per_sector = self._sector // _SMALL_BYTES
        places = array("I")
        for number in _chain(table, entry.first, -(-entry.size // _SMALL_BYTES)):
            sector, small = divmod(number, per_sector)
            places.append(within.places[sector] + small * _SMALL_BYTES)
        return Stream(self, places, _SMALL_BYTES, entry.size)

    def _ordinary(self, entry: "_Entry") -> Stream:
        if entry.size > self._sectors * self._sector:
            raise ValueError("a stream larger than the file")
        sectors = _chain(self._next, entry.first, -(-entry.size // self._sector))
        places = array("I", [(number + 1) * self._sector for number in sectors])
        return Stream(self, places, self._sector, entry.size)

    def _table(self, numbers: "array[int]", count: int, more: int) -> "array[int]":
        """For each sector the one that follows it."""
        if count > self._sectors:
            raise ValueError("more tables than sectors")
        while more < _END and len(numbers) < count:
            named = _numbers(self._sector_at(more))
            more = named.pop()
            numbers.extend(named)
        table = array("I")
        for number in numbers[:count]:
            if number < _END and len(table) < self._sectors:
                table.extend(_numbers(self._sector_at(number)))
        return table

    def _joined(self, first: int, *, most: int) -> bytes:
        """The sectors of a chain together."""
        return b"".join(map(self._sector_at, _chain(self._next, first, most // self._sector, whole=False)))

    def _sector_at(self, number: int) -> bytes:
        if number >= self._sectors:
            raise ValueError("a sector beyond the file")
        return self.read((number + 1) * self._sector, self._sector).ljust(self._sector, b"\0")


def _chain(table: "array[int]", first: int, most: int, *, whole: bool = True) -> "array[int]":
    """The sectors of a chain, so many of them at most; where it is to be `whole`, so many exactly."""
    found = array("I")
    while first < _END and len(found) < most:
        if first >= len(table):
            raise ValueError("a chain leads beyond the file")
        found.append(first)
        first = table[first]
    if len(found) < most and whole:
        raise ValueError("a chain ends too early")
    return found


class _Entry(msgspec.Struct, frozen=True):
    """An entry of the directory."""

    name: bytes
    name_bytes: int
    type: int
    left: int
    right: int
    child: int
    first: int
    size: int


def _at_top(entries: list[_Entry]) -> dict[str, _Entry]:
    """The streams of the root: its child, and what lies to the left and right of that."""
    found: dict[str, _Entry] = {}
    seen: set[int] = set()
    ahead = [entries[0].child]
    while ahead:
        number = ahead.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        entry = entries[number]
        ahead += (entry.left, entry.right)
        if entry.type == _STREAM:
            name = entry.name[: max(0, entry.name_bytes - 2)].decode("utf-16-le", "replace")
            found.setdefault(name.lower(), entry)
    return found


def _numbers(content: bytes) -> "array[int]":
    numbers = array("I", content)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
