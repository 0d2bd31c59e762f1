"""Headers as fields: guesses for what software exports, explicit maps, and what is refused."""

import pytest

from ringfence.lists.export.writing import ACCESS_HEADERS, CLIENT_HEADERS, MEMBER_HEADERS
from ringfence.lists.faults import TableError
from ringfence.lists.rows.columns import Columns, access_or_places, guess_columns, parse_map
from ringfence.lists.rows.headers import ListKind


def guess(
    header: str, kind: ListKind = ListKind.CLIENTS, *told: str, services: tuple[str, ...] = ()
) -> Columns:
    headers = tuple(header.split(","))
    return guess_columns("a.csv", headers, kind, services=services, told=parse_map("a.csv", told))


def fields(columns: Columns) -> dict[str, str]:
    return {column.header: column.service or column.field for column in columns.used}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "Client Code,Client Name,Client Type,VAT Number,Company UTR",
            "reference name kind VAT Corporation_Tax",
        ),
        ("Name,Client code,Business structure,Tax Ref,Service", "name reference kind tax_reference service"),
        ("UID,YourRef,Type,FirstName,LastName", ". reference kind first_name last_name"),
        ("client_type,vat_number,company_name,client_code", "kind VAT name reference"),
        ("Display name,User defined identifier,Contact type", "name reference kind"),
        ("Client ID,Company Name,UTR Number,PAYE Ref No.,VAT Reg No", "reference name utr PAYE VAT"),
        ("CLIENT REF,CLIENT NAME,SA UTR,ENTITY TYPE", "reference name Income_Tax kind"),
        ("Cyfeirnod y cleient,Enw'r cleient,Math,Rhif TAW", "reference name kind VAT"),
        ("Cod cleient,Enw,Gwasanaeth,Cyfeirnod treth", "reference name service tax_reference"),
    ],
)
def test_headers_of_exports_are_recognised_in_any_order(header: str, expected: str) -> None:
    found = fields(guess(header))
    assert [found.get(name, ".").replace(" ", "_") for name in header.split(",")] == expected.split()


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        (ListKind.CLIENTS, CLIENT_HEADERS),
        (ListKind.MEMBERS, MEMBER_HEADERS),
        (ListKind.ACCESS, ACCESS_HEADERS),
    ],
)
def test_every_header_that_export_writes_is_recognised(kind: ListKind, headers: tuple[str, ...]) -> None:
    columns = guess_columns("a.csv", headers, kind)
    assert columns.ignored == ()
    assert len(columns.used) == len(headers)


def test_columns_that_are_not_used_are_reported() -> None:
    assert guess("Client code,Name,Partner,Year end").ignored == ("Partner", "Year end")


def test_the_closer_header_wins_and_the_other_is_reported() -> None:
    columns = guess("Company name,Client code,Client name")
    assert fields(columns) == {"Client code": "reference", "Client name": "name"}
    assert columns.ignored == ("Company name",)


def test_a_tax_reference_without_a_service_column_is_not_used() -> None:
    assert guess("Client code,Name,Tax reference").ignored == ("Tax reference",)


def test_a_header_that_is_a_service_of_the_firm_is_that_services_column() -> None:
    columns = guess("Client code,Name,Financial Planning", services=("Financial planning",))
    assert fields(columns)["Financial Planning"] == "Financial planning"


def test_an_explicit_map_beats_the_guess() -> None:
    columns = guess("Client code,Old code,Name", ListKind.CLIENTS, "Old code=reference")
    assert fields(columns) == {"Old code": "reference", "Name": "name"}
    assert columns.ignored == ("Client code",)


def test_a_column_may_be_mapped_to_a_service() -> None:
    columns = guess("Client code,Name,UTR", ListKind.CLIENTS, "UTR=service:Corporation Tax")
    assert fields(columns)["UTR"] == "Corporation Tax"


def test_a_column_may_be_left_out() -> None:
    assert guess("Client code,Name,VAT no", ListKind.CLIENTS, "VAT no=ignore").ignored == ("VAT no",)


def test_a_header_with_an_equals_sign_can_be_mapped() -> None:
    columns = guess("Code = ours,Name", ListKind.CLIENTS, "Code = ours=reference")
    assert fields(columns)["Code = ours"] == "reference"


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ("Client code", "of no column"),
        ("=reference", "of no column"),
        ("Client cod=reference", "no column “clientcod”"),
        ("Name=surname", "no field “surname”"),
        ("Name=service:", "no field"),
    ],
)
def test_a_map_that_makes_no_sense_is_refused(told: str, problem: str) -> None:
    with pytest.raises(TableError, match=problem):
        guess("Client code,Name", ListKind.CLIENTS, told)


def test_two_maps_of_one_header_are_refused() -> None:
    with pytest.raises(TableError, match="two things"):
        guess("Client code,Name", ListKind.CLIENTS, "Name=name", "name=kind")


def test_two_columns_of_one_field_are_refused_where_it_is_used() -> None:
    with pytest.raises(TableError, match=r"columns 2 and 3\) are both the name"):
        guess("Client code,Name,Client,Notes", ListKind.CLIENTS, "Client=name", "Name=name")


def test_the_same_header_twice_is_no_matter_where_it_is_not_used() -> None:
    assert guess("Client code,Name,Phone,Phone").ignored == ("Phone", "Phone")


def test_a_missing_column_is_named_with_the_headers_there_are() -> None:
    with pytest.raises(TableError, match="no column for the client reference") as caught:
        guess("Name,Telephone")
    assert "Name, Telephone" in str(caught.value)


def test_a_byte_order_mark_that_was_read_as_letters_does_not_hide_the_first_column() -> None:
    used = guess("ï»¿Client code,Name").used
    assert [column.field for column in used] == ["reference", "name"]


def test_a_list_of_groups_and_members_is_told_from_one_of_access() -> None:
    assert access_or_places(("Group", "Email")) is ListKind.PLACES
    assert access_or_places(("Client reference", "Group", "Email", "Level")) is ListKind.ACCESS


def test_two_equal_headers_are_to_be_put_right_in_the_file() -> None:
    with pytest.raises(
        TableError, match=r"columns 2 and 3, .* Rename or delete one of the two columns"
    ) as caught:
        guess_columns("a.csv", ("Code", "Client name", "client name"), ListKind.CLIENTS)
    assert "--map" not in str(caught.value)
