"""`ringfence import clients`: who gets access, by one list for the file and by columns for single rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from ringfence.access import firm_state
from ringfence.core.commands import definitions as w
from ringfence.core.commands.definitions import GrantTo
from ringfence.core.terms import EVERYONE, Level, Subject, group_subject, member_subject
from tests.access.cast import found
from tests.cli.listing import Office, open_office

ROWS = "Code,Name,Owner,Editor\nA1,Acme,,\nB1,Beta,jo@example.com,North; Everyone\n"
NORTH = group_subject(2)


@pytest.fixture
def office(db: None, tmp_path: Path) -> Office:
    """A firm whose policy gives Everyone Reader, with the group North and the member Jo."""
    office = open_office(found(), tmp_path)
    office.cast.do(w.ChangeSettings(values={"default_everyone": "reader"}))
    office.cast.do(w.CreateGroup(name="North"))
    office.cast.do(w.AddMember(name="Jo", email="jo@example.com"))
    return office


def given(office: Office, reference: str) -> dict[Subject, Level]:
    held = firm_state(office.cast.firm).holders_of(office.number(reference))
    return {each.subject: each.terms.level for each in held}


def jo(office: Office) -> Subject:
    return member_subject(firm_state(office.cast.firm).last_member)


def test_a_row_gives_access_to_those_in_its_columns_beside_the_default(office: Office) -> None:
    office.imports("clients", ROWS)
    assert given(office, "A1") == {group_subject(EVERYONE): Level.READER}
    assert given(office, "B1") == {
        jo(office): Level.OWNER,
        NORTH: Level.EDITOR,
        group_subject(EVERYONE): Level.EDITOR,
    }


def test_one_list_for_the_file_stands_in_place_of_the_defaults(office: Office) -> None:
    office.imports("clients", ROWS, "--access", "North=reader", "--access", "jo=blocked")
    assert given(office, "A1") == {NORTH: Level.READER, jo(office): Level.BLOCKED}
    assert given(office, "B1") == {
        jo(office): Level.OWNER,
        NORTH: Level.EDITOR,
        group_subject(EVERYONE): Level.EDITOR,
    }


def test_whom_new_clients_give_access_is_said_before_anything_is_saved(office: Office) -> None:
    said = office.imports("clients", "Code,Name\nA1,Acme\n", "--dry-run")
    assert "New clients give access to: Everyone (reader)" in said
    said = office.imports("clients", "Code,Name\nA1,Acme\n", "--dry-run", "--access", "jo=editor")
    assert "New clients give access to: Jo (editor)" in said


def test_nobody_gets_access_where_that_is_said(office: Office) -> None:
    office.imports("clients", "Code,Name\nA1,Acme\n", "--access", "none")
    assert given(office, "A1") == {}


def test_a_member_who_imports_brings_their_own_list(office: Office) -> None:
    office.cast.do(
        w.ChangeSettings(values={"personal_defaults": True, "creator_owns": True, "sharing": "owners"})
    )
    member = jo(office).number
    office.cast.do(w.SetDefaults(grants=(GrantTo(to=NORTH, level=Level.READER),), member=member))
    office.imports("clients", "Code,Name,Blocked\nA1,Acme,Everyone\n", "--as", "jo@example.com")
    assert given(office, "A1") == {
        jo(office): Level.OWNER,
        NORTH: Level.READER,
        group_subject(EVERYONE): Level.BLOCKED,
    }


def test_a_list_that_names_nobody_of_the_firm_is_refused_with_the_row(office: Office) -> None:
    said = office.refuses("clients", "Code,Name,Editor\nA1,Acme,Norht\n")
    assert "row 2" in said
    assert "Norht" in said


def test_levels_that_contradict_one_another_are_refused(office: Office) -> None:
    said = office.refuses("clients", "Code,Name,Owner,Editor\nA1,Acme,Jo,jo@example.com\n")
    assert "another level" in said
    said = office.refuses("clients", "Code,Name,Service,Editor,Reader\nA1,Acme,VAT,Jo,\nA1,Acme,PAYE,,Jo\n")
    assert "Row 2 gives “Jo” another level" in said


def test_an_option_that_cannot_be_read_says_what_to_write(office: Office) -> None:
    for option in ("North", "North=boss", "Nobody=reader"):
        assert "--access" in office.refuses("clients", "Code,Name\nA1,Acme\n", "--access", option)


def test_the_same_list_again_changes_nothing(office: Office) -> None:
    office.imports("clients", ROWS)
    assert "Nothing to do" in office.imports("clients", ROWS)


def test_an_end_that_is_still_to_come_stays(office: Office) -> None:
    office.imports("clients", "Code,Name\nA1,Acme\n")
    office.imports("access", "Code,E-mail,Level,Expires\nA1,jo@example.com,reader,2099-01-01\n")
    office.imports("clients", "Code,Name,Editor\nA1,Acme,Jo\n")
    held = firm_state(office.cast.firm).grants_of(jo(office))
    assert given(office, "A1")[jo(office)] is Level.EDITOR
    assert held.expires
