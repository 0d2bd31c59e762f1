"""`ringfence import --sync`: a list that is all that the firm has, given again and again."""

import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ringfence import access
from ringfence.cli import main
from ringfence.cli.changing.effect import show_effect
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Thing, group_subject
from ringfence.firms.models import Client
from ringfence.lists.rows.read_list import read_list
from tests.access.cast import found
from tests.cli.listing import Office, open_office, refuse, run

HEADER = "Client code,Client name,VAT number,PAYE reference\n"
MEMBERS = "Name,Email,Role\n"
ACCESS = "Client reference,Service,Group,Email,Level\n"
TWENTY = [f"C{number:02},Client {number},GB{number:09}," for number in range(20)]


def listed(rows: list[str]) -> str:
    return HEADER + "".join(f"{row}\n" for row in rows)


@pytest.fixture
def office(db: None, tmp_path: Path) -> Office:
    """An agency with VAT and PAYE, and twenty clients with VAT that a list brought in."""
    opened = open_office(found(), tmp_path)
    opened.imports("clients", listed(TWENTY))
    return opened


def synced(office: Office, text: str, *options: str, kind: str = "clients") -> Result:
    return run("import", kind, office.path(text), "--sync", *options)


def reported(office: Office, text: str, *options: str, kind: str = "clients") -> dict[str, Any]:
    return dict(json.loads(synced(office, text, "--json", *options, kind=kind).stdout))


def references(office: Office) -> set[str]:
    return {reference for reference, *_ in office.clients()}


# --- What is gone is told, and removed when told


def test_the_same_list_again_is_nothing_to_do(office: Office) -> None:
    before = office.version
    done = synced(office, listed(TWENTY))
    assert (done.exit_code, office.version) == (3, before)
    assert "Nothing to do: the firm has all of it already." in done.output


def test_the_same_list_in_another_order_is_nothing_to_do(office: Office) -> None:
    assert synced(office, listed(TWENTY[::-1]), "--remove").exit_code == 3


def test_what_is_gone_is_told_and_left_unless_told_to_remove(office: Office) -> None:
    done = synced(office, listed(TWENTY[1:]))
    assert done.exit_code == 3
    assert "all clients that have a client reference: 20, of which 1 is not in it" in done.output
    assert "- C00 Client 0" in done.output
    assert "It is left as it is. To remove it, give the list again with --remove." in done.output
    assert "C00" in references(office)


def test_what_is_gone_is_removed_where_that_is_asked(office: Office) -> None:
    done = synced(office, listed(TWENTY[2:]), "--remove")
    assert done.exit_code == 0
    assert references(office) == {f"C{number:02}" for number in range(2, 20)}


def test_what_was_removed_lies_in_the_recycle_bin(office: Office) -> None:
    number = office.number("C00")
    synced(office, listed(TWENTY[1:]), "--remove")
    office.cast.do(w.RestoreClient(client=number))
    assert "C00" in references(office)


def test_removals_stand_in_one_entry_with_what_else_the_list_does(office: Office) -> None:
    before = office.version
    synced(office, listed([*TWENTY[2:], "N1,New,,"]), "--remove")
    assert office.commands()[-2:] == ["client.import", "client.remove"]
    assert office.version == before + 2
    assert office.whole()


def test_without_sync_nothing_is_ever_gone(office: Office) -> None:
    assert "not in it" not in office.imports("clients", listed(TWENTY[5:]))


@pytest.mark.parametrize("option", [("--remove",), ("--at-most", "3"), ("--service", "VAT")])
def test_what_is_for_whole_lists_asks_for_sync(office: Office, option: tuple[str, ...]) -> None:
    assert "Say so with --sync" in refuse("import", "clients", office.path(listed(TWENTY)), *option)


def test_a_dry_run_shows_what_would_go_and_removes_nothing(office: Office) -> None:
    before = office.version
    done = synced(office, listed(TWENTY[1:]), "--remove", "--dry-run")
    assert (done.exit_code, office.version) == (0, before)
    assert "- C00 Client 0" in done.output


