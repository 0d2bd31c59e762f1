"""What time alone gives and takes is exactly what the specification finds different at two instants."""

from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core.compare.elapsed import elapsed
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Instant
from tests.core.firms import MOMENTS, firms
from tests.core.random_examples import name_the_seed, random_examples
from tests.core.test_preview_agreement import open_in, plain, seen_in


@random_examples(200)
@given(data=st.data(), facts=firms(), times=st.lists(st.sampled_from(MOMENTS), min_size=2, max_size=2))
def test_what_ends_between_two_instants_is_found_exactly(
    data: st.DataObject, facts: Facts, times: list[Instant]
) -> None:
    name_the_seed()
    was, now = sorted(times)
    state = state_of(facts)
    with patch("ringfence.core.compare.places.MANY", data.draw(st.sampled_from([0, 1000]))):
        found = elapsed(state, was, now)

    before, after = seen_in(facts, was), seen_in(facts, now)
    had = {(member, client) for member, clients in before.items() for client in clients}
    have = {(member, client) for member, clients in after.items() for client in clients}
    other = {
        (member, client) for member, client in had & have if before[member][client] != after[member][client]
    }
    opened, closed = open_in(facts, now) - open_in(facts, was), open_in(facts, was) - open_in(facts, now)
    if found is None:
        assert (have, other, opened, closed) == (had, set(), set(), set())
        return
    assert (plain(found.gains), plain(found.loses), plain(found.changes)) == (have - had, had - have, other)
    assert found.opens == BitMap([facts.engagements[number].client for number in opened])
    assert found.closes == BitMap([facts.engagements[number].client for number in closed])
