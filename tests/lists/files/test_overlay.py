"""Cells that a workbook shows otherwise than its reader tells: errors, zeros in front, rounded numbers."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists

from ringfence.lists.files.overlay import zeros_in
from ringfence.lists.files.table import read_table
from ringfence.lists.rows.cell_texts import cell_problem, neutralise, restore
from tests.lists.lists import clients_in, save, save_ods

HEADERS = ["Code", "Name"]
ACME = '<table:table-cell office:value-type="string"><text:p>Acme</text:p></table:table-cell>'
CALC_EXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


def workbook(path: Path) -> Path:
    """On its second sheet, from B3: an error, a number that its format fills up, and one too long for it."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes").write_row(0, 0, ["x"])
        sheet = book.add_worksheet("List & more")
        filled = book.add_format({"num_format": "00000000"})
        sheet.write_row(2, 1, HEADERS)
        sheet.write_number(3, 1, 1234, filled)
        sheet.write_string(3, 2, "Acme")
        sheet.write_formula(4, 1, "=VLOOKUP(1,2,3)", None, "#N/A")
        sheet.write_string(4, 2, "Beta")
        sheet.write_number(5, 1, 1234567890123456)
        sheet.write_string(5, 2, "Gamma")
    return path


def cells_of(path: Path) -> list[tuple[str, ...]]:
    return [row.cells[-2:] for row in read_table(path, sheet="List & more").rows]


def test_zeros_that_a_format_puts_in_front_are_kept(tmp_path: Path) -> None:
    assert cells_of(workbook(tmp_path / "a.xlsx"))[0] == ("00001234", "Acme")


def test_an_error_is_never_an_empty_cell(tmp_path: Path) -> None:
    assert cells_of(workbook(tmp_path / "a.xlsx"))[1] == ("#N/A", "Beta")


def test_a_number_with_more_digits_than_spreadsheets_keep_shows_that_it_was_rounded(tmp_path: Path) -> None:
    assert cells_of(workbook(tmp_path / "a.xlsx"))[2] == ("1.234567890123456e+15", "Gamma")


@pytest.mark.parametrize("value", ["#N/A", "#REF!", "#DIV/0!", "Err:502"])
def test_an_error_is_a_bad_row_that_names_cell_and_remedy(tmp_path: Path, value: str) -> None:
    (fault,) = clients_in(save(tmp_path / "a.csv", f"Code,Name\nA1,{value}\n")).faults
    assert (fault.line, fault.column) == (2, "Name")
    assert f"spreadsheet error {value}. Correct its formula" in fault.message


@pytest.mark.parametrize("value", ["1.23457E+15", "1e+20"])
def test_a_rounded_number_is_a_bad_row_that_says_to_format_the_column_as_text(
    tmp_path: Path, value: str
) -> None:
    (fault,) = clients_in(save(tmp_path / "a.csv", f"Code,Name\n{value},Acme\n")).faults
    assert (fault.line, fault.column) == (2, "Code")
    assert "Format the column as text" in fault.message


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("00000000", 8),
        ("[Red]000;[Blue]-000", 3),
        ("0", 0),
        ("0.00", 0),
        ("#,##0", 0),
        ("General", 0),
        ("yyyy-mm-dd", 0),
        ('"No. "0000', 4),
        ("0.00E+00", 0),
    ],
)
def test_a_number_format_says_how_many_digits_it_always_shows(code: str, digits: int) -> None:
    assert zeros_in(code) == digits


def ods(path: Path, cells: str) -> Path:
    """A list of one row below the header, its cells written as they stand in the file."""
    held = io.BytesIO(save_ods(path, [HEADERS, ["%%", "%%"]]).read_bytes())
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(path, "w") as new:
        for info in old.infolist():
            content = old.read(info.filename).decode()
            if info.filename == "content.xml":
                row = content.rindex("<table:table-row")
                content = (
                    content[:row]
                    + f"<table:table-row>{cells}</table:table-row>"
                    + content[content.index("</table:table>") :]
                )
            new.writestr(info.filename, content)
    return path


def test_an_ods_keeps_the_zeros_that_its_cells_show(tmp_path: Path) -> None:
    number = '<table:table-cell office:value-type="float" office:value="42"><text:p>0042</text:p>'
    (row,) = read_table(ods(tmp_path / "a.ods", f"{number}</table:table-cell>{ACME}")).rows
    assert row.cells == ("0042", "Acme")


def test_an_error_in_an_ods_is_never_an_empty_cell(tmp_path: Path) -> None:
    attributes = f'xmlns:calcext="{CALC_EXT}" office:value-type="string" calcext:value-type="error"'
    error = f'<table:table-cell {attributes} office:string-value=""><text:p>#N/A</text:p>'
    (row,) = read_table(ods(tmp_path / "a.ods", f"{error}</table:table-cell>{ACME}")).rows
    assert row.cells == ("#N/A", "Acme")


@pytest.mark.parametrize("text", ["#N/A", "'#REF!", "1E+20"])
def test_what_is_called_like_an_error_comes_back_from_an_export(text: str) -> None:
    written = neutralise(text)
    assert (cell_problem(written), restore(written)) == ("", text)
