"""What each wall kept from whom: held against asking the specification, without walls, at every instant."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply
from ringfence.core.decision.moment import at
from ringfence.core.past.kept_apart import KeptFrom, kept_between, kept_now
from ringfence.core.past.spans import EntryStep
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Instant, Level
from ringfence.core.terms import member_subject as member
from ringfence.core.values import Side, Wall
from tests.core import model
from tests.core.firms import ACME, ADA, BEN, BOOTS, CY, MOMENTS, NOW, firms, grant, on_client, small_firm
from tests.core.histories import next_events
from tests.core.random_examples import name_the_seed, random_examples

SINCE, UNTIL = Instant(NOW - 7), Instant(NOW + 12)


def kept_by_the_rules(facts: Facts, now: Instant) -> dict[tuple[int, int], set[int]]:
    """By the specification alone: whom a wall that stands names, and which clients across they would see."""
    without = replace(facts, walls={})
    found: dict[tuple[int, int], set[int]] = {}
    for number, wall in facts.walls.items():
        begun = wall.starts is None or wall.starts <= now
        over = wall.ends is not None and wall.ends <= now
        if over or not begun:
            continue
        one, other = wall.sides
        for side, across in ((one, other), (other, one)):
            for who in side.members:
                for client in across.clients:
                    if any(
                        specification.decide(without, who, part, now)[0] is not Level.NONE
                        for part in specification.engagements_of(facts, client)
                    ):
                        found.setdefault((number, who), set()).add(client)
    return found


def told_at(found: tuple[KeptFrom, ...], now: Instant) -> dict[tuple[int, int], set[int]]:
    told: dict[tuple[int, int], set[int]] = {}
    for each in found:
        if each.since <= now < each.until:
            told.setdefault((each.wall, each.member), set()).update(each.clients)
    return told


@random_examples(120)
@given(facts=firms(), now=st.sampled_from(MOMENTS))
def test_what_walls_keep_now_is_what_would_be_seen_without_them(facts: Facts, now: Instant) -> None:
    found = kept_now(at(state_of(facts), now))
    assert {pair: set(clients) for pair, clients in found.items()} == kept_by_the_rules(facts, now)


@random_examples(150)
@given(data=st.data(), facts=firms())
def test_what_walls_kept_between_is_what_they_kept_at_every_instant(
    data: st.DataObject, facts: Facts
) -> None:
    name_the_seed()
    first = state = state_of(facts)
    moments = sorted(data.draw(st.lists(st.sampled_from([SINCE + 1, *MOMENTS[1:]]), min_size=1, max_size=8)))
    steps, worlds = [], {SINCE: facts}
    for moment in moments:
        event = data.draw(next_events(facts, state))
        facts, state = model.after(facts, event), apply(state, event)
        steps.append(EntryStep(Instant(moment), (event,)))
        worlds[Instant(moment)] = facts
    found = kept_between(first, steps, SINCE, UNTIL)
    for instant in range(SINCE, UNTIL):
        now = Instant(instant)
        standing = worlds[max(time for time in worlds if time <= now)]
        assert told_at(found, now) == kept_by_the_rules(standing, now), f"at {now - NOW}"


WALL = Wall(
    sides=(Side(members=frozenset({ADA}), clients=frozenset({BOOTS})), Side(clients=frozenset({ACME}))),
    starts=Instant(NOW + 2),
    ends=Instant(NOW + 8),
)


def between(*steps: EntryStep) -> tuple[KeptFrom, ...]:
    """Ada has Acme, and a wall is to keep her from it for six instants."""
    facts = small_firm(grant(member(ADA), on_client(ACME)), walls={1: WALL})
    return kept_between(state_of(facts), steps, NOW, UNTIL)


def test_a_wall_keeps_from_its_start_up_to_its_end() -> None:
    assert between() == (KeptFrom(1, ADA, Instant(NOW + 2), Instant(NOW + 8), BitMap([ACME])),)


def test_a_wall_keeps_up_to_the_instant_at_which_it_is_lowered() -> None:
    (found,) = between(EntryStep(Instant(NOW + 5), (e.WallLowered(wall=1),)))
    assert (found.since, found.until) == (NOW + 2, NOW + 5)


def test_what_would_not_be_seen_anyway_is_not_kept_by_a_wall() -> None:
    gone = e.MemberDeactivated(member=ADA)
    assert between(EntryStep(Instant(NOW + 1), (gone,))) == ()


def test_what_stood_for_no_time_is_left_out() -> None:
    steps = (e.WallLowered(wall=1), e.WallSet(wall=2, sides=WALL.sides)), (e.WallLowered(wall=2),)
    at_once = [EntryStep(Instant(NOW + 1), events) for events in steps]
    assert between(*at_once) == ()


def test_two_walls_that_keep_the_same_are_both_told() -> None:
    facts = small_firm(
        grant(member(BEN), on_client(ACME)),
        grant(member(CY), on_client(ACME)),
        walls={n: Wall(sides=(Side(members=frozenset({BEN})), WALL.sides[1])) for n in (1, 2)},
    )
    assert kept_now(at(state_of(facts), NOW)) == {(n, BEN): BitMap([ACME]) for n in (1, 2)}


def test_what_is_undone_at_the_instant_asked_from_is_left_out() -> None:
    facts = small_firm(grant(member(ADA), on_client(ACME)), walls={1: Wall(sides=WALL.sides)})
    lowered = EntryStep(NOW, (e.WallLowered(wall=1),))
    assert kept_between(state_of(facts), [lowered], NOW, UNTIL) == ()


def test_what_is_given_to_somebody_else_ends_what_was_open_to_all() -> None:
    given = e.GrantsSet(subject=member(BEN), kind="client", targets=BitMap([ACME]), level=Level.EDITOR)
    facts = small_firm(walls={1: Wall(sides=WALL.sides)})
    (found,) = kept_between(state_of(facts), [EntryStep(Instant(NOW + 3), (given,))], NOW, UNTIL)
    assert found == KeptFrom(1, ADA, NOW, Instant(NOW + 3), BitMap([ACME]))
