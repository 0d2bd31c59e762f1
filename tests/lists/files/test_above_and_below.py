"""Titles above a list, totals and notes below it, and rows that a sheet does not show."""

from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists

from ringfence.lists.faults import F, TableError
from ringfence.lists.files.shape import Aside
from ringfence.lists.files.table import Table, Told, read_table
from ringfence.lists.rows.columns import is_header_of
from ringfence.lists.rows.headers import ListKind
from tests.lists.lists import rows_of, save, save_xlsx

IS_CLIENTS = is_header_of(ListKind.CLIENTS)
ABOVE = "Client list,,\nExported 3 March 2026,,\n\n"
LIST = "Code,Name,Fees\nA1,Acme,100\nB2,Total Plumbing Ltd,200\nC3,Gamma,\n"


def table_of(tmp_path: Path, text: str, told: Told = Told()) -> Table:  # noqa: B008 - immutable
    return read_table(save(tmp_path / "a.csv", text), is_header=IS_CLIENTS, told=told)


def below(tmp_path: Path, row: str) -> tuple[list[str], list[Aside], list[F]]:
    """The list with this at its end: its names, what is left out, what is wrong."""
    table = table_of(tmp_path, f"{LIST}{row}\n")
    rows = rows_of(table)
    return [row.cells[1] for row in rows], table.totals, [row.fault.code for row in rows if row.fault]


def test_titles_above_the_header_are_told(tmp_path: Path) -> None:
    table = table_of(tmp_path, ABOVE + LIST)
    assert table.above == (Aside(1, "Client list"), Aside(2, "Exported 3 March 2026"))
    assert (table.header_line, len(rows_of(table))) == (4, 3)


def test_a_title_is_no_header_where_none_is_recognised(tmp_path: Path) -> None:
    table = table_of(tmp_path, f"{ABOVE}Wibble,Wobble,Wubble\n1,2,3\n")
    assert table.headers == ("Wibble", "Wobble", "Wubble")


def test_a_header_row_that_holds_nothing_cannot_be_told(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="1, 2, 4, 5, 6, 7") as caught:
        table_of(tmp_path, ABOVE + LIST, Told(header=3))
    assert caught.value.code is F.NO_HEADER_ROW


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ("Total,,300", "Total | 300"),
        (",TOTALS:,£300.00", "TOTALS: | £300.00"),
        ("Grand total,,", "Grand total"),
        (",,Total", "Total"),
        ("Total services: 1987,,", "Total services: 1987"),
        ('Total clients: 3,,"1,200.50"', "Total clients: 3 | 1,200.50"),
        ("Number of clients,,3", "Number of clients | 3"),
        ("3 records found,,", "3 records found"),
        ("Cyfanswm,,(300)", "Cyfanswm | (300)"),
        ("Count,,3\nSum,,300", "Count | 3"),
    ],
)
def test_a_total_that_lacks_what_every_row_has_is_left_out_and_told(
    tmp_path: Path, row: str, shown: str
) -> None:
    names, totals, faults = below(tmp_path, row)
    assert (names, faults) == (["Acme", "Total Plumbing Ltd", "Gamma"], [])
    assert totals[0] == Aside(5, shown)


@pytest.mark.parametrize(
    "row",
    [
        "Total,300,",
        ",Total for Dairy,300",
        ",Total,GB123",
        "Printed on 3 March by Jo,,",
        "*** End of report ***,,",
        "Page 1 of 1,,",
    ],
)
def test_what_only_looks_like_a_total_or_a_note_is_a_fault(tmp_path: Path, row: str) -> None:
    _names, totals, faults = below(tmp_path, row)
    assert (totals, faults) == ([], [F.BELOW_LIST])


@pytest.mark.parametrize("row", ["T4,Total,300", "Total,TotalEnergies,", "Sum,Sum Ltd,1", "T4,Totals,"])
def test_a_client_that_is_called_like_a_total_is_a_client(tmp_path: Path, row: str) -> None:
    names, totals, faults = below(tmp_path, row)
    assert (len(names), totals, faults) == (4, [], [])


def test_a_total_amid_the_list_is_a_row(tmp_path: Path) -> None:
    names, totals, faults = below(tmp_path, "Total,,300\nD4,Delta,")
    assert (names[3:], totals, faults) == (["", "Delta"], [], [])


def test_where_no_row_stands_above_nothing_tells_a_total_from_a_row(tmp_path: Path) -> None:
    (row,) = rows_of(table_of(tmp_path, "Code,Name\nTotal,3\n"))
    assert row.fault is not None
    assert row.fault.code is F.BELOW_LIST


def test_a_total_is_a_row_where_that_is_told(tmp_path: Path) -> None:
    table = table_of(tmp_path, f"{LIST}Total,300,\n", Told(read_totals=True))
    assert [row.fault for row in rows_of(table)] == [None] * 4


def test_a_total_in_a_workbook_is_told_by_its_figures_and_formulas(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["Code", "Name", "Fees"], ["A1", "Acme", 100.5], ["B2", "Beta", 200]]):
            sheet.write_row(number, 0, row)
        sheet.write_row(3, 0, ["Total", ""])
        sheet.write_formula(3, 2, "=SUM(C2:C3)", book.add_format({"num_format": "#,##0.00"}), 1300.5)
    table = read_table(path, is_header=IS_CLIENTS)
    assert len(rows_of(table)) == 2
    assert table.totals == [Aside(4, "Total | 1300.5")]


def test_hidden_rows_are_read_unless_they_are_to_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([["Code", "Name"], ["A1", "Acme"], ["B2", "Beta"]]):
            sheet.write_row(number, 0, row)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        book.add_worksheet("Old").hide()
    table = read_table(path)
    assert [row.cells[0] for row in rows_of(table)] == ["A1", "B2"]
    assert (set(table.hidden_rows), set(table.hidden_columns), table.hidden_sheets) == ({2}, {2}, ("Old",))
    without = read_table(path, told=Told(without_hidden=True))
    assert [row.cells[0] for row in rows_of(without)] == ["B2"]


def test_short_rows_side_by_side_are_rows_where_the_program_leaves_empty_cells_out(tmp_path: Path) -> None:
    text = (
        "Code,Name,UTR,VAT\nA1,Acme,1,2\nB2,Beta\nC3,Gamma,3,4\nD4,Delta\nE5,Epsilon\nF6,Zeta\nG7,Eta,5,6\n"
    )
    assert [row.fault for row in rows_of(table_of(tmp_path, text))] == [None] * 7


def test_short_rows_side_by_side_are_broken_where_whole_rows_have_their_empty_cells(tmp_path: Path) -> None:
    text = "Code,Name,UTR,VAT\nA1,Acme,1,\nB2,Beta\nC3,Gamma,3,4\nD4,Delta\nLtd,5,6\nG7,Eta,5,6\n"
    faults = [row.fault.code if row.fault else None for row in rows_of(table_of(tmp_path, text))]
    assert faults == [None, None, None, F.BROKEN_ROW, F.BROKEN_ROW, None]


@pytest.mark.parametrize("told", [Told(), Told(sheet="Sheet2")])
def test_a_list_of_nothing_but_its_header_has_no_totals(tmp_path: Path, told: Told) -> None:
    table = read_table(save_xlsx(tmp_path / "a.xlsx", [["Code", "Name"]], [["Total"]]), told=told)
    assert (rows_of(table), table.totals) == ([], [])
