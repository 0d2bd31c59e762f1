"""`ringfence ledger verify`, `export` and `show`."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ringfence import access
from ringfence.access.ledger import checkpointing
from ringfence.cli.ledger import reading
from ringfence.firms.models import Checkpoint, Firm, LedgerEntry
from tests.cli.listing import refuse, run, succeed
from tests.cli.questions.test_ask import now
from tests.support.unwritable import unwritable_database

pytestmark = pytest.mark.both_databases

Answer = Callable[..., Any]


def test_a_whole_ledger_is_said_to_be_whole(agency: str) -> None:
    assert succeed("ledger", "verify").startswith("Ace Agents: whole. 10 entries")


def test_a_ledger_that_was_tampered_with_is_not_and_gives_exit_code_1(agency: str) -> None:
    LedgerEntry.objects.filter(number=3).update(command="group.create")
    done = run("ledger", "verify")
    assert done.exit_code == 1
    assert "NOT WHOLE" in done.output
    assert "Entry 3 was changed" in done.output


def test_every_firm_can_be_proved_at_once(agency: str, answer: Answer) -> None:
    succeed("firm", "create", "Other", "--profile", "kyc", "--admin", "zoe@other.example")
    assert [(each["name"], each["whole"]) for each in answer("ledger", "verify", "--all")] == [
        ("Ace Agents", True),
        ("Other", True),
    ]


def test_json_lines_hold_every_entry_in_order(agency: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    succeed("ledger", "export", str(path))
    records = [json.loads(line) for line in path.read_text().splitlines()]
    assert [record["number"] for record in records] == list(range(1, 11))
    assert [one["hash"] for one in records[:-1]] == [one["previous"] for one in records[1:]]


def test_standard_output_takes_the_export(agency: str) -> None:
    lines = succeed("ledger", "export", "--after", "8").splitlines()
    assert [json.loads(line)["number"] for line in lines] == [9, 10]


def test_csv_has_a_heading_and_no_cell_that_a_spreadsheet_runs(agency: str, tmp_path: Path) -> None:
    succeed("do", "service.add", "service=PAYE", "--reason", "=HYPERLINK(1)")
    path = tmp_path / "ledger.csv"
    succeed("ledger", "export", str(path))
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert (len(rows), rows[-1]["reason"]) == (11, "'=HYPERLINK(1)")
    assert rows[-1]["what"] == "The service PAYE was added"


def test_an_export_says_how_many_entries_it_is_about_to_take_and_comes_with_the_next(
    agency: str, tmp_path: Path
) -> None:
    assert "10 entries" in succeed("ledger", "export", str(tmp_path / "one.jsonl"))
    assert "3 entries" in succeed("ledger", "export", str(tmp_path / "two.jsonl"), "--after", "8")
    *_, last = (tmp_path / "two.jsonl").read_text().splitlines()
    assert json.loads(last)["actor"] == "operator"
    assert json.loads(last)["body"]["events"] == [{"event": "export.taken", "what": "ledger", "rows": 10}]
    assert "whole. 12 entries" in succeed("ledger", "verify")


def test_an_export_that_is_refused_is_not_in_the_ledger(agency: str, tmp_path: Path) -> None:
    refuse("ledger", "export", str(tmp_path / "none" / "ledger.csv"))
    assert "whole. 10 entries" in succeed("ledger", "verify")


def test_without_its_entry_no_ledger_is_handed_out(agency: str, tmp_path: Path) -> None:
    with unwritable_database():
        assert "database" in refuse("ledger", "export", str(tmp_path / "ledger.csv"))
    assert list(tmp_path.iterdir()) == []


def test_an_export_overwrites_nothing(agency: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text("mine")
    assert "is there already" in refuse("ledger", "export", str(path))
    assert path.read_text() == "mine"


def test_an_export_to_a_place_that_is_not_there_is_a_mistake(agency: str, tmp_path: Path) -> None:
    assert "cannot be written" in refuse("ledger", "export", str(tmp_path / "none" / "ledger.csv"))


def test_the_firm_is_shown_as_it_was(agency: str, answer: Answer) -> None:
    then = now()
    succeed("do", "control.turn_off")
    shown = answer("ledger", "show", "--at", then)
    assert (shown["version"], shown["control"], shown["groups"]) == (10, "on", 1)
    assert answer("ledger", "show")["control"] == "off"


def test_the_last_entries_are_listed_with_who_and_why(agency: str) -> None:
    succeed("do", "service.add", "service=PAYE", "--as", "Alphie", "--reason", "New trade")
    said = succeed("ledger", "show", "--last", "1")
    assert re.split(r" {2,}", said.splitlines()[-1])[-4:] == [
        "Alphie",
        "service.add",
        "The service PAYE was added",
        "New trade",
    ]


def test_whoever_asks_for_more_entries_than_there_are_is_shown_all(agency: str, answer: Answer) -> None:
    shown = answer("ledger", "show", "--last", "9" * 30)["entries"]
    assert len(shown) == access.firm_state(Firm.objects.get().pk).version


def test_what_was_noted_is_listed_with_what_it_is_about(agency: str, tmp_path: Path) -> None:
    firm = Firm.objects.get(name=agency).pk
    access.open_record(access.firm_state(firm), member=2, client=1)
    succeed("export", "members", str(tmp_path / "members.csv"))
    export, opening = (listed("--last", "2", row) for row in (-2, -1))
    assert export == ["operator", "export.take", "A list was exported: members, 3 rows"]
    assert opening == ["Beth", "record.open", "The record of Fortune 500 was opened"]


def listed(option: str, value: str, row: int = -1) -> list[str]:
    """Who, command, what and reason of a listed entry."""
    said = succeed("ledger", "show", option, value).splitlines()[row]
    return re.split(r" {2,}", said.strip())[2:]


def test_entries_are_told_in_sentences_with_names(agency: str) -> None:
    succeed("do", "group.add_members", "group=Big", "members=Gwen", "--as", "Alphie")
    succeed("do", "group.remove_members", "group=Big", "members=Gwen", "--reason", "Left")
    succeed("do", "grant.set", "to=Gwen", "on={client: F500, service: VAT}", "level=reader")
    assert listed("--last", "3") == ["Alphie", "group.add_members", "Gwen joined Big"]
    assert listed("--last", "2") == ["operator", "group.remove_members", "Gwen left Big", "Left"]
    assert listed("--last", "1")[2] == "Gwen was given access to Fortune 500 · VAT: can view only"


def test_what_is_gone_is_told_by_the_name_that_it_had(agency: str) -> None:
    succeed("do", "group.delete", "group=Big")
    assert listed("--last", "1")[2] == "The access group Big was deleted"


def test_records_hold_plain_numbers_and_names(agency: str, answer: Answer) -> None:
    succeed("do", "group.add_members", "group=Big", "members=Gwen", "--as", "Alphie")
    (record,) = answer("ledger", "show", "--last", "1")["entries"]
    assert record["actor_name"] == "Alphie"
    assert record["what"] == ["Gwen joined Big"]
    assert record["events"] == [{"event": "group.joined", "group": 2, "members": [3]}]
    assert record["names"] == {"group": {"2": "Big"}, "member": {"3": "Gwen"}}


def test_an_export_unpacks_what_a_list_of_clients_added(agency: str, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    succeed("ledger", "export", str(path))
    records = [json.loads(line) for line in path.read_text().splitlines()]
    added = next(record for record in records if record["command"] == "client.add")
    (event,) = (each for each in added["events"] if each["event"] == "clients.added")
    assert (event["client_of"], event["service_of"], event["confidential"]) == ([1, 1], [2, 3], [])
    assert added["names"] == {
        "client": {"1": "Fortune 500"},
        "service": {"2": "VAT", "3": "Income Tax"},
    }
    granted = records[-1]["events"][-1]
    assert (granted["subject"], granted["targets"], granted["level"]) == (
        {"kind": "group", "number": 2},
        [1],
        "editor",
    )


@pytest.mark.parametrize("separator", [";", ";  ", ";+;"])
def test_no_cell_runs_for_who_parts_cells_at_semicolons_or_tabs(
    agency: str, tmp_path: Path, separator: str
) -> None:
    succeed("do", "client.add", f"client=A{separator}=HYPERLINK(1)")
    succeed("do", "service.add", "service=PAYE", "--reason", f"x{separator}=HYPERLINK(1)")
    path = tmp_path / "ledger.csv"
    succeed("ledger", "export", str(path))
    assert not re.search(r"[;\t]\s*[=+\-@]", path.read_text())


def test_only_changes_are_listed_where_asked(agency: str, answer: Answer, tmp_path: Path) -> None:
    succeed("export", "members", str(tmp_path / "members.csv"))
    assert [each["number"] for each in answer("ledger", "show", "--last", "2")["entries"]] == [10, 11]
    assert [each["number"] for each in answer("ledger", "show", "--last", "2", "--changes")["entries"]] == [
        9,
        10,
    ]


@pytest.mark.django_db
def test_without_a_firm_there_is_nothing_to_verify() -> None:
    assert "There is no firm yet" in refuse("ledger", "verify")
    assert succeed("ledger", "verify", "--all") == ""


def test_people_read_what_there_is_in_the_firms_own_words(agency: str) -> None:
    said = succeed("ledger", "show")
    for words in ("active team members", "access groups", "services of clients"):
        assert f"  {words} " in said


def test_checkpoints_are_made_on_request_and_proved_with_the_ledger(
    agency: str, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    made = checkpointing.make_checkpoints
    monkeypatch.setattr(reading, "make_checkpoints", lambda firm: made(firm, every=0.0))
    assert succeed("ledger", "checkpoint") == "Ace Agents: 10 checkpoints made, 10 in all.\n"
    assert succeed("ledger", "checkpoint") == "Ace Agents: 0 checkpoints made, 10 in all.\n"
    assert "10 checkpoints. Head" in succeed("ledger", "verify")
    Checkpoint.objects.filter(number=7).update(form=b"of somebody else")
    done = run("ledger", "verify")
    assert done.exit_code == 1
    assert "The checkpoint after entry 7 was changed" in done.output
    made_anew = succeed("ledger", "checkpoint", "--all", "--anew")
    assert made_anew == "Ace Agents: 10 checkpoints made, 10 in all.\n"
    found = answer("ledger", "verify")[0]
    assert (found["whole"], found["checkpoints"], found["unused_checkpoints"]) == (True, 10, 0)
