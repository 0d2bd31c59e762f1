"""`ringfence export`: what goes out comes in again as nothing to do, and only goes out to who may see it."""

import csv
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection
from pyroaring import BitMap

from ringfence import access
from ringfence.access import OPERATOR, Refused
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.events import ExportTaken
from ringfence.core.terms import Export, Instant, Level, Role, group_subject, member_subject
from ringfence.firms.models import Client, Member
from ringfence.lists.export import writing
from ringfence.lists.plans import known_firm
from tests.access.cast import found
from tests.access.possible_commands import PossibleCommands
from tests.cli.listing import Office, open_office, refuse, run, succeed
from tests.support.seed import SEED
from tests.support.unwritable import unwritable_database

pytestmark = pytest.mark.both_databases

DAY_CLOSE = Instant(4_070_908_800_000_000)
"""2099-01-01T00:00Z: the close of 31 December 2098 in London."""
KINDS = ["clients", "members", "access"]


@pytest.fixture
def office(db: None, tmp_path: Path) -> Office:
    """A practice with texts that are hard to write down, and grants of every kind that a list can hold."""
    office = open_office(found(profile="practice"), tmp_path)
    cast = office.cast
    vat, paye = 2, 3
    rows = (
        w.ClientRow(
            name="Tŷ Newydd 🥐", reference="0042", kind="Partneriaeth", services={vat: "GB1", paye: ""}
        ),
        w.ClientRow(name="=1+1 Ltd", reference="-7", confidential=True, services={vat: "+44"}),
        w.ClientRow(name='Smith; "Sons", & Co', reference="'=x", kind="@home"),
    )
    cast.do(w.ImportClients(rows=rows))
    beth, tom = cast.member("Beth", Role.ADMINISTRATOR), cast.member("Tom")
    cast.member("Una", Role.AUDITOR)
    cast.do(w.DeactivateMember(member=tom))
    team = group_subject(cast.group("+Team", beth, tom))
    cast.group("Empty")
    for command in (
        w.SetGrant(to=(team,), on=On.client(1, 2), level=Level.READER),
        w.SetGrant(to=(team,), on=On.engagement(2), level=Level.BLOCKED),
        w.SetGrant(to=(member_subject(beth),), on=On.client(1), level=Level.OWNER, fee_split=1250),
        w.SetGrant(to=(member_subject(beth),), on=On.client(2), level=Level.EDITOR, expires=DAY_CLOSE),
        w.SetGrant(
            to=(member_subject(tom),), on=On.client(2), level=Level.EDITOR, expires=Instant(DAY_CLOSE + 1)
        ),
        w.SetGrant(to=(group_subject(1),), on=On.client(3), level=Level.EDITOR),
    ):
        cast.do(command)
    return office


def test_no_question_for_an_export_names_more_than_a_database_takes(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_firm, "KEYS_AT_ONCE", 1)
    named: list[int] = []

    def counted(execute: Any, statement: str, given: Any, many: bool, context: Any) -> Any:
        if statement.startswith("SELECT") and " IN (" in statement:
            named.append(len(given))
        return execute(statement, given, many, context)

    with connection.execute_wrapper(counted):
        office.exports("clients", "out.csv")
    of_the_firm = 1
    assert named
    assert max(named) <= of_the_firm + 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_exported_imports_as_nothing_to_do(office: Office, kind: str, form: str) -> None:
    path = office.exports(kind, f"out.{form}")
    before = office.version
    assert "Nothing to do" in succeed("import", kind, path)
    assert office.version == before


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["clients", "access"])
def test_an_empty_list_of_a_new_firm_imports_as_nothing_to_do(
    db: None, tmp_path: Path, kind: str, form: str
) -> None:
    office = open_office(found(), tmp_path)
    path = office.exports(kind, f"out.{form}")
    before = office.version
    assert "Nothing to do: the list holds no row" in succeed("import", kind, path)
    assert office.version == before


@pytest.mark.parametrize("part", range(4))
def test_whatever_was_done_to_a_firm_its_lists_come_back_as_nothing_to_do(
    db: None, tmp_path: Path, part: int
) -> None:
    office = open_office(found(), tmp_path)
    possible = PossibleCommands(Random(f"{SEED}/lists/{part}"))
    for _ in range(120):
        with suppress(Refused):
            office.cast.do(possible.command(office.cast.view.moment))
    before = office.version
    for kind in KINDS:
        path = office.folder / f"{kind}.csv"
        done = run("export", kind, path)
        assert done.exit_code == 0, done.output
        if not done.stdout.startswith("0 rows"):
            assert "Nothing to do" in succeed("import", kind, path)
    assert not access.changed_since(office.cast.firm, before)


def test_a_new_firm_filled_from_exports_exports_the_same(office: Office) -> None:
    new = open_office(found("New & Co", "practice"), office.folder)
    new.cast.do(w.ChangeMember(member=1, name="Ann", email="ann2@example.com"))
    old = ("--firm", "Ward & Sons")
    files = {kind: office.exports(kind, f"{kind}.csv", *old) for kind in KINDS}
    for group in ("+Team", "Empty"):
        new.cast.group(group)
    succeed("import", "clients", files["clients"], "--firm", "New & Co")
    succeed("import", "members", files["members"], "--firm", "New & Co")
    succeed("import", "access", files["access"], "--firm", "New & Co")
    for kind in ("clients", "access"):
        again = new.exports(kind, f"again-{kind}.csv", "--firm", "New & Co")
        assert sorted(again.read_text().splitlines()) == sorted(files[kind].read_text().splitlines())


