"""The parts of a workbook's archive: each within the limit of its kind, its XML taken as it is unpacked.

What an archive says of its sizes may be false, so what counts is what comes out. What parts mean is known in
`xlsx` and `ods`.
"""

import io
import struct
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO
from xml.parsers import expat

from ringfence.lists.faults import F, TableError

from .source import ListFile

MB = 1024 * 1024
CHUNK = 256 * 1024
SHEET_LIMIT = 1024 * MB
TEXTS_LIMIT = 256 * MB
SMALL_LIMIT = 16 * MB
"""Styles, names of sheets, relations: what is never large in a list."""

LIST_OF_PARTS = 4 * MB

Start = Callable[[str, dict[str, str]], None]


@contextmanager
def damaged_told(file: str) -> Iterator[None]:
    """Whatever is wrong inside a workbook is a TableError."""
    try:
        yield
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError),
        *(expat.ExpatError, LookupError, ValueError, OverflowError, struct.error),
    ) as error:
        raise TableError(file, F.DAMAGED) from error


class _Bounded(io.BufferedIOBase):
    """A file of which no more is taken at once than a workbook's list of parts can be long.

    What comes first in an archive is such a list, read whole before anything of it is known.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, count: int | None = -1) -> bytes:
        most = LIST_OF_PARTS + 1
        found = self._file.read(most if count is None or count < 0 else min(count, most))
        if len(found) == most:
            raise ValueError("a list of parts without end")
        return found

    def seek(self, place: int, whence: int = 0) -> int:
        return self._file.seek(place, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


class Archive:
    """A zip archive, its parts found by name whatever the case, slashes in either direction."""

    def __init__(self, source: ListFile) -> None:
        self.file = source.name
        stream = source.open()
        weakref.finalize(self, stream.close)
        self._zip = zipfile.ZipFile(_Bounded(stream))
        self._parts = {_plain(name): name for name in self._zip.namelist()}

    def __contains__(self, part: str) -> bool:
        return _plain(part) in self._parts

    def sizes(self) -> dict[str, int]:
        """What each part says that it unpacks to, in bytes; more than it says it never gives."""
        return {each.filename: each.file_size for each in self._zip.infolist()}

    def start_of(self, part: str, count: int) -> bytes:
        """The first bytes of a part; none where it is not there."""
        if part not in self:
            return b""
        with self._zip.open(self._parts[_plain(part)]) as stream:
            return stream.read(count)

    def chunks(self, part: str, limit: int) -> Iterator[bytes]:
        """A part as it is unpacked. Raises KeyError, and TableError beyond the limit."""
        unpacked = 0
        with self._zip.open(self._parts[_plain(part)]) as stream:
            while data := stream.read(CHUNK):
                unpacked += len(data)
                if unpacked > limit:
                    raise TableError(self.file, F.UNPACKS_TOO_LARGE, part=part, limit=limit // MB)
                yield data

    def parsed(self, part: str, limit: int, parser: "expat.XMLParserType") -> Iterator[None]:
        """Feed a part to the parser, with a pause after each piece for what its handlers have gathered."""
        for data in self.chunks(part, limit):
            parser.Parse(data, False)
            yield
        parser.Parse(b"", True)
        yield

    def elements(self, part: str) -> list[tuple[str, dict[str, str]]]:
        """Every element of a small part, in its order: its name without name space, and its attributes."""
        found: list[tuple[str, dict[str, str]]] = []
        parser = xml_parser()
        parser.StartElementHandler = lambda name, attributes: found.append((local(name), attributes))
        for _ in self.parsed(part, SMALL_LIMIT, parser):
            pass
        return found


def need_within(source: ListFile, limit: int) -> None:
    """Raises TableError where the parts of a workbook together unpack to more bytes; nothing is unpacked."""
    with damaged_told(source.name):
        sizes = Archive(source).sizes()
        if sum(sizes.values()) > limit:
            largest = max(sizes, key=lambda part: sizes[part])
            raise TableError(source.name, F.UNPACKS_TOO_LARGE, part=largest, limit=limit // MB)


def xml_parser(encoding: str | None = None) -> "expat.XMLParserType":
    """A parser that tells names as `name space name` and takes no document type, which no workbook has.

    `encoding` is that of what it is fed, whatever the text says of itself.
    """
    parser = expat.ParserCreate(encoding, namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_document_type
    return parser


def local(name: str) -> str:
    """A name without its name space."""
    return name.rpartition(" ")[2]


def _no_document_type(*_of: object) -> None:
    raise ValueError("a document type in a workbook")


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
