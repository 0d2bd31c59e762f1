"""The check of a list that is brought in: what walls keep of it, and whom it puts on both sides of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.core.commands.definitions import CreateGroup, On, RaiseWall, SetGrant, TurnOn
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import Side
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, Cast, do
from tests.web.journeys.lists.test_lists import press, sent
from tests.web.reading import text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def test_what_a_wall_keeps_of_a_list_is_told_before_it_is_saved(owen: PageClient, cast: Cast) -> None:
    sides = Side(members=frozenset({DILYS})), Side(clients=frozenset({BAKER}))
    do(cast.firm, RaiseWall(name="Bid", sides=sides))
    content = b"Client reference,Email,Level\nB-01,dilys@pike.example,editor\n"
    address = sent(owen, cast, content, kind="access", name="access.csv")
    told = text(press(owen, address, "columns"))
    assert "This gives Dilys access across Bid. The wall keeps it from them: Baker & Sons." in told


def test_a_list_of_people_says_whom_a_group_puts_on_both_sides_of_a_wall(
    owen: PageClient, cast: Cast
) -> None:
    do(cast.firm, CreateGroup(name="Team B", on=On.client(BAKER), members=frozenset({CAI})))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.READER))
    do(cast.firm, TurnOn())
    sides = (
        Side(members=frozenset({CAI}), clients=frozenset({BAKER})),
        Side(clients=frozenset({FORTUNE})),
    )
    do(cast.firm, RaiseWall(name="Merger Q", sides=sides))
    content = b"Email,Access groups\ndilys@pike.example,Team B\n"
    address = sent(owen, cast, content, kind="members", name="members.csv")
    told = text(press(owen, address, "columns"))
    assert "This puts Dilys on both sides of Merger Q: they can open Fortune 500, Baker & Sons" in told
