"""Laws of access by name, on whole random firms: what holds whatever else a firm looks like (rules.md 2)."""

from collections.abc import Sequence

import msgspec
from hypothesis import assume, given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply, apply_all
from ringfence.core.decision.moment import at
from ringfence.core.decision.single import decide
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.specification import decide as reference
from ringfence.core.specification.facts import Facts, Grant
from ringfence.core.state.state import State
from ringfence.core.terms import (
    ALL_CLIENTS,
    EVERYONE,
    Instant,
    Level,
    Reason,
    Subject,
    Target,
    group_subject,
    member_subject,
)
from ringfence.core.values import Delegation
from tests.core.firms import MOMENTS, NOW, delegation_terms, firms, grant_levels, sides_between, walls_between
from tests.core.random_examples import name_the_seed, random_examples

Answers = dict[tuple[int, int], tuple[Level, Reason]]
"""By member and engagement."""

EARLIER_THAN_OWN = frozenset(
    {
        Reason.OUTSIDE_FIRM,
        Reason.INACTIVE_MEMBER,
        Reason.NO_ACCESS_PERMISSION,
        Reason.WALL,
        Reason.CONTROL_OFF,
        Reason.ADMINISTRATOR,
    }
)
"""The reasons of steps 1 to 5."""

moments = st.sampled_from(MOMENTS)


def answers(state: State, now: Instant) -> Answers:
    """Every decision of the firm. The check and the explained decision have to say the same."""
    moment = at(state, now)
    found: Answers = {}
    for member in state.members:
        for engagement in range(1, state.register.next_engagement):
            level, reason = decide(moment, member, engagement)
            assert moment.level(member, engagement) is level
            found[member, engagement] = level, reason
    return found


def grants_set(grant: Grant) -> e.GrantsSet:
    return e.GrantsSet(
        subject=grant.subject,
        kind=grant.target.kind,
        targets=BitMap([grant.target.number]),
        level=grant.level,
        expires=grant.expires,
        fee_split=grant.fee_split,
    )


def set_on(subject: Subject, target: Target, level: Level) -> e.GrantsSet:
    return grants_set(Grant(subject=subject, target=target, level=level))


def removed(subject: Subject, target: Target) -> e.GrantsRemoved:
    return e.GrantsRemoved(subject=subject, kind=target.kind, targets=BitMap([target.number]))


@st.composite
def firms_and_free_places(draw: st.DrawFn) -> tuple[Facts, Subject, Target]:
    """A firm, and a subject and target between which no grant stands."""
    facts = draw(firms())
    subjects = [*map(member_subject, facts.members), *map(group_subject, facts.groups)]
    targets = [
        *(Target("engagement", number) for number in facts.engagements),
        *(Target("client", number) for number in facts.clients),
        *(Target("service", number) for number in facts.services),
        ALL_CLIENTS,
    ]
    taken = {(grant.subject, grant.target) for grant in facts.grants}
    places = [(who, on) for who in subjects for on in targets if (who, on) not in taken]
    subject, target = draw(st.sampled_from(places))
    return facts, subject, target


def unchanged_by(facts: Facts, there_and_back: Sequence[e.Event], now: Instant) -> None:
    """The firm answers as before once all of this has happened, with everything worked out in between."""
    state = state_of(facts)
    before = answers(state, now)
    for event in there_and_back:
        state = apply(state, event)
        answers(state, now)
    assert facts_of(state) == facts
    assert answers(state, now) == before


# A block beats everything at its step


@random_examples(80)
@given(facts=firms(), data=st.data())
def test_an_own_block_beats_everything_from_its_step_on(facts: Facts, data: st.DataObject) -> None:
    name_the_seed()
    member = data.draw(st.sampled_from(sorted(facts.members)))
    client = data.draw(st.sampled_from(sorted(facts.clients)))
    own = member_subject(member)
    state = apply(state_of(facts), set_on(own, Target("client", client), Level.BLOCKED))
    for number, its in facts.engagements.items():
        nearer = any(
            grant.subject == own and grant.target == Target("engagement", number) for grant in facts.grants
        )
        if its.client != client or nearer:
            continue
        level, reason = decide(at(state, NOW), member, number)
        assert reason in EARLIER_THAN_OWN or (level, reason) == (Level.NONE, Reason.BLOCKED)


@random_examples(80)
@given(facts=firms(), data=st.data())
def test_a_groups_block_beats_everything_from_its_step_on(facts: Facts, data: st.DataObject) -> None:
    name_the_seed()
    group = data.draw(st.sampled_from(sorted(facts.groups)))
    state = apply(state_of(facts), set_on(group_subject(group), ALL_CLIENTS, Level.BLOCKED))
    for member in facts.groups[group]:
        for number in facts.engagements:
            level, reason = decide(at(state, NOW), member, number)
            nearer = EARLIER_THAN_OWN | {Reason.DIRECT, Reason.BLOCKED}
            assert reason in nearer or (level, reason) == (Level.NONE, Reason.BLOCKED_BY_GROUP)