def test_a_client_without_a_reference_is_never_gone(office: Office) -> None:
    number = office.cast.client("By hand")
    assert synced(office, listed(TWENTY), "--remove").exit_code == 3
    assert Client.objects.get(firm=office.cast.firm, number=number).removed_at is None


def test_a_list_with_a_bad_row_removes_nothing(office: Office) -> None:
    before = office.version
    done = synced(office, listed([*TWENTY[1:], ",No reference,,"]), "--remove")
    assert (done.exit_code, office.version) == (2, before)


# --- The brake


def test_two_of_twenty_may_go_and_three_are_too_many(office: Office) -> None:
    before = office.version
    done = synced(office, listed([*TWENTY[3:], "N1,New,,"]), "--remove")
    assert (done.exit_code, office.version) == (2, before)
    assert "3 of 20 would be removed of all clients that have a client reference, more than" in done.stderr
    assert "--remove --at-most 3" in done.stderr
    assert synced(office, listed(TWENTY[2:]), "--remove").exit_code == 0


def test_the_number_that_the_brake_names_lets_them_go(office: Office) -> None:
    assert synced(office, listed(TWENTY[3:]), "--remove", "--at-most", "3").exit_code == 0
    assert len(references(office)) == 17


def test_more_than_the_number_that_was_said_stay(office: Office) -> None:
    done = synced(office, listed(TWENTY[4:]), "--remove", "--at-most", "3")
    assert done.exit_code == 2
    assert "more than the 3 that were named" in done.stderr
    assert len(references(office)) == 20


def test_a_small_number_does_not_lower_the_tenth(office: Office) -> None:
    assert synced(office, listed(TWENTY[2:]), "--remove", "--at-most", "1").exit_code == 0


@pytest.mark.parametrize("text", [HEADER, ""])
def test_an_empty_list_removes_nothing_whatever_is_said(office: Office, text: str) -> None:
    before = office.version
    done = synced(office, text, "--remove", "--at-most", "20")
    assert (done.exit_code, office.version) == (2, before)


# --- What a list stands for


def test_a_list_of_one_service_looks_at_nothing_else(office: Office) -> None:
    office.imports("clients", listed(["P1,Payroll only,,120/P1"]))
    done = synced(office, listed(TWENTY), "--service", "vat", "--remove")
    assert done.exit_code == 3
    assert "P1" in references(office)


def test_a_client_that_leaves_the_service_keeps_the_others(office: Office) -> None:
    office.imports("clients", listed(["C00,,,120/C0"]))
    done = synced(office, listed(TWENTY[1:]), "--service", "VAT", "--remove")
    assert done.exit_code == 0
    assert office.services("C00") == {"PAYE": "120/C0"}


def test_a_client_whose_only_service_goes_goes_with_it_and_that_is_said(office: Office) -> None:
    done = synced(office, listed(TWENTY[1:]), "--service", "VAT", "--remove")
    assert "C00 Client 0: VAT, the only service, so the client is removed with it" in done.output
    assert "C00" not in references(office)


def test_a_client_that_the_list_gives_another_service_stays(office: Office) -> None:
    done = synced(office, listed([*TWENTY[1:], "C00,Client 0,,120/C0"]), "--service", "VAT", "--remove")
    assert done.exit_code == 0
    assert office.services("C00") == {"PAYE": "120/C0"}


def test_a_list_that_names_nothing_of_the_service_is_refused(office: Office) -> None:
    said = refuse("import", "clients", office.path(listed(TWENTY)), "--sync", "--service", "PAYE")
    assert "No row of the list gives a client the service PAYE" in said


def test_members_that_are_gone_are_deactivated(office: Office) -> None:
    rows = [f"M{number},m{number}@example.com," for number in range(20)]
    office.imports("members", MEMBERS + "\n".join(rows))
    boss = "Ann,ann@agency.example.com,\n"
    done = synced(office, MEMBERS + boss + "\n".join(rows[2:]), "--remove", kind="members")
    assert done.exit_code == 0
    members = office.cast.view.moment.state.members
    assert [who.active for number, who in sorted(members.items())][:4] == [True, False, False, True]


