"""Laws of emergency access (rules.md 10) on whole random firms: whom it lets in, and that nothing else moves.

Each scenario of it is in tests/truth/assurance-emergency.yaml; that the decision is the specification's,
also while somebody is in, is held in test_agreement.py.
"""

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply, apply_all
from ringfence.core.authority.knowing import knows
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.ownerless import ownerless
from ringfence.core.decision.single import Asked, decide
from ringfence.core.events import Change
from ringfence.core.refusals import Refusal
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.specification import decide as reference
from ringfence.core.specification.facts import Facts, Grant
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Level, Reason, group_subject, member_subject
from ringfence.core.values import Side
from tests.core import model
from tests.core.firms import MOMENTS, NOW, emergencies, firms, on_client
from tests.core.histories import next_events
from tests.core.random_commands import tried
from tests.core.random_examples import name_the_seed, random_examples
from tests.core.random_firms import Firm, directory_of
from tests.core.test_laws import Answers, answers

Pair = tuple[int, int]
"""Client and member, as in `State.emergencies`."""

BLOCKS = {Reason.BLOCKED, Reason.BLOCKED_BY_GROUP}
HOUR = 3_600_000_000

moments = st.sampled_from(MOMENTS)


@st.composite
def asked_to_open(draw: st.DrawFn) -> tuple[Firm, Pair]:
    """A firm that allows emergency access and mostly names its clients, and who asks for which; at times
    one of their groups is blocked there."""
    facts = draw(firms())
    level, known = draw(st.sampled_from(("reader", "editor"))), draw(st.sampled_from(("named", "hidden")))
    allowed = msgspec.structs.replace(facts.settings, emergency=level, inaccessible=known, control=True)
    facts = msgspec.structs.replace(facts, settings=allowed)
    active = [number for number, who in facts.members.items() if who.active]
    assume(active)
    client, member = draw(st.sampled_from(sorted(facts.clients))), draw(st.sampled_from(active))
    if draw(st.booleans()):
        groups = sorted(number for number, inside in facts.groups.items() if member in inside)
        subject, target = group_subject(draw(st.sampled_from(groups))), on_client(client)
        others = {one for one in facts.grants if (one.subject, one.target) != (subject, target)}
        blocked = Grant(subject=subject, target=target, level=Level.BLOCKED)
        facts = msgspec.structs.replace(facts, grants=frozenset(others | {blocked}))
    return Firm(state_of(facts), directory_of(facts)), (client, member)


@st.composite
def free_places(draw: st.DrawFn) -> tuple[Facts, Pair]:
    """A firm, and a client and a member between whom no emergency access stands or waits."""
    facts = draw(firms())
    pairs = [(client, member) for client in facts.clients for member in facts.members]
    return facts, draw(st.sampled_from([pair for pair in pairs if pair not in facts.emergencies]))


def opened(draw: st.DataObject, pair: Pair) -> e.EmergencyOpened:
    drawn = draw.draw(emergencies)
    return e.EmergencyOpened(
        client=pair[0], member=pair[1], level=drawn.level, at=drawn.opened, expires=drawn.expires
    )


def beside_decisions(state: State, now: Instant) -> object:
    """What no emergency may move: authority, what is handed on, who owns what, what was given."""
    moment = at(state, now)
    numbers = range(1, state.register.next_engagement)
    pairs = [(member, number) for member in state.members for number in numbers]
    without = ownerless(state, now)
    return (
        {pair: decide(moment, *pair, Asked.AUTHORITY) for pair in pairs},
        {pair: decide(moment, *pair, Asked.HANDED_ON) for pair in pairs},
        (without.without, without.walled_off),
        state.holdings,
        state.delegations,
    )


def lacks(moment: Moment, client: int, member: int) -> bool:
    """Whether somewhere on the client nothing but a grant is missing."""
    found = [decide(moment, member, number) for number in moment.state.register.engagements_of(client)]
    return any(one.reason is Reason.NOT_ASSIGNED for one in found)


@random_examples(200)
@given(asked=asked_to_open())
def test_who_lacks_nothing_but_a_grant_opens_a_client_and_nobody_else_does(asked: tuple[Firm, Pair]) -> None:
    name_the_seed()
    firm, (client, member) = asked
    moment = at(firm.state, NOW)
    there = client in firm.state.register.clients and knows(moment, member, client)
    change = tried(firm, w.OpenEmergency(client=client, reason="night"), member)
    if not there:
        assert not isinstance(change, Change)
        assert change.refusal is Refusal.NOT_FOUND
    elif not firm.facts.members[member].access:
        assert not isinstance(change, Change)
        assert change.refusal is Refusal.NOT_PERMITTED
    else:
        # A refusing policy is no matter of these firms: they have none.
        assert isinstance(change, Change) is lacks(moment, client, member)


@random_examples(200)
@given(asked=asked_to_open())
def test_opening_gives_one_level_past_no_wall_and_no_block(asked: tuple[Firm, Pair]) -> None:
    name_the_seed()
    firm, (client, member) = asked
    assume(lacks(at(firm.state, NOW), client, member))
    change = tried(firm, w.OpenEmergency(client=client, reason="night"), member)
    assume(isinstance(change, Change))
    assert isinstance(change, Change)
    before, after = answers(firm.state, NOW), answers(apply_all(firm.state, change.events), NOW)
    level = firm.facts.settings.emergency_level
    for number in firm.state.register.engagements_of(client):
        was, will = before[member, number], after[member, number]
        if was[1] in BLOCKS or _own(firm.facts, member, number) is not Level.NONE:
            assert will == was
        else:
            assert will == (level, Reason.DIRECT)
    others_keep_theirs(firm.facts, before, after, (client, member))
    end = Instant(NOW + firm.facts.settings.emergency_hours * HOUR)
    gone = decide(at(apply_all(firm.state, change.events), end), member, number)
    assert gone.reason is not Reason.DIRECT or _own(firm.facts, member, number, end)


