"""`ringfence erase`: said, asked, done; what is in use is refused with its remedy."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ringfence import access
from ringfence.access.security_log import SecurityKind, SeenFrom, note
from ringfence.cli import main
from ringfence.firms.models import Client, Firm, LedgerText, Member, SecurityEvent
from tests.cli.listing import refuse, succeed

Answer = Callable[..., Any]
BETH = "beth@ace.example"


@pytest.fixture
def left(agency: str) -> str:
    """The agency after Beth was deactivated and the client VALA removed."""
    succeed("do", "member.deactivate", f"member={BETH}")
    succeed("do", "client.remove", "client=VALA")
    return agency


def told(answer: str, *arguments: str) -> Result:
    """What it says to somebody who answers the question."""
    return CliRunner().invoke(main, ["erase", *arguments], input=f"{answer}\n", prog_name="ringfence")


def test_a_member_who_left_is_erased_and_the_ledger_stays_whole(left: str) -> None:
    assert "Erased: what was Beth is member 2 without a name." in succeed("erase", "member", BETH, "--yes")
    assert not LedgerText.objects.filter(text__icontains="beth").exists()
    assert (Member.objects.get(number=2).name, Member.objects.get(number=2).email) == ("", "")
    assert "whole" in succeed("ledger", "verify")


def test_the_lines_of_the_security_log_go_with_their_member(left: str) -> None:
    firm = Firm.objects.get().pk
    for member in (1, 2):
        note(SecurityKind.SIGN_IN, firm=firm, member=member, source=SeenFrom(address="192.0.2.7"))
    succeed("erase", "member", BETH, "--yes")
    assert list(SecurityEvent.objects.values_list("member", flat=True)) == [1]


def test_a_client_that_was_removed_is_erased_and_the_ledger_stays_whole(left: str) -> None:
    assert "Erased: what was Vala Subsid A Ltd. is client 2" in succeed("erase", "client", "VALA", "--yes")
    assert not LedgerText.objects.filter(text__icontains="vala").exists()
    assert (Client.objects.get(number=2).name, Client.objects.get(number=2).reference) == ("", "")
    assert "whole" in succeed("ledger", "verify")


def test_a_backup_taken_afterwards_has_no_word_of_them_not_even_in_policies(
    agency: str, tmp_path: Path
) -> None:
    said = "name: Beth keeps out of Vala\nstatements:\n  - {never: Beth, sees: VALA}\n"
    (tmp_path / "beth.yaml").write_text(said)
    succeed("policy", "add", tmp_path / "beth.yaml", "--yes")
    succeed("do", "member.deactivate", f"member={BETH}")
    succeed("do", "client.remove", "client=VALA")
    succeed("erase", "client", "VALA", "--yes")
    succeed("erase", "member", BETH, "--yes")
    succeed("backup", tmp_path / "after.zip")
    with zipfile.ZipFile(tmp_path / "after.zip") as archive:
        tables = {name: archive.read(name).decode("latin-1").lower() for name in archive.namelist()}
    # Among so many letters of digests a short word stands by chance.
    plain = {name: re.sub('"digests":"[^"]*"', "", rows) for name, rows in tables.items()}
    assert [name for name, rows in plain.items() if "beth" in rows or "vala" in rows] == []
    assert [name for name, rows in plain.items() if "#2 keeps out of #2" in rows] != []


def test_the_past_answers_as_before_by_number(left: str, answer: Answer) -> None:
    beth_was_there = Firm.objects.get().version - 2
    before = access.replay(Firm.objects.get().pk, version=beth_was_there).moment.clients(2)
    succeed("erase", "member", BETH, "--yes")
    assert access.replay(Firm.objects.get().pk, version=beth_was_there).moment.clients(2) == before
    assert len(before) == 2


@pytest.mark.parametrize(
    ("arguments", "goes", "stays"),
    [
        (("member", BETH), "name and e-mail address of Beth", "their account to sign in with"),
        (("client", "VALA"), "references of Vala Subsid A Ltd.", "backups taken before"),
    ],
)
def test_what_goes_and_what_stays_is_said_before_it_is_done(
    left: str, arguments: tuple[str, str], goes: str, stays: str
) -> None:
    said = told("y", *arguments)
    assert said.exit_code == 0
    assert goes in said.stderr
    assert stays in said.stderr


def test_who_answers_no_erases_nothing(left: str) -> None:
    assert told("n", "member", BETH).exit_code == 1
    assert Member.objects.get(number=2).name == "Beth"


def test_an_active_member_is_refused_with_the_command_that_deactivates(agency: str) -> None:
    said = refuse("erase", "member", BETH, "--yes")
    assert "deactivate the member first. `ringfence do member.deactivate member=#2 --firm #" in said


def test_a_client_that_is_there_is_refused_with_the_command_that_removes(agency: str) -> None:
    said = refuse("erase", "client", "F500", "--yes")
    assert "remove the client first. `ringfence do client.remove client=#1 --firm #" in said


def test_a_member_who_does_not_manage_the_firm_erases_nobody(left: str) -> None:
    said = refuse("erase", "member", BETH, "--yes", "--as", "gwen@ace.example")
    assert "not_permitted" in said
    assert Member.objects.get(number=2).name == "Beth"


def test_a_stranger_cannot_be_erased(agency: str) -> None:
    assert "has no team member 'zed@ace.example'" in refuse("erase", "member", "zed@ace.example", "--yes")


def test_programs_are_told_the_entry(left: str, answer: Answer) -> None:
    assert answer("erase", "member", BETH, "--yes")["member"] == 2
