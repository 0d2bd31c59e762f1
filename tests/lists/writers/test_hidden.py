"""What a sheet does not show is said, whichever program hid it: a sheet, a row, a column."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import P

from ringfence.lists.files.table import Told
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import Choices, read_list

ROWS = [
    ["Client reference", "Client name", "VAT number"],
    ["A1", "Acme", "980780684"],
    ["A2", "Hidden", "002375811"],
    ["A3", "Gamma", ""],
]
HIDDEN_ROW, HIDDEN_COLUMN = 3, "C"


def by_openpyxl(path: Path) -> None:
    book = openpyxl.Workbook()
    old, sheet = book.active, book.create_sheet("Clients")
    old.title, old.sheet_state = "Old", "hidden"
    for row in ROWS:
        old.append(row)
        sheet.append(row)
    sheet.row_dimensions[HIDDEN_ROW].hidden = True
    sheet.column_dimensions[HIDDEN_COLUMN].hidden = True
    book.active = 1
    book.save(path)


def by_xlsxwriter(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        old, sheet = book.add_worksheet("Old"), book.add_worksheet("Clients")
        for number, row in enumerate(ROWS):
            old.write_row(number, 0, row)
            sheet.write_row(number, 0, row)
        sheet.activate()
        sheet.set_first_sheet()
        old.hide()
        sheet.set_row(HIDDEN_ROW - 1, None, None, {"hidden": True})
        sheet.set_column("C:C", None, None, {"hidden": True})


def by_xlwt(path: Path) -> None:
    book = xlwt.Workbook()
    old, sheet = book.add_sheet("Old"), book.add_sheet("Clients")
    for number, row in enumerate(ROWS):
        for place, cell in enumerate(row):
            old.write(number, place, cell)
            sheet.write(number, place, cell)
    old.visibility = 1
    book.set_active_sheet(1)
    sheet.row(HIDDEN_ROW - 1).hidden = True
    sheet.col(2).hidden = True
    book.save(str(path))


def by_odfpy(path: Path) -> None:
    book = OpenDocumentSpreadsheet()
    hidden = Style(name="hidden", family="table")
    hidden.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(hidden)
    for table in (Table(name="Old", stylename=hidden), Table(name="Clients")):
        table.addElement(TableColumn(numbercolumnsrepeated=2))
        table.addElement(TableColumn(visibility="collapse"))
        for number, row in enumerate(ROWS, start=1):
            line = TableRow(visibility="filter" if number == HIDDEN_ROW else "visible")
            table.addElement(line)
            for text in row:
                cell = TableCell(valuetype="string")
                cell.addElement(P(text=text))
                line.addElement(cell)
        book.spreadsheet.addElement(table)
    book.save(str(path))


WRITERS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "openpyxl": (".xlsx", by_openpyxl),
    "XlsxWriter": (".xlsx", by_xlsxwriter),
    "xlwt": (".xls", by_xlwt),
    "odfpy": (".ods", by_odfpy),
}


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_not_shown_is_said_and_its_rows_are_read_unless_told(tmp_path: Path, name: str) -> None:
    suffix, write = WRITERS[name]
    path = tmp_path / f"list{suffix}"
    write(path)
    read = read_list(path, ListKind.CLIENTS, ["VAT"])
    assert (read.source.sheet, read.source.hidden_sheets) == ("Clients", ("Old",))
    assert (read.source.hidden_rows, read.source.hidden_columns) == ((HIDDEN_ROW,), (HIDDEN_COLUMN,))
    assert [(row.reference, dict(row.services)) for row in read.clients] == [
        ("A1", {"VAT": "980780684"}),
        ("A2", {"VAT": "002375811"}),
        ("A3", {}),
    ]
    shown = read_list(path, ListKind.CLIENTS, ["VAT"], Choices(file=Told(without_hidden=True)))
    assert [row.reference for row in shown.clients] == ["A1", "A3"]