def test_an_exported_list_holds_no_cell_that_a_spreadsheet_would_run(office: Office) -> None:
    text = office.exports("clients", "out.csv").read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert "'=1+1 Ltd" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_an_expiry_at_a_days_close_is_written_as_the_day(office: Office) -> None:
    text = office.exports("access", "out.csv").read_text(encoding="utf-8-sig")
    written = {row[5] for row in csv.reader(text.splitlines())}
    assert {"2098-12-31", "2099-01-01T00:00:00.000001+00:00"} <= written


def test_a_member_exports_only_the_clients_and_services_that_they_see(office: Office) -> None:
    office.cast.do(w.RemoveGrant(to=(group_subject(1),), on=On.client(3)))
    path = office.exports("clients", "out.csv", "--as", f"beth.{office.cast.firm}@example.com")
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))[1:]
    # Of 0042 both by a grant of their own; of -7 by one too; '=x because nobody is assigned to it any more.
    assert {(row[0], row[4]) for row in rows} == {
        ("0042", "VAT"),
        ("0042", "PAYE"),
        ("'-7", "VAT"),
        ("''=x", "General"),
    }


@pytest.mark.parametrize("kind", ["members", "access"])
def test_only_who_reads_everybodys_access_exports_it(office: Office, kind: str) -> None:
    office.cast.member("Vic")
    vic = ("--as", f"vic.{office.cast.firm}@example.com")
    path = office.folder / "out.csv"
    assert "administrators, principals and auditors" in refuse("export", kind, path, *vic)
    assert not path.exists()


def test_an_auditor_exports_everybodys_access(office: Office) -> None:
    assert office.exports("access", "out.csv", "--as", "Una").exists()


def test_clients_without_a_reference_are_exported_and_said(office: Office) -> None:
    office.cast.client("Nameless")
    done = run("export", "clients", office.folder / "out.csv")
    assert "Clients without a client reference, which an import finds by name: 1," in done.stderr
    assert "Nothing to do" in succeed("import", "clients", office.folder / "out.csv")


def test_clients_that_an_import_cannot_tell_apart_are_said(office: Office) -> None:
    office.cast.client("Nameless")
    office.cast.client("NAMELESS")
    done = run("export", "clients", office.folder / "out.csv")
    assert "several are called alike" in done.stderr


def test_removed_clients_are_left_out_with_their_grants(office: Office) -> None:
    number = Client.objects.get(firm=office.cast.firm, reference="0042").number
    office.cast.do(w.RemoveClient(client=number))
    assert "0042" not in office.exports("clients", "out.csv").read_text()
    assert "0042" not in office.exports("access", "out.csv").read_text()


def test_grants_that_no_list_can_hold_are_counted(office: Office) -> None:
    office.cast.do(w.SetGrant(to=(group_subject(2),), on=On.service(2), level=Level.EDITOR))
    office.cast.do(w.ExcludeClients(group=2, service=2, clients=BitMap([1])))
    done = run("export", "access", office.folder / "out.csv")
    assert "on whole services or on all clients: 1." in done.stderr


def test_members_without_an_address_are_left_out_and_named(office: Office) -> None:
    office.cast.do(w.AddMember(name="No Mail"))
    done = run("export", "members", office.folder / "out.csv")
    assert "“No Mail”" in done.stderr
    assert "No Mail" not in (office.folder / "out.csv").read_text()
    assert Member.objects.filter(firm=office.cast.firm, name="No Mail").exists()


def test_a_file_of_another_kind_is_refused(office: Office) -> None:
    assert ".csv or .xlsx" in refuse("export", "clients", office.folder / "out.pdf")


def test_a_file_that_was_there_is_replaced_whole(office: Office) -> None:
    path = office.folder / "out.csv"
    path.write_text("before\n" * 1000)
    office.exports("clients", "out.csv")
    assert "before" not in path.read_text()
    assert [file.name for file in office.folder.iterdir()] == ["out.csv"]


def test_a_file_that_cannot_be_written_is_refused(office: Office) -> None:
    assert "cannot be written" in refuse("export", "clients", office.folder / "nowhere" / "out.csv")


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_is_in_the_ledger_with_its_rows_and_no_name(office: Office, kind: str) -> None:
    path = office.exports(kind, "out.csv", "--as", "Una")
    rows = len(list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))) - 1
    (entry,) = access.entries(office.cast.firm, after=office.version - 1)
    assert (entry.command, entry.actor, entry.texts) == ("export.take", OPERATOR, ())
    assert entry.events == (ExportTaken(what=Export(kind), rows=rows),)
    assert office.whole()


def test_an_export_that_is_refused_or_cannot_be_written_is_not_in_the_ledger(office: Office) -> None:
    office.cast.member("Vic")
    before = office.version
    refuse("export", "access", office.folder / "out.csv", "--as", f"vic.{office.cast.firm}@example.com")
    refuse("export", "clients", office.folder / "nowhere" / "out.csv")
    assert office.version == before


def test_without_its_entry_no_list_is_handed_out(office: Office) -> None:
    path = office.folder / "out.csv"
    path.write_text("before")
    with unwritable_database():
        assert "database" in refuse("export", "clients", path)
    assert [(file.name, file.read_text()) for file in office.folder.iterdir()] == [("out.csv", "before")]


def test_a_list_of_more_rows_than_a_worksheet_has_is_refused_as_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SHEET_ROWS", 3)
    assert "Write a .csv file" in refuse("export", "clients", office.folder / "out.xlsx")
    assert not (office.folder / "out.xlsx").exists()
