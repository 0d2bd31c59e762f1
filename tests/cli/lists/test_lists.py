"""`ringfence import clients`: what is shown, what is saved, and that nothing is where any row is wrong."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ringfence import access
from ringfence.access import Actor
from ringfence.access.imported_lists import file_of, list_behind
from ringfence.cli.lists.terminal import Terminal
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from tests.access.cast import found
from tests.cli.listing import Office, open_office, refuse, succeed

EXAMPLES = Path(__file__).parents[3] / "examples"
HEADER = "Client code,Client name,Client type,Confidential,VAT number,PAYE reference\n"


@pytest.fixture
def office(db: None, tmp_path: Path) -> Office:
    """An agency with VAT and PAYE; the only firm there is."""
    return open_office(found(), tmp_path)


def test_an_import_says_what_it_adds_and_saves_it(office: Office) -> None:
    said = office.imports("clients", HEADER + "A1,Acme,Ltd,yes,GB1,\nB1,Beta,,,,120/B1\n")
    assert re.search(r"clients +2 +0 +0", said)
    assert "+ row 2: A1 Acme (Ltd, confidential, VAT GB1)" in said
    assert office.clients() == [("A1", "Acme", "Ltd", True), ("B1", "Beta", "", False)]
    assert office.services("B1") == {"PAYE": "120/B1"}


def test_the_list_is_kept_with_its_entry(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Acme,Ltd,yes,GB1,\n")
    kept = list_behind(office.cast.firm, office.version)
    assert kept is not None
    assert (kept.kind, kept.rows, kept.last) == ("clients", 1, office.version)
    assert file_of(office.cast.firm, office.version) == (HEADER + "A1,Acme,Ltd,yes,GB1,\n").encode()


def test_a_dry_run_saves_nothing(office: Office) -> None:
    before = office.version
    said = office.imports("clients", HEADER + "A1,Acme,,,,\n", "--dry-run")
    assert "dry run" in said
    assert office.version == before


def test_lists_are_of_the_firm_that_the_environment_names(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    succeed("firm", "create", "Another", "--profile", "kyc", "--admin", "a@another.example")
    monkeypatch.setenv("RINGFENCE_FIRM", "Another")
    (tmp_path / "clients.csv").write_text("Code,Name\nA1,Acme\n", "utf-8")
    succeed("import", "clients", tmp_path / "clients.csv")
    succeed("export", "clients", tmp_path / "out.csv")
    assert "Acme" in (tmp_path / "out.csv").read_text("utf-8")
    assert office.clients() == []


def test_columns_that_are_not_used_are_said(office: Office) -> None:
    said = office.imports("clients", "Code,Name,Partner\nA1,Acme,Jo\n", "--dry-run")
    assert "Not used: Partner" in said


def test_a_column_can_be_mapped(office: Office) -> None:
    office.imports("clients", "Kundenr.,Name\nA1,Acme\n", "--map", "Kundenr.=reference")
    assert [reference for reference, *_ in office.clients()] == ["A1"]


def test_the_same_list_again_is_nothing_to_do(office: Office) -> None:
    text = HEADER + "A1,Acme,Ltd,yes,GB1,\nB1,Beta,,,,\n"
    office.imports("clients", text)
    before = office.version
    assert "Nothing to do" in office.imports("clients", text)
    assert office.version == before


def test_a_corrected_list_updates_by_client_reference(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Acme,Ltd,no,GB1,\nB1,Beta,,,,\n")
    said = office.imports("clients", HEADER + "a1,Acme Group,PLC,yes,GB2,120/A1\nB1,,,,,\nC1,Gamma,,,,\n")
    assert re.search(r"clients +1 +1 +1", said)
    assert "name “Acme” → “Acme Group”" in said
    assert office.clients()[0] == ("A1", "Acme Group", "PLC", True)
    assert office.services("A1") == {"VAT": "GB2", "PAYE": "120/A1"}


def test_all_that_a_list_does_to_clients_is_one_entry_of_the_ledger(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Acme,,,GB1,\nB1,Beta,,,GB2,\n")
    office.imports("clients", HEADER + "A1,Acme 2,,yes,GB3,120/1\nB1,Beta 2,,,,120/2\nC1,Gamma,,,,\n")
    assert office.commands()[-2:] == ["client.import", "client.import"]
    assert office.whole()


def test_what_a_list_is_silent_on_stays(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Acme,Ltd,yes,GB1,\n")
    office.imports("clients", "Code,Name\nA1,Acme Group\n")
    assert office.clients() == [("A1", "Acme Group", "Ltd", True)]
    assert office.services("A1") == {"VAT": "GB1"}


def test_the_faulty_list_names_its_twenty_rows_and_saves_nothing(office: Office) -> None:
    for name in ("Income Tax", "Corporation Tax", "Payroll"):
        office.cast.service(name)
    before = office.version
    said = refuse("import", "clients", EXAMPLES / "faulty-clients.csv")
    named = {
        int(row)
        for rows in re.findall(r"^rows? ([\d, ]+)", said, re.MULTILINE)
        for row in rows.split(",")
        if row.strip()
    }
    # The name of row 600 holds a line break, so that every row below it starts one line later.
    early = {37, 101, 164, 250, 333, 402, 466, 531, 600}
    assert named == early | {689, 746, 813, 905, 1012, 1131, 1278, 1403, 1556, 1691, 1889}
    assert "20 rows are wrong" in said
    assert office.version == before
    assert office.clients() == []


def test_good_rows_of_a_list_with_one_bad_row_are_not_saved(office: Office) -> None:
    office.refuses("clients", HEADER + "A1,Acme,,,,\n,Nobody,,,,\n")
    assert office.clients() == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"%PDF-1.7 whatever", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"", "empty"),
        (b"Name,Partner\nAcme,Jo\n", "no column for the client reference"),
        (b"Code,Name\nA1," + b"x" * 10_000_000 + b"\n", "limit is 32,767"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_it_is(
    office: Office, content: bytes, problem: str
) -> None:
    assert problem in office.refuses("clients", content)


def test_a_file_that_is_not_there_is_refused(office: Office) -> None:
    assert "cannot be read" in refuse("import", "clients", office.folder / "nowhere.csv")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (f"{'R' * 81},Acme,,,,", "limit is 80"),
        (f"A1,{'n' * 201},,,,", "limit is 200"),
        (f"A1,Acme,{'k' * 51},,,", "limit is 50"),
        ("A1,Ac\x07me,,,,", "control character"),
        ("A1,Ac\u202eme,,,,", "control character"),
        ('A1,"=HYPERLINK(""http://example.com"",""x"")",,,,', "formula"),
        ("A1,Acme,,perhaps,,", "neither yes nor no"),
    ],
)
def test_a_cell_that_cannot_be_is_named_with_its_row_and_column(
    office: Office, row: str, problem: str
) -> None:
    said = office.refuses("clients", HEADER + row + "\n")
    assert said.startswith("row 2, ")
    assert problem in said


def test_emoji_and_a_guarded_formula_are_kept_as_text(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Bakery 🥐,,,,\nB1,'=1+1 Ltd,,,,\n")
    assert [name for _, name, *_ in office.clients()] == ["Bakery 🥐", "=1+1 Ltd"]


def test_a_group_that_the_firm_lacks_comes_with_the_command_that_creates_it(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Acme,,,,\n")
    text = "Code,Group,Level\nA1,Window cleaners,editor\n"
    said = office.refuses("access", text)
    assert "The firm has no access group “Window cleaners”" in said
    (line,) = [line for line in said.splitlines() if line.strip().startswith("ringfence do")]
    succeed(*shlex.split(line)[1:])
    office.imports("access", text)


def test_a_service_that_the_firm_lacks_comes_with_the_option_that_adds_it(office: Office) -> None:
    said = office.refuses("clients", "Code,Name,Services\nA1,Acme,Window cleaning\nB1,Beta,Window cleaning\n")
    assert "rows 2, 3, Services: The firm has no service “Window cleaning”" in said
    assert "--add-services adds with the list: Window cleaning (2 rows)." in said


def test_a_column_for_a_service_that_the_firm_lacks_is_one_fault(office: Office) -> None:
    said = office.refuses("clients", "Code,Name,CIS reference\nA1,Acme,1\nB1,Beta,2\n")
    assert said.count("CIS reference") == 1
    assert "--map" in said
    assert "--add-services adds with the list: CIS (2 rows)." in said


@pytest.mark.parametrize(("member", "said"), [("Ann", "was removed"), ("Beth", "is taken")])
def test_a_removed_clients_reference_is_not_given_again(office: Office, member: str, said: str) -> None:
    office.cast.member("Beth")
    office.imports("clients", HEADER + "A1,Acme,,,,\n")
    office.cast.do(w.RemoveClient(client=office.number("A1")))
    assert said in office.refuses("clients", HEADER + "A1,Acme,,,,\n", "--as", member)


def test_a_tax_reference_of_another_client_is_refused(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Acme,,,GB1,\n")
    assert "belongs to another client" in office.refuses("clients", HEADER + "B1,Beta,,,gb1,\n")


def test_a_client_without_a_reference_is_found_by_its_name(office: Office) -> None:
    office.cast.client("Acme")
    office.imports("clients", HEADER + ",acme,Ltd,,GB1,\n")
    assert office.clients() == [("", "acme", "Ltd", False)]


def test_a_new_client_without_a_reference_is_refused(office: Office) -> None:
    assert "client reference is missing" in office.refuses("clients", HEADER + ",Acme,,,,\n")


def test_a_namesake_of_a_client_without_a_reference_is_not_added_unnoticed(office: Office) -> None:
    office.cast.client("Acme")
    said = office.refuses("clients", HEADER + "A1,Acme,,,,\n")
    assert "a client called “Acme” without a client reference" in said


def test_two_clients_of_one_name_without_references_cannot_be_told_apart(office: Office) -> None:
    office.cast.client("Acme")
    office.cast.client("Acme")
    assert "2 clients called “Acme”" in office.refuses("clients", HEADER + ",Acme,Ltd,,,\n")


def test_every_addition_is_listed_where_asked(office: Office) -> None:
    rows = "".join(f"R{n},Client {n},,,,\n" for n in range(30))
    assert "and 20 more" in office.imports("clients", HEADER + rows, "--dry-run")
    assert "+ row 31: R29 Client 29" in office.imports("clients", HEADER + rows, "--dry-run", "--all")


# --- Who imports


def test_a_member_imports_as_they_may(office: Office) -> None:
    beth = office.cast.member("Beth")
    office.imports("clients", HEADER + "A1,Acme,,,,\n", "--as", "Beth")
    assert office.clients() == [("A1", "Acme", "", False)]
    assert [entry.actor for entry in access.entries(office.cast.firm)][-1] == Actor(beth)


def test_what_the_core_refuses_names_the_row_and_nothing_is_saved(office: Office) -> None:
    office.cast.member("Beth")
    office.imports("clients", HEADER + "A1,Acme,,no,,\n")
    said = office.refuses("clients", HEADER + "B1,Beta,,,,\nA1,Acme,,yes,,\n", "--as", "Beth")
    assert "Row 3: refused, not_permitted" in said
    assert [reference for reference, *_ in office.clients()] == ["A1"]


def test_a_hidden_clients_reference_is_only_said_to_be_taken(office: Office) -> None:
    cast = office.cast
    office.imports("clients", HEADER + "A1,Acme,,,,\n")
    cast.member("Beth")
    cast.group("Partners", on=On.client(office.number("A1")))
    cast.turn_on()
    said = office.refuses("clients", HEADER + "A1,Acme,,,,\n", "--as", "Beth")
    assert "is taken" in said
    assert "removed" not in said


def test_what_an_administrator_may_not_open_is_not_told_by_an_import(office: Office) -> None:
    cast = office.cast
    office.imports("clients", HEADER + "A1,Acme,Secret Ltd,,GB-SECRET,\n")
    cast.group("Partners", on=On.client(office.number("A1")))
    cast.turn_on()
    said = office.imports("clients", "Code,Name,VAT\nA1,Acme Group,GB2\n", "--as", "Ann", "--dry-run")
    assert "name “Acme” → “Acme Group”; VAT “GB2”" in said
    assert "SECRET" not in said.upper()


def test_a_client_of_another_firm_is_neither_found_nor_changed(office: Office, tmp_path: Path) -> None:
    other = open_office(found("Other & Co", "practice"), tmp_path)
    other.cast.client("Theirs", reference="A1")
    before = other.version
    said = office.imports("clients", HEADER + "A1,Ours,,,GB1,\n", "--firm", "Ward & Sons")
    assert re.search(r"clients +1 +0 +0", said)
    assert other.clients() == [("A1", "Theirs", "", False)]
    assert other.version == before


def test_nobody_imports_as_a_member_of_another_firm(office: Office) -> None:
    other = found("Other & Co", "practice")
    other.member("Beth")
    options = ("--firm", "Ward & Sons", "--as", f"beth.{other.firm}@example.com")
    assert "no team member" in office.refuses("clients", HEADER + "A1,Acme,,,,\n", *options)


def test_a_firm_that_is_not_there_is_refused_with_those_that_are(office: Office) -> None:
    said = office.refuses("clients", HEADER + "A1,Acme,,,,\n", "--firm", "Nobody")
    assert "Ward & Sons" in said


# --- The firm changes meanwhile


def test_a_list_is_checked_anew_where_the_firm_changed_before_it_was_saved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add_the_same(*_: Any) -> None:
        office.cast.client("Acme", reference="A1")

    _meanwhile(monkeypatch, add_the_same)
    office.imports("clients", HEADER + "A1,Acme,Ltd,,,\nB1,Beta,,,,\n")
    assert office.clients() == [("A1", "Acme", "Ltd", False), ("B1", "Beta", "", False)]


def test_a_list_that_does_not_fit_any_more_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add_a_namesake(*_: Any) -> None:
        office.cast.client("Acme")

    _meanwhile(monkeypatch, add_a_namesake)
    said = refuse("import", "clients", office.path(HEADER + "A1,Acme,Ltd,,,\n"))
    assert "does not fit any more" in said
    assert office.clients() == [("", "Acme", "", False)]


def _meanwhile(monkeypatch: pytest.MonkeyPatch, change: Callable[..., None]) -> None:
    """Let something happen to the firm between the plan being shown and the list being saved."""
    shown = Terminal.show_plan

    def show_plan(self: Terminal, *arguments: Any, **options: Any) -> None:
        shown(self, *arguments, **options)
        change()

    monkeypatch.setattr(Terminal, "show_plan", show_plan)
