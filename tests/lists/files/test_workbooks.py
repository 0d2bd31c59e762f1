"""XLSX and ODS as tables: cells as people see them, row numbers, and workbooks that are not safe to open."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists

from ringfence.lists.faults import TableError
from ringfence.lists.files import archive, xlsx
from ringfence.lists.files.table import Told, read_table
from tests.lists.files.raw import replace_part
from tests.lists.lists import save_ods, save_xlsx

LIST = [["Code", "Name"], ["A1", "Acme"], ["", ""], ["0042", "Siân"]]


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


def test_the_first_sheet_that_holds_anything_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    table = read_table(save_xlsx(tmp_path / "a.xlsx", [], LIST, [["Notes"]]))
    assert table.sheet == "Sheet2"
    assert table.other_sheets == ("Sheet1", "Sheet3")


def test_a_sheet_may_be_chosen(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", [["Notes"], ["x"]], LIST)
    assert read_table(path, told=Told(sheet="Sheet2")).headers == ("Code", "Name")


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="Sheet1"):
        read_table(save_xlsx(tmp_path / "a.xlsx", LIST), told=Told(sheet="Clients"))


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


def test_an_ods_with_a_password_is_named(tmp_path: Path) -> None:
    path = save_ods(tmp_path / "a.ods", LIST)
    manifest = b'<manifest:manifest><manifest:encryption-data manifest:checksum="x"/></manifest:manifest>'
    with pytest.raises(TableError, match="password"):
        read_table(replace_part(path, "META-INF/manifest.xml", manifest))


def test_another_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(TableError, match="an archive or another document"):
        read_table(path)


def test_a_workbook_cut_off_is_refused(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", LIST)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(TableError, match="damaged"):
        read_table(path)


def test_a_workbook_with_broken_content_is_refused(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", LIST)
    with pytest.raises(TableError, match="damaged"):
        read_table(replace_part(path, "xl/workbook.xml", b"<workbook><sheets>"))


def test_cells_too_far_apart_are_refused_before_memory_is_reserved(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Code")
        sheet.write(1_048_575, 16_383, "stray")
    with pytest.raises(TableError, match="cell XFD1048576, far beyond"):
        read_table(path)


def test_an_ods_that_repeats_cells_without_end_is_refused(tmp_path: Path) -> None:
    path = save_ods(tmp_path / "a.ods", LIST)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("content.xml")
    repeated = content.replace(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="999999999">'
    )
    with pytest.raises(TableError, match="filled down 999,999,999 times"):
        read_table(replace_part(path, "content.xml", repeated))


@pytest.mark.parametrize(
    ("limit", "part"),
    [
        ("SHEET_LIMIT", "xl/worksheets/sheet1.xml"),
        ("TEXTS_LIMIT", "xl/sharedStrings.xml"),
        ("SMALL_LIMIT", "xl/workbook.xml"),
    ],
)
def test_a_part_that_unpacks_beyond_the_limit_of_its_kind_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, part: str
) -> None:
    path = replace_part(save_xlsx(tmp_path / "a.xlsx", LIST), part, b"<x>" + b" " * 200_000 + b"</x>")
    for module in (archive, xlsx):
        monkeypatch.setattr(module, limit, 100_000, raising=False)
    with pytest.raises(TableError, match=r"unpacks to more .* MB|unpacks to more"):
        read_table(path)
