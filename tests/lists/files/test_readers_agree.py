"""On ordinary workbooks, our reading agrees with that of a library that knows nothing of it."""

import math
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdsTable
from odf.table import TableCell, TableRow
from odf.text import P
from python_calamine import CalamineWorkbook

from ringfence.lists.files.table import read_table

TEXTS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs"), exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=8,
)
NUMBERS = st.integers(-(10**14), 10**14) | st.decimals(-1000, 1000, places=3).map(float)
SHEETS = st.lists(st.lists(TEXTS | NUMBERS | st.just(""), min_size=3, max_size=3), min_size=1, max_size=6)
SETTINGS = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def ours(path: Path) -> list[tuple[str, ...]]:
    return [tuple(map(str, row.cells)) for row in read_table(path).rows]


def theirs(path: Path) -> list[tuple[str, ...]]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    texts = [tuple(_text(cell) for cell in row) for row in rows[1:]]
    return [row + ("",) * (3 - len(row)) for row in texts if any(cell.strip() for cell in row)]


def _text(cell: object) -> str:
    return f"{cell + 0.0:.15g}".removesuffix(".0") if isinstance(cell, int | float) else str(cell)


def plain(rows: list[tuple[str, ...]]) -> list[tuple[str | float, ...]]:
    """Numbers as numbers: how one is written does not matter here."""
    return [tuple(_number(cell) for cell in row) for row in rows]


def _number(cell: str) -> str | float:
    try:
        number = float(cell)
    except ValueError:
        return cell
    return number if math.isfinite(number) else cell


@SETTINGS
@given(SHEETS)
def test_an_xlsx_is_read_alike(tmp_path: Path, sheet: list[list[str | float]]) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_urls": False}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["one", "two", "three"])
        for number, row in enumerate(sheet, start=1):
            for column, cell in enumerate(row):
                if cell != "":
                    write = page.write_string if isinstance(cell, str) else page.write_number
                    write(number, column, cell)
    assert plain(ours(path)) == plain(theirs(path))


@SETTINGS
@given(SHEETS)
def test_an_ods_is_read_alike(tmp_path: Path, sheet: list[list[str | float]]) -> None:
    rows: list[list[str | float]] = [["one", "two", "three"], *sheet]
    book = OpenDocumentSpreadsheet()
    table = OdsTable(name="List")
    for row in rows:
        line = TableRow()
        for cell in row:
            line.addElement(_ods_cell(cell))
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(tmp_path / "a.ods"))
    assert plain(ours(tmp_path / "a.ods")) == plain(theirs(tmp_path / "a.ods"))


def _ods_cell(cell: str | float) -> TableCell:
    if isinstance(cell, str):
        shown = TableCell(valuetype="string") if cell else TableCell()
    else:
        shown = TableCell(valuetype="float", value=repr(cell))
    if cell != "":
        shown.addElement(P(text=str(cell)))
    return shown
