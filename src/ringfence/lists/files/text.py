"""Records out of a text file: comma, semicolon or tab, in the encodings that spreadsheets write.

UTF-8 with or without a byte order mark, UTF-16 with one, Windows-1252, or what the person says. A record
keeps the number of its first line, also where cells hold line breaks. Limits are kept in `table`.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TextIO

import msgspec

from ringfence.lists.faults import F, TableError, shown

from .sheet import Record
from .source import ListFile

DELIMITERS = (",", ";", "\t")
CHUNK = 1024 * 1024
SAMPLE = 64 * 1024
_PARSER_CELL = 16 * 1024 * 1024
_MULTIBYTE = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")
_UNDECODED = re.compile("[\udc80-\udcff]")
_UNDEFINED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?$", re.IGNORECASE)
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t"}
"""How a separator may be called."""


class TextFile(msgspec.Struct, frozen=True):
    """Records of a text file with how they were read; they are read as they are walked through."""

    encoding: str
    """As people call it: `UTF-8`, `Windows-1252`."""
    separator: str
    guessed: bool
    """Whether the encoding is a guess: Windows-1252 is what is taken where nothing proves another."""
    records: Iterator[Record]


def read_text(source: ListFile, *, encoding: str = "", separator: str = "") -> TextFile:
    """Each record with the number of its first line (1-based); a blank line is a record of no cells.

    `encoding` and `separator` are what the person says of the file. Raises TableError, also while the records
    are walked through: bytes that are no text, NUL characters and quotation marks left open.
    """
    told = _told_separator(source.name, separator) if separator else ""
    codec = _told_encoding(source, encoding) if encoding else detect_encoding(source)
    delimiter = told or _delimiter(source, codec)
    return TextFile(
        encoding=_NAMES.get(codec, codec),
        separator=delimiter,
        guessed=not encoding and codec == "cp1252",
        records=_records(source, codec, delimiter),
    )


def _told_separator(file: str, told: str) -> str:
    separator = SEPARATORS.get(told.casefold(), told)
    if len(separator) != 1 or separator.isalnum() or separator in '"\r\n':
        raise TableError(file, F.NO_SUCH_SEPARATOR, separator=shown(told))
    return separator


def _told_encoding(source: ListFile, told: str) -> str:
    try:
        codec = codecs.lookup(told).name
        " ".encode(codec)
    except (LookupError, UnicodeError) as error:
        raise TableError(source.name, F.NO_SUCH_ENCODING, encoding=shown(told)) from error
    codec = "utf-8-sig" if codec == "utf-8" else codec
    _prove(source, codec)
    return codec


def _records(source: ListFile, codec: str, delimiter: str) -> Iterator[Record]:
    with _texts(source, codec) as stream:
        yield from _parse(stream, source.name, delimiter)


def _texts(source: ListFile, codec: str) -> TextIO:
    # newline="" leaves line breaks inside quoted cells as they are, as the csv module demands.
    return io.TextIOWrapper(source.open(), encoding=codec, newline="")


def _parse(stream: TextIO, file: str, delimiter: str) -> Iterator[Record]:
    # The limit is one for the whole process; set high, because `table` holds the stated one.
    csv.field_size_limit(_PARSER_CELL)
    reader = csv.reader(_clean_lines(stream, file), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise TableError(file, F.NOT_CSV, line, reason=str(error)) from error
        if cells is None:
            return
        if line > 1 or not _SEPARATOR_LINE.match(delimiter.join(cells)):
            yield line, tuple(cells)
        line = reader.line_num + 1


def _clean_lines(stream: Iterable[str], file: str) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        if "\0" in line:
            raise TableError(file, F.NUL_CHARACTER, number)
        yield line


def detect_encoding(source: ListFile) -> str:
    """The encoding of the whole file, proved by decoding it once.

    Windows-1252 is the last resort, and only where nothing in the file is valid UTF-8 beyond ASCII: a
    file that is both has been glued together, and any choice would garble names.
    """
    with source.open() as stream:
        start = stream.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _prove(source, "utf-16")
        return "utf-16"
    if start.startswith(codecs.BOM_UTF8):
        _prove(source, "utf-8-sig")
        return "utf-8-sig"
    multibyte, undecoded = _count_utf8(source)
    if not undecoded:
        return "utf-8"
    if multibyte:
        _prove(source, "utf-8")
    _prove(source, "cp1252")
    return "cp1252"


def _count_utf8(source: ListFile) -> tuple[int, int]:
    """Characters beyond ASCII that are valid UTF-8, and bytes that are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    multibyte = undecoded = 0
    with source.open() as stream:
        while True:
            data = stream.read(CHUNK)
            text = decoder.decode(data, final=not data)
            if not text.isascii():
                multibyte += len(_MULTIBYTE.findall(text))
                undecoded += len(_UNDECODED.findall(text))
            if not data:
                return multibyte, undecoded


def _prove(source: ListFile, encoding: str) -> None:
    """Decode the file strictly; the fault names the line of the first byte that is none."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with source.open() as stream:
        while True:
            data = stream.read(CHUNK)
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                line += _line_breaks(error, encoding)
                name = _NAMES.get(encoding, encoding)
                raise TableError(source.name, F.UNDECODED, line, encoding=name) from error
            line += text.count("\n")
            if not data:
                return


_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}


def _line_breaks(error: UnicodeDecodeError, encoding: str) -> int:
    before = error.object[: error.start]
    return before.count(b"\n\x00") + before.count(b"\x00\n") if encoding == "utf-16" else before.count(b"\n")


def _delimiter(source: ListFile, codec: str) -> str:
    """The delimiter under which most records of the sample have one and the same width above one.

    A first line `sep=;`, which Excel writes and obeys, settles it.
    """
    with _texts(source, codec) as stream:
        sample = stream.read(SAMPLE)
    lines = sample.splitlines(keepends=True)
    if lines and (told := _SEPARATOR_LINE.match(lines[0].lstrip("\ufeff"))):
        return told[1]
    if len(sample) == SAMPLE and len(lines) > 1:
        lines.pop()  # cut off in the middle
    return max(DELIMITERS, key=lambda delimiter: _score(lines, delimiter))


def _score(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many records share the commonest width above one, and that width."""
    widths: Counter[int] = Counter()
    try:
        for record in csv.reader(lines, delimiter=delimiter):
            if len(record) > 1:
                widths[len(record)] += 1
    except csv.Error:
        return 0, 0
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count, width