def test_the_last_administrator_is_kept_whatever_a_list_lacks(office: Office) -> None:
    rows = [f"M{number},m{number}@example.com," for number in range(20)]
    office.imports("members", MEMBERS + "\n".join(rows))
    before = office.version
    done = synced(office, MEMBERS + "\n".join(rows), "--remove", kind="members")
    assert done.exit_code == 3
    assert "without them nobody would be left who manages the firm" in done.output
    assert office.version == before


def test_the_last_principal_is_kept_whatever_a_list_lacks(office: Office) -> None:
    rows = [f"M{number},m{number}@example.com," for number in range(20)]
    office.imports("members", MEMBERS + "\n".join([*rows, "Petra,petra@example.com,principal"]))
    before = office.version
    done = synced(
        office, MEMBERS + "\n".join([*rows, "Ann,ann@agency.example.com,"]), "--remove", kind="members"
    )
    assert "without them no principal would be left" in done.output
    assert (done.exit_code, office.version) == (3, before)


def test_who_brings_the_list_in_is_kept_and_told_so(office: Office) -> None:
    rows = [f"M{number},m{number}@example.com,administrator" for number in range(20)]
    office.imports("members", MEMBERS + "\n".join(rows))
    options = ("--remove", "--as", "ann@agency.example.com")
    done = synced(office, MEMBERS + "\n".join(rows), *options, kind="members")
    assert (done.exit_code, "it is you who brings the list in" in done.output) == (3, True)


def test_access_is_gone_only_of_those_whom_the_list_names(office: Office) -> None:
    for name in ("Team A", "Team B"):
        office.cast.group(name)
    given = [f"C{number:02},,Team {team},,editor\n" for number in range(20) for team in "AB"]
    office.imports("access", ACCESS + "".join(given))
    only_a = [row for row in given if "Team A" in row]
    done = synced(office, ACCESS + "".join(only_a[1:]), "--remove", kind="access")
    assert done.exit_code == 0
    assert "of which 1 is not in it" in done.output
    assert "- Team A on C00: editor" in done.output
    groups = office.cast.view.moment.state
    assert [len(groups.held_by(group_subject(number)).clients[1]) for number in (2, 3)] == [19, 20]


def test_places_are_gone_only_of_the_groups_that_the_list_names(office: Office) -> None:
    rows = [f"M{number},m{number}@example.com," for number in range(10)]
    office.imports("members", MEMBERS + "\n".join(rows))
    for name in ("Team A", "Team B"):
        office.cast.group(name)
    places = [f"Team {team},m{number}@example.com\n" for number in range(10) for team in "AB"]
    office.imports("access", "Group,Email\n" + "".join(places))
    only_a = [row for row in places if "Team A" in row]
    assert synced(office, "Group,Email\n" + "".join(only_a[1:]), "--remove", kind="access").exit_code == 0
    assert [len(office.cast.view.moment.state.groups[number]) for number in (2, 3)] == [9, 10]


# --- Who may


def test_who_manages_nothing_gives_no_whole_list(office: Office) -> None:
    office.cast.member("Beth")
    before = office.version
    done = synced(office, listed(TWENTY[1:]), "--remove", "--as", "Beth")
    assert (done.exit_code, office.version) == (2, before)
    assert "not_permitted" in done.stderr
    assert "Client 0" not in done.output


def test_who_may_not_is_told_in_the_report_too(office: Office) -> None:
    office.cast.member("Beth")
    before = office.version
    done = synced(office, listed(TWENTY[1:]), "--json", "--remove", "--as", "Beth")
    report = json.loads(done.stdout)
    assert (done.exit_code, office.version, report["status"]) == (2, before, "faults")
    assert [(each["row"], each["code"]) for each in report["faults"]] == [(None, "not_permitted")]


# --- What was said once


TAXED = ("D1,Delta,GB123456788,", "D2,Epsilon,GB123456780,")
"""Clients whose tax references have another check digit than they should."""


def test_a_remark_on_a_row_that_changes_nothing_is_said_once(office: Office) -> None:
    told = [each["row"] for each in reported(office, listed([*TWENTY, *TAXED]))["remarks"]]
    assert told == [22, 23]
    assert reported(office, listed([*TWENTY, *TAXED]))["remarks"] == []
    changed = TAXED[0].replace("Delta", "Delta Ltd"), TAXED[1]
    assert [each["row"] for each in reported(office, listed([*TWENTY, *changed]))["remarks"]] == [22]


