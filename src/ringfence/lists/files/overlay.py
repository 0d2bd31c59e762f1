"""What a workbook's cells show and the reader does not tell: errors, and the zeros that formats put in front.

Places are row and column, both from 1. What such a cell means for a list is said in `names`.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.parsers import expat

CHUNK = 1024 * 1024
_CELL = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)>(?:(?!</(?:\w+:)?c>|<(?:\w+:)?c\s).)*?<(?:\w+:)?v>([^<]*)<", re.DOTALL
)
_AT = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_ERROR = b't="e"'
_STYLE = re.compile(rb'\bs="([0-9]+)"')
_NOT_SHOWN = re.compile(r'\[[^\]]*\]|"[^"]*"|\\.')
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_CALC_EXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_MOST_REPEATED = 1000
"""A cell with content repeated more often than this is a filled-up sheet, which measuring refuses."""

Place = tuple[int, int]
Overlay = Mapping[Place, str | int]
"""What a cell shows, or the number of digits that its number is filled up to with zeros."""


def overlay_of(path: Path, sheet: str) -> Overlay:
    """The cells of a worksheet that show what the reader does not give; the workbook has been measured."""
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" in archive.namelist():
            return dict(_xlsx(archive, sheet))
        return _Ods(sheet).read(archive)


# --- XLSX


def _xlsx(archive: zipfile.ZipFile, sheet: str) -> Iterator[tuple[Place, str | int]]:
    widths = _zero_formats(archive)
    for piece in _whole_rows(archive, _part_of(archive, sheet)):
        if not widths and _ERROR not in piece:
            continue
        for attributes, value in _CELL.findall(piece):
            at = _AT.search(attributes)
            if at is None:
                continue
            style = _STYLE.search(attributes)
            if _ERROR in attributes:
                yield _place(at[1], at[2]), value.decode(errors="replace")
            elif style is not None and b' t="' not in b" " + attributes and int(style[1]) in widths:
                yield _place(at[1], at[2]), widths[int(style[1])]


def _place(letters: bytes, row: bytes) -> Place:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return int(row), column


def _whole_rows(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The sheet in pieces that end where a row ends."""
    rest = b""
    with archive.open(part) as stream:
        while data := stream.read(CHUNK):
            data = rest + data
            end = data.rfind(b"row>") + 1
            rest = data[end:]
            yield data[:end]
    yield rest


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part that holds the worksheet of this name; KeyError where the workbook does not say."""
    ids = [
        next((value for key, value in each.items() if key.endswith(" id")), "")
        for name, each in _elements(archive, "xl/workbook.xml")
        if name == "sheet" and each.get("name") == sheet
    ]
    targets = {
        each["Id"]: each["Target"]
        for name, each in _elements(archive, "xl/_rels/workbook.xml.rels")
        if name == "Relationship"
    }
    return posixpath.normpath(posixpath.join("/xl", targets[ids[0]])).lstrip("/")


def _zero_formats(archive: zipfile.ZipFile) -> dict[int, int]:
    """The styles that fill numbers up with zeros, each with its number of digits."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    codes: dict[str, int] = {}
    styles: dict[int, int] = {}
    number = -1
    for name, each in _elements(archive, "xl/styles.xml"):
        if name == "numFmt":
            codes[each["numFmtId"]] = zeros_in(each["formatCode"])
        elif name in {"cellXfs", "cellStyleXfs"}:
            number = 0 if name == "cellXfs" else -1
        elif name == "xf" and number >= 0:
            if width := codes.get(each.get("numFmtId", "0"), 0):
                styles[number] = width
            number += 1
    return styles


def zeros_in(code: str) -> int:
    """How many digits a number format always shows before the point, where that is more than one; else 0."""
    bare = _NOT_SHOWN.sub("", code.split(";")[0])
    digits = re.sub(r"[^0#?.]", "", bare).split(".")[0]
    always = digits.lstrip("#?")
    return len(always) if len(always) > 1 and not re.search("[ymdhsEe/]", bare) else 0


def _elements(archive: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """Every element of a part, in its order: its name without name space, and its attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((name.rpartition(" ")[2], attributes))

    parser.StartElementHandler = start
    parser.Parse(archive.read(part), True)
    return found


# --- ODS


class _Ods:
    """A walk through one table, counting rows and columns as often as they are repeated."""

    def __init__(self, sheet: str) -> None:
        self._sheet = sheet
        self._found: dict[Place, str | int] = {}
        self._here = False
        self._row = self._column = 0
        self._row_repeat = self._repeat = 1
        self._kind = ""
        self._text: list[str] = []

    def read(self, archive: zipfile.ZipFile) -> Overlay:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        with archive.open("content.xml") as stream:
            while data := stream.read(CHUNK):
                parser.Parse(data, False)
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _TABLE + "table":
            self._here, self._row = attributes.get(_TABLE + "name") == self._sheet, 0
        elif name == _TABLE + "table-row":
            self._column, self._row_repeat = 0, int(attributes.get(_TABLE + "number-rows-repeated", "1"))
        elif name in {_TABLE + "table-cell", _TABLE + "covered-table-cell"}:
            self._repeat = int(attributes.get(_TABLE + "number-columns-repeated", "1"))
            error = attributes.get(_CALC_EXT + "value-type") == "error"
            self._kind = "error" if error else attributes.get(_OFFICE + "value-type", "")
            self._text = []

    def _characters(self, text: str) -> None:
        if self._here and self._kind in {"error", "float"}:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if name == _TABLE + "table-row":
            self._row += self._row_repeat
        elif name in {_TABLE + "table-cell", _TABLE + "covered-table-cell"}:
            shown = "".join(self._text).strip()
            if self._here and (self._kind == "error" or re.fullmatch("0[0-9]+", shown)):
                for row in range(min(self._row_repeat, _MOST_REPEATED)):
                    for column in range(min(self._repeat, _MOST_REPEATED)):
                        self._found[self._row + row + 1, self._column + column + 1] = shown
            self._column += self._repeat
            self._kind, self._text = "", []
