"""A joiner, or a member who changes team, is checked against walls and policies before anything is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core import statements as st
from ringfence.core.commands.definitions import CreateGroup, On, RaiseWall, SetPolicy, TurnOn
from ringfence.core.values import Side
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, Cast, do
from tests.web.creating import at, choose_members, named, tick
from tests.web.reading import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.web.checks import PageClient

TEAM_A, TEAM_B = 2, 3
BOTH = "on both sides of Merger Q: they can open"


@pytest.fixture
def merger(cast: Cast) -> Cast:
    """Team A has Fortune 500, Team B has Baker; Cai alone is named by the wall between the two.

    Dilys is in Team A. Whoever comes to see Baker beside Fortune 500 breaks a policy, too.
    """
    do(cast.firm, CreateGroup(name="Team A", on=On.client(FORTUNE), members=frozenset({DILYS})))
    do(cast.firm, CreateGroup(name="Team B", on=On.client(BAKER), members=frozenset({CAI})))
    do(cast.firm, TurnOn())
    sides = (
        Side(members=frozenset({CAI}), clients=frozenset({BAKER})),
        Side(clients=frozenset({FORTUNE})),
    )
    do(cast.firm, RaiseWall(name="Merger Q", sides=sides))
    statement = st.AtMostClients(
        number=1,
        clients=st.ClientsMeant(clients=frozenset({FORTUNE, BAKER})),
        members=st.MembersMeant(everyone=True),
    )
    do(cast.firm, SetPolicy(name="One matter each", mode="warn", statements=(statement,)))
    return cast


def group_check(client: PageClient, cast: Cast, parts: Iterable[int], *members: int) -> str:
    """The check of a new group, Deal team, with these clients' services and members."""
    named(client, cast, "Deal team")
    tick(client, cast, *parts)
    choose_members(client, cast, *members)
    return text(client.get(at(cast, "-check")))


def told(client: PageClient, address: str, *groups: int) -> str:
    """The check after these groups are chosen."""
    ticks = [str(each) for each in groups]
    return text(client.post(address, {"shown": ticks, "tick": ticks, "go": "continue"}, follow=True))


def test_a_joiner_of_two_teams_is_told_to_stand_on_both_sides(merger: Cast, owen: PageClient) -> None:
    person = {"name": "Non", "email": "non@pike.example", "role": "standard", "access": "yes"}
    owen.post(reverse("add-member", args=[merger.firm]), person)
    check = told(owen, reverse("add-member-groups", args=[merger.firm]), TEAM_A, TEAM_B)
    assert f"This puts Non {BOTH}" in check
    assert "One matter each" in check


def test_a_joiner_of_one_team_is_not(merger: Cast, owen: PageClient) -> None:
    person = {"name": "Non", "email": "non@pike.example", "role": "standard", "access": "yes"}
    owen.post(reverse("add-member", args=[merger.firm]), person)
    check = told(owen, reverse("add-member-groups", args=[merger.firm]), TEAM_A)
    assert "both sides" not in check
    assert "One matter each" not in check


def test_who_joins_another_team_is_told_to_stand_on_both_sides(merger: Cast, owen: PageClient) -> None:
    check = told(owen, reverse("join-groups", args=[merger.firm, DILYS]), TEAM_B)
    assert f"This puts Dilys {BOTH}" in check
    assert "One matter each" in check


def test_who_is_added_on_a_teams_page_is_told_to_stand_on_both_sides(merger: Cast, owen: PageClient) -> None:
    address = reverse("group-add-members", args=[merger.firm, TEAM_B])
    assert f"This puts Dilys {BOTH}" in told(owen, address, DILYS)


def test_what_a_team_gives_across_the_wall_is_told_with_the_team(merger: Cast, owen: PageClient) -> None:
    check = told(owen, reverse("join-groups", args=[merger.firm, CAI]), TEAM_A)
    assert "What Team A gives Cai across Merger Q is kept from them by the wall: Fortune 500." in check


def test_a_colleagues_access_that_is_copied_is_told_to_put_on_both_sides(
    merger: Cast, owen: PageClient
) -> None:
    address = reverse("copy-access-from", args=[merger.firm, DILYS, CAI])
    assert f"This puts Dilys {BOTH}" in text(owen.get(address))


def test_a_client_that_a_team_is_given_is_told_to_put_its_members_on_both_sides(
    merger: Cast, owen: PageClient
) -> None:
    address = reverse("group-add-clients", args=[merger.firm, TEAM_A])
    parts = firm_state(merger.firm).engagements_of(BAKER)
    assert f"This puts Dilys {BOTH}" in told(owen, address, *parts)


def test_a_group_that_is_to_be_created_is_named_by_what_it_will_be_called(
    merger: Cast, owen: PageClient
) -> None:
    check = group_check(owen, merger, firm_state(merger.firm).engagements_of(FORTUNE), CAI)
    assert "What Deal team gives Cai across Merger Q is kept from them by the wall: Fortune 500." in check


def test_members_of_a_group_that_is_to_be_created_are_told_to_stand_on_both_sides(
    merger: Cast, owen: PageClient
) -> None:
    check = group_check(owen, merger, firm_state(merger.firm).engagements_of(BAKER), DILYS)
    assert f"This puts Dilys {BOTH}" in check
