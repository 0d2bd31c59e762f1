"""Turning control on or off moves for each member exactly what the specification says (rules.md 3 and 6)."""

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ringfence.core import events as e
from ringfence.core.apply.apply import apply, apply_all
from ringfence.core.compare.difference import difference
from ringfence.core.compare.engagements import MovedEngagements
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Instant, Level
from ringfence.core.values import Delegation, Side
from tests.core import model
from tests.core.firms import (
    ACME,
    ADA,
    BEN,
    BOOTS,
    MOMENTS,
    NOW,
    TEAM,
    ada,
    ben,
    firms,
    grant,
    on_client,
    small_firm,
    team,
)
from tests.core.random_examples import name_the_seed, random_examples

RUNS = (0, 1, 3, 256)
"""Engagements in a run that is looked at first: none, too few to tell, and all."""

_BLOCK = grant(ben, on_client(ACME), Level.BLOCKED)
"""Acme is what is looked at first."""


def levels(facts: Facts, now: Instant) -> dict[tuple[int, int], Level]:
    """The level of each member on each engagement."""
    return {
        (member, number): specification.decide(facts, member, number, now)[0]
        for member in facts.members
        for number in facts.engagements
    }


def pairs(moved: MovedEngagements) -> set[tuple[int, int]]:
    """The members and engagements; a member of whom nothing is moved is an error."""
    found = {(member, number) for member, theirs in moved.items() for number in theirs.of(theirs.clients)}
    assert {member for member, _ in found} == set(moved)
    return found


@random_examples(120)
@given(facts=firms(), now=st.sampled_from(MOMENTS), run=st.sampled_from(RUNS))
def test_turning_control_moves_what_the_specification_says(facts: Facts, now: Instant, run: int) -> None:
    name_the_seed()
    for turned_on in (True, False):
        before = replace(facts, settings=replace(facts.settings, control=not turned_on))
        state, event = state_of(before), e.ControlTurned(on=turned_on)
        with patch("ringfence.core.compare.turned.RUN", run):
            found = difference(state, apply(state, event), [event], now)
        was, will = levels(before, now), levels(model.after(before, event), now)
        assert pairs(found.gained) == {pair for pair in was if will[pair] and not was[pair]}
        assert pairs(found.lost) == {pair for pair in was if was[pair] and not will[pair]}
        assert pairs(found.shifted) == {
            pair for pair in was if was[pair] and will[pair] and was[pair] != will[pair]
        }


@pytest.mark.parametrize(
    "facts",
    [
        small_firm(_BLOCK, grant(ben, on_client(BOOTS), Level.OWNER)),
        small_firm(_BLOCK, grant(team, on_client(BOOTS), Level.OWNER), groups={TEAM: (BEN,)}),
        small_firm(
            _BLOCK,
            grant(ada, on_client(BOOTS), Level.OWNER),
            delegations={(ADA, BEN): Delegation(cap=Level.OWNER)},
        ),
    ],
    ids=["own", "by a group", "delegated"],
)
def test_who_owns_a_client_that_is_not_looked_at_first_owns_it_no_more_while_control_is_off(
    facts: Facts,
) -> None:
    before, event = state_of(facts), e.ControlTurned(on=False)
    with patch.multiple("ringfence.core.compare.turned", RUNS=1, RUN=1):
        found = difference(before, apply(before, event), [event], NOW)
    assert set(found.shifted[BEN].clients) == {BOOTS}


def test_a_wall_that_is_raised_when_control_is_turned_off_takes_what_it_keeps() -> None:
    before = state_of(small_firm(grant(ben, on_client(ACME)), unassigned="none"))
    sides = Side(members=frozenset({BEN})), Side(clients=frozenset({ACME}))
    events: list[e.Event] = [e.ControlTurned(on=False), e.WallSet(wall=1, sides=sides)]
    found = difference(before, apply_all(before, events), events, NOW)
    assert (set(found.gained[BEN].clients), set(found.lost[BEN].clients)) == ({BOOTS}, {ACME})
