"""Records out of a text file: comma, semicolon or tab, in the encodings that spreadsheets write.

UTF-8 with or without a byte order mark, UTF-16 with one, Windows-1252. A record keeps the number of its
first line, also where cells hold line breaks. Limits on size and shape are kept in `tables`.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from ringfence.lists.faults import TableError

DELIMITERS = (",", ";", "\t")
CHUNK = 1024 * 1024
SAMPLE = 64 * 1024
_PARSER_CELL = 16 * 1024 * 1024
_MULTIBYTE = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")
_UNDECODED = re.compile("[\udc80-\udcff]")
_UNDEFINED_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?$", re.IGNORECASE)
_SAVE_UTF8 = "Save the file as CSV (UTF-8)."


def read_records(path: Path, file: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each record with the number of its first line (1-based); a blank line is a record of no cells.

    Raises TableError for bytes that are no text, NUL characters and quotation marks left open.
    """
    encoding = detect_encoding(path, file)
    # newline="" leaves line breaks inside quoted cells as they are, as the csv module demands.
    with path.open(encoding=encoding, newline="") as stream:
        delimiter = _delimiter(stream.read(SAMPLE))
        stream.seek(0)
        yield from _parse(stream, file, delimiter)


def _parse(stream: TextIO, file: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    # The limit is one for the whole process; set high, because `tables` holds the stated one.
    csv.field_size_limit(_PARSER_CELL)
    reader = csv.reader(_clean_lines(stream, file), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise TableError(
                file,
                f"The row cannot be read as CSV ({error}).",
                "Close the quotation mark that starts here, and write one inside a cell as two.",
                line,
            ) from error
        if cells is None:
            return
        if line > 1 or not _SEPARATOR_LINE.match(delimiter.join(cells)):
            yield line, tuple(cells)
        line = reader.line_num + 1


def _clean_lines(stream: Iterable[str], file: str) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        if "\0" in line:
            problem = "There is a NUL character: this is not a text file, or it is damaged."
            raise TableError(file, problem, _SAVE_UTF8, number)
        yield line


def detect_encoding(path: Path, file: str) -> str:
    """The encoding of the whole file, proved by decoding it once.

    Windows-1252 is the last resort, and only where nothing in the file is valid UTF-8 beyond ASCII: a
    file that is both has been glued together, and any choice would garble names.
    """
    with path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _prove(path, file, "utf-16")
        return "utf-16"
    if start.startswith(codecs.BOM_UTF8):
        _prove(path, file, "utf-8-sig")
        return "utf-8-sig"
    multibyte, undecoded = _count_utf8(path)
    if not undecoded:
        return "utf-8"
    if multibyte:
        _prove(path, file, "utf-8")
    _prove(path, file, "cp1252")
    return "cp1252"


def _count_utf8(path: Path) -> tuple[int, int]:
    """Characters beyond ASCII that are valid UTF-8, and bytes that are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    multibyte = undecoded = 0
    with path.open("rb") as stream:
        while True:
            data = stream.read(CHUNK)
            text = decoder.decode(data, final=not data)
            if not text.isascii():
                multibyte += len(_MULTIBYTE.findall(text))
                undecoded += len(_UNDECODED.findall(text))
            if not data:
                return multibyte, undecoded


def _prove(path: Path, file: str, encoding: str) -> None:
    """Decode the file strictly; the fault names the line of the first byte that is none."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as stream:
        while True:
            data = stream.read(CHUNK)
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                line += _line_breaks(error, encoding)
                raise TableError(
                    file,
                    f"A character is neither valid {_NAMES[encoding]} nor in one encoding with the rest.",
                    _SAVE_UTF8,
                    line,
                ) from error
            line += text.count("\n")
            if not data:
                return


_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}


def _line_breaks(error: UnicodeDecodeError, encoding: str) -> int:
    before = error.object[: error.start]
    return before.count(b"\n\x00") + before.count(b"\x00\n") if encoding == "utf-16" else before.count(b"\n")


def _delimiter(sample: str) -> str:
    """The delimiter under which most records of the sample have one and the same width above one.

    A first line `sep=;`, which Excel writes and obeys, settles it.
    """
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
