"""Walls: raised, changed and lowered by who may, seen by who may know of them, never by anybody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import Actor, execute, firm_state
from ringfence.core.commands.definitions import (
    AcknowledgeWall,
    AddMember,
    ChangeWall,
    On,
    RaiseWall,
    RemoveClient,
    SetGrant,
)
from ringfence.core.terms import Instant, Level, Role, member_subject
from ringfence.core.values import Side
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, Cast, do, grouped
from tests.web.reading import names, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

WALL = 1


def address(route: str, cast: Cast, *rest: int) -> str:
    return reverse(route, args=[cast.firm, *rest])


def text_of(client: PageClient, where: str) -> str:
    return str(client.get(where).content.decode())


def begun(client: PageClient, cast: Cast, name: str = "Merger", *, member: int = CAI) -> None:
    """A wall with the member on one side and Fortune 500 on the other, up to its check."""
    client.post(address("raise-wall", cast), {"name": name})
    ticks = {"shown": [member], "tick": [member], "go": "continue"}
    client.post(address("wall-members", cast, 1), ticks)
    client.post(address("wall-clients", cast, 1), {"go": "instead"})
    client.post(address("wall-members", cast, 2), {"go": "instead"})
    ticks = {"shown": [FORTUNE], "tick": [FORTUNE], "go": "continue"}
    client.post(address("wall-clients", cast, 2), ticks)


def check_form(client: PageClient, cast: Cast) -> dict[str, str]:
    page = client.get(address("wall-check", cast))
    return {name: value(page, name) for name in ("version", "token", "agreed")}


def raise_between(cast: Cast, member: int = CAI, name: str = "Merger") -> None:
    sides = (Side(members=frozenset({member})), Side(clients=frozenset({FORTUNE})))
    do(cast.firm, RaiseWall(name=name, sides=sides))


def stands(cast: Cast) -> dict[int, tuple[Side, Side]]:
    return {number: wall.sides for number, wall in firm_state(cast.firm).walls.items()}


def test_a_wall_is_raised_step_by_step(cast: Cast, owen: PageClient) -> None:
    begun(owen, cast)
    response = owen.post(address("wall-check", cast), check_form(owen, cast))
    assert response["Location"] == address("wall", cast, WALL)
    assert stands(cast) == {WALL: (Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE})))}
    assert not firm_state(cast.firm).sees(CAI, FORTUNE)


def test_the_check_says_who_loses_what_and_what_is_overruled(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    begun(owen, cast)
    page = owen.get(address("wall-check", cast))
    assert rows(page) == [
        ["Cai", "Own access", "Fortune 500"],
        ["Cai", "Access group VAT team", "Fortune 500"],
    ]
    assert "Who loses access Cai: Fortune 500" in text(page)


def test_the_check_tells_of_records_opened_across_the_wall(
    cast: Cast, owen: PageClient, cai: PageClient
) -> None:
    cai.get(address("client", cast, FORTUNE))
    cai.get(address("client", cast, BAKER))
    begun(owen, cast)
    said = text(owen.get(address("wall-check", cast)))
    assert "The ledger has 1 opening of a record across this wall." in said
    assert ": Cai, Fortune 500" in said
    assert "Cai, Baker" not in said


def test_a_wall_that_keeps_nobody_from_anything_is_not_raised(cast: Cast, owen: PageClient) -> None:
    begun(owen, cast)
    owen.post(address("wall-members", cast, 1), {"go": "instead"})
    response = owen.get(address("wall-check", cast))
    assert response.status_code == 422
    assert "keep nobody from anything" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Enter a name for the wall"),
        ("x" * 51, "must be 50 characters or fewer"),
        ("a\tb", "must not contain line breaks"),
        ("MERGER ", "There is a wall with this name already"),
    ],
)
def test_a_bad_name_is_refused_and_kept_in_the_field(
    name: str, said: str, cast: Cast, owen: PageClient
) -> None:
    raise_between(cast)
    response = owen.post(address("raise-wall", cast), {"name": name})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert value(response, "name") == name


def test_sending_the_check_twice_raises_one_wall(cast: Cast, owen: PageClient) -> None:
    begun(owen, cast)
    form = check_form(owen, cast)
    owen.post(address("wall-check", cast), form)
    again = owen.post(address("wall-check", cast), form)
    assert again["Location"] == address("wall", cast, WALL)
    assert len(stands(cast)) == 1


def test_what_others_changed_while_one_read_is_told_and_nothing_is_saved(
    cast: Cast, owen: PageClient
) -> None:
    begun(owen, cast)
    form = check_form(owen, cast)
    do(cast.firm, AddMember(name="New", email="new@pike.example"), OWEN)
    response = owen.post(address("wall-check", cast), form)
    assert response.status_code == 422
    assert stands(cast) == {}
    assert "What was changed meanwhile" in text(response)


def test_a_wall_is_changed_from_its_sides_as_they_are(cast: Cast, owen: PageClient) -> None:
    raise_between(cast)
    owen.post(address("change-wall", cast, WALL))
    ticks = {"shown": [CAI, DILYS], "tick": [CAI, DILYS], "go": "continue"}
    owen.post(address("wall-members", cast, 1), ticks)
    owen.post(address("wall-check", cast), check_form(owen, cast))
    assert stands(cast)[WALL][0].members == {CAI, DILYS}


def test_a_removed_client_stays_on_a_wall_that_is_changed(cast: Cast, owen: PageClient) -> None:
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE, BAKER})))
    do(cast.firm, RaiseWall(name="Merger", sides=sides))
    do(cast.firm, RemoveClient(client=BAKER))
    owen.post(address("change-wall", cast, WALL))
    ticks = {"shown": [CAI, DILYS], "tick": [CAI, DILYS], "go": "continue"}
    owen.post(address("wall-members", cast, 1), ticks)
    assert "left out" not in text(owen.get(address("wall-check", cast)))
    owen.post(address("wall-check", cast), check_form(owen, cast))
    assert stands(cast)[WALL][1].clients == {FORTUNE, BAKER}


def test_a_change_begun_before_another_saved_one_overwrites_nothing(cast: Cast, owen: PageClient) -> None:
    raise_between(cast)
    owen.post(address("change-wall", cast, WALL))
    ticks = {"shown": [CAI, DILYS], "tick": [CAI, DILYS], "go": "continue"}
    owen.post(address("wall-members", cast, 1), ticks)
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE, BAKER})))
    do(cast.firm, ChangeWall(wall=WALL, sides=sides))
    response = owen.get(address("wall-check", cast), follow=True)
    assert "Somebody changed the wall Merger meanwhile" in response.content.decode()
    assert stands(cast)[WALL] == sides


def test_a_wall_is_lowered_after_yes_and_the_numbers_say_what_it_gives_back(
    cast: Cast, owen: PageClient
) -> None:
    raise_between(cast)
    where = address("lower-wall", cast, WALL)
    page = owen.get(where)
    assert "Who gains access Cai: Fortune 500" in text(page)
    owen.post(where, {"answer": "yes", "version": value(page, "version")})
    assert stands(cast) == {}


def test_no_keeps_the_wall(cast: Cast, owen: PageClient) -> None:
    raise_between(cast)
    assert owen.post(address("lower-wall", cast, WALL), {"answer": "no"})["Location"].endswith("/walls/1")
    assert stands(cast)


@pytest.fixture
def owen_on_it(cast: Cast) -> Cast:
    """Owen stands on the wall, and Bronwen is an administrator who does not."""
    do(cast.firm, AddMember(name="Bronwen", email="bronwen@pike.example", role=Role.ADMINISTRATOR))
    raise_between(cast, OWEN)
    return cast


@pytest.mark.parametrize("route", ["change-wall", "lower-wall"])
def test_who_stands_on_a_wall_is_told_who_can_change_it(
    route: str, owen_on_it: Cast, owen: PageClient
) -> None:
    assert "so others decide about it: Bronwen." in text_of(owen, address("wall", owen_on_it, WALL))
    response = owen.post(address(route, owen_on_it, WALL), {"answer": "yes"}, follow=True)
    assert "so others decide about it: Bronwen." in response.content.decode()
    assert stands(owen_on_it)


def test_the_only_administrator_changes_a_wall_that_they_stand_on(cast: Cast, owen: PageClient) -> None:
    raise_between(cast, OWEN)
    assert address("lower-wall", cast, WALL) in text_of(owen, address("wall", cast, WALL))


def test_an_auditor_reads_walls_and_changes_none(cast: Cast, ada: PageClient) -> None:
    raise_between(cast)
    assert "Merger" in text_of(ada, address("walls", cast))
    assert "Change the wall" not in text_of(ada, address("wall", cast, WALL))
    assert ada.post(address("change-wall", cast, WALL)).status_code == 403


@pytest.mark.parametrize("route", ["walls", "wall", "wall-conflicts", "lower-wall"])
def test_a_wall_is_never_shown_to_a_member(route: str, cast: Cast, cai: PageClient) -> None:
    raise_between(cast)
    rest = () if route == "walls" else (WALL,)
    assert cai.get(address(route, cast, *rest)).status_code == 403


@pytest.mark.parametrize("route", ["clients", "client", "your-account", "why-me"])
def test_no_page_names_a_wall_to_the_member_it_keeps_out(
    route: str, cast: Cast, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    raise_between(cast, name="Merger of Fortune")
    rest = (FORTUNE,) if route in ("client", "why-me") else ()
    assert "Merger of Fortune" not in text_of(signed_in(cast, "Cai"), address(route, cast, *rest))


def test_a_wall_of_another_number_is_not_found(cast: Cast, owen: PageClient) -> None:
    assert owen.get(address("wall", cast, 7)).status_code == 404
    raise_between(cast)
    assert owen.get(address("wall-side-clients", cast, WALL, 3)).status_code == 404


def test_the_parts_of_a_side_are_listed_and_searched(cast: Cast, owen: PageClient) -> None:
    raise_between(cast)
    assert names(owen.get(address("wall-side-clients", cast, WALL, 2))) == ["Fortune 500"]
    assert names(owen.get(address("wall-side-members", cast, WALL, 1) + "?search=cai")) == ["Cai"]
    assert names(owen.get(address("wall-side-members", cast, WALL, 1) + "?search=dilys")) == []


def test_all_conflicts_are_listed_and_searched_by_member(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    raise_between(cast)
    where = address("wall-conflicts", cast, WALL)
    assert rows(owen.get(where)) == [["Cai", "Own access", "Fortune 500"]]
    assert rows(owen.get(where + "?search=dilys")) == []


def test_who_puts_themselves_on_a_wall_is_told_who_will_decide_about_it(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, AddMember(name="Bronwen", email="bronwen@pike.example", role=Role.ADMINISTRATOR))
    begun(owen, cast, member=OWEN)
    assert "others decide about it: Bronwen." in text(owen.get(address("wall-check", cast)))


def test_a_wall_says_whether_it_stands_why_and_who_acknowledged_it(cast: Cast, owen: PageClient) -> None:
    sides = (Side(members=frozenset({CAI, DILYS})), Side(clients=frozenset({FORTUNE})))
    do(cast.firm, RaiseWall(name="Bid", sides=sides, reason="Bid for Fortune"))
    execute(cast.firm, AcknowledgeWall(wall=WALL), actor=Actor(CAI))
    said = text_of(owen, address("wall", cast, WALL))
    assert "Bid for Fortune" in said
    known, _, asked = said.partition("Not acknowledged yet")
    assert "Cai" in known.partition("Who has acknowledged it")[2]
    assert "Dilys" in asked
    assert "Stands" in text_of(owen, address("walls", cast))


def test_a_wall_that_is_to_begin_says_so(cast: Cast, owen: PageClient) -> None:
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE})))
    do(cast.firm, RaiseWall(name="Bid", sides=sides, starts=Instant(4_102_444_800_000_000)))
    assert "Has not begun, from 1 January 2100" in text_of(owen, address("walls", cast))


def test_a_wall_is_given_a_start_an_end_and_a_reason(cast: Cast, owen: PageClient) -> None:
    begun(owen, cast)
    day = {"starts-day": "1", "starts-month": "2", "starts-year": "2099"}
    end = {"until-day": "31", "until-month": "1", "until-year": "2099"}
    where = address("wall-terms", cast)
    assert "The end must be on the day on which it begins, or later" in text(owen.post(where, {**day, **end}))
    assert "Enter a real day" in text(owen.post(where, {**day, "starts-day": "40"}))
    owen.post(where, {**day, "until-day": "1", "until-month": "3", "until-year": "2099", "reason": "Bid"})
    said = text(owen.get(address("wall-check", cast)))
    assert "From 1 February 2099, until" in said
    assert "until the end of 1 March 2099" in said
    owen.post(address("wall-check", cast), check_form(owen, cast))
    wall = firm_state(cast.firm).walls[WALL]
    assert None not in (wall.starts, wall.ends)
    assert "Has not begun, from 1 February 2099" in text(owen.get(address("wall", cast, WALL)))


def test_who_is_on_a_side_acknowledges_it_without_learning_its_name(
    cast: Cast, owen: PageClient, cai: PageClient
) -> None:
    sides = (Side(members=frozenset({CAI}), clients=frozenset({BAKER})), Side(clients=frozenset({FORTUNE})))
    do(cast.firm, RaiseWall(name="Merger Q", sides=sides))
    page = cai.get(address("your-walls", cast))
    assert "Merger Q" not in text(page)
    assert "Fortune 500" not in text(page)
    assert "Baker" in text(page)
    cai.post(address("your-walls", cast), {"wall": str(WALL)})
    assert firm_state(cast.firm).walls[WALL].acknowledged.keys() == {CAI}
    assert "nothing that you are asked to acknowledge" in text(cai.get(address("your-walls", cast)))


def test_who_is_on_no_side_acknowledges_nothing(cast: Cast, dilys: PageClient) -> None:
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE})))
    do(cast.firm, RaiseWall(name="Merger Q", sides=sides))
    dilys.post(address("your-walls", cast), {"wall": str(WALL)})
    assert not firm_state(cast.firm).walls[WALL].acknowledged
