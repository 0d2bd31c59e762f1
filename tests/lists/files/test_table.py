"""The header and the shape of rows, whatever kind of file they come from."""

from pathlib import Path

import pytest

from ringfence.lists.faults import F, TableError
from ringfence.lists.files.sheet import MAX_COLUMNS
from ringfence.lists.files.table import Row, Told, read_table
from ringfence.lists.rows.columns import is_header_of
from ringfence.lists.rows.headers import ListKind
from tests.lists.lists import rows_of, save


def faults_of(rows: list[Row]) -> list[F | None]:
    return [row.fault.code if row.fault else None for row in rows]


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
    assert faults_of(rows) == [F.TOO_MANY_CELLS, None]
    assert rows[0].fault is not None
    assert "3 cells but only 2 headers" in rows[0].fault.message


def test_cells_are_counted_whether_empty_or_not(tmp_path: Path) -> None:
    """A comma in a name moves the other cells by one, also where the last of them is empty."""
    rows = rows_of(read_table(save(tmp_path / "a.csv", "Code,Name,UTR,VAT\nA1,Smith, Jones,123,\n")))
    assert faults_of(rows) == [F.TOO_MANY_CELLS]


def test_a_header_with_separators_at_its_end_lets_rows_have_them_too(tmp_path: Path) -> None:
    rows = rows_of(read_table(save(tmp_path / "a.csv", "Code,Name,,\nA1,Acme,,\nA2,Beta,,\n")))
    assert [row.cells for row in rows] == [("A1", "Acme"), ("A2", "Beta")]
    assert faults_of(rows) == [None, None]


def test_what_stands_under_no_header_is_told(tmp_path: Path) -> None:
    table = read_table(save(tmp_path / "a.csv", "Code,,Name,\nA1,x,Acme,\nA2,,Beta,y\n"))
    rows_of(table)
    assert table.unheaded == {"B", "D"}


def test_a_row_broken_in_two_is_a_fault(tmp_path: Path) -> None:
    text = "Code,Name,VAT\nA1,Acme,1\nA2,Beta\nLtd,2\nA3,Gamma,3\n"
    rows = rows_of(read_table(save(tmp_path / "a.csv", text)))
    assert [bool(row.fault) for row in rows] == [False, True, True, False]


def test_a_row_broken_in_two_is_a_fault_wherever_it_stands(tmp_path: Path) -> None:
    """Also across the blocks that spreadsheet programs shorten, and where it is all there is."""
    whole = "".join(f"A{number},Acme,1\n" for number in range(14))
    across = rows_of(read_table(save(tmp_path / "a.csv", f"Code,Name,VAT\n{whole}B1,Beta\nLtd,2\n")))
    alone = rows_of(read_table(save(tmp_path / "b.csv", "Code,Name,VAT\nB1,Beta\nLtd,2\n")))
    assert faults_of(across)[-2:] == faults_of(alone) == [F.BROKEN_ROW, F.BROKEN_ROW]


def test_single_rows_without_their_last_empty_cells_are_made_up(tmp_path: Path) -> None:
    text = "Code,Name,UTR,VAT\nA0,Acme,1\nA1,Beta,1,2\nA2,Gamma,1\nA3,Delta,1\n"
    rows = rows_of(read_table(save(tmp_path / "a.csv", text)))
    assert faults_of(rows) == [None] * 4
    assert rows[3].cells == ("A3", "Delta", "1", "")


def test_the_lower_of_two_headers_is_the_header(tmp_path: Path) -> None:
    text = "Code,Name,Tax references,\nCode,Name,UTR,VAT number\nA1,Acme,1,2\n"
    table = read_table(save(tmp_path / "a.csv", text), is_header=is_header_of(ListKind.CLIENTS))
    assert (table.header_line, table.headers) == (2, ("Code", "Name", "UTR", "VAT number"))


def test_a_member_called_as_a_column_is_a_row_of_the_list(tmp_path: Path) -> None:
    text = "Name,E-mail,Role\nEmail,email@example.org,standard\nRole,role@example.org,standard\n"
    table = read_table(save(tmp_path / "a.csv", text), is_header=is_header_of(ListKind.MEMBERS))
    assert table.header_line == 1
    assert [row.line for row in table.rows] == [2, 3]


def test_a_block_of_rows_without_their_last_empty_cells_is_made_up(tmp_path: Path) -> None:
    full = "".join(f"A{number},Acme,1\n" for number in range(15))
    short = "".join(f"B{number},Beta\n" for number in range(16))
    rows = rows_of(read_table(save(tmp_path / "a.csv", f"Code,Name,VAT\n{full}{short}")))
    assert faults_of(rows) == [None] * 31
    assert rows[-1].cells == ("B15", "Beta", "")


def test_a_row_of_too_many_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="501 columns"):
        read_table(save(tmp_path / "a.csv", "," * MAX_COLUMNS + "x\n1\n"))


def test_a_text_file_has_no_worksheets(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no worksheets"):
        read_table(save(tmp_path / "a.csv", "Code,Name\nA1,Acme\n"), told=Told(sheet="List"))
