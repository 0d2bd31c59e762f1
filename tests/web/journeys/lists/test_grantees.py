"""Who gets access to the clients of a list: one list for the file, and columns for single rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    AddMember,
    AddService,
    ChangeSettings,
    CreateGroup,
    GrantTo,
    On,
    SetDefaults,
    SetGrant,
)
from ringfence.core.terms import EVERYONE, Level, Subject, Target, group_subject, member_subject
from ringfence.core.values import GrantTerms
from ringfence.firms.models import Client
from tests.support.jobs import do_waiting
from tests.web.cast import CAI, DILYS, FORTUNE, Cast, do, make_cast
from tests.web.journeys.lists.test_lists import press, sent
from tests.web.reading import errors, heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]
PLAIN = b"Client reference,Client name\nN-01,Northern Pots\n"
TEAM_A, OF_EVERYONE = group_subject(2), group_subject(EVERYONE)


@pytest.fixture
def planning(db: None) -> Cast:
    """A planning subscription with Team A; its policy gives Everyone Reader."""
    cast = make_cast("planning")
    do(cast.firm, CreateGroup(name="Team A", members=frozenset({DILYS})))
    do(cast.firm, ChangeSettings(values={"default_everyone": "reader", "personal_defaults": True}))
    return cast


@pytest.fixture
def cai(planning: Cast, signed_in: SignIn) -> PageClient:
    return signed_in(planning, "Cai")


def given(cast: Cast, reference: str = "N-01") -> dict[Subject, Level]:
    """The grants that stand on the client of that reference."""
    number = Client.objects.get(firm=cast.firm, reference=reference).number
    return {held.subject: held.terms.level for held in firm_state(cast.firm).holders_of(number)}


def checked(client: PageClient, cast: Cast, content: bytes) -> str:
    address = sent(client, cast, content)
    press(client, address, "columns")
    return address


def test_the_defaults_are_shown_with_where_they_come_from(planning: Cast, cai: PageClient) -> None:
    own = (GrantTo(to=TEAM_A, level=Level.EDITOR),)
    do(planning.firm, SetDefaults(grants=own, member=CAI))
    page = text(cai.get(checked(cai, planning, PLAIN)))
    assert "Cai (you): Owner (can view, change, submit, share and remove) because you add it" in page
    assert "Everyone (built-in team): Reader (can view) from your firm’s default permissions policy" in page
    assert "Team A (team): Editor (can view, change and submit) from your own client permissions" in page


def test_who_brings_a_list_owns_its_new_clients(planning: Cast, cai: PageClient) -> None:
    press(cai, checked(cai, planning, PLAIN), "save")
    assert given(planning) == {member_subject(CAI): Level.OWNER, OF_EVERYONE: Level.READER}


def test_the_list_for_the_file_is_changed_before_it_is_saved(planning: Cast, cai: PageClient) -> None:
    address = checked(cai, planning, PLAIN)
    there = f"{address}/access"
    key, everyone = f"member-{DILYS}", f"group-{EVERYONE}"
    cai.post(there, {"given": everyone, "go": f"remove-{everyone}"})
    assert "Nobody, but" not in text(cai.get(there))
    cai.post(there, {"go": f"add-{key}"})
    cai.post(there, {"given": key, f"level-{key}": "blocked", "go": "continue"})
    do_waiting()
    shown = text(cai.get(address))
    assert "Dilys: Blocked chosen here" in shown
    assert "Everyone (built-in" not in shown
    press(cai, address, "save")
    assert given(planning) == {member_subject(CAI): Level.OWNER, member_subject(DILYS): Level.BLOCKED}


def test_the_defaults_are_offered_again_once_something_else_was_chosen(
    planning: Cast, cai: PageClient
) -> None:
    there = f"{checked(cai, planning, PLAIN)}/access"
    again = "Begin again with the defaults"
    assert again not in text(cai.get(there))
    cai.post(there, {"given": f"group-{EVERYONE}", f"level-group-{EVERYONE}": "editor", "go": "search"})
    assert again in text(cai.get(there))


def test_a_default_that_could_not_be_given_is_left_out_and_said(db: None, signed_in: SignIn) -> None:
    cast = make_cast("agency")
    do(cast.firm, ChangeSettings(values={"personal_defaults": True}))
    do(cast.firm, SetDefaults(grants=(GrantTo(to=member_subject(DILYS), level=Level.EDITOR),), member=CAI))
    cai = signed_in(cast, "Cai")
    page = text(cai.get(checked(cai, cast, PLAIN)))
    assert "These defaults of yours are left out, because you could not give them here: Dilys." in page


def test_a_row_names_grantees_of_its_own_beside_those_for_the_file(planning: Cast, cai: PageClient) -> None:
    do(planning.firm, AddMember(name="Beth", email="beth@pike.example"))
    header = b"Client reference,Client name,Editor,Reader\n"
    content = header + b"N-01,Northern Pots,Everyone,Team A; Beth\nN-02,Plain,,\n"
    address = checked(cai, planning, content)
    assert "Everyone: Editor" in text(cai.get(address))
    press(cai, address, "save")
    beth = firm_state(planning.firm).last_member
    assert given(planning) == {
        member_subject(CAI): Level.OWNER,
        OF_EVERYONE: Level.EDITOR,
        TEAM_A: Level.READER,
        member_subject(beth): Level.READER,
    }
    assert given(planning, "N-02") == {member_subject(CAI): Level.OWNER, OF_EVERYONE: Level.READER}


def test_a_client_that_is_there_gets_what_its_row_says_and_loses_nothing(
    planning: Cast, signed_in: SignIn
) -> None:
    do(planning.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.OWNER))
    owen = signed_in(planning, "Owen")
    content = b"Client reference,Client name,Reader\nF500,Fortune 500,Team A\n"
    address = checked(owen, planning, content)
    assert "Team A" in text(owen.get(address))
    press(owen, address, "save")
    assert given(planning, "F500") == {member_subject(DILYS): Level.OWNER, TEAM_A: Level.READER}
    assert heading(press(owen, sent(owen, planning, content), "columns")) == "There is nothing to save"


def test_a_fee_split_that_stands_is_kept_while_the_firm_has_none(planning: Cast, signed_in: SignIn) -> None:
    do(planning.firm, ChangeSettings(values={"fee_splits": True}))
    dilys, on = member_subject(DILYS), On.client(FORTUNE)
    do(planning.firm, SetGrant(to=(dilys,), on=on, level=Level.READER, fee_split=2500))
    do(planning.firm, ChangeSettings(values={"fee_splits": False}))
    owen = signed_in(planning, "Owen")
    content = b"Client reference,Client name,Editor\nF500,Fortune 500,Dilys\n"
    press(owen, checked(owen, planning, content), "save")
    held = firm_state(planning.firm).grants_of(dilys).grant_on(Target("client", FORTUNE))
    assert held == GrantTerms(level=Level.EDITOR, fee_split=2500)


def test_a_name_that_nobody_has_or_several_have_is_a_fault_of_its_row(
    planning: Cast, cai: PageClient
) -> None:
    for _ in range(2):
        do(planning.firm, AddMember(name="Jo"))
    content = b"Client reference,Client name,Owner\nN-01,Northern Pots,Nobody\nN-02,Sands,Jo\n"
    page = text(cai.get(checked(cai, planning, content)))
    assert "There is no team and no active user “Nobody”." in page
    assert "“Jo” is the name of more than one." in page
    assert not Client.objects.filter(firm=planning.firm, reference="N-01").exists()


def test_the_last_owner_cannot_be_lowered_by_a_list(planning: Cast, signed_in: SignIn) -> None:
    do(planning.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    content = b"Client reference,Client name,Reader\nF500,Fortune 500,Cai\n"
    page = text(signed_in(planning, "Owen").get(checked(signed_in(planning, "Owen"), planning, content)))
    assert "this would take the last one away" in page
    assert given(planning, "F500") == {member_subject(CAI): Level.OWNER}


def test_who_may_not_share_gives_nobody_anything_by_a_list(db: None, signed_in: SignIn) -> None:
    cast = make_cast("agency")
    cai = signed_in(cast, "Cai")
    content = b"Client reference,Client name,Editor\nN-01,Northern Pots,Dilys\nN-02,Sands,Nobody\n"
    address = checked(cai, cast, content)
    page = text(cai.get(address))
    assert "Nobody" not in page
    assert not Client.objects.filter(firm=cast.firm, reference="N-01").exists()
    assert cai.get(f"{address}/access").status_code == 403


def test_the_list_for_the_file_is_for_its_member_alone(
    planning: Cast, cai: PageClient, signed_in: SignIn
) -> None:
    address = checked(cai, planning, PLAIN)
    assert signed_in(planning, "Owen").get(f"{address}/access").status_code == 403
    assert signed_in(planning, "Dilys").get(f"{address}/access").status_code == 404


def test_who_gets_access_is_asked_once_the_columns_are_known(planning: Cast, cai: PageClient) -> None:
    address = sent(cai, planning, PLAIN)
    assert cai.get(f"{address}/access")["Location"] == address
    assert cai.post(f"{address}/access", {"go": "continue"})["Location"] == address
    assert heading(cai.get(address)) == "Say what the columns are"


def test_a_service_of_clients_that_one_cannot_see_is_no_column(planning: Cast, cai: PageClient) -> None:
    do(planning.firm, AddService(name="Secret trusts"))
    page = text(cai.get(sent(cai, planning, PLAIN)))
    assert "Leave it out" in page
    assert "Secret trusts" not in page


def test_what_cannot_be_given_is_said_and_kept(planning: Cast, cai: PageClient) -> None:
    address = checked(cai, planning, PLAIN)
    do(planning.firm, ChangeSettings(values={"default_everyone": "none"}))
    everyone = f"group-{EVERYONE}"
    page = cai.post(f"{address}/access", {"given": everyone, f"level-{everyone}": "editor", "go": "continue"})
    assert errors(page)
    assert "Everyone" in text(page)
