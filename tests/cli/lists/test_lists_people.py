"""`ringfence import members` and `import access`: people, grants and places, all rows or none."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from ringfence.cli.changing.effect import show_effect
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, Role, group_subject, member_subject
from ringfence.firms.models import Member
from tests.access.cast import found
from tests.cli.listing import Office, open_office, run, succeed

CLIENTS = "Client code,Client name,VAT number\n"
MEMBERS = "Name,Email,Role,Access,Manage access,Status\n"
ACCESS = "Client reference,Service,Group,Email,Level,Expires\n"


@pytest.fixture
def office(db: None, tmp_path: Path) -> Office:
    """An agency with VAT and PAYE; the only firm there is."""
    return open_office(found(), tmp_path)


def test_members_are_added_with_role_permissions_and_state(office: Office) -> None:
    text = MEMBERS + "Beth,beth@example.com,Administrator,yes,yes,Active\nTom,tom@example.com,,no,,Leaver\n"
    office.imports("members", text)
    state = office.cast.view.moment.state
    beth, tom = (state.members[number] for number in (2, 3))
    assert (beth.role, beth.access, beth.manage_access, beth.active) == (Role.ADMINISTRATOR, True, True, True)
    assert (tom.role, tom.access, tom.manage_access, tom.active) == (Role.STANDARD, False, False, False)


def test_members_again_are_nothing_to_do(office: Office) -> None:
    text = MEMBERS + "Beth,beth@example.com,Auditor,,,\nTom,tom@example.com,,no,,Leaver\n"
    office.imports("members", text)
    assert "Nothing to do" in office.imports("members", text)


def test_members_are_updated_by_their_address(office: Office) -> None:
    office.imports("members", MEMBERS + "Beth,beth@example.com,,,,\n")
    office.imports("members", MEMBERS + "Beth Conners,BETH@example.com,Administrator,,,no\n")
    row = Member.objects.get(firm=office.cast.firm, number=2)
    assert (row.name, row.role, row.active) == ("Beth Conners", "administrator", False)


def test_a_refusal_in_the_midst_of_a_list_of_members_undoes_all_of_it(office: Office) -> None:
    text = MEMBERS + "Beth,beth@example.com,,,,\n,ann@agency.example.com,,,,left\n"
    said = office.refuses("members", text)
    assert "Row 3: refused, last_administrator" in said
    assert Member.objects.filter(firm=office.cast.firm).count() == 1


def test_a_standard_member_imports_no_members(office: Office) -> None:
    office.cast.member("Beth")
    said = office.refuses("members", MEMBERS + "Tom,tom@example.com,,,,\n", "--as", "Beth")
    assert "not_permitted" in said


# --- Access


@pytest.fixture
def staffed(office: Office) -> Office:
    """With clients A1 (VAT) and B1, the group Team A, and Beth."""
    office.imports("clients", CLIENTS + "A1,Acme,GB1\nB1,Beta,\n")
    office.imports("members", MEMBERS + "Beth,beth@example.com,,,,\n")
    office.cast.group("Team A")
    return office


def test_grants_are_made_on_clients_and_on_single_services(staffed: Office) -> None:
    staffed.imports("access", ACCESS + "A1,VAT,team a,,reader,\nB1,,,beth@example.com,blocked,\n")
    moment = staffed.cast.view.moment
    assert set(moment.state.held_by(group_subject(2)).engagements[Level.READER - 1]) == {1}
    assert set(moment.state.held_by(member_subject(2)).clients[Level.BLOCKED - 1]) == {2}


def test_grants_of_one_group_at_one_level_are_one_command(staffed: Office) -> None:
    staffed.imports("access", ACCESS + "A1,,Team A,,editor,\nB1,,Team A,,editor,\n")
    assert staffed.commands().count("grant.set") == 1


def test_an_expiry_on_a_day_is_at_its_close_where_the_firm_is(db: None, tmp_path: Path) -> None:
    office = open_office(found(), tmp_path, "America/New_York")
    office.imports("clients", CLIENTS + "A1,Acme,\n")
    office.cast.group("Team A")
    office.imports("access", ACCESS + "A1,,Team A,,editor,31/12/2098\n")
    (expires,) = office.cast.view.moment.state.held_by(group_subject(2)).expires.values()
    assert expires == 4_070_926_800_000_000  # 2099-01-01T05:00Z


def test_places_in_groups_may_stand_in_the_same_list(staffed: Office) -> None:
    said = staffed.imports("access", ACCESS + "A1,,Team A,,editor,\n,,Team A,beth@example.com,,\n")
    assert re.search(r"places in groups +1 +0 +0", said)
    assert set(staffed.cast.view.moment.state.groups[2]) == {2}


def test_a_list_of_places_alone_is_read_as_one(staffed: Office) -> None:
    staffed.imports("access", "Group,Member email\nTeam A,beth@example.com\n")
    assert set(staffed.cast.view.moment.state.groups[2]) == {2}


def test_access_again_is_nothing_to_do(staffed: Office) -> None:
    text = ACCESS + "A1,VAT,Team A,,reader,2098-12-31\n,,Team A,beth@example.com,,\n"
    staffed.imports("access", text)
    assert "Nothing to do" in staffed.imports("access", text)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Z9,,Team A,,editor,", "no client “Z9”"),
        ("A1,PAYE,Team A,,editor,", "“A1” has no PAYE"),
        ("A1,CIS,Team A,,editor,", "no service “CIS”"),
        ("A1,,Team Z,,editor,", "no access group “Team Z”"),
        (f"A1,,{'g' * 51},,editor,", "limit is 50"),
        ("A1,,,zoe@example.com,editor,", "no team member “zoe@example.com”"),
        ("A1,,Team A,,boss,", "reader, editor, owner, blocked"),
        ("A1,,Team A,,editor,2001-01-01", "has passed"),
        ("A1,,Team A,,editor,9999-12-31", "beyond the calendar"),
        (",,Everyone,beth@example.com,,", "always holds all active team members"),
    ],
)
def test_a_bad_row_of_access_is_named_and_nothing_saved(staffed: Office, row: str, problem: str) -> None:
    said = staffed.refuses("access", ACCESS + "B1,,Team A,,editor,\n" + row + "\n")
    assert said.startswith("row 3")
    assert problem in said


def test_a_group_that_the_firm_lacks_comes_with_the_command_that_makes_it(staffed: Office) -> None:
    text = ACCESS + "A1,,Team Z,,editor,\n,,team z,beth@example.com,,\n"
    said = staffed.refuses("access", text)
    (line,) = [line for line in said.splitlines() if line.strip().startswith("ringfence do")]
    succeed(*shlex.split(line)[1:])
    assert "Saved" in staffed.imports("access", text)


def test_groups_that_the_firm_lacks_are_created_with_the_list(staffed: Office) -> None:
    text = ACCESS + "A1,,Team Z,,editor,\n,,team z,beth@example.com,,\n,,Team Y,beth@example.com,,\n"
    said = staffed.imports("access", text, "--add-groups")
    assert re.search(r"groups +2 +0", said)
    assert "+ access group Team Z" in said
    state = staffed.cast.view.moment.state
    assert [set(state.groups[number]) for number in (3, 4)] == [{2}, {2}]
    assert set(state.held_by(group_subject(3)).clients[Level.EDITOR - 1]) == {1}
    assert "Nothing to do" in staffed.imports("access", text, "--add-groups")


def test_groups_are_created_only_where_that_is_asked_and_by_who_may(staffed: Office) -> None:
    text = ACCESS + ",,Team Z,beth@example.com,,\n"
    assert "--add-groups" in staffed.refuses("access", text)
    assert "not_permitted" in staffed.refuses("access", text, "--add-groups", "--as", "Beth")


def test_sharing_that_a_member_may_not_do_names_every_row_of_it(staffed: Office) -> None:
    text = ACCESS + "A1,,Team A,,editor,\nB1,,Team A,,editor,\n"
    said = staffed.refuses("access", text, "--as", "Beth")
    assert "rows 2, 3: Refused, not_permitted: You may not share this client" in said


@pytest.mark.parametrize(
    ("so_already", "not_so"),
    [
        ("A1,,Team A,,reader,", "B1,,Team A,,editor,"),
        ("A1,,Team A,,reader,", "A1,,Team A,,owner,"),
        ("A1,,Team A,,reader,", "A1,,Team Z,,reader,"),
        ("A1,,,beth@example.com,reader,", "A1,,,zoe@example.com,reader,"),
        (",,Team A,beth@example.com,,", ",,Team A,admin@example.com,,"),
        (",,Team A,beth@example.com,,", ",,Team Z,zoe@example.com,,"),
    ],
)
def test_who_may_not_share_is_not_told_what_is_so_already(
    staffed: Office, so_already: str, not_so: str
) -> None:
    staffed.imports("access", ACCESS + "A1,,Team A,,reader,\nA1,,,beth@example.com,reader,\n")
    staffed.imports("access", ACCESS + ",,Team A,beth@example.com,,\n")
    said = {
        run("import", "access", staffed.path(ACCESS + row + "\n"), "--as", "Beth").output
        for row in (so_already, not_so)
    }
    assert len(said) == 1
    assert "not_permitted" in said.pop()


def test_who_may_not_manage_is_not_told_which_members_there_are(staffed: Office) -> None:
    rows = ("Beth,beth@example.com,,,,", "Zoe,zoe@example.com,,,,", ",zoe@example.com,,,,")
    said = {
        run("import", "members", staffed.path(MEMBERS + row + "\n"), "--as", "Beth").output for row in rows
    }
    assert len(said) == 1
    assert "not_permitted" in said.pop()


def test_a_service_that_does_not_show_is_as_good_as_none(closed: Office) -> None:
    closed.imports("access", ACCESS + "A1,VAT,,beth@example.com,blocked,\n")
    said = [
        closed.refuses("access", ACCESS + f"A1,{service},,beth@example.com,editor,\n", "--as", "Beth")
        for service in ("VAT", "PAYE")
    ]
    assert said[0] == said[1].replace("PAYE", "VAT")


# --- Who gains and who loses (rules.md 6)


@pytest.fixture
def closed(staffed: Office) -> Office:
    """With control on and Tom beside Beth, so that both and Ann see both clients."""
    staffed.imports("members", MEMBERS + "Tom,tom@example.com,,,,\n")
    staffed.cast.turn_on()
    return staffed


def test_a_list_of_access_says_who_gains_and_who_loses_before_it_is_saved(closed: Office) -> None:
    said = closed.imports("access", ACCESS + "A1,,,beth@example.com,owner,\n")
    before, after = said.split("Saved.")
    assert "Nobody would gain." in before
    assert "2 team members would no longer see 1 client, 2 pairs:" in before
    assert re.search(r"Ann +Acme", before)
    assert re.search(r"Tom +Acme", before)
    assert "1 team member would have another level, or see other services, on 1 client:" in before
    assert "No client would become open to all." in before
    assert "1 client would become closed: Acme" in before
    assert "would" not in after


def test_a_dry_run_says_it_too_and_saves_nothing(closed: Office) -> None:
    before = closed.version
    said = closed.imports("access", ACCESS + "A1,,,beth@example.com,owner,\n", "--dry-run")
    assert "2 team members would no longer see 1 client" in said
    assert "dry run" in said
    assert closed.version == before


def test_grants_and_places_of_one_list_are_weighed_together(closed: Office) -> None:
    said = closed.imports("access", ACCESS + "A1,,Team A,,editor,\n,,Team A,beth@example.com,,\n")
    assert "2 team members would no longer see 1 client, 2 pairs:" in said
    assert not re.search(r"Beth +Acme", said)


def test_a_dry_run_finds_what_the_core_would_refuse(closed: Office) -> None:
    text = MEMBERS + ",ann@agency.example.com,,,,left\n"
    assert "Row 2: refused, last_administrator" in closed.refuses("members", text, "--dry-run")


def test_a_list_of_members_says_who_loses_what(closed: Office) -> None:
    said = closed.imports("members", MEMBERS + "Tom,tom@example.com,,no,,\nEve,eve@example.com,,,,\n")
    assert re.search(
        r"1 team member would start to see 2 clients:\s+Team member +Clients\s+Eve +Acme, Beta", said
    )
    assert re.search(
        r"1 team member would no longer see 2 clients:\s+Team member +Clients\s+Tom +Acme, Beta", said
    )


def test_a_list_of_clients_says_who_will_see_them(closed: Office) -> None:
    said = closed.imports("clients", CLIENTS + "C1,Gamma,\nA1,Acme Group,GB9\n")
    assert "3 team members would start to see 1 client, 3 pairs:" in said
    assert "1 client would become open to all: Gamma" in said


def test_a_list_that_changes_words_alone_changes_nobodys_access(closed: Office) -> None:
    said = closed.imports("clients", CLIENTS + "A1,Acme Group,GB9\n")
    assert "Nobody's access would change." in said


def test_what_a_list_does_is_said_anew_where_the_firm_changed_meanwhile(
    closed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned_off: list[bool] = []

    def show_and_turn_off(*arguments: Any) -> None:
        show_effect(*arguments)
        if not turned_off:
            turned_off.append(True)
            closed.cast.do(w.TurnOff())

    monkeypatch.setattr("ringfence.cli.lists.importing.show_effect", show_and_turn_off)
    said = closed.imports("access", ACCESS + "A1,,,beth@example.com,owner,\n")
    first, second = said.split("The firm was changed meanwhile.")
    assert "2 team members would no longer see 1 client" in first
    assert "Nobody's access would change." in second
    assert "Saved." in second


def test_a_list_that_another_import_saved_meanwhile_is_said_to_have_nothing_left_to_do(
    closed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = ACCESS + "A1,,,beth@example.com,owner,\n"
    again: list[str] = []

    def show_and_import(*arguments: Any) -> None:
        show_effect(*arguments)
        if not again:
            again.append("")
            again.append(closed.imports("access", text))

    monkeypatch.setattr("ringfence.cli.lists.importing.show_effect", show_and_import)
    said = closed.imports("access", text)
    assert "Saved." in again[1]
    assert "Saved." not in said
    assert "Nothing was left to do: the firm was changed meanwhile and has all of it already." in said
