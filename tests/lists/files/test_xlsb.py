"""XLSB workbooks: each cell as the sheet shows it; where cells could be missing, nothing is read."""

from pathlib import Path
from struct import pack

import pytest

from ringfence.lists.faults import F, TableError
from ringfence.lists.files.cells import SheetCell
from ringfence.lists.files.source import OnDisk
from ringfence.lists.files.table import Told, open_workbook, read_table
from tests.lists.files import raw_xlsb as raw
from tests.lists.files.raw_xlsb import cell, header, raw_xlsb, row, short

HEADER = header("Code", "Name")
FORMULA = pack("<HI", 0, 0)
"""What follows a formula's result."""


def rows(path: Path) -> list[tuple[str, ...]]:
    return [tuple(map(str, row.cells)) for row in read_table(path).rows]


def only_cell(path: Path) -> str:
    return next(iter(read_table(path).rows)).cells[0]


def fault_of(found: str) -> F | None:
    return found.fault if isinstance(found, SheetCell) else None


def one(
    path: Path, kind: int, value: bytes, code: str = "", book: list[tuple[int, bytes]] | None = None
) -> str:
    """One cell below the header."""
    cells = [*HEADER, row(1), cell(kind, 0, value, style=1 if code else 0)]
    return only_cell(raw_xlsb(path / "a.xlsb", cells, formats=[code] if code else (), book=book or ()))


def test_cells_that_leave_their_column_out_follow_the_one_before(tmp_path: Path) -> None:
    cells = [
        row(0),
        cell(raw.TEXT, 0, raw.text("Code")),
        short(raw.TEXT, raw.text("Name")),
        short(raw.TEXT, raw.text("UTR")),
        row(1),
        cell(raw.TEXT, 1, raw.text("Acme")),
        short(raw.NUMBER, pack("<d", 1955839661)),
    ]
    table = read_table(raw_xlsb(tmp_path / "a.xlsb", cells))
    assert table.headers == ("Code", "Name", "UTR")
    assert [tuple(map(str, row.cells)) for row in table.rows] == [("", "Acme", "1955839661")]


def test_a_sheet_with_records_among_its_cells_that_are_not_known_is_refused(tmp_path: Path) -> None:
    path = raw_xlsb(tmp_path / "a.xlsb", [*HEADER, row(1), (25, bytes(12))])
    with pytest.raises(TableError, match=r"\(XLSB\) with cells of an unknown kind.* save it as XLSX"):
        read_table(path)


def test_what_later_versions_add_among_cells_is_no_cell(tmp_path: Path) -> None:
    added = [(37, bytes(6)), (1024, bytes(4)), (38, b"")]
    cells = [*HEADER, row(1), *added, cell(raw.TEXT, 0, raw.text("A1"))]
    assert rows(raw_xlsb(tmp_path / "a.xlsb", cells)) == [("A1", "")]


def test_zeros_that_a_format_shows_are_kept(tmp_path: Path) -> None:
    found = one(tmp_path, raw.NUMBER, pack("<d", 123456789), "0000000000")
    assert isinstance(found, SheetCell)
    assert (found.shown, found.fault) == ("0123456789", None)


@pytest.mark.parametrize(
    ("packed", "told"),
    [
        (7 << 2 | 2, "7"),
        ((-7 << 2 | 2) & 0xFFFF_FFFF, "-7"),
        (1234 << 2 | 3, "12.34"),
        (0x3FF8_0000, "1.5"),
        (0x4059_0000 | 1, "1"),
    ],
)
def test_a_number_in_four_bytes_is_the_number(tmp_path: Path, packed: int, told: str) -> None:
    assert one(tmp_path, raw.PACKED, pack("<I", packed)) == told


@pytest.mark.parametrize(("since_1904", "day"), [(False, "2027-03-31"), (True, "2031-04-01")])
def test_a_date_is_a_date_whichever_year_days_are_counted_from(
    tmp_path: Path, since_1904: bool, day: str
) -> None:
    settings = [(raw.SETTINGS, pack("<III", int(since_1904), 0, 0))]
    found = one(tmp_path, raw.NUMBER, pack("<d", 46477), "dd/mm/yyyy", settings)
    assert (found, fault_of(found)) == (day, F.DATE_CELL)


def test_errors_and_truths_are_no_texts(tmp_path: Path) -> None:
    error = one(tmp_path, raw.ERROR, b"\x2a")
    truth = one(tmp_path, raw.TRUTH, b"\x01")
    assert (error, fault_of(error)) == ("#N/A", F.ERROR_CELL)
    assert (truth, fault_of(truth)) == ("TRUE", F.SWITCH_CELL)