# --- Where it comes from


def test_a_list_comes_from_standard_input(office: Office) -> None:
    runner = CliRunner()
    text = listed(TWENTY[1:]).encode()
    arguments = ["import", "clients", "--sync", "--remove", "--json", "-"]
    done = runner.invoke(main, arguments, input=io.BytesIO(text), prog_name="ringfence")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["file"] == "standard input"
    assert "C00" not in references(office)


def test_the_newest_list_of_a_folder_is_taken(office: Office) -> None:
    folder = office.folder / "exports"
    folder.mkdir()
    for age, name in enumerate(("tuesday.csv", "monday.csv", "sunday.csv")):
        (folder / name).write_text(listed(TWENTY[age + 1 :]))
        os.utime(folder / name, (1_000_000 - age, 1_000_000 - age))
    (folder / "wednesday.csv.part").write_text("half")
    (folder / ".hidden.csv").write_text("half")
    done = run("import", "clients", folder, "--sync", "--remove")
    assert "tuesday.csv" in done.output
    assert len(references(office)) == 19


FAULTS = "Row,Column,What stands there,What is wrong and what to do\n"


def test_a_newer_file_of_faults_is_no_list_of_the_folder(office: Office) -> None:
    folder = office.folder / "exports"
    folder.mkdir()
    (folder / "tuesday.csv").write_text(listed([*TWENTY[1:], "C99,Client 99,maybe,"]))
    os.utime(folder / "tuesday.csv", (1_000_000, 1_000_000))
    run("import", "clients", folder, "--sync", "--dry-run", "--faults", folder / "faults.csv")
    assert (folder / "faults.csv").read_text("utf-8-sig").splitlines()[0] == FAULTS.strip()
    done = run("import", "clients", folder, "--sync", "--dry-run")
    assert "faults.csv holds what was wrong with a list and is none, so it is passed over." in done.output
    assert "tuesday.csv" in done.output
    report = run("import", "clients", folder, "--sync", "--dry-run", "--json")
    assert json.loads(report.stdout)["passed_over"] == ["faults.csv"]


def test_a_folder_of_faults_alone_holds_no_list(office: Office) -> None:
    (office.folder / "empty").mkdir()
    (office.folder / "empty" / "faults.csv").write_text(FAULTS)
    assert "holds no list" in refuse("import", "clients", office.folder / "empty", "--sync")


def test_a_folder_without_a_list_is_said(office: Office) -> None:
    (office.folder / "empty").mkdir()
    assert "holds no list" in refuse("import", "clients", office.folder / "empty", "--sync")


def test_lists_that_are_equally_new_are_named(office: Office) -> None:
    folder = office.folder / "exports"
    folder.mkdir()
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(listed(TWENTY))
        os.utime(folder / name, (1_000_000, 1_000_000))
    assert "a.csv, b.csv are equally new" in refuse("import", "clients", folder, "--sync")


