"""Member lists as rows, and each fault with its row and column."""

from pathlib import Path

import pytest

from ringfence.core.terms import Role
from tests.lists.lists import members_in, save

HEADER = "Name,Email,Role,Access,Manage access,Active\n"


def test_a_member_is_read_with_role_and_permissions(tmp_path: Path) -> None:
    text = HEADER + "Beth Conners,beth@ace-agent.co.uk,Administrator,yes,no,yes\n"
    (member,) = members_in(save(tmp_path / "a.csv", text)).rows
    assert (member.name, member.email, member.role) == (
        "Beth Conners",
        "beth@ace-agent.co.uk",
        Role.ADMINISTRATOR,
    )
    assert (member.access, member.manage_access, member.active) == (True, False, True)


def test_what_a_row_is_silent_on_is_not_stated(tmp_path: Path) -> None:
    (member,) = members_in(save(tmp_path / "a.csv", HEADER + "Beth,beth@example.com,,,,\n")).rows
    assert (member.role, member.access, member.manage_access, member.active) == (None, None, None, None)


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("Practice Principal", Role.PRINCIPAL),
        ("Admin", Role.ADMINISTRATOR),
        ("Assistant", Role.STANDARD),
        ("Archwilydd", Role.AUDITOR),
    ],
)
def test_words_for_roles_are_understood(tmp_path: Path, word: str, role: Role) -> None:
    reading = members_in(save(tmp_path / "a.csv", f"Email,Role\nbeth@example.com,{word}\n"))
    assert reading.rows[0].role is role


@pytest.mark.parametrize(("word", "active"), [("Active", True), ("Leaver", False), ("disabled", False)])
def test_a_status_says_whether_the_member_is_active(tmp_path: Path, word: str, active: bool) -> None:
    reading = members_in(save(tmp_path / "a.csv", f"Email,Status\nbeth@example.com,{word}\n"))
    assert reading.rows[0].active is active


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("Beth,,,,,", "Email", "missing"),
        ("Beth,beth.example.com,,,,", "Email", "no e-mail address"),
        ("Beth,beth@@example.com,,,,", "Email", "no e-mail address"),
        (f"Beth,{'b' * 250}@example.com,,,,", "Email", "limit is 254"),
        ("Beth,beth@example.com,Overlord,,,", "Role", "principal, administrator, standard, auditor"),
        ("Beth,beth@example.com,auditor,yes,,", "Access", "neither permission"),
        ("Beth,beth@example.com,auditor,no,yes,", "Manage access", "neither permission"),
        ("Beth,beth@example.com,,maybe,,", "Access", "neither yes nor no"),
        ("=1+1,beth@example.com,,,,", "Name", "formula"),
        ("Beth,beth@example.com,,,,,surplus", "", "7 cells"),
    ],
)
def test_a_bad_row_is_a_fault_and_not_read(tmp_path: Path, row: str, column: str, message: str) -> None:
    reading = members_in(save(tmp_path / "a.csv", HEADER + row + "\n"))
    (fault,) = reading.faults
    assert (fault.line, fault.column) == (2, column)
    assert message in fault.message
    assert reading.rows == ()


def test_an_address_that_stands_twice_is_a_fault_naming_the_other_row(tmp_path: Path) -> None:
    (fault,) = members_in(save(tmp_path / "a.csv", "Email\nbeth@example.com\nBETH@example.com\n")).faults
    assert fault.line == 3
    assert "already in row 2" in fault.message
