"""The lists in examples/: each is read as it stands, and the faulty one is faulty in exactly twenty rows."""

from pathlib import Path

import pytest

from ringfence.lists.plans.client_plan import plan_clients
from tests.lists.lists import FirmInMemory, access_in, clients_in, members_in, places_in

EXAMPLES = Path(__file__).parents[2] / "examples"
SERVICES = ["General", "VAT", "Income Tax", "Corporation Tax", "PAYE", "Payroll"]


@pytest.mark.parametrize(
    ("name", "told", "count", "reference", "client"),
    [
        ("agency-clients.csv", (), 7, "FOR001", "Fortune 500"),
        (
            "kyc-clients-semicolon-windows.csv",
            ("Kundenr. (ours)=reference",),
            4,
            "N-1001",
            "Ångström Møbler ApS",
        ),
        ("planning-clients-tab.txt", (), 3, "4401", "Maria Castellano"),
        ("practice-clients.xlsx", ("Reference Number=tax_reference",), 3, "CM-0001", "Gwen ap Rhys"),
        ("cleientiaid.ods", (), 3, "LLA001", "Llaeth y Bryn Cyf"),
    ],
)
def test_a_client_list_is_read_as_it_stands(
    name: str, told: tuple[str, ...], count: int, reference: str, client: str
) -> None:
    reading = clients_in(EXAMPLES / name, *told)
    assert reading.faults == ()
    assert len(reading.rows) == count
    assert (reading.rows[0].reference, reading.rows[0].name) == (reference, client)


def test_tax_references_of_the_agency_go_to_their_services() -> None:
    by_reference = {row.reference: row.services for row in clients_in(EXAMPLES / "agency-clients.csv").rows}
    assert by_reference["FOR001"] == {
        "VAT": "GB431661987",
        "Corporation Tax": "5530841987",
        "PAYE": "120/FE5500",
    }
    assert by_reference["HAR001"] == {"Income Tax": "0412883390"}
    assert by_reference["WES001"] == {}


def test_members_access_and_places_are_read_as_they_stand() -> None:
    readings = (
        members_in(EXAMPLES / "members.csv"),
        access_in(EXAMPLES / "access.csv"),
        places_in(EXAMPLES / "places.csv"),
    )
    assert [reading.faults for reading in readings] == [(), (), ()]
    assert [len(reading.rows) for reading in readings] == [6, 4, 2]


def test_the_faulty_list_has_exactly_twenty_faults_each_in_its_row() -> None:
    reading = clients_in(EXAMPLES / "faulty-clients.csv", services=SERVICES)
    plan = plan_clients(reading.rows, FirmInMemory(services=SERVICES))
    lines = sorted(fault.line for fault in reading.faults + plan.faults)
    # The name of row 600 holds a line break, so that every row below it starts one line later.
    expected = [37, 101, 164, 250, 333, 402, 466, 531, 600, 688, 745, 812, 904, 1011, 1130, 1277, 1402]
    expected += [1555, 1690, 1888]
    assert lines == [line + (line > 600) for line in expected]


def test_the_good_rows_of_the_faulty_list_are_planned() -> None:
    reading = clients_in(EXAMPLES / "faulty-clients.csv", services=SERVICES)
    assert len(plan_clients(reading.rows, FirmInMemory(services=SERVICES)).added) == 1980
