"""Who could open a client between two instants: held against asking the specification at every change."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply, apply_all
from ringfence.core.decision.moment import at
from ringfence.core.decision.ways import ways_on
from ringfence.core.past.spans import EntryStep, Span, spans
from ringfence.core.scenario.bridge import state_of
from ringfence.core.settings import PROFILES
from ringfence.core.specification import decide as reference
from ringfence.core.specification.facts import Facts
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Level, Role, group_subject, member_subject
from tests.core import model
from tests.core.firms import ACME, BEN, MOMENTS, NOW, firms
from tests.core.histories import next_events
from tests.core.random_examples import name_the_seed, random_examples

SINCE, UNTIL = Instant(NOW - 7), Instant(NOW + 12)
"""Around all expiries of random firms but the first."""


def changes(states: Sequence[State], steps: Sequence[EntryStep]) -> list[Instant]:
    """Every instant between the two at which anything changed or expired."""
    times = {SINCE, *(step.at for step in steps)}
    for state in states:
        for held in state.holdings.values():
            times |= set(held.expires.values())
        times |= {made.expires for made in state.delegations.values() if made.expires is not None}
    return sorted(time for time in times if SINCE <= time < UNTIL)


def seen_at(facts: Facts, client: int, now: Instant) -> dict[int, dict[int, Level]]:
    """By the specification alone: whoever sees the client, with their level on each engagement."""
    found: dict[int, dict[int, Level]] = {}
    for member in facts.members:
        for number, engagement in facts.engagements.items():
            level, _ = reference.decide(facts, member, number, now)
            if engagement.client == client and level is not Level.NONE:
                found.setdefault(member, {})[number] = level
    return found


def told_at(found: Sequence[Span], now: Instant) -> dict[int, dict[int, Level]]:
    """The same by the spans."""
    return {
        span.member: {part.engagement: part.level for part in span.parts}
        for span in found
        if span.since <= now < span.until
    }


@random_examples(150)
@given(data=st.data(), facts=firms())
def test_spans_are_what_asking_at_every_change_comes_to(data: st.DataObject, facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    moments = sorted(data.draw(st.lists(st.sampled_from([SINCE + 1, *MOMENTS[1:]]), min_size=1, max_size=8)))
    steps, states, worlds = [], [state], {SINCE: facts}
    first = facts
    for moment in moments:
        event = data.draw(next_events(facts, state))
        facts, state = model.after(facts, event), apply(state, event)
        steps.append(EntryStep(Instant(moment), (event,)))
        states.append(state)
        worlds[Instant(moment)] = facts
    for client in [*facts.clients, 99]:
        found = spans(state_of(first), steps, client, SINCE, UNTIL)
        for now in changes(states, steps):
            standing = worlds[max(time for time in worlds if time <= now)]
            assert told_at(found, now) == seen_at(standing, client, now), f"client {client} at {now - NOW}"
            _hold_ways(found, standing, now)
        _hold_whole(found)


def _hold_ways(found: Sequence[Span], facts: Facts, now: Instant) -> None:
    moment = at(state_of(facts), now)
    for span in found:
        if span.since <= now < span.until:
            for part in span.parts:
                assert part.ways == ways_on(moment, span.member, part.engagement)


def _hold_whole(found: Sequence[Span]) -> None:
    """No span is empty, and none goes on as it was in another one."""
    assert all(SINCE <= span.since < span.until <= UNTIL for span in found)
    for one in found:
        for other in found:
            if one.member == other.member and one.until == other.since:
                assert (one.level, one.parts, one.of) != (other.level, other.parts, other.of)


def a_firm() -> State:
    """Control on; Ben may use records; Acme is given to nobody and closed to all."""
    settings = PROFILES["planning"]
    made = e.FirmCreated(settings=settings)
    added = [
        e.MemberAdded(member=number, role=Role.STANDARD, access=True, manage_access=False)
        for number in (1, BEN)
    ]
    client = e.ClientsAdded(
        first_client=ACME, count=1, first_engagement=1, client_of=b"\1\0\0\0", service_of=b"\1\0\0\0"
    )
    return apply_all(State.empty(), [made, *added, client])


def test_an_hour_between_giving_and_taking_away_is_told() -> None:
    given = e.GrantsSet(
        subject=member_subject(BEN), kind="client", targets=BitMap([ACME]), level=Level.EDITOR
    )
    taken = e.GrantsRemoved(subject=member_subject(BEN), kind="client", targets=BitMap([ACME]))
    steps = [EntryStep(Instant(NOW - 3), (given,)), EntryStep(Instant(NOW + 2), (taken,))]
    (span,) = spans(a_firm(), steps, ACME, SINCE, UNTIL)
    assert (span.member, span.since, span.until, span.level) == (BEN, NOW - 3, NOW + 2, Level.EDITOR)


def test_what_one_instant_gave_and_took_is_no_span() -> None:
    given = e.GrantsSet(
        subject=member_subject(BEN), kind="client", targets=BitMap([ACME]), level=Level.EDITOR
    )
    taken = e.GrantsRemoved(subject=member_subject(BEN), kind="client", targets=BitMap([ACME]))
    assert spans(a_firm(), [EntryStep(NOW, (given,)), EntryStep(NOW, (taken,))], ACME, SINCE, UNTIL) == ()


def test_an_expiry_ends_a_span_though_nothing_was_done() -> None:
    given = e.GrantsSet(
        subject=member_subject(BEN),
        kind="client",
        targets=BitMap([ACME]),
        level=Level.READER,
        expires=Instant(NOW + 5),
    )
    (span,) = spans(a_firm(), [EntryStep(NOW, (given,))], ACME, SINCE, UNTIL)
    assert (span.since, span.until) == (NOW, NOW + 5)


def test_another_way_is_another_span() -> None:
    direct = e.GrantsSet(
        subject=member_subject(BEN), kind="client", targets=BitMap([ACME]), level=Level.EDITOR
    )
    team = e.GrantsSet(subject=group_subject(2), kind="client", targets=BitMap([ACME]), level=Level.EDITOR)
    joined = (e.GroupCreated(group=2), e.GroupJoined(group=2, members=BitMap([BEN])), team)
    gone = e.GrantsRemoved(subject=member_subject(BEN), kind="client", targets=BitMap([ACME]))
    steps = [
        EntryStep(NOW, (direct,)),
        EntryStep(Instant(NOW + 1), joined),
        EntryStep(Instant(NOW + 2), (gone,)),
    ]
    own, by_group = spans(a_firm(), steps, ACME, SINCE, UNTIL)
    assert (own.until, by_group.since) == (NOW + 2, NOW + 2)
    assert [way.subject for part in by_group.parts for way in part.ways] == [group_subject(2)]
