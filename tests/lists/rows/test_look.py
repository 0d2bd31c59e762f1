"""A first look at a file: its first rows, sheets and header, and what its columns seem to be."""

from pathlib import Path

import pytest

from ringfence.lists.faults import F, TableError
from ringfence.lists.files.source import InMemory, OnDisk
from ringfence.lists.files.table import Told
from ringfence.lists.rows.columns import placed_columns
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.look import FirstLook, look_at
from ringfence.lists.rows.read_list import Choices, read_list
from tests.lists.lists import save_xlsx

CLIENTS = b"Report of today\n\nClient code,Client name,VAT\nA1,Acme,GB1\nB2,Beta,\n"


def look(content: bytes, told: Told = Told()) -> FirstLook:  # noqa: B008 - immutable
    return look_at(InMemory("a.csv", content), ListKind.CLIENTS, ["VAT"], told)


def test_the_first_rows_are_shown_as_they_are_read_with_the_header_that_is_guessed() -> None:
    found = look(CLIENTS)
    assert [(row.line, row.cells) for row in found.top] == [
        (1, ("Report of today",)),
        (3, ("Client code", "Client name", "VAT")),
        (4, ("A1", "Acme", "GB1")),
        (5, ("B2", "Beta", "")),
    ]
    assert (found.text, found.encoding, found.separator, found.header) == (True, "UTF-8", ",", 3)
    assert found.meanings == ("reference", "name", "service:VAT")


def test_the_row_that_was_told_is_the_header() -> None:
    found = look(CLIENTS, Told(header=4))
    assert (found.header, found.headers) == (4, ("A1", "Acme", "GB1"))
    assert found.meanings == ("", "", "")


def test_a_workbook_is_looked_at_sheet_by_sheet(tmp_path: Path) -> None:
    path = save_xlsx(tmp_path / "a.xlsx", [["Client code", "Name"], ["A1", "Acme"]], [["Ref"], ["B2"]])
    found = look_at(OnDisk(path), ListKind.CLIENTS, [], Told())
    assert (found.text, found.sheet, found.sheets) == (False, "Sheet1", ("Sheet1", "Sheet2"))
    other = look_at(OnDisk(path), ListKind.CLIENTS, [], Told(sheet="Sheet2"))
    assert (other.sheet, other.headers) == ("Sheet2", ("Ref",))


def test_of_two_columns_as_good_as_each_other_one_is_proposed() -> None:
    assert look(b"Name,Name,Ref\nAcme,Acme Ltd,A1\n").meanings == ("name", "", "reference")


def test_a_list_is_read_by_the_columns_that_were_placed() -> None:
    source = InMemory("a.csv", b"Name,Name,Ref\nAcme,Acme Ltd,A1\n")
    choices = Choices(placed=("", "name", "reference"))
    (client,) = read_list(source, ListKind.CLIENTS, [], choices).clients
    assert (client.reference, client.name) == ("A1", "Acme Ltd")


def test_a_list_is_read_below_the_header_that_was_told() -> None:
    choices = Choices(file=Told(header=4), placed=("reference", "name", "service:VAT"))
    (client,) = read_list(InMemory("a.csv", CLIENTS), ListKind.CLIENTS, ["VAT"], choices).clients
    assert (client.line, client.reference) == (5, "B2")


def test_a_list_of_places_is_one_where_no_column_is_a_client_reference() -> None:
    source = InMemory("a.csv", b"Team,Who\nNorth,a@b.example\n")
    read = read_list(source, ListKind.ACCESS, [], Choices(placed=("group", "email")))
    assert [(place.group, place.email) for place in read.places] == [("North", "a@b.example")]


@pytest.mark.parametrize(
    ("meanings", "code"),
    [
        (("name", "name"), F.SAME_HEADER_TWICE),
        (("", "name"), F.NO_COLUMN),
        (("reference", "level"), F.NO_SUCH_FIELD),
    ],
)
def test_columns_that_cannot_be_so_are_refused(meanings: tuple[str, ...], code: F) -> None:
    with pytest.raises(TableError) as refused:
        placed_columns("a.csv", ("A", "A"), ListKind.CLIENTS, meanings)
    assert refused.value.code is code