def test_a_text_is_read_wherever_it_stands(tmp_path: Path) -> None:
    rich = b"\x01" + raw.text("Siân Llŷr") + bytes(8)
    aid = b"\x02" + raw.text("東京") + raw.text("とうきょう")
    cells = [
        *HEADER,
        row(1),
        cell(raw.SHARED, 0, pack("<I", 1)),
        short(raw.SHARED, pack("<I", 0)),
        row(2),
        cell(raw.RICH_TEXT, 0, rich),
        cell(raw.TEXT, 1, raw.text("Smith\tJohn\nLtd")),
    ]
    path = raw_xlsb(tmp_path / "a.xlsb", cells, texts=[rich, aid])
    assert rows(path) == [("東京", "Siân Llŷr"), ("Siân Llŷr", "Smith\tJohn\nLtd")]


def test_what_formulas_give_is_read(tmp_path: Path) -> None:
    assert one(tmp_path, raw.FORMULA_TEXT, raw.text("Acme") + FORMULA) == "Acme"
    assert one(tmp_path, raw.FORMULA_NUMBER, pack("<d", 12.5) + FORMULA) == "12.5"
    assert fault_of(one(tmp_path, raw.FORMULA_TRUTH, b"\x01" + FORMULA)) == F.SWITCH_CELL
    assert fault_of(one(tmp_path, raw.FORMULA_ERROR, b"\x17" + FORMULA)) == F.ERROR_CELL


def test_a_formula_that_gives_0_may_be_one_that_nobody_worked_out(tmp_path: Path) -> None:
    value = pack("<d", 0) + FORMULA
    found = one(tmp_path, raw.FORMULA_NUMBER, value)
    assert (found, fault_of(found)) == ("0", F.FORMULA_WITHOUT_VALUE)
    to_be_worked_out = [(raw.CALCULATION, bytes(24) + b"\x01\x00")]
    marked = one(tmp_path, raw.FORMULA_NUMBER, value, book=to_be_worked_out)
    assert isinstance(marked, SheetCell)
    assert not marked.readable


def test_what_is_merged_over_rows_counts_for_each_of_them(tmp_path: Path) -> None:
    cells = [*HEADER, row(1), cell(raw.TEXT, 0, raw.text("A1")), cell(raw.TEXT, 1, raw.text("VAT"))]
    cells += [row(2), cell(raw.TEXT, 1, raw.text("PAYE"))]
    merged = [(raw.MERGED, pack("<IIII", 1, 2, 0, 0))]
    assert rows(raw_xlsb(tmp_path / "a.xlsb", cells, after=merged)) == [("A1", "VAT"), ("A1", "PAYE")]


def test_what_merged_cells_cover_is_not_shown(tmp_path: Path) -> None:
    cells = [*HEADER, row(1), cell(raw.TEXT, 0, raw.text("A1")), cell(raw.TEXT, 1, raw.text("old"))]
    merged = [(raw.MERGED, pack("<IIII", 1, 1, 0, 1))]
    assert rows(raw_xlsb(tmp_path / "a.xlsb", cells, after=merged)) == [("A1", "")]


def test_hidden_rows_and_columns_are_known(tmp_path: Path) -> None:
    cells = [*HEADER, row(1, hidden=True), cell(raw.TEXT, 0, raw.text("A1"))]
    columns = [(raw.COLUMNS, pack("<IIIIH", 2, 3, 0, 0, 1)), (raw.COLUMNS, pack("<IIIIH", 0, 0, 0, 0, 0))]
    book = open_workbook(OnDisk(raw_xlsb(tmp_path / "a.xlsb", cells, before=columns)), "xlsb", Told())
    assert len(list(book.records("List"))) == 2
    assert (book.hidden, book.hidden_columns) == ({2}, {3, 4})


@pytest.mark.parametrize("state", [1, 2])
def test_a_hidden_sheet_is_not_read(tmp_path: Path, state: int) -> None:
    book = open_workbook(OnDisk(raw_xlsb(tmp_path / "a.xlsb", HEADER, state=state)), "xlsb", Told())
    assert (book.sheets, book.hidden_sheets) == (("Other",), ("List",))


@pytest.mark.parametrize(
    "cells",
    [
        [row(1), cell(raw.SHARED, 0, pack("<I", 9))],
        [row(1), cell(raw.TEXT, 0, pack("<I", 9) + b"x")],
        [row(1), cell(raw.NUMBER, 0, b"x")],
        [(0, b"x")],
    ],
)
def test_a_sheet_that_makes_no_sense_is_damaged(tmp_path: Path, cells: list[raw.Record]) -> None:
    with pytest.raises(TableError, match="damaged"):
        read_table(raw_xlsb(tmp_path / "a.xlsb", [*HEADER, *cells]))
