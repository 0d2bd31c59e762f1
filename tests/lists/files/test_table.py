"""The header and the shape of rows, whatever kind of file they come from."""

from pathlib import Path

import pytest

from ringfence.lists.faults import TableError
from ringfence.lists.files.table import MAX_COLUMNS, read_table
from ringfence.lists.rows.columns import is_header_of
from ringfence.lists.rows.headers import ListKind
from tests.lists.lists import rows_of, save


def test_titles_above_the_header_are_passed_over(tmp_path: Path) -> None:
    text = "Client list,,\nExported 3 March 2026,,\n\nClient code,Client name,Type\nA1,Acme,Ltd\n"
    table = read_table(save(tmp_path / "a.csv", text), is_header=is_header_of(ListKind.CLIENTS))
    assert (table.header_line, table.headers[0]) == (4, "Client code")
    assert [row.line for row in table.rows] == [5]


def test_the_first_row_is_the_header_where_none_is_recognised(tmp_path: Path) -> None:
    text = "Wibble,Wobble\n" + "1,2\n" * 30
    table = read_table(save(tmp_path / "a.csv", text), is_header=is_header_of(ListKind.CLIENTS))
    assert table.headers == ("Wibble", "Wobble")
    assert len(rows_of(table)) == 30


def test_blank_rows_are_left_out(tmp_path: Path) -> None:
    text = "Code,Name\n,\nA1,Acme\n , \nA2,Beta\n"
    assert [row.line for row in rows_of(read_table(save(tmp_path / "a.csv", text)))] == [3, 5]


def test_a_row_with_surplus_cells_is_a_fault(tmp_path: Path) -> None:
    rows = rows_of(read_table(save(tmp_path / "a.csv", "Code,Name\nA1,Smith, Jones\nA2,Beta\n")))
    assert "3 cells but only 2 headers" in rows[0].fault
    assert rows[1].fault == ""


def test_empty_surplus_cells_are_no_fault(tmp_path: Path) -> None:
    rows = rows_of(read_table(save(tmp_path / "a.csv", "Code,Name\nA1,Acme,,\n")))
    assert rows[0].cells == ("A1", "Acme")
    assert rows[0].fault == ""


def test_a_row_broken_in_two_is_a_fault(tmp_path: Path) -> None:
    text = "Code,Name,VAT\nA1,Acme,1\nA2,Beta\nLtd,2\nA3,Gamma,3\n"
    rows = rows_of(read_table(save(tmp_path / "a.csv", text)))
    assert [bool(row.fault) for row in rows] == [False, True, True, False]


def test_a_block_of_rows_without_their_last_empty_cells_is_made_up(tmp_path: Path) -> None:
    full = "".join(f"A{number},Acme,1\n" for number in range(15))
    short = "".join(f"B{number},Beta\n" for number in range(16))
    rows = rows_of(read_table(save(tmp_path / "a.csv", f"Code,Name,VAT\n{full}{short}")))
    assert [row.fault for row in rows] == [""] * 31
    assert rows[-1].cells == ("B15", "Beta", "")


def test_a_row_of_too_many_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="501 columns"):
        read_table(save(tmp_path / "a.csv", "," * MAX_COLUMNS + "x\n1\n"))


def test_a_text_file_has_no_worksheets(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no worksheets"):
        read_table(save(tmp_path / "a.csv", "Code,Name\nA1,Acme\n"), sheet="List")
