"""Lists of access and of places as rows, and each fault with its row and column."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ringfence.core.terms import Level
from ringfence.lists.rows.access_rows import day_or_moment
from tests.lists.lists import access_in, places_in, save

HEADER = "Client reference,Service,Group,Email,Level,Expires,Fee split\n"


def test_a_grant_to_a_group_is_read(tmp_path: Path) -> None:
    (grant,) = access_in(save(tmp_path / "a.csv", HEADER + "A1,,Team A,,Editor,31/12/2026,\n")).rows
    assert (grant.client_reference, grant.group, grant.email, grant.service) == ("A1", "Team A", None, None)
    assert (grant.level, grant.expires) == (Level.EDITOR, datetime.date(2026, 12, 31))


def test_a_grant_to_a_member_on_one_engagement_is_read(tmp_path: Path) -> None:
    (grant,) = access_in(save(tmp_path / "a.csv", HEADER + "A1,VAT,,jo@example.com,blocked,,\n")).rows
    assert (grant.service, grant.email, grant.level) == ("VAT", "jo@example.com", Level.BLOCKED)


def test_a_linked_adviser_is_an_owner_with_a_fee_split(tmp_path: Path) -> None:
    text = HEADER + "A1,,,jo@example.com,Linked adviser,,12.5%\n"
    (grant,) = access_in(save(tmp_path / "a.csv", text)).rows
    assert (grant.level, grant.fee_split) == (Level.OWNER, Decimal("12.5"))


def test_without_a_level_column_the_rows_are_silent_on_it(tmp_path: Path) -> None:
    (grant,) = access_in(save(tmp_path / "a.csv", "Client code,Access group\nA1,Team A\n")).rows
    assert grant.level is None


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (",,Team A,,editor,,", "Client reference", "missing"),
        ("A1,,,,editor,,", "Group", "neither a group nor an e-mail"),
        ("A1,,Team A,jo@example.com,editor,,", "Group", "a group and a member"),
        ("A1,,Team A,,boss,,", "Level", "reader, editor, owner, blocked"),
        ("A1,,Team A,,,,", "Level", "missing"),
        ("A1,,Team A,,editor,soon,", "Expires", "no date"),
        ("A1,,Team A,,editor,12/31/2026,", "Expires", "day first"),
        (f"A1,,{'x' * 51},,editor,,", "Group", "limit is 50"),
        ("A1,,,jo@example,editor,,", "Email", "no e-mail address"),
        ("A1,,Team A,,editor,,10%", "Fee split", "Leave it out"),
        ("A1,VAT,,jo@example.com,owner,,10%", "Fee split", "Leave it out"),
        ("A1,,,jo@example.com,owner,,101", "Fee split", "0 to 100"),
        ("A1,,,jo@example.com,owner,,1.234%", "Fee split", "two decimals"),
        ("A1,,,jo@example.com,owner,,NaN", "Fee split", "0 to 100"),
        ("A1,,,jo@example.com,owner,,0.5", "Fee split", "fraction or a percentage"),
        ("A1,,Team A,,editor,,,x", "", "8 cells"),
    ],
)
def test_a_bad_row_is_a_fault_and_not_read(tmp_path: Path, row: str, column: str, message: str) -> None:
    reading = access_in(save(tmp_path / "a.csv", HEADER + row + "\n"))
    (fault,) = reading.faults
    assert (fault.line, fault.column) == (2, column)
    assert message in fault.message
    assert reading.rows == ()


def test_a_second_grant_for_the_same_subject_and_target_is_a_fault(tmp_path: Path) -> None:
    text = HEADER + "A1,,Team A,,editor,,\na1,,TEAM A,,reader,,\nA1,VAT,Team A,,reader,,\n"
    (fault,) = access_in(save(tmp_path / "a.csv", text)).faults
    assert fault.line == 3
    assert "Row 2" in fault.message


@pytest.mark.parametrize(
    "text",
    [
        *("2026-12-03", "2026/12/03", "2026/12/03 00:00:00", "3/12/2026", "03.12.2026"),
        *("3 December 2026", "3rd Dec 2026", "3 Rhagfyr 2026"),
    ],
)
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert day_or_moment(text) == datetime.date(2026, 12, 3)


def test_a_moment_keeps_its_offset() -> None:
    moment = datetime.datetime(2026, 12, 3, 17, 30, tzinfo=datetime.UTC)
    assert day_or_moment("2026-12-03T17:30Z") == moment


@pytest.mark.parametrize(
    "text", ["31/12/26", "12/31/2026", "2026-02-30", "30 Smarch 2026", "20261231", "2026/31/12"]
)
def test_a_date_that_could_be_mistaken_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        day_or_moment(text)


def test_places_in_groups_are_read(tmp_path: Path) -> None:
    (place,) = places_in(save(tmp_path / "a.csv", "Team,Email\nTeam A,jo@example.com\n")).rows
    assert (place.line, place.group, place.email) == (2, "Team A", "jo@example.com")


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (",jo@example.com", "Group", "missing"),
        ("Team A,", "Email", "missing"),
        ("Team A,jo", "Email", "no e-mail address"),
        ("team a,SAM@example.com", "", "same as row 2"),
        ("Team A,jo@example.com,x", "", "3 cells"),
    ],
)
def test_a_bad_place_is_a_fault(tmp_path: Path, row: str, column: str, message: str) -> None:
    reading = places_in(save(tmp_path / "a.csv", f"Group,Email\nTeam A,sam@example.com\n{row}\n"))
    (fault,) = reading.faults
    assert (fault.line, fault.column) == (3, column)
    assert message in fault.message