def _own(facts: Facts, member: int, engagement: int, now: Instant = NOW) -> Level:
    return reference.own_level(facts, member, engagement, now)


def others_keep_theirs(facts: Facts, before: Answers, after: Answers, pair: Pair) -> None:
    """Of everybody and everything else only what was open to all on the client itself is so no longer."""
    for (who, number), was in before.items():
        theirs = number in facts.engagements and facts.engagements[number].client == pair[0]
        if who == pair[1] and theirs:
            continue
        if theirs and was[1] is Reason.UNASSIGNED:
            assert after[who, number][0] <= was[0]
            assert after[who, number][1] is not Reason.UNASSIGNED
        else:
            assert after[who, number] == was


@random_examples(50)
@given(place=free_places(), data=st.data(), now=moments)
def test_opening_touches_no_authority_no_delegation_and_no_owner_rule(
    place: tuple[Facts, Pair], data: st.DataObject, now: Instant
) -> None:
    name_the_seed()
    facts, pair = place
    state = state_of(facts)
    assert beside_decisions(apply(state, opened(data, pair)), now) == beside_decisions(state, now)


@random_examples(50)
@given(place=free_places(), data=st.data(), now=moments)
def test_opening_ending_and_acknowledging_is_the_identity(
    place: tuple[Facts, Pair], data: st.DataObject, now: Instant
) -> None:
    """In either order: a firm is then as though nobody had come in."""
    name_the_seed()
    facts, (client, member) = place
    last: list[e.Event] = [
        e.EmergencyEnded(client=client, member=member),
        e.EmergencyAcknowledged(client=client, member=member),
    ]
    state = state_of(facts)
    before = answers(state, now)
    for event in (opened(data, (client, member)), *data.draw(st.permutations(last))):
        state = apply(state, event)
        answers(state, now)
    assert facts_of(state) == facts
    assert answers(state, now) == before


@random_examples(50)
@given(place=free_places(), data=st.data(), now=moments)
def test_one_that_is_over_gives_nobody_anything_before_the_clock_comes_and_nothing_after(
    place: tuple[Facts, Pair], data: st.DataObject, now: Instant
) -> None:
    name_the_seed()
    facts, pair = place
    before = answers(state_of(facts), now)
    event = opened(data, pair)
    assume(event.expires <= now)
    state = apply(state_of(facts), event)
    for key, answer in answers(state, now).items():
        closed = before[key][1] is Reason.UNASSIGNED
        assert answer == before[key] or (closed and answer[0] <= before[key][0])
    assert answers(apply(state, e.EmergencyEnded(client=pair[0], member=pair[1])), now) == before


@random_examples(50)
@given(place=free_places(), data=st.data(), now=moments)
def test_a_wall_or_a_block_that_comes_later_ends_what_it_gives_at_once(
    place: tuple[Facts, Pair], data: st.DataObject, now: Instant
) -> None:
    name_the_seed()
    facts, (client, member) = place
    assume(facts.clients[client].removed_at is None)
    state = apply(state_of(facts), opened(data, (client, member)))
    group = data.draw(st.sampled_from(sorted(facts.groups)))
    later = data.draw(st.sampled_from(["wall", "own", "group"]))
    for event in _later(later, client, member, group):
        state = apply(state, event)
    inside = later != "group" or member in facts.groups[group]
    for number in reference.engagements_of(facts_of(state), client):
        level, reason = decide(at(state, now), member, number)
        if later == "wall":
            assert reason in {Reason.INACTIVE_MEMBER, Reason.NO_ACCESS_PERMISSION, Reason.WALL}
        elif inside and reason is Reason.DIRECT:
            assert _own(facts_of(state), member, number, now) is level


def _later(kind: str, client: int, member: int, group: int) -> list[e.Event]:
    if kind == "wall":
        sides = Side(members=frozenset({member})), Side(clients=frozenset({client}))
        return [e.WallSet(wall=9, sides=sides)]
    subject = member_subject(member) if kind == "own" else group_subject(group)
    return [e.GrantsSet(subject=subject, kind="client", targets=BitMap([client]), level=Level.BLOCKED)]


@random_examples(50)
@given(facts=firms(), data=st.data(), now=moments)
def test_a_history_without_its_emergencies_leaves_the_same_firm(
    facts: Facts, data: st.DataObject, now: Instant
) -> None:
    """Whatever happens meanwhile: authority, delegation and Owners are those of a firm where nobody came in,
    and so is every decision on a client that nobody stands in."""
    name_the_seed()
    facts = msgspec.structs.replace(facts, emergencies={})
    state, calm, calm_facts = state_of(facts), state_of(facts), facts
    for _ in range(data.draw(st.integers(4, 14))):
        known = facts_of(state)
        event = data.draw(next_events(known, state))
        state = apply(state, event)
        if not isinstance(event, e.EmergencyOpened | e.EmergencyEnded | e.EmergencyAcknowledged):
            calm, calm_facts = apply(calm, event), model.after(calm_facts, event)
    assert msgspec.structs.replace(facts_of(state), emergencies={}) == calm_facts
    assert beside_decisions(state, now) == beside_decisions(calm, now)
    entered = {client for (client, _), one in state.emergencies.items() if one.stands}
    was, found = answers(calm, now), answers(state, now)
    for (member, number), answer in found.items():
        client = state.register.client_of[number]
        if client not in entered:
            assert answer == was[member, number]
