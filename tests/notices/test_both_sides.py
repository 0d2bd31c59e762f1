"""Somebody comes to stand on both sides of a wall, shown to nobody: who is told, and for how long."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from ringfence.access import OPERATOR, Actor, execute, firm_state
from ringfence.access.crossings import still_crossing
from ringfence.access.tokens import make_token
from ringfence.core.commands.definitions import (
    AddMember,
    AddToGroup,
    CreateGroup,
    LowerWall,
    On,
    RaiseWall,
    RemoveFromGroup,
    TurnOn,
)
from ringfence.core.terms import Role, Scope
from ringfence.core.values import Side
from tests.notices.people import everybody_came_in, give, sent, told
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, make_cast

TEAM_A, TEAM_B = 2, 3


@pytest.fixture
def firm(db: None) -> Iterator[int]:
    """Team A has Fortune 500, Team B has Baker; Cai alone is named by the wall; Dilys is in Team A."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        found = make_cast().firm
        give(found, CreateGroup(name="Team A", on=On.client(FORTUNE), members=frozenset({DILYS})))
        give(found, CreateGroup(name="Team B", on=On.client(BAKER), members=frozenset({CAI})))
        give(found, TurnOn())
        give(found, AddMember(name="Petra", email="petra@pike.example", role=Role.ADMINISTRATOR))
        sides = (
            Side(members=frozenset({CAI}), clients=frozenset({BAKER})),
            Side(clients=frozenset({FORTUNE})),
        )
        give(found, RaiseWall(name="Merger Q", sides=sides))
        everybody_came_in()
        sent()
        yield found


def joins(group: int, member: int) -> AddToGroup:
    return AddToGroup(group=group, members=frozenset({member}))


def crossings(mails: dict[str, str]) -> dict[str, str]:
    return {who: text for who, text in mails.items() if "both sides" in text}


def test_administrators_are_told_by_name_once(firm: int) -> None:
    give(firm, joins(TEAM_B, DILYS))
    found = crossings(sent())
    assert sorted(found) == told("owen", "petra")
    assert "This puts Dilys on both sides of Merger Q" in found["owen@pike.example"]
    assert sent() == {}


def test_a_subject_names_neither_wall_nor_client(firm: int) -> None:
    give(firm, joins(TEAM_B, DILYS))
    subject = crossings(sent())["owen@pike.example"].splitlines()[0]
    assert subject == "Somebody came to stand on both sides of a wall in Pike & Marlow"


def test_who_was_shown_it_on_a_page_is_not_told_and_whose_software_did_it_is(firm: int) -> None:
    give(firm, joins(TEAM_B, DILYS), OWEN)
    assert list(crossings(sent())) == told("petra")
    give(firm, RemoveFromGroup(group=TEAM_B, members=frozenset({DILYS})), OWEN)
    token = make_token(firm, actor=Actor(OWEN), name="Directory", scopes=Scope.MANAGE).number
    execute(firm, joins(TEAM_B, DILYS), actor=Actor(OWEN, token=token))
    assert sorted(crossings(sent())) == told("owen", "petra")


def test_what_a_wall_keeps_from_a_joiner_is_told_with_the_team(firm: int) -> None:
    give(firm, joins(TEAM_A, CAI))
    found = crossings(sent())["owen@pike.example"]
    assert "What Team A gives Cai across Merger Q is kept from them by the wall: Fortune 500." in found
    assert still_crossing(firm_state(firm), OWEN) == set()


def test_who_stays_on_one_side_is_nothing_to_be_told_of(firm: int) -> None:
    give(firm, AddMember(name="Non", email="non@pike.example"))
    give(firm, joins(TEAM_A, firm_state(firm).last_member))
    assert crossings(sent()) == {}


def test_what_was_put_right_before_the_mail_goes_out_is_not_told(firm: int) -> None:
    give(firm, joins(TEAM_B, DILYS))
    give(firm, LowerWall(wall=1))
    assert crossings(sent()) == {}


def test_it_stands_on_the_home_page_until_it_is_put_right(firm: int) -> None:
    execute(firm, joins(TEAM_B, DILYS), actor=OPERATOR)
    sent()
    assert still_crossing(firm_state(firm), OWEN) == {DILYS}
    assert still_crossing(firm_state(firm), CAI) == set()
    give(firm, RemoveFromGroup(group=TEAM_B, members=frozenset({DILYS})))
    assert still_crossing(firm_state(firm), OWEN) == set()
