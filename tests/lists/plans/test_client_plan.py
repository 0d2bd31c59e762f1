"""Plans: what an import would add, change and leave alone, against a firm held in memory."""

from collections.abc import Mapping

import msgspec
import pytest

from ringfence.core.terms import Role
from ringfence.lists.plans.client_plan import KnownClient, plan_clients
from ringfence.lists.plans.people_plan import KnownMember, plan_members, plan_places
from ringfence.lists.rows.typed_rows import MemberRow, PlaceRow, TypedClient
from tests.lists.lists import FirmInMemory, nothing_to_do

ACME = KnownClient(7, "Acme", "A1", "Ltd", False, {"vat": "GB1", "general": ""})
BETH = KnownMember(3, "Beth", "beth@example.com", Role.STANDARD, True, False, True)
FIRM = FirmInMemory(
    services=["General", "VAT", "PAYE"], clients=[ACME], members=[BETH], groups={"Team A": [3], "Team B": []}
)


def client(reference: str = "A1", name: str = "Acme", **services: str) -> TypedClient:
    return TypedClient(2, name, reference, services=services)


def change_of(row: TypedClient) -> tuple[str | None, Mapping[str, str], Mapping[str, str]]:
    (change,) = plan_clients([row], FIRM).changed
    assert change.number == ACME.number
    return change.name, change.services_added, change.services_changed


def test_a_client_whose_reference_is_new_is_added_with_the_catalogues_service_names() -> None:
    plan = plan_clients([client("B1", "Beta", vat="GB2")], FIRM)
    assert [(row.reference, row.services) for row in plan.added] == [("B1", {"VAT": "GB2"})]


def test_a_client_that_is_the_same_is_left_alone() -> None:
    plan = plan_clients([TypedClient(2, "Acme", " a1 ", "Ltd", False, {"VAT": "GB1", "General": ""})], FIRM)
    assert nothing_to_do(plan)
    assert plan.unchanged == 1


def test_what_a_row_is_silent_on_is_left_alone() -> None:
    assert nothing_to_do(plan_clients([client("A1", "", VAT="")], FIRM))


def test_a_new_name_is_a_change() -> None:
    assert change_of(client("A1", "Acme Group")) == ("Acme Group", {}, {})


def test_a_new_service_is_a_change() -> None:
    assert change_of(client(PAYE="123/A1")) == (None, {"PAYE": "123/A1"}, {})


def test_a_new_tax_reference_is_a_change() -> None:
    assert change_of(client(VAT="GB9")) == (None, {}, {"VAT": "GB9"})


def test_a_client_made_confidential_is_a_change() -> None:
    (change,) = plan_clients([TypedClient(2, "Acme", "A1", confidential=True)], FIRM).changed
    assert change.confidential is True


def test_a_service_that_the_firm_lacks_is_a_fault_in_its_row() -> None:
    row = TypedClient(2, "Acme", "A1", services={"VAT": "GB1", "Wills": ""}, service_lines={"Wills": 5})
    (fault,) = plan_clients([row], FIRM).faults
    assert fault.line == 5
    assert "“Wills”" in fault.message


def test_a_tax_reference_of_another_client_of_the_firm_is_a_fault() -> None:
    (fault,) = plan_clients([client("B1", "Beta", VAT="gb1")], FIRM).faults
    assert "another client" in fault.message


@pytest.mark.parametrize("guess", ["GB1", "GB7"], ids=["the right one", "another client's"])
@pytest.mark.parametrize(
    "unseen",
    [
        msgspec.structs.replace(ACME, standing="hidden"),
        msgspec.structs.replace(ACME, unseen={"vat"}, knows_services=False),
        msgspec.structs.replace(ACME, unseen={"vat"}),
    ],
    ids=["a hidden client", "an unseen service", "a service that is known and not seen"],
)
def test_whose_a_tax_reference_is_cannot_be_found_out_by_a_row_that_gives_it_up(
    unseen: KnownClient, guess: str
) -> None:
    other = KnownClient(8, "Other", "O1", "", False, {"vat": "GB7"})
    firm = FirmInMemory(services=["VAT"], clients=[unseen, other])
    rows = [client("A1", "", VAT="GB5"), TypedClient(3, "Beta", "B1", services={"VAT": guess})]
    assert 3 in {fault.line for fault in plan_clients(rows, firm).faults}


def test_what_one_client_gives_up_another_may_be_given() -> None:
    rows = [client(VAT="GB5"), TypedClient(3, "Beta", "B1", services={"VAT": "GB1"})]
    assert not plan_clients(rows, FIRM).faults


def test_a_new_client_without_a_name_is_a_fault() -> None:
    (fault,) = plan_clients([client("B1", "")], FIRM).faults
    assert "no name" in fault.message


def test_a_new_member_is_added_and_a_known_one_changed_or_left_alone() -> None:
    rows = [
        MemberRow(2, "Jo", "jo@example.com", Role.AUDITOR),
        MemberRow(3, "Beth", "BETH@example.com", Role.ADMINISTRATOR, access=True),
    ]
    plan = plan_members(rows, FIRM)
    assert [row.email for row in plan.added] == ["jo@example.com"]
    assert [(c.number, c.name, c.role, c.access) for c in plan.changed] == [
        (3, None, Role.ADMINISTRATOR, None)
    ]


def test_a_member_that_is_the_same_is_left_alone() -> None:
    plan = plan_members([MemberRow(2, "Beth", "beth@example.com", Role.STANDARD, active=True)], FIRM)
    assert (nothing_to_do(plan), plan.unchanged) == (True, 1)


def test_a_new_member_without_a_name_is_a_fault() -> None:
    (fault,) = plan_members([MemberRow(2, "", "jo@example.com")], FIRM).faults
    assert "no name" in fault.message


def test_a_place_is_given_once() -> None:
    rows = [PlaceRow(2, "team a", "beth@example.com"), PlaceRow(3, "Team B", "Beth@example.com")]
    plan = plan_places(rows, FIRM)
    assert [(place.group, place.member) for place in plan.added] == [(3, 3)]
    assert plan.unchanged == 1


def test_a_place_in_an_unknown_group_or_for_an_unknown_member_is_a_fault() -> None:
    plan = plan_places(
        [PlaceRow(2, "Team C", "beth@example.com"), PlaceRow(3, "Team A", "x@example.com")], FIRM
    )
    assert ["“Team C”" in plan.faults[0].message, "“x@example.com”" in plan.faults[1].message] == [True, True]
