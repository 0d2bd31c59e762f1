"""XLSX and ODS as tables: cells as people see them, row numbers, and workbooks that are not safe to open."""

import datetime
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists

from ringfence.lists.faults import TableError
from ringfence.lists.files import workbook
from ringfence.lists.files.table import read_table
from ringfence.lists.files.workbook import as_seen
from tests.lists.lists import save_ods, save_xlsx

LIST = [["Code", "Name"], ["A1", "Acme"], ["", ""], ["0042", "Siân"]]


def replace_part(path: Path, part: str, content: bytes) -> Path:
    """The same archive with one part exchanged."""
    held = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == part else old.read(info.filename))
    return path


def test_an_xlsx_keeps_row_numbers_and_zeros_in_front(tmp_path: Path) -> None:
    table = read_table(save_xlsx(tmp_path / "a.xlsx", LIST))
    assert [(row.line, row.cells) for row in table.rows] == [(2, ("A1", "Acme")), (4, ("0042", "Siân"))]


def test_an_ods_keeps_row_numbers_and_zeros_in_front(tmp_path: Path) -> None:
    table = read_table(save_ods(tmp_path / "a.ods", LIST))
    assert [(row.line, row.cells) for row in table.rows] == [(2, ("A1", "Acme")), (4, ("0042", "Siân"))]


def test_rows_above_the_list_are_counted(tmp_path: Path) -> None:
    table = read_table(save_xlsx(tmp_path / "a.xlsx", [[], [], *LIST]))
    assert table.header_line == 3
    assert [row.line for row in table.rows] == [4, 6]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567890.0, "1234567890"),
        (-3.0, "-3"),
        (0.5, "0.5"),
        (True, "TRUE"),
        (False, "FALSE"),
        (datetime.date(2026, 3, 1), "2026-03-01"),
        (datetime.datetime(2026, 3, 1), "2026-03-01"),  # noqa: DTZ001 - a spreadsheet's time has no zone
        (datetime.datetime(2026, 3, 1, 17, 30), "2026-03-01 17:30:00"),  # noqa: DTZ001 - likewise
        ("007", "007"),
    ],
)
def test_a_cell_is_the_text_that_people_see(value: workbook.Value, text: str) -> None:
    assert as_seen(value) == text


def test_the_first_sheet_that_holds_anything_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    table = read_table(save_xlsx(tmp_path / "a.xlsx", [], LIST, [["Notes"]]))
    assert table.sheet == "Sheet2"
    assert table.other_sheets == ("Sheet1", "Sheet3")


def test_a_sheet_may_be_chosen(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", [["Notes"], ["x"]], LIST)
    assert read_table(path, sheet="Sheet2").headers == ("Code", "Name")


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="Sheet1"):
        read_table(save_xlsx(tmp_path / "a.xlsx", LIST), sheet="Clients")


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        hidden = book.add_worksheet("Old")
        hidden.write_row(0, 0, ["Code", "Name"])
        shown = book.add_worksheet("New")
        shown.write_column(0, 0, ["Ref", "A1"])
        shown.activate()
        hidden.hide()
    assert read_table(path).sheet == "New"


def test_a_workbook_without_a_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="holds no list"):
        read_table(save_xlsx(tmp_path / "a.xlsx", []))


def test_the_type_is_told_by_the_content_and_not_by_the_name(tmp_path: Path) -> None:
    assert read_table(save_xlsx(tmp_path / "a.csv", LIST)).headers == ("Code", "Name")


def test_an_old_workbook_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000)
    with pytest.raises(TableError, match=r"\.xls"):
        read_table(path)


def test_a_workbook_with_a_password_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    held = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 9000 + "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(held)
    with pytest.raises(TableError, match="password"):
        read_table(path)


def test_an_ods_with_a_password_is_named(tmp_path: Path) -> None:
    path = save_ods(tmp_path / "a.ods", LIST)
    manifest = b'<manifest:manifest><manifest:encryption-data manifest:checksum="x"/></manifest:manifest>'
    with pytest.raises(TableError, match="password"):
        read_table(replace_part(path, "META-INF/manifest.xml", manifest))


def test_another_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(TableError, match="archive or document"):
        read_table(path)


def test_a_workbook_cut_off_is_refused(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", LIST)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(TableError, match="damaged"):
        read_table(path)


def test_a_workbook_with_broken_content_is_refused(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", LIST)
    with pytest.raises(TableError, match=r"cannot be read|holds no list"):
        read_table(replace_part(path, "xl/workbook.xml", b"<workbook><sheets>"))


def test_cells_too_far_apart_are_refused_before_memory_is_reserved(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Code")
        sheet.write(1_048_575, 16_383, "stray")
    with pytest.raises(TableError, match="row 1,048,576 and column 16,384"):
        read_table(path)


def test_an_ods_that_repeats_cells_without_end_is_refused(tmp_path: Path) -> None:
    path = save_ods(tmp_path / "a.ods", LIST)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml")
    repeated = content.replace(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="999999999">'
    )
    with pytest.raises(TableError, match="too far apart"):
        read_table(replace_part(path, "content.xml", repeated))


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", LIST)
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(TableError, match="unpacks to more"):
        read_table(path)
