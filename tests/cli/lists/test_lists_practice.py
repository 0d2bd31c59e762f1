"""A practice's export of two thousand rows on the command line: what is said, and what is saved."""

from pathlib import Path

import pytest

from ringfence.firms.models import Client, Engagement
from tests.access.cast import found
from tests.cli.listing import Office, open_office, run, succeed
from tests.lists.writers.practice_export import CLIENTS, practice_export, stated

LACKING = ("Accounts", "Bookkeeping", "Company Secretarial", "Corporation Tax", "Payroll", "Self Assessment")


@pytest.fixture
def office(db: None, tmp_path: Path) -> Office:
    """A firm with VAT and PAYE, which the export has, and without the six other services of the export."""
    return open_office(found(), tmp_path)


def test_it_says_how_it_was_read_and_what_stands_in_the_way(office: Office) -> None:
    path = office.path(practice_export(), "export.csv")
    before = office.version
    done = run("import", "clients", path)
    said = done.output
    assert (done.exit_code, office.version) == (2, before)
    assert "export.csv, Windows-1252, separated by semicolons: 2,002 rows below the header in row 5" in said
    assert all(service in said for service in LACKING)
    assert "--add-services" in said
    assert "--first-row-counts" in said
    assert len(said.splitlines()) < 40


def test_it_is_saved_with_the_two_options_that_it_names(office: Office) -> None:
    path = office.path(practice_export(), "export.csv")
    succeed("import", "clients", path, "--first-row-counts", "--add-services")
    held = {client.reference: client for client in Client.objects.filter(firm=office.cast.firm)}
    wanted = stated()
    assert len(held) == len(wanted) == CLIENTS
    assert {reference: client.name for reference, client in held.items()} == {
        reference: name for reference, (name, _) in wanted.items()
    }
    names = office.cast_names()
    rows = Engagement.objects.filter(firm=office.cast.firm).values_list("client", "service", "reference")
    services: dict[int, dict[str, str]] = {}
    for client, service, reference in rows:
        services.setdefault(client, {})[names[service]] = reference
    assert {reference: services[client.number] for reference, client in held.items()} == {
        reference: said for reference, (_, said) in wanted.items()
    }
    assert "Nothing to do" in succeed("import", "clients", path, "--first-row-counts")
    assert office.whole()
