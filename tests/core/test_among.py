"""What members see of some clients alone is what the specification says of each engagement of these."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core.decision import sets
from ringfence.core.decision.among import seen_among, who_sees
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.state.compiled import Mask
from ringfence.core.terms import Instant, Level
from ringfence.core.values import Delegation
from tests.core.firms import (
    ACME,
    ADA,
    BEN,
    CY,
    MOMENTS,
    NOW,
    TEAM,
    cy,
    firms,
    grant,
    on_client,
    small_firm,
    team,
)
from tests.core.random_examples import name_the_seed, random_examples


@random_examples(60)
@given(facts=firms(), chosen=st.sets(st.integers(1, 8)))
@pytest.mark.parametrize("many", [0, 64], ids=["all grants looked at first", "each member's"])
def test_of_some_clients_everybody_sees_what_the_specification_says(
    monkeypatch: pytest.MonkeyPatch, many: int, facts: Facts, chosen: set[int]
) -> None:
    monkeypatch.setattr(sets, "MANY", many)
    name_the_seed()
    state = state_of(facts)
    for now in MOMENTS:
        expected = {
            member: {
                number
                for client in chosen & set(facts.clients)
                for number in specification.engagements_of(facts, client)
                if specification.decide(facts, member, number, now)[0] > Level.NONE
            }
            for member in facts.members
        }
        found = dict(seen_among(at(state, now), facts.members, BitMap(chosen)))
        assert {member: set(seen) for member, seen in found.items()} == {
            member: seen for member, seen in expected.items() if seen
        }


@random_examples(60)
@given(facts=firms(), client=st.integers(1, 9))
@pytest.mark.parametrize("many", [0, 64], ids=["all grants looked at first", "each member's"])
def test_who_sees_one_client_is_the_same_whether_asked_first_or_again(
    monkeypatch: pytest.MonkeyPatch, many: int, facts: Facts, client: int
) -> None:
    monkeypatch.setattr(sets, "MANY", many)
    name_the_seed()
    for now in MOMENTS:
        expected = {
            member: min(levels)
            for member in facts.members
            if facts.members[member].active
            and (levels := _levels(facts, member, client, now))
            and max(levels) > Level.NONE
        }
        moment = at(state_of(facts), now)
        assert who_sees(moment, client) == expected
        assert who_sees(moment, client) == expected


@random_examples(60)
@given(facts=firms(), chosen=st.sets(st.integers(1, 8), min_size=1))
def test_whoever_is_looked_at_together_is_granted_the_same_alone(
    monkeypatch: pytest.MonkeyPatch, facts: Facts, chosen: set[int]
) -> None:
    monkeypatch.setattr(sets, "MANY", 0)
    name_the_seed()
    state = state_of(facts)
    lens = Mask(state.register.spread(BitMap(chosen) & state.register.clients))
    for now in MOMENTS:
        parts = sets.alike_by_groups(at(state, now).evaluation.narrowed(lens), state.everyone)
        alone = at(state, now).evaluation.narrowed(lens)
        for part in parts:
            reaches = [tuple(map(frozenset, sets.reach(alone, member))) for member in part]
            assert len(set(reaches)) == 1
        assert len(BitMap.union(BitMap(), *parts)) == sum(map(len, parts))


def test_whoever_is_delegated_something_is_not_looked_at_with_others_of_their_groups(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sets, "MANY", 0)
    facts = small_firm(
        grant(team, on_client(ACME), Level.READER),
        grant(cy, on_client(ACME), Level.OWNER),
        delegations={(CY, BEN): Delegation(cap=Level.OWNER)},
        groups={TEAM: (ADA, BEN)},
    )
    state = state_of(facts)
    lens = Mask(state.register.spread(BitMap([ACME])))
    parts = sets.alike_by_groups(at(state, NOW).evaluation.narrowed(lens), state.everyone)
    assert [set(part) for part in parts] == [{ADA}]


def _levels(facts: Facts, member: int, client: int, now: Instant) -> list[Level]:
    if client not in facts.clients:
        return []
    numbers = specification.engagements_of(facts, client)
    return [specification.decide(facts, member, number, now)[0] for number in numbers]