# Order and duplicates do not matter


@random_examples(80)
@given(facts=firms(), data=st.data(), now=moments)
def test_the_order_of_grants_does_not_matter(facts: Facts, data: st.DataObject, now: Instant) -> None:
    name_the_seed()
    plain = [grant for grant in facts.grants if not grant.excluded]
    bare = apply_all(state_of(facts), (removed(grant.subject, grant.target) for grant in plain))
    shuffled = apply_all(bare, (grants_set(grant) for grant in data.draw(st.permutations(plain))))
    assert answers(shuffled, now) == answers(state_of(facts), now)


@random_examples(80)
@given(facts=firms(), now=moments)
def test_the_order_of_members_groups_and_delegations_does_not_matter(facts: Facts, now: Instant) -> None:
    name_the_seed()
    turned = Facts(
        settings=facts.settings,
        was_on=facts.was_on,
        members=dict(reversed(facts.members.items())),
        groups=dict(reversed(facts.groups.items())),
        services=facts.services,
        clients=facts.clients,
        engagements=dict(reversed(facts.engagements.items())),
        grants=facts.grants,
        delegations=dict(reversed(facts.delegations.items())),
        walls=dict(reversed(facts.walls.items())),
        requests=facts.requests,
        defaults=facts.defaults,
        tokens=dict(reversed(facts.tokens.items())),
        names=facts.names,
        emergencies=dict(reversed(facts.emergencies.items())),
        policies=dict(reversed(facts.policies.items())),
        reviews=dict(reversed(facts.reviews.items())),
        schedules=dict(reversed(facts.schedules.items())),
    )
    assert answers(state_of(turned), now) == answers(state_of(facts), now)


@random_examples(80)
@given(facts=firms(), now=moments)
def test_saying_everything_twice_changes_nothing(facts: Facts, now: Instant) -> None:
    name_the_seed()
    again: list[e.Event] = [grants_set(grant) for grant in facts.grants]
    again += [
        e.GroupJoined(group=group, members=BitMap(members))
        for group, members in facts.groups.items()
        if group != EVERYONE
    ]
    again += [
        e.DelegationSet(
            delegator=giver, delegate=taker, cap=its.cap, expires=its.expires, cascades=its.cascades
        )
        for (giver, taker), its in facts.delegations.items()
    ]
    again += [
        e.WallSet(wall=number, sides=wall.sides, starts=wall.starts, ends=wall.ends)
        for number, wall in facts.walls.items()
    ]
    unchanged_by(facts, again, now)


@random_examples(80)
@given(facts=firms(), now=moments)
def test_a_second_group_with_the_same_grants_changes_no_answer(facts: Facts, now: Instant) -> None:
    name_the_seed()
    group = max(facts.groups)
    assume(group != EVERYONE)
    twin = max(facts.groups) + 1
    state = state_of(facts)
    before = answers(state, now)
    state = apply_all(
        state,
        [
            e.GroupCreated(group=twin),
            e.GroupJoined(group=twin, members=BitMap(facts.groups[group])),
            *(
                grants_set(
                    Grant(
                        subject=group_subject(twin),
                        target=grant.target,
                        level=grant.level,
                        expires=grant.expires,
                    )
                )
                for grant in facts.grants
                if grant.subject == group_subject(group) and not grant.excluded
            ),
        ],
    )
    assert answers(state, now) == before


# There and back again


@random_examples(80)
@given(facts=firms(), now=moments)
def test_turning_control_off_and_on_returns_the_same(facts: Facts, now: Instant) -> None:
    name_the_seed()
    assume(facts.settings.control)
    unchanged_by(facts, [e.ControlTurned(on=False), e.ControlTurned(on=True)], now)


@random_examples(120)
@given(place=firms_and_free_places(), level=grant_levels, now=moments)
def test_granting_then_revoking_is_the_identity(
    place: tuple[Facts, Subject, Target], level: Level, now: Instant
) -> None:
    name_the_seed()
    facts, subject, target = place
    unchanged_by(facts, [set_on(subject, target, level), removed(subject, target)], now)


@random_examples(60)
@given(facts=firms(), data=st.data(), now=moments)
def test_removing_a_client_and_restoring_it_is_the_identity(
    facts: Facts, data: st.DataObject, now: Instant
) -> None:
    name_the_seed()
    standing = [number for number, client in facts.clients.items() if client.removed_at is None]
    assume(standing)
    client = data.draw(st.sampled_from(standing))
    unchanged_by(facts, [e.ClientRemoved(client=client, at=NOW), e.ClientRestored(client=client)], now)


