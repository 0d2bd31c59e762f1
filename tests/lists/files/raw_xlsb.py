"""XLSB workbooks written by hand, for tests: records in an archive, with and without the columns of cells."""

import zipfile
from collections.abc import Iterable
from pathlib import Path
from struct import pack

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
Record = tuple[int, bytes]

PACKED, ERROR, TRUTH, NUMBER, TEXT, SHARED, RICH_TEXT = 2, 3, 4, 5, 6, 7, 62
FORMULA_TEXT, FORMULA_NUMBER, FORMULA_TRUTH, FORMULA_ERROR = 8, 9, 10, 11
SHORT = 11
"""What is added to the number of a cell's record where it leaves its column out."""
CELLS, END_OF_CELLS, COLUMNS, MERGED = 145, 146, 60, 176
SETTINGS, SHEET, CALCULATION = 153, 156, 157


def text(words: str) -> bytes:
    return pack("<I", len(words)) + words.encode("utf-16-le")


def row(number: int, *, hidden: bool = False) -> Record:
    return 0, pack("<IIHBBBI", number, 0, 300, 0, 0x10 if hidden else 0, 0, 0)


def cell(kind: int, column: int, value: bytes, style: int = 0) -> Record:
    return kind, pack("<II", column, style) + value


def short(kind: int, value: bytes, style: int = 0) -> Record:
    """A cell that follows the one before."""
    return kind + SHORT, pack("<I", style) + value


def header(*words: str) -> list[Record]:
    """The first row."""
    return [row(0), *(cell(TEXT, column, text(each)) for column, each in enumerate(words))]


def raw_xlsb(
    path: Path,
    cells: Iterable[Record],
    *,
    book: Iterable[Record] = (),
    formats: Iterable[str] = (),
    texts: Iterable[bytes] = (),
    before: Iterable[Record] = (),
    after: Iterable[Record] = (),
    state: int = 0,
) -> Path:
    """A sheet, “List”, of these cells, style 1 the first of the formats; behind it a sheet “Other”."""
    codes = [(44, pack("<H", 164 + number) + text(code)) for number, code in enumerate(formats)]
    styles = [(47, pack("<HH", 0, number).ljust(16, b"\0")) for number in (0, *range(164, 164 + len(codes)))]
    parts = {
        "_rels/.rels": _relations({"r": ("officeDocument", "xl/workbook.bin")}),
        "xl/_rels/workbook.bin.rels": _relations(
            {
                "r1": ("worksheet", "worksheets/sheet1.bin"),
                "r2": ("worksheet", "worksheets/sheet2.bin"),
                "r3": ("styles", "styles.bin"),
                "r4": ("sharedStrings", "sharedStrings.bin"),
            }
        ),
        "xl/workbook.bin": joined(
            [
                *book,
                (SHEET, pack("<II", state, 1) + text("r1") + text("List")),
                (SHEET, pack("<II", 0, 2) + text("r2") + text("Other")),
            ]
        ),
        "xl/worksheets/sheet1.bin": joined([*before, (CELLS, b""), *cells, (END_OF_CELLS, b""), *after]),
        "xl/worksheets/sheet2.bin": joined([(CELLS, b""), *header("Other"), (END_OF_CELLS, b"")]),
        "xl/styles.bin": joined([*codes, (617, pack("<I", len(styles))), *styles, (618, b"")]),
        "xl/sharedStrings.bin": joined((19, each) for each in texts),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def joined(records: Iterable[Record]) -> bytes:
    return b"".join(_in_sevens(kind) + _in_sevens(len(content)) + content for kind, content in records)


def _in_sevens(number: int) -> bytes:
    """A number seven bits at a time, the last first."""
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def _relations(parts: dict[str, tuple[str, str]]) -> bytes:
    each = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in parts.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{each}</Relationships>'.encode()
