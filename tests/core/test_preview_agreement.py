"""A preview says exactly what the reference finds different before and after random events (rules.md 6)."""

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core.apply.apply import apply
from ringfence.core.compare.difference import Pairs, difference
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as reference
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Instant, Level
from tests.core import model
from tests.core.firms import MOMENTS, firms
from tests.core.histories import next_events
from tests.core.random_examples import name_the_seed, random_examples

Seen = dict[int, dict[int, dict[int, Level]]]
"""By member, then client seen, then engagement seen: the level."""


def seen_in(facts: Facts, now: Instant) -> Seen:
    seen: Seen = {}
    for member in facts.members:
        clients: dict[int, dict[int, Level]] = {}
        for number, its in facts.engagements.items():
            level, _ = reference.decide(facts, member, number, now)
            if level:
                clients.setdefault(its.client, {})[number] = level
        seen[member] = clients
    return seen


def open_in(facts: Facts, now: Instant) -> set[int]:
    return {number for number in facts.engagements if reference.open_to_all(facts, number, now)}


def plain(pairs: Pairs) -> set[tuple[int, int]]:
    return {(member, client) for member, clients in pairs.items() for client in clients}


@random_examples(300)
@given(data=st.data(), facts=firms(), now=st.sampled_from(MOMENTS))
def test_a_preview_is_the_difference_between_before_and_after(
    data: st.DataObject, facts: Facts, now: Instant
) -> None:
    name_the_seed()
    before, state = facts, state_of(facts)
    after, changed = before, state
    events = []
    for _ in range(data.draw(st.integers(1, 4))):
        event = data.draw(next_events(after, changed))
        events.append(event)
        after, changed = model.after(after, event), apply(changed, event)

    found = difference(state, changed, events, now)

    was, will = seen_in(before, now), seen_in(after, now)
    had = {(member, client) for member, clients in was.items() for client in clients}
    have = {(member, client) for member, clients in will.items() for client in clients}
    assert plain(found.gains) == have - had
    assert plain(found.loses) == had - have
    assert plain(found.changes) == {
        (member, client) for member, client in had & have if was[member][client] != will[member][client]
    }
    opened, closed = open_in(after, now) - open_in(before, now), open_in(before, now) - open_in(after, now)
    assert found.opens == BitMap([after.engagements[number].client for number in opened])
    assert found.closes == BitMap([before.engagements[number].client for number in closed])
