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
from ringfence.core.terms import Instant, Level
from tests.core.firms import MOMENTS, firms
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


def _levels(facts: Facts, member: int, client: int, now: Instant) -> list[Level]:
    if client not in facts.clients:
        return []
    numbers = specification.engagements_of(facts, client)
    return [specification.decide(facts, member, number, now)[0] for number in numbers]
