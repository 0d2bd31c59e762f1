"""XLS workbooks: each cell as the sheet shows it, whoever wrote it; what is not to be read is said."""

import datetime
from pathlib import Path
from struct import pack

import pytest
import xlwt

from ringfence.lists.faults import F, TableError
from ringfence.lists.files.cells import SheetCell
from ringfence.lists.files.source import OnDisk
from ringfence.lists.files.table import Told, open_workbook, read_table
from tests.lists.files import raw_xls as raw
from tests.lists.files.raw_xls import cell, header, raw_xls

HEADER = header("Code", "Name")
NO_RESULT = b"\x00\x00\x00\x00\x00\x00\xff\xff"
EMPTY_RESULT = b"\x03\x00\x00\x00\x00\x00\xff\xff"


def rows(path: Path) -> list[tuple[str, ...]]:
    return [tuple(map(str, row.cells)) for row in read_table(path).rows]


def only_cell(path: Path) -> str:
    """What stands below the header of a list with one column."""
    return next(iter(read_table(path).rows)).cells[0]


def fault_of(found: str) -> F | None:
    return found.fault if isinstance(found, SheetCell) else None


def saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def written(path: Path, value: object, code: str = "General") -> str:
    """One cell as xlwt writes it."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("List")
    sheet.write(0, 0, "Code")
    sheet.write(1, 0, value, xlwt.easyxf(num_format_str=code))
    book.save(str(path / "a.xls"))
    return only_cell(path / "a.xls")


# --- Cells


def test_zeros_that_a_format_shows_are_kept(tmp_path: Path) -> None:
    found = written(tmp_path, 123456789, "0000000000")
    assert isinstance(found, SheetCell)
    assert (found.shown, found.fault) == ("0123456789", None)


def test_a_format_that_shows_more_than_digits_is_what_it_shows(tmp_path: Path) -> None:
    found = written(tmp_path, 42, '"C-"0000')
    assert isinstance(found, SheetCell)
    assert (found.shown, found.fault) == ("C-0042", None)


def test_numbers_are_read_however_they_are_packed(tmp_path: Path) -> None:
    for number, told in [(7, "7"), (-7, "-7"), (12.34, "12.34"), (1955839661, "1955839661"), (1e-3, "0.001")]:
        assert written(tmp_path, number) == told


def test_a_date_is_a_date_whichever_year_days_are_counted_from(tmp_path: Path) -> None:
    for since_1904 in (False, True):
        book = xlwt.Workbook()
        book.dates_1904 = since_1904
        sheet = book.add_sheet("List")
        sheet.write(0, 0, "Expires")
        sheet.write(1, 0, datetime.date(2027, 3, 31), xlwt.easyxf(num_format_str="DD/MM/YYYY"))
        book.save(str(tmp_path / "a.xls"))
        found = only_cell(tmp_path / "a.xls")
        assert (found, fault_of(found)) == ("2027-03-31", F.DATE_CELL)


def test_true_is_no_text(tmp_path: Path) -> None:
    found = written(tmp_path, True)
    assert (found, fault_of(found)) == ("TRUE", F.SWITCH_CELL)


def test_an_error_is_never_an_empty_cell(tmp_path: Path) -> None:
    error = raw.TRUTH_OR_ERROR, pack("<HHHBB", 1, 0, 0, 0x2A, 1)
    found = only_cell(raw_xls(tmp_path / "a.xls", [*HEADER, error]))
    assert (found, fault_of(found)) == ("#N/A", F.ERROR_CELL)


def test_a_number_that_is_none_is_an_error(tmp_path: Path) -> None:
    found = only_cell(raw_xls(tmp_path / "a.xls", [*HEADER, raw.number(1, 0, float("nan"))]))
    assert fault_of(found) == F.ERROR_CELL


def test_breaks_and_tabs_in_a_cell_are_kept(tmp_path: Path) -> None:
    assert written(tmp_path, "Smith\tJohn\nLtd") == "Smith\tJohn\nLtd"


def test_a_text_with_formats_inside_is_the_text(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("List")
    sheet.write(0, 0, "Name")
    bold = xlwt.easyfont("bold true")
    sheet.write_rich_text(1, 0, [("Siân ", bold), "Llŷr"])
    book.save(str(tmp_path / "a.xls"))
    assert only_cell(tmp_path / "a.xls") == "Siân Llŷr"


def test_a_reading_aid_is_left_out(tmp_path: Path) -> None:
    aid = b"\x01\x00\x08\x00" + bytes(8)
    item = pack("<HBI", 2, 4 | 1, len(aid)) + "東京".encode("utf-16-le") + aid
    texts = raw.TEXTS, pack("<II", 2, 2) + item + raw.text("Acme")
    shared = [(raw.SHARED, pack("<HHHI", 1 + number, 0, 0, number)) for number in (0, 1)]
    path = raw_xls(tmp_path / "a.xls", [*HEADER, *shared], book=[texts])
    assert rows(path) == [("東京", ""), ("Acme", "")]


def test_texts_go_on_over_records_with_letters_of_another_width(tmp_path: Path) -> None:
    head = pack("<II", 1, 1) + pack("<HB", 12, 0) + b"Acme "
    pieces = [
        (raw.TEXTS, head),
        (raw.CONTINUE, b"\x00Ltd "),
        (raw.CONTINUE, b"\x01" + "Cŷf".encode("utf-16-le")),
    ]
    shared = raw.SHARED, pack("<HHHI", 1, 0, 0, 0)
    assert only_cell(raw_xls(tmp_path / "a.xls", [*HEADER, shared], book=pieces)) == "Acme Ltd Cŷf"


def test_more_texts_than_one_record_holds_are_all_read(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("List")
    sheet.write(0, 0, "Name")
    names = [f"Cleient {number} {'ŵ' * (number % 90)}{'x' * (number % 70)}" for number in range(1, 900)]
    for row, name in enumerate(names, start=1):
        sheet.write(row, 0, name)
    book.save(str(tmp_path / "a.xls"))
    assert [cells[0] for cells in rows(tmp_path / "a.xls")] == names


# --- Formulas


def test_a_formula_that_was_never_worked_out_is_a_fault(tmp_path: Path) -> None:
    found = written(tmp_path, xlwt.Formula("1+2"))
    assert fault_of(found) == F.FORMULA_WITHOUT_VALUE


def test_a_formula_that_gives_an_empty_text_is_empty_where_a_program_worked_it_out(tmp_path: Path) -> None:
    sheet = [*HEADER, raw.formula(1, 0, EMPTY_RESULT), cell(1, 1, "Acme")]
    by_whom = raw.WORKED_OUT_BY, pack("<HHI", 0x1C1, 0, 1)
    assert rows(raw_xls(tmp_path / "a.xls", sheet, book=[by_whom])) == [("", "Acme")]


def test_a_formula_that_gives_a_text_is_the_text_over_as_many_records_as_it_takes(tmp_path: Path) -> None:
    sheet = [
        *HEADER,
        raw.formula(1, 0, NO_RESULT),
        (raw.FORMULA_TEXT, pack("<HB", 8, 0) + b"Acme"),
        (raw.CONTINUE, b"\x00 Ltd"),
        cell(1, 1, "x"),
    ]
    assert rows(raw_xls(tmp_path / "a.xls", sheet)) == [("Acme Ltd", "x")]


def test_a_formula_whose_text_is_missing_is_a_fault(tmp_path: Path) -> None:
    found = only_cell(raw_xls(tmp_path / "a.xls", [*HEADER, raw.formula(1, 0, NO_RESULT)]))
    assert fault_of(found) == F.FORMULA_WITHOUT_VALUE


def test_a_formula_that_gives_a_number_is_the_number(tmp_path: Path) -> None:
    assert only_cell(raw_xls(tmp_path / "a.xls", [*HEADER, raw.formula(1, 0, pack("<d", 12.5))])) == "12.5"


def test_a_formula_that_gives_0_may_be_one_that_nobody_worked_out(tmp_path: Path) -> None:
    sheet = [*HEADER, raw.formula(1, 0, pack("<d", 0))]
    found = only_cell(raw_xls(tmp_path / "a.xls", sheet))
    assert (found, fault_of(found)) == ("0", F.FORMULA_WITHOUT_VALUE)
    marked = only_cell(raw_xls(tmp_path / "b.xls", [(raw.NOT_WORKED_OUT, bytes(2)), *sheet]))
    assert isinstance(marked, SheetCell)
    assert not marked.readable


def test_a_formula_in_the_record_of_an_older_version_is_read(tmp_path: Path) -> None:
    kind, content = raw.formula(1, 0, pack("<d", 12.5))
    assert kind == raw.FORMULA
    assert only_cell(raw_xls(tmp_path / "a.xls", [*HEADER, (0x0406, content)])) == "12.5"


# --- Sheets


def test_cells_may_come_in_any_order(tmp_path: Path) -> None:
    sheet = [cell(row, column, f"{row}{column}") for column in (1, 0) for row in (2, 0, 1)]
    assert rows(raw_xls(tmp_path / "a.xls", sheet)) == [("10", "11"), ("20", "21")]


def test_cells_of_a_chart_on_the_sheet_are_none_of_its_cells(tmp_path: Path) -> None:
    chart = [(raw.BEGIN, raw.CHART), cell(1, 0, "of the chart"), (raw.EOF, b"")]
    assert rows(raw_xls(tmp_path / "a.xls", [*HEADER, *chart, cell(1, 0, "A1")])) == [("A1", "")]


def test_what_is_merged_over_rows_counts_for_each_of_them(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("List")
    for row, cells in enumerate([["Code", "Service"], ["", "VAT"], ["", "PAYE"], ["A2", "VAT"]]):
        for column, each in enumerate(cells):
            if each:
                sheet.write(row, column, each)
    sheet.write_merge(1, 2, 0, 0, "A1")
    book.save(str(tmp_path / "a.xls"))
    assert rows(tmp_path / "a.xls") == [("A1", "VAT"), ("A1", "PAYE"), ("A2", "VAT")]


def test_what_merged_cells_cover_is_not_shown(tmp_path: Path) -> None:
    sheet = [*HEADER, cell(1, 0, "A1"), cell(1, 1, "old"), cell(2, 0, "A2"), cell(2, 1, "x")]
    merged = raw.MERGED, b"\x01\x00" + bytes([1, 0, 1, 0, 0, 0, 1, 0])
    assert rows(raw_xls(tmp_path / "a.xls", [*sheet, merged])) == [("A1", ""), ("A2", "x")]


def hidden_things(path: Path) -> Path:
    book = xlwt.Workbook()
    book.add_sheet("Old").visibility = 1
    book.add_sheet("Older").visibility = 2
    sheet = book.add_sheet("New")
    for row, each in enumerate(["Code", "A1", "A2"]):
        sheet.write(row, 0, each)
        sheet.write(row, 2, each)
    sheet.row(2).hidden = True
    sheet.col(2).hidden = True
    book.set_active_sheet(2)
    book.save(str(path))
    return path


def test_hidden_sheets_are_not_read_and_hidden_rows_and_columns_are_known(tmp_path: Path) -> None:
    book = open_workbook(OnDisk(hidden_things(tmp_path / "a.xls")), "xls", Told())
    assert (book.sheets, book.hidden_sheets) == (("New",), ("Old", "Older"))
    assert len(list(book.records("New"))) == 3
    assert (book.hidden, book.hidden_columns) == ({3}, {3})


def test_the_sheet_with_the_header_is_found_and_another_may_be_chosen(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("Cover").write(0, 0, "Our clients")
    for column, each in enumerate(["Code", "Name"]):
        book.add_sheet(f"List {column}").write(0, 0, each)
    book.save(str(tmp_path / "a.xls"))
    assert read_table(tmp_path / "a.xls", is_header=lambda cells: "Code" in cells).sheet == "List 0"
    assert read_table(tmp_path / "a.xls", told=Told(sheet="List 1")).headers == ("Name",)


# --- What is not read


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"\x09\x00\x04\x00\x02\x00\x10\x00", r"very old Excel sheet \(BIFF 2 to 4\)"),
        (b"\x09\x02\x06\x00\x00\x03\x10\x00", r"very old Excel sheet \(BIFF 2 to 4\)"),
        (b"\x09\x04\x06\x00\x00\x04\x10\x00", r"very old Excel sheet \(BIFF 2 to 4\)"),
        (b"\x09\x08\x08\x00\x00\x05\x10\x00", r"of 1995 or before \(BIFF 5\)"),
    ],
)
def test_a_sheet_without_a_workbook_around_it_is_named(tmp_path: Path, start: bytes, what: str) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(start + bytes(200))
    with pytest.raises(TableError, match=what):
        read_table(path)


def test_an_older_workbook_is_named(tmp_path: Path) -> None:
    content = raw.compound({"Book": raw.joined([(raw.BEGIN, pack("<HH4x", 0x0500, 5))])})
    path = saved(tmp_path / "a.xls", content)
    with pytest.raises(TableError, match=r"of 1995 or before \(BIFF 5\).* save it as XLSX, ODS or CSV"):
        read_table(path)


def test_a_workbook_with_a_password_is_named(tmp_path: Path) -> None:
    path = raw_xls(tmp_path / "a.xls", HEADER, book=[(raw.ENCRYPTED, bytes(54))])
    with pytest.raises(TableError, match="password"):
        read_table(path)


def test_a_workbook_with_a_password_of_a_later_version_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", raw.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}))
    with pytest.raises(TableError, match="password"):
        read_table(path)


def test_a_document_of_a_word_processor_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="word-processor"):
        read_table(saved(tmp_path / "a.doc", raw.compound({"WordDocument": b"x"})))


def test_a_sheet_that_is_cut_off_is_damaged(tmp_path: Path) -> None:
    content = raw.joined(
        [(raw.BEGIN, raw.WORKBOOK), (raw.SHEET, pack("<IBB", 200, 0, 0) + b"\x04\x00List"), (raw.EOF, b"")]
    )
    path = saved(tmp_path / "a.xls", raw.compound({"Workbook": content}))
    with pytest.raises(TableError, match="damaged"):
        read_table(path)
