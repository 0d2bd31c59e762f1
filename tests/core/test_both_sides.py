"""Who comes to stand on both sides of a wall is what the specification says of the firm before and after."""

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply
from ringfence.core.compare.both_sides import OnBothSides, Road, newly_on_both_sides
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Instant, Level, group_subject
from ringfence.core.terms import member_subject as member
from ringfence.core.values import Side, Wall
from tests.core.firms import (
    ACME,
    ADA,
    BEN,
    BOOTS,
    CY,
    MOMENTS,
    NOW,
    TEAM,
    firms,
    grant,
    on_client,
    small_firm,
)
from tests.core.histories import next_events
from tests.core.random_examples import name_the_seed, random_examples


def sides_seen(facts: Facts, now: Instant) -> set[tuple[int, int]]:
    """Walls and members whom they do not name and who see clients of both sides."""
    found = set()
    for number, wall in facts.walls.items():
        one, other = wall.sides
        if wall.ends is not None and wall.ends <= now:
            continue
        for who in facts.members.keys() - wall.members:
            seen = [
                any(
                    specification.decide(facts, who, part, now)[0] is not Level.NONE
                    for client in side.clients
                    for part in specification.engagements_of(facts, client)
                )
                for side in (one, other)
            ]
            if all(seen):
                found.add((number, who))
    return found


@random_examples(120)
@given(data=st.data(), facts=firms(), now=st.sampled_from(MOMENTS))
def test_who_comes_to_see_both_sides_is_found_exactly(
    data: st.DataObject, facts: Facts, now: Instant
) -> None:
    name_the_seed()
    state = state_of(facts)
    event = data.draw(next_events(facts, state))
    after = apply(state, event)
    found = newly_on_both_sides(at(state, now), after, [event])
    seeing = {(each.wall, each.member) for each in found if each.road is Road.SEES}
    assert seeing == sides_seen(facts_of(after), now) - sides_seen(facts, now)


SIDES = (Side(clients=frozenset({ACME})), Side(clients=frozenset({BOOTS}), members=frozenset({CY})))
WALL = {1: Wall(sides=SIDES)}


def joined(*members: int) -> tuple[OnBothSides, ...]:
    """Team joins what it has: Boots."""
    facts = small_firm(
        grant(member(ADA), on_client(ACME)),
        grant(group_subject(TEAM), on_client(BOOTS)),
        groups={TEAM: frozenset()},
        walls=WALL,
    )
    state = state_of(facts)
    event = e.GroupJoined(group=TEAM, members=BitMap(members))
    return newly_on_both_sides(at(state, NOW), apply(state, event), [event])


def test_joining_a_group_puts_who_sees_one_side_on_both() -> None:
    assert joined(ADA) == (OnBothSides(1, ADA, Road.SEES, 0, BitMap([ACME, BOOTS])),)


def test_joining_a_group_of_their_own_side_puts_nobody_on_both() -> None:
    assert joined(BEN) == joined(CY) == ()


def test_what_a_group_gives_across_a_wall_is_told_with_the_group() -> None:
    facts = small_firm(grant(group_subject(TEAM), on_client(ACME)), groups={TEAM: frozenset()}, walls=WALL)
    state = state_of(facts)
    event = e.GroupJoined(group=TEAM, members=BitMap([CY]))
    found = newly_on_both_sides(at(state, NOW), apply(state, event), [event])
    assert found == (OnBothSides(1, CY, Road.GROUP, TEAM, BitMap([ACME])),)


def test_who_is_named_on_both_sides_is_told_once() -> None:
    both = Side(members=frozenset({ADA}), clients=frozenset({ACME}))
    across = Side(members=frozenset({ADA}), clients=frozenset({BOOTS}))
    state = state_of(small_firm(members={}))
    raised = e.WallSet(wall=1, sides=(both, across))
    after = apply(state, raised)
    (found,) = (
        each for each in newly_on_both_sides(at(state, NOW), after, [raised]) if each.road is Road.NAMED
    )
    assert (found.wall, found.member) == (1, ADA)
    ended = e.WallSet(wall=1, sides=(both, across), ends=Instant(NOW + 1))
    assert newly_on_both_sides(at(after, NOW), apply(after, ended), [ended]) == ()


def test_a_wall_that_is_over_is_passed_by() -> None:
    over = {1: Wall(sides=SIDES, ends=NOW)}
    facts = small_firm(grant(group_subject(TEAM), on_client(ACME)), groups={TEAM: frozenset()}, walls=over)
    state = state_of(facts)
    event = e.GroupJoined(group=TEAM, members=BitMap([CY]))
    assert newly_on_both_sides(at(state, NOW), apply(state, event), [event]) == ()
