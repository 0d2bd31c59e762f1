"""Lists of known software: recognised by their headers, read as such, and only as far as nobody says more."""

from pathlib import Path

import pytest

from ringfence.lists.faults import F, TableError
from ringfence.lists.rows.columns import IGNORE, guess_columns
from ringfence.lists.rows.headers import ListKind, fields_of
from ringfence.lists.rows.read_list import Choices, ReadList, read_list
from ringfence.lists.rows.shapes import NO_SHAPE, SHAPES, ListShape, fitting_shapes, shape_of
from ringfence.wording.list_shapes import shape_text
from tests.lists.lists import save

EXAMPLES = Path(__file__).parents[3] / "examples"
HMRC = ("Client reference", "Tax reference", "Tax service")


def read(path: Path, kind: ListKind, shape: str = "", *told: str) -> ReadList:
    return read_list(path, kind, (), Choices(columns=told, shape=shape))


def meanings(found: ReadList) -> dict[str, str]:
    return {column.header: column.meaning for column in found.columns.used}


@pytest.mark.parametrize(
    ("name", "kind", "shape"),
    [
        ("hmrc-clients.csv", ListKind.CLIENTS, "hmrc-clients"),
        ("planner-clients.csv", ListKind.CLIENTS, "planner-clients"),
        ("penneo-users.csv", ListKind.MEMBERS, "penneo-users"),
        ("penneo-groups.csv", ListKind.ACCESS, "penneo-groups"),
        ("crm-advisers.csv", ListKind.ACCESS, "crm-advisers"),
        ("agency-clients.csv", ListKind.CLIENTS, ""),
        ("planning-clients-tab.txt", ListKind.CLIENTS, "planner-clients"),
        ("members.csv", ListKind.MEMBERS, ""),
        ("access.csv", ListKind.ACCESS, ""),
        ("places.csv", ListKind.ACCESS, ""),
    ],
)
def test_a_list_is_recognised_by_its_headers_and_has_no_fault(name: str, kind: ListKind, shape: str) -> None:
    found = read(EXAMPLES / name, kind)
    assert (found.shape, found.faults) == (shape, ())


def test_hmrcs_client_reference_is_the_name_too_where_there_is_no_other(tmp_path: Path) -> None:
    path = save(tmp_path / "list.csv", "Client reference,Tax reference,Tax service\nAcme,1,VAT\n")
    (row,) = read(path, ListKind.CLIENTS).clients
    assert (row.reference, row.name, row.services) == ("Acme", "Acme", {"VAT": "1"})


def test_hmrcs_client_reference_is_that_alone_beside_a_name(tmp_path: Path) -> None:
    text = "Client name,Client reference,Tax reference,Tax service\nAcme,A1,1,VAT\n"
    (row,) = read(save(tmp_path / "list.csv", text), ListKind.CLIENTS).clients
    assert (row.reference, row.name) == ("A1", "Acme")


def test_a_title_above_the_header_does_not_hide_it(tmp_path: Path) -> None:
    text = "Your clients,,\n,,\nClient reference,Tax reference,Tax service\nAcme,1,VAT\n"
    found = read(save(tmp_path / "list.csv", text), ListKind.CLIENTS)
    assert (found.shape, found.source.header_line) == ("hmrc-clients", 3)


def test_nobodys_list_is_read_by_its_headers_alone() -> None:
    found = read(EXAMPLES / "penneo-users.csv", ListKind.MEMBERS, NO_SHAPE)
    assert (found.shape, meanings(found)["Status"]) == ("", "active")


def test_what_somebody_says_of_a_column_beats_the_shape() -> None:
    found = read(EXAMPLES / "penneo-users.csv", ListKind.MEMBERS, "", "Status=active")
    assert (found.shape, meanings(found)["Status"]) == ("penneo-users", "active")


def test_a_field_that_somebody_gives_another_column_is_not_the_shapes_any_more() -> None:
    told = ("Zip=reference", "Client ID=ignore")
    found = read(EXAMPLES / "planner-clients.csv", ListKind.CLIENTS, "", *told)
    assert found.clients[0].reference == "97201"


@pytest.mark.parametrize("shape", ["penneo-users", "planner-clients", "nobody-knows"])
def test_a_shape_that_cannot_be_is_refused_with_those_that_can(shape: str) -> None:
    with pytest.raises(TableError) as refused:
        read(EXAMPLES / "agency-clients.csv", ListKind.CLIENTS, shape)
    assert refused.value.code is F.NO_SUCH_SHAPE
    assert "hmrc-clients, planner-clients, none" in str(refused.value)


def test_headers_are_compared_by_letters_and_digits() -> None:
    headers = tuple(header.upper().replace(" ", "_") for header in HMRC)
    assert fitting_shapes(headers, ListKind.CLIENTS) == ("hmrc-clients",)


@pytest.mark.parametrize("left_out", HMRC)
def test_a_list_that_lacks_a_mark_is_not_taken_for_it(left_out: str) -> None:
    headers = tuple(header for header in HMRC if header != left_out)
    assert shape_of("list.csv", headers, ListKind.CLIENTS) is None


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.code)
def test_a_shape_maps_to_fields_that_there_are_and_can_be_read_whole(shape: ListShape) -> None:
    """Its marks and fields make a header row that has a column for everything needed."""
    assert shape_text(shape.code)
    headers = dict.fromkeys(each.split("|")[0] for each in (*shape.marks, *shape.fields.values()))
    told = shape.told(tuple(headers))
    places = shape.code == "penneo-groups"
    kind = ListKind.PLACES if places else shape.kind
    extra = ("Client number",) if shape.code == "crm-advisers" else ()
    assert set(told.values()) <= {*fields_of(kind), IGNORE}
    assert guess_columns("list.csv", (*headers, *extra), kind, told=told).used


# --- Members by name, for lists that have no addresses


def test_a_member_may_be_named_where_there_is_no_address(tmp_path: Path) -> None:
    text = "Client code,Adviser,Email\nA1,Carys,\nA2,Carys,owain@example.com\n"
    found = read(save(tmp_path / "list.csv", text), ListKind.ACCESS)
    assert [row.email for row in found.access] == ["Carys", "owain@example.com"]


def test_a_place_needs_an_address_or_a_name(tmp_path: Path) -> None:
    text = "Group,Member name\nTeam A,Carys\nTeam A,\n"
    found = read(save(tmp_path / "list.csv", text), ListKind.ACCESS)
    assert [row.email for row in found.places] == ["Carys"]
    assert [(fault.line, fault.code) for fault in found.faults] == [(3, F.MISSING_MEMBER)]


def test_a_masked_tax_reference_is_left_out_and_said(tmp_path: Path) -> None:
    text = "Client code,Client name,VAT number\nA1,Acme,ending in 1987\n"
    found = read(save(tmp_path / "list.csv", text), ListKind.CLIENTS)
    assert [remark.code for remark in found.remarks] == [F.MASKED_REFERENCE]
    assert found.clients[0].services == {"VAT": ""}


def test_who_names_no_shape_is_told_each_that_there_is_once() -> None:
    with pytest.raises(TableError) as caught:
        shape_of("list.csv", HMRC, ListKind.CLIENTS, "penneo-users")
    assert caught.value.values["shapes"] == "hmrc-clients, planner-clients, none"