def test_a_file_that_is_written_while_it_is_read_is_not_taken(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = office.path(listed(TWENTY[1:])), office.version

    def read_and_append(*arguments: Any, **options: Any) -> Any:
        done = read_list(*arguments, **options)
        with path.open("a") as stream:
            stream.write(TWENTY[0])
        return done

    monkeypatch.setattr("ringfence.cli.lists.importing.read_list", read_and_append)
    said = refuse("import", "clients", path, "--sync", "--remove")
    assert "The file was changed while it was read" in said
    assert office.version == before


# --- Two runs at once


def test_what_another_run_has_removed_is_left_to_nobody_to_remove(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[Result] = []

    def show_and_sync(*arguments: Any) -> None:
        show_effect(*arguments)
        if not again:
            again.append(Result)  # type: ignore[arg-type]
            again.append(synced(office, listed(TWENTY[1:]), "--remove"))

    monkeypatch.setattr("ringfence.cli.lists.importing.show_effect", show_and_sync)
    done = synced(office, listed(TWENTY[1:]), "--remove")
    assert (again[1].exit_code, done.exit_code) == (0, 3)
    assert office.commands().count("client.remove") == 1


def test_what_was_added_meanwhile_counts_for_the_brake(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[int] = []

    def show_and_add(*arguments: Any) -> None:
        show_effect(*arguments)
        if not added:
            added.append(office.cast.do(w.AddClient(client=w.ClientRow(name="Late", reference="L1"))).version)

    monkeypatch.setattr("ringfence.cli.lists.importing.show_effect", show_and_add)
    done = synced(office, listed(TWENTY[2:]), "--remove")
    assert done.exit_code == 2
    assert "more than a tenth" in done.stderr
    assert "C00" in references(office)


# --- For programs


def test_the_report_says_what_was_done(office: Office) -> None:
    said = reported(office, listed([*TWENTY[1:], "N1,New,,"]), "--remove")
    assert {name: said[name] for name in ("status", "kind", "file", "rows", "version")} == {
        "status": "saved",
        "kind": "clients",
        "file": "list.csv",
        "rows": 20,
        "version": office.version,
    }
    assert said["counts"] == [{"what": "clients", "added": 1, "changed": 0, "unchanged": 19}]
    assert said["gone"] == [
        {
            "scope": "clients",
            "service": None,
            "held": 20,
            "count": 1,
            "removed": True,
            "items": [{"reference": "C00", "name": "Client 0"}],
            "stated": 0,
            "stays": [],
        }
    ]
    assert said["effect"]["gains"] == {"members": 1, "clients": 1}
    assert said["effect"]["loses"] == {"members": 1, "clients": 1}


@pytest.mark.parametrize(
    ("rows", "options", "status", "code"),
    [
        (TWENTY, (), "nothing_to_do", 3),
        (TWENTY[1:], (), "nothing_to_do", 3),
        (TWENTY[1:], ("--remove", "--dry-run"), "dry_run", 0),
        (TWENTY[1:], ("--remove",), "saved", 0),
        (TWENTY[9:], ("--remove",), "braked", 2),
        ([*TWENTY, ",Nobody,,"], (), "faults", 2),
        ([], (), "faults", 2),
    ],
)
def test_the_report_and_the_exit_code_say_how_it_ended(
    office: Office, rows: list[str], options: tuple[str, ...], status: str, code: int
) -> None:
    done = synced(office, listed(rows), "--json", *options)
    said = json.loads(done.stdout)
    assert (said["status"], done.exit_code) == (status, code)
    assert said["version"] == (office.version if status == "saved" else None)
    assert all(each["removed"] == (status == "saved") for each in said["gone"])


def test_every_fault_is_in_the_report_with_its_row(office: Office) -> None:
    said = reported(office, listed([*TWENTY, ",Nobody,,"]))
    (fault,) = said["faults"]
    assert (fault["row"], fault["column"], fault["code"]) == (22, "Client code", "missing_reference")
    assert "Every client needs its own" in fault["message"]


def test_a_list_that_is_not_whole_has_a_report_too_and_ends_with_0(office: Office) -> None:
    done = run("import", "clients", office.path(listed(TWENTY)), "--json")
    assert (done.exit_code, json.loads(done.stdout)["status"]) == (0, "nothing_to_do")


def test_a_refusal_of_the_rules_is_in_the_report(office: Office) -> None:
    rows = "\n".join(f"M{number},m{number}@example.com,principal" for number in range(20))
    office.imports("members", f"{MEMBERS}{rows}\nPetra,petra@example.com,principal")
    said = reported(office, MEMBERS + rows, "--remove", "--as", "ann@agency.example.com", kind="members")
    assert said["status"] == "faults"
    assert [(each["row"], each["code"]) for each in said["faults"]] == [(None, "not_permitted")]


def test_the_ledger_names_the_clients_that_went(office: Office) -> None:
    number = office.number("C00")
    synced(office, listed(TWENTY[1:]), "--remove")
    entry = list(access.entries(office.cast.firm, texts=False))[-1]
    assert entry.command == "client.remove"
    assert access.words_at(office.cast.firm, Thing.CLIENT, [number], office.version)[number]["name"]
    assert re.search("Client 0", run("ledger", "show").output)
