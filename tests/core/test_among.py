"""What members see of some clients alone is what the specification says of each engagement of these."""

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core.decision.among import seen_among
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Level
from tests.core.firms import MOMENTS, firms
from tests.core.random_examples import name_the_seed, random_examples


@random_examples(60)
@given(facts=firms(), chosen=st.sets(st.integers(1, 8)))
def test_of_some_clients_everybody_sees_what_the_specification_says(facts: Facts, chosen: set[int]) -> None:
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