@random_examples(60)
@given(facts=firms(), data=st.data(), now=moments)
def test_deactivating_and_reactivating_a_member_is_the_identity(
    facts: Facts, data: st.DataObject, now: Instant
) -> None:
    name_the_seed()
    active = sorted(facts.groups[EVERYONE])
    assume(active)
    member = data.draw(st.sampled_from(active))
    unchanged_by(facts, [e.MemberDeactivated(member=member), e.MemberReactivated(member=member)], now)


@random_examples(60)
@given(facts=firms(), data=st.data(), now=moments)
def test_raising_and_lowering_a_wall_is_the_identity(facts: Facts, data: st.DataObject, now: Instant) -> None:
    name_the_seed()
    wall = max(facts.walls, default=0) + 1
    sides = data.draw(sides_between(sorted(facts.members), sorted(facts.clients)))
    unchanged_by(facts, [e.WallSet(wall=wall, sides=sides), e.WallLowered(wall=wall)], now)


@st.composite
def new_delegations(draw: st.DrawFn) -> tuple[Facts, tuple[int, int], Delegation]:
    """A firm, and a delegation that it does not have."""
    facts = draw(firms())
    pairs = [(one, other) for one in facts.members for other in facts.members if one != other]
    pair = draw(st.sampled_from([pair for pair in pairs if pair not in facts.delegations]))
    return facts, pair, draw(delegation_terms)


def delegation_set(pair: tuple[int, int], terms: Delegation) -> e.DelegationSet:
    return e.DelegationSet(
        delegator=pair[0],
        delegate=pair[1],
        cap=terms.cap,
        expires=terms.expires,
        cascades=terms.cascades,
    )


@random_examples(60)
@given(made=new_delegations(), now=moments)
def test_delegating_and_ending_it_is_the_identity(
    made: tuple[Facts, tuple[int, int], Delegation], now: Instant
) -> None:
    name_the_seed()
    facts, (delegator, delegate), terms = made
    ended = e.DelegationRemoved(delegator=delegator, delegate=delegate)
    unchanged_by(facts, [delegation_set((delegator, delegate), terms), ended], now)


# What can only give, and what can only take


@random_examples(60)
@given(facts=firms(), data=st.data(), now=moments)
def test_a_wall_gives_nobody_anything(facts: Facts, data: st.DataObject, now: Instant) -> None:
    name_the_seed()
    drawn = data.draw(walls_between(sorted(facts.members), sorted(facts.clients)))
    before = answers(state_of(facts), now)
    number = max(facts.walls, default=0) + 1
    raised = e.WallSet(wall=number, sides=drawn.sides, starts=drawn.starts, ends=drawn.ends)
    after = answers(apply(state_of(facts), raised), now)
    assert all(after[pair][0] <= before[pair][0] for pair in before)


@random_examples(60)
@given(made=new_delegations(), now=moments)
def test_a_delegation_takes_nothing_from_anybody(
    made: tuple[Facts, tuple[int, int], Delegation], now: Instant
) -> None:
    name_the_seed()
    facts, pair, terms = made
    before = answers(state_of(facts), now)
    after = answers(apply(state_of(facts), delegation_set(pair, terms)), now)
    assert all(after[key][0] >= before[key][0] for key in before)


@random_examples(60)
@given(facts=firms(), data=st.data(), now=moments)
def test_marking_a_client_confidential_gives_nobody_anything(
    facts: Facts, data: st.DataObject, now: Instant
) -> None:
    name_the_seed()
    client = data.draw(st.sampled_from(sorted(facts.clients)))
    state = state_of(facts)
    plain = answers(apply(state, e.ClientMarked(client=client, confidential=False)), now)
    marked = answers(apply(state, e.ClientMarked(client=client, confidential=True)), now)
    assert all(marked[pair][0] <= plain[pair][0] for pair in plain)


@random_examples(60)
@given(facts=firms(), now=moments)
def test_authority_never_comes_from_delegation_openness_or_an_emergency(facts: Facts, now: Instant) -> None:
    name_the_seed()
    given = facts
    facts = msgspec.structs.replace(given, emergencies={})
    off: dict[str, str | bool | int] = {"control": True, "delegation": False, "unassigned": "none"}
    strict = apply(state_of(facts), e.SettingsChanged(values=off))
    for (member, engagement), (level, _) in answers(strict, now).items():
        assert reference.authority_level(given, member, engagement, now) is level


# Time


@random_examples(80)
@given(facts=firms(), now=moments)
def test_what_has_expired_only_keeps_a_client_closed(facts: Facts, now: Instant) -> None:
    name_the_seed()
    state = state_of(facts)
    closing = [grant for grant in facts.grants if grant.expires is not None and grant.expires <= now]
    swept = apply_all(state, (removed(grant.subject, grant.target) for grant in closing))
    before, after = answers(state, now), answers(swept, now)
    for pair, answer in after.items():
        opened = pair[1] in state.assigned - swept.assigned
        assert answer == before[pair] or (opened and answer[1] is Reason.UNASSIGNED)
