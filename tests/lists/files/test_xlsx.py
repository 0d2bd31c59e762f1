"""XLSX as tables: cells as a sheet shows them, wherever they say that they stand, whoever wrote them."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists

from ringfence.lists.faults import F, TableError
from ringfence.lists.files.cells import SheetCell
from ringfence.lists.files.table import read_table
from tests.lists.files.raw import raw_xlsx, replace_part
from tests.lists.lists import save_xlsx

TEXT = '<c t="inlineStr"><is><t>{}</t></is></c>'
HEADER = f"<row>{TEXT.format('Code')}{TEXT.format('Name')}</row>"


def cells(path: Path, sheet_data: str, **workbook: str | tuple[str, ...]) -> list[tuple[str, ...]]:
    """What the columns that hold texts make of the rows below the header."""
    table = read_table(raw_xlsx(path / "a.xlsx", HEADER + sheet_data, **workbook))  # type: ignore[arg-type]
    return [tuple(c.shown if isinstance(c, SheetCell) else c for c in row.cells) for row in table.rows]


def fault(path: Path, cell: str, **workbook: str | tuple[str, ...]) -> F | None:
    """What keeps the one cell from being a text."""
    row = f"<row>{cell}{TEXT.format('Acme')}</row>"
    table = read_table(raw_xlsx(path / "a.xlsx", HEADER + row, **workbook))  # type: ignore[arg-type]
    (held,) = (row.cells[0] for row in table.rows)
    return held.fault if isinstance(held, SheetCell) else None


def test_attributes_may_stand_between_single_quotation_marks(tmp_path: Path) -> None:
    row = "<row r='2'><c r='A2' s='1' t='n'><v>42</v></c><c r='B2' t='e'><v>#N/A</v></c></row>"
    assert cells(tmp_path, row, formats=("0000",)) == [("0042", "#N/A")]
    assert fault(tmp_path, "<c t='e'><v>#N/A</v></c>") is F.ERROR_CELL


def test_elements_may_carry_a_prefix(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "a.xlsx", HEADER)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    table = (
        f"<x:row>{TEXT.format('A1')}</x:row>".replace("<", "<x:")
        .replace("<x:/", "</x:")
        .replace("x:x:", "x:")
    )
    sheet = f'<x:worksheet xmlns:x="{space}"><x:sheetData>{table}{table}</x:sheetData></x:worksheet>'
    replace_part(path, "xl/worksheets/sheet1.xml", sheet.encode())
    assert read_table(path).headers == ("A1",)


def test_cells_stand_where_they_say_and_else_behind_the_one_before(tmp_path: Path) -> None:
    rows = f'<row r="5"><c r="B5"><v>2</v></c><c><v>3</v></c></row><row>{TEXT.format("next")}</row>'
    path = raw_xlsx(tmp_path / "a.xlsx", HEADER + rows)
    table = read_table(path)
    assert [(row.line, row.cells) for row in table.rows] == [(5, ("", "2")), (6, ("next", ""))]
    assert table.unheaded == {"C"}


def test_a_row_without_a_number_stands_where_its_cells_say(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "a.xlsx", HEADER + '<row><c r="A7"><v>1</v></c></row>')
    assert [row.line for row in read_table(path).rows] == [7]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('<c t="inlineStr"><is><t>Ac</t><r><t>me</t></r></is></c>', "Acme"),
        ('<c t="inlineStr"><is><t>東京</t><rPh><t>トウキョウ</t></rPh></is></c>', "東京"),
        ('<c t="str"><f>A1</f><v>Acme</v></c>', "Acme"),
        ('<c t="inlineStr"><is><t>a_x0009_b_x001F_c</t></is></c>', "a\tb\x1fc"),
        ('<c t="inlineStr"><is><t>_x005F_x0041_ _x005f_x000D_</t></is></c>', "_x0041_ _x000D_"),
        # Programs that escape nothing write these as somebody typed them; who escapes writes no others.
        ('<c t="inlineStr"><is><t>Bay_x0020_View_x0041_</t></is></c>', "Bay_x0020_View_x0041_"),
        ("<c><v>1955839661</v></c>", "1955839661"),
        ("<c><v>1.1000000000000001</v></c>", "1.1"),
        ("<c><v>-0</v></c>", "0"),
        ("<c><v>1E-3</v></c>", "0.001"),
        ("<c><v>1234567890123456</v></c>", "1.234567890123456e+15"),
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="b"><v>TRUE</v></c>', "TRUE"),
        ('<c t="b"><v>0</v></c>', "FALSE"),
        ('<c t="b"><v>2</v></c>', "2"),
    ],
)
def test_a_cell_is_what_the_sheet_shows(tmp_path: Path, cell: str, expected: str) -> None:
    assert cells(tmp_path, f"<row>{cell}</row>") == [(expected, "")]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<c><f>1+1</f></c>", F.FORMULA_WITHOUT_VALUE),
        ("<c><f>1+1</f><v></v></c>", F.FORMULA_WITHOUT_VALUE),
        ("<c><f>1+1</f><v>2</v></c>", None),
        ("<c><f>1-1</f><v>0</v></c>", F.FORMULA_WITHOUT_VALUE),
        ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', F.ERROR_CELL),
        ('<c t="b"><v>0</v></c>', F.SWITCH_CELL),
        ('<c t="d"><v>2027-03-31T00:00:00.000Z</v></c>', F.DATE_CELL),
    ],
)
def test_what_is_no_text_says_why(tmp_path: Path, cell: str, expected: F | None) -> None:
    assert fault(tmp_path, cell) is expected


def test_an_empty_text_that_a_formula_gives_is_an_empty_cell(tmp_path: Path) -> None:
    row = f'<row><c t="str"><f>IF(1,"")</f><v></v></c>{TEXT.format("Acme")}</row>'
    assert cells(tmp_path, row) == [("", "Acme")]


def test_a_zero_is_no_value_of_a_formula_where_the_workbook_is_still_to_be_worked_out(tmp_path: Path) -> None:
    """Else it may be a number, though no name and no reference."""
    calc = '<calcPr fullCalcOnLoad="1"/>'
    for cell, readable in (("<f>A1</f><v>0</v>", False), ("<f>A1</f><v>7</v>", True), ("<v>0</v>", True)):
        path = raw_xlsx(tmp_path / "a.xlsx", f"{HEADER}<row><c>{cell}</c></row>", calc=calc)
        (row,) = read_table(path).rows
        assert (not isinstance(row.cells[0], SheetCell) or row.cells[0].readable) == readable
    path = raw_xlsx(tmp_path / "a.xlsx", f"{HEADER}<row><c><f>A1</f><v>0</v></c></row>")
    (row,) = read_table(path).rows
    assert isinstance(row.cells[0], SheetCell)
    assert (row.cells[0], row.cells[0].readable) == ("0", True)


@pytest.mark.parametrize(
    ("serial", "code", "text"),
    [
        ("46477", "dd/mm/yyyy", "2027-03-31"),
        ("46507.70833333334", "yyyy-mm-dd hh:mm", "2027-04-30 17:00:00"),
        ("46507.75", "yyyy-mm-dd h:mm:ss", "2027-04-30 18:00:00"),
        ("46477.99999998843", "yyyy-mm-dd hh:mm", "2027-03-31 23:59:59.999000"),
        ("0.5", "hh:mm", "12:00:00"),
        ("59", "d mmm yyyy", "1900-02-28"),
        ("1.5", "[h]:mm", "1900-01-01 12:00:00"),
        ("-1", "d/m", "-1"),
        ("99999999", "d/m", "99999999"),
    ],
)
def test_a_number_that_a_format_shows_as_a_date_is_one(
    tmp_path: Path, serial: str, code: str, text: str
) -> None:
    assert cells(tmp_path, f'<row><c s="1"><v>{serial}</v></c></row>', formats=(code,)) == [(text, "")]
    assert fault(tmp_path, f'<c s="1"><v>{serial}</v></c>', formats=(code,)) is F.DATE_CELL


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    calc = '<workbookPr date1904="1"/>'
    row = '<row><c s="1"><v>45015</v></c></row>'
    assert cells(tmp_path, row, formats=("d/m/yyyy",), calc=calc) == [("2027-03-31", "")]


def test_built_in_formats_are_known(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Code", "Name", "Fee"])
        sheet.write_number(1, 0, 46477, book.add_format({"num_format": 14}))
        sheet.write_number(1, 1, 5, book.add_format({"num_format": 1}))
        sheet.write_number(1, 2, 0.125, book.add_format({"num_format": 10}))
    (row,) = read_table(path).rows
    assert row.cells == ("2027-03-31", "5", "12.5%")


def test_rows_that_the_sheet_does_not_show_are_read_and_told(tmp_path: Path) -> None:
    row = f'<row r="3" hidden="1">{TEXT.format("A1")}{TEXT.format("Acme")}</row>'
    table = read_table(raw_xlsx(tmp_path / "a.xlsx", HEADER + row))
    assert [row.cells for row in table.rows] == [("A1", "Acme")]
    assert table.hidden_rows == {3}


# --- Merged cells


def test_what_is_merged_downwards_counts_for_each_row_and_aside_for_the_first_column(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="B{n}"><v>{n}</v></c></row>' for n in (3, 4, 9))
    rows = f'<row r="2">{TEXT.format("A1")}{TEXT.format("x")}</row>{rows}'
    merged = (
        '<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="A3:A9"/><mergeCell ref="B9:C12"/></mergeCells>'
    )
    path = raw_xlsx(tmp_path / "a.xlsx", HEADER + rows, after=merged)
    assert [row.cells for row in read_table(path).rows] == [("A1", "x"), ("A1", "3"), ("A1", "4"), ("", "9")]


def test_what_merged_cells_cover_is_not_shown(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>7</v></c></row>' for n in (2, 3, 4)
    )
    rows += (
        f'<row r="5"><c r="B5"><v>7</v></c></row><row r="6"><c r="A6"><v>6</v></c>{TEXT.format("x")}</row>'
    )
    merged = (
        '<mergeCells><mergeCell ref="A2:B3"/><mergeCell ref="A5:A6"/><mergeCell ref="A4:XFD4"/></mergeCells>'
    )
    path = raw_xlsx(tmp_path / "a.xlsx", HEADER + rows, after=merged)
    assert [row.cells for row in read_table(path).rows] == [
        ("2", ""),
        ("2", ""),
        ("4", ""),
        ("", "7"),
        ("", "x"),
    ]


def test_many_merged_cells_on_top_of_one_another_take_no_time(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(2, 5000))
    merged = "".join(f'<mergeCell ref="A{n}:A1048576"/>' for n in range(2, 5000))
    path = raw_xlsx(tmp_path / "a.xlsx", HEADER + rows, after=f"<mergeCells>{merged}</mergeCells>")
    assert {row.cells[0] for row in read_table(path).rows} == {"2"}


# --- What is not safe, or damaged


@pytest.mark.parametrize(
    "sheet_data",
    [
        '<row r="2"><c r="!"><v>1</v></c></row>',
        "<row><c><v>one</v></c></row>",
        "<row><c><v>nan</v></c></row>",
        '<row><c t="s"><v>5</v></c></row>',
        "<row><c><v>1_000</v></c></row>",
        "<row><c><v>١</v></c></row>",
        '<row r="x"><c><v>1</v></c></row>',
        '<row r="5"><c><v>1</v></c></row><row r="5"><c><v>2</v></c></row>',
        '<row r="5"><c><v>1</v></c></row><row r="3"><c><v>2</v></c></row>',
        '<row r="5"><c r="A6"><v>1</v></c></row>',
        '<row r="5"><c><v>1</v></c></row><row><c r="A5"><v>1</v></c></row>',
        '<row r="5"><c r="A5"><v>1</v></c><c r="A5"><v>2</v></c></row>',
        "<row><c>",
    ],
)
def test_a_sheet_that_makes_no_sense_is_damaged(tmp_path: Path, sheet_data: str) -> None:
    with pytest.raises(TableError, match="damaged"):
        cells(tmp_path, sheet_data)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/workbook.xml", b'<?xml version="1.0" encoding="klingon"?><workbook/>'),
        ("xl/workbook.xml", b'<workbook><sheets><sheet name="List" sheetId="1"/></sheets></workbook>'),
        ("xl/worksheets/sheet1.xml", b""),
        ("xl/styles.xml", b'<styleSheet><numFmts><numFmt numFmtId="x"/></numFmts></styleSheet>'),
        ("xl/_rels/workbook.xml.rels", b"<Relationships/>"),
    ],
)
def test_a_part_that_makes_no_sense_is_a_damaged_workbook(tmp_path: Path, part: str, content: bytes) -> None:
    path = raw_xlsx(tmp_path / "a.xlsx", HEADER + '<row><c s="1"><v>1</v></c></row>', formats=("0",))
    with pytest.raises(TableError, match="damaged"):
        list(read_table(replace_part(path, part, content)).rows)


def test_a_text_that_is_not_there_is_damage(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", [["Code", "Name"], ["A1", "Acme"]])
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert sheet.count(b"<v>2</v>") == 1
    replace_part(path, "xl/worksheets/sheet1.xml", sheet.replace(b"<v>2</v>", b"<v>-1</v>"))
    with pytest.raises(TableError, match="damaged"):
        list(read_table(path).rows)


def test_a_document_type_is_not_taken(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "a.xlsx", HEADER)
    replace_part(path, "xl/styles.xml", b'<!DOCTYPE x [<!ENTITY a "a">]><styleSheet/>')
    row = '<row><c s="1"><v>1</v></c></row>'
    with pytest.raises(TableError, match="damaged"):
        list(read_table(replace_part(path, "xl/worksheets/sheet1.xml", _sheet(HEADER + row))).rows)


def _sheet(sheet_data: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{sheet_data}</sheetData></worksheet>'.encode()
