"""XLS workbooks written by hand, for tests: records in a compound file, also such as no library writes."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from struct import pack

SECTOR = 512
_END, _FREE, _TABLE, _MORE = 0xFFFF_FFFE, 0xFFFF_FFFF, 0xFFFF_FFFD, 0xFFFF_FFFC
_PER_SECTOR = SECTOR // 4
Record = tuple[int, bytes]

WORKBOOK = pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0)
WORKSHEET = pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)
CHART = pack("<HHHHII", 0x0600, 0x0020, 0, 0, 0, 0)
BEGIN, EOF, SHEET, FORMAT, STYLE, TEXTS, CONTINUE = 0x809, 0x0A, 0x85, 0x41E, 0xE0, 0xFC, 0x3C
SHARED, TEXT, NUMBER, PACKED, FORMULA, FORMULA_TEXT = 0xFD, 0x204, 0x203, 0x27E, 0x06, 0x207
TRUTH_OR_ERROR, ROW, COLUMNS, MERGED = 0x205, 0x208, 0x7D, 0xE5
WORKED_OUT_BY, NOT_WORKED_OUT, ENCRYPTED, SINCE_1904 = 0x1C1, 0x5E, 0x2F, 0x22


def text(words: str) -> bytes:
    """A text of letters of two bytes each, as records hold it."""
    return pack("<HB", len(words), 1) + words.encode("utf-16-le")


def cell(row: int, column: int, words: str) -> Record:
    """A cell with a text of its own."""
    return TEXT, pack("<HHH", row, column, 0) + text(words)


def number(row: int, column: int, value: float, style: int = 0) -> Record:
    return NUMBER, pack("<HHHd", row, column, style, value)


def formula(row: int, column: int, result: bytes) -> Record:
    return FORMULA, pack("<HHH", row, column, 0) + result + bytes(8)


def header(*words: str) -> list[Record]:
    """The first row."""
    return [cell(0, column, each) for column, each in enumerate(words)]


def raw_xls(
    path: Path,
    sheet: Iterable[Record],
    *,
    book: Iterable[Record] = (),
    formats: Iterable[str] = (),
    begin: bytes = WORKBOOK,
) -> Path:
    """One sheet, “List”, of these records; style 1 is the first of the formats, 2 the second."""
    codes = [(FORMAT, pack("<H", 164 + number) + text(code)) for number, code in enumerate(formats)]
    styles = [(STYLE, pack("<HH", 0, each).ljust(20, b"\0")) for each in (0, *range(164, 164 + len(codes)))]
    before = [(BEGIN, begin), *book, *codes, *styles]
    named = pack("<BB", 4, 0) + b"List"
    start = len(joined([*before, (SHEET, pack("<IBB", 0, 0, 0) + named), (EOF, b"")]))
    content = [*before, (SHEET, pack("<IBB", start, 0, 0) + named), (EOF, b"")]
    content += [(BEGIN, WORKSHEET), *sheet, (EOF, b"")]
    path.write_bytes(compound({"Workbook": joined(content)}))
    return path


def joined(records: Iterable[Record]) -> bytes:
    return b"".join(pack("<HH", kind, len(content)) + content for kind, content in records)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of these streams, each in ordinary sectors one behind the other."""
    sectors: list[bytes] = []
    follows: list[int] = []

    def put(content: bytes) -> int:
        first = len(sectors)
        pieces = [content[at : at + SECTOR] for at in range(0, len(content), SECTOR)]
        sectors.extend(piece.ljust(SECTOR, b"\0") for piece in pieces)
        follows.extend(range(first + 1, first + len(pieces)))
        follows.append(_END)
        return first

    entries = [_entry("Root Entry", 5, child=1)]
    for place, (name, content) in enumerate(streams.items(), start=1):
        padded = content.ljust(4096, b"\0")
        right = place + 1 if place < len(streams) else _FREE
        entries.append(_entry(name, 2, right=right, first=put(padded), size=len(padded)))
    directory = put(b"".join(entries))
    tables, named = _counts(len(sectors))
    first_table = len(sectors)
    numbers = list(range(first_table, first_table + tables))
    follows += [_TABLE] * tables + [_MORE] * named
    follows += [_FREE] * (tables * _PER_SECTOR - len(follows))
    content = b"".join(sectors) + pack(f"<{len(follows)}I", *follows)
    content += b"".join(_more_tables(numbers[109:], first_table + tables))
    more = first_table + tables if named else _END
    in_header = (numbers[:109] + [_FREE] * 109)[:109]
    head = pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        tables,
        directory,
        0,
        4096,
        _END,
        0,
        more,
        named,
    )
    return head + pack("<109I", *in_header) + content


def _counts(sectors: int) -> tuple[int, int]:
    """Sectors of the table, and sectors that name those which the header has no room for."""
    tables = named = 0
    while tables * _PER_SECTOR < sectors + tables + named:
        tables += 1
        named = -(-max(0, tables - 109) // (_PER_SECTOR - 1))
    return tables, named


def _more_tables(numbers: list[int], first: int) -> Iterable[bytes]:
    size = _PER_SECTOR - 1
    for place, at in enumerate(range(0, len(numbers), size)):
        here = numbers[at : at + size]
        following = first + place + 1 if at + size < len(numbers) else _END
        yield pack(f"<{_PER_SECTOR}I", *here, *[_FREE] * (size - len(here)), following)


def _entry(
    name: str, kind: int, *, right: int = _FREE, child: int = _FREE, first: int = _END, size: int = 0
) -> bytes:
    held = (name + "\0").encode("utf-16-le")
    return pack(
        "<64sHBBIII36xIQ", held.ljust(64, b"\0"), len(held), kind, 1, _FREE, right, child, first, size
    )
