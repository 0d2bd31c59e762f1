"""Records out of a text file: cells with commas, semicolons, tabs or bars between them, or one in each line.

A record keeps the number of its first line, also where cells hold line breaks. What bytes are which letters
is known in `encoding`; limits are kept in `table`.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

import msgspec

from ringfence.lists.faults import F, TableError, shown

from .encoding import Encoding, encoding_of
from .sheet import Record
from .source import ListFile

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 64 * 1024
HEADER_WITHIN = 20
"""Rows searched for the header: exports like to put a title and a date above it."""
_PARSER_CELL = 16 * 1024 * 1024
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n?$', re.IGNORECASE)
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "bar": "|", "pipe": "|"}
"""How a separator may be called."""
IsHeader = Callable[[tuple[str, ...]], int]


class TextFile(msgspec.Struct, frozen=True):
    """Records of a text file with how they were read; they are read as they are walked through."""

    encoding: str
    """As people call it: `UTF-8`, `Windows-1252`."""
    separator: str
    """"" where every line is one cell."""
    guessed: bool
    """Whether nothing proves the encoding."""
    records: Iterator[Record]


def read_text(
    source: ListFile, *, encoding: str = "", separator: str = "", is_header: IsHeader | None = None
) -> TextFile:
    """Each record with the number of its first line (1-based); a blank line is a record of no cells.

    `encoding` and `separator` are what the person says of the file; `is_header` decides between separators.
    Raises TableError, also while the records are walked through: bytes that are no text, NUL characters and
    quotation marks left open.
    """
    told = _told_separator(source.name, separator) if separator else ""
    found = encoding_of(source, encoding)
    delimiter = told or _delimiter(source, found, is_header)
    return TextFile(
        encoding=found.name,
        separator=delimiter,
        guessed=found.guessed,
        records=_records(source, found, delimiter),
    )


def _told_separator(file: str, told: str) -> str:
    separator = SEPARATORS.get(told.casefold(), told)
    if len(separator) != 1 or separator.isalnum() or separator in '"\r\n':
        raise TableError(file, F.NO_SUCH_SEPARATOR, separator=shown(told))
    return separator


def _records(source: ListFile, found: Encoding, delimiter: str) -> Iterator[Record]:
    with found.texts(source) as stream:
        yield from _parse(stream, source.name, delimiter)


def _parse(stream: TextIO, file: str, delimiter: str) -> Iterator[Record]:
    # The limit is one for the whole process; set high, because `table` holds the stated one.
    csv.field_size_limit(_PARSER_CELL)
    reader = csv.reader(_clean_lines(stream, file), delimiter=delimiter or ",", strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise TableError(file, F.NOT_CSV, line, reason=str(error)) from error
        if cells is None:
            return
        if line > 1 or not _SEPARATOR_LINE.match((delimiter or ",").join(cells)):
            yield line, tuple(cells)
        line = reader.line_num + 1


def _clean_lines(stream: Iterable[str], file: str) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        if "\0" in line:
            raise TableError(file, F.NUL_CHARACTER, number)
        yield line


def _delimiter(source: ListFile, found: Encoding, is_header: IsHeader | None) -> str:
    """The delimiter under which most records of the sample have one and the same width above one.

    A first line `sep=;`, which Excel writes and obeys, settles it; else only those count under which a row
    is a header, if any. "" where every line is one cell. Raises TableError where several are as good.
    """
    with found.texts(source) as stream:
        sample = stream.read(SAMPLE)
    lines = list(io.StringIO(sample, newline=""))
    if lines and (told := _SEPARATOR_LINE.match(lines[0].lstrip("\ufeff"))):
        return told[1]
    if len(sample) == SAMPLE and len(lines) > 1:
        lines.pop()  # cut off in the middle
    counts = {each: count for each in DELIMITERS if (count := _score(lines, each))}
    with_header = [each for each in counts if is_header and any(map(is_header, _top(lines, each)))]
    possible = with_header or list(counts)
    best = [each for each in possible if counts[each] == max(counts[other] for other in possible)]
    if len(best) > 1:
        raise TableError(source.name, F.UNSURE_SEPARATOR, separators=" ".join(f"“{each}”" for each in best))
    return best[0] if best else ""


def _top(lines: list[str], delimiter: str) -> Iterator[tuple[str, ...]]:
    """The first records that hold anything."""
    found = 0
    for record in csv.reader(lines, delimiter=delimiter):
        if any(map(str.strip, record)):
            yield tuple(record)
            found += 1
        if found == HEADER_WITHIN:
            return


def _score(lines: list[str], delimiter: str) -> int:
    """How many records share the commonest width above one."""
    widths: Counter[int] = Counter()
    try:
        for record in csv.reader(lines, delimiter=delimiter):
            if len(record) > 1:
                widths[len(record)] += 1
    except csv.Error:
        return 0
    return max(widths.values(), default=0)
