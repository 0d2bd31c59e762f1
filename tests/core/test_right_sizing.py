"""What a firm gave and does not need: held against the plainest way to say it, on whole random firms."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core.decision.moment import at
from ringfence.core.past.right_sizing import (
    GrantedTargets,
    groups_of_nobody,
    never_used,
    one_holder_away,
    only_reading,
    unused,
)
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Client, Facts, Grant
from ringfence.core.terms import EVERYONE, GIVING, Instant, Level, Subject, Target
from ringfence.core.values import Delegation, Member
from tests.core.firms import (
    ACME,
    ACME_VAT,
    ADA,
    BEN,
    BOOTS,
    CY,
    EXPIRIES,
    NOW,
    TEAM,
    VAT,
    acme,
    ada,
    ben,
    everyone,
    firms,
    grant,
    on_client,
    on_engagement,
    on_service,
    small_firm,
    team,
)
from tests.core.random_examples import name_the_seed, random_examples

LATER = Instant(EXPIRIES[-1] - 1)
"""A moment at which some grants of random firms have expired and others have not."""
uses = st.dictionaries(st.integers(1, 6), st.frozensets(st.integers(1, 6)))


def targets(facts: Facts, grants: list[Grant]) -> dict[Subject, set[Target]]:
    found: dict[Subject, set[Target]] = {}
    for each in grants:
        found.setdefault(each.subject, set()).add(each.target)
    return found


def as_targets(found: dict[Subject, GrantedTargets]) -> dict[Subject, set[Target]]:
    return {
        subject: {
            *(Target("engagement", each) for each in part.engagements),
            *(Target("client", each) for each in part.clients),
            *(Target("service", each) for each in part.services),
            *([Target("all", 0)] if part.all else []),
        }
        for subject, part in found.items()
    }


def clients_on(facts: Facts, each: Grant) -> set[int]:
    """The clients that are there and that the grant is on."""
    there = {number for number, client in facts.clients.items() if client.removed_at is None}
    match each.target.kind:
        case "client":
            return {each.target.number} & there
        case "engagement":
            return {facts.engagements[each.target.number].client} & there
        case "service":
            having = {one.client for one in facts.engagements.values() if one.service == each.target.number}
            return (having & there) - each.excluded
    return there


def people_of(facts: Facts, subject: Subject) -> set[int]:
    inside = {subject.number} if subject.kind == "member" else facts.groups[subject.number]
    return {number for number in inside if facts.members[number].works}


def standing(facts: Facts, then: Facts, levels: tuple[Level, ...]) -> list[Grant]:
    def counting(some: Facts, now: Instant) -> set[tuple[Subject, Target]]:
        return {
            (each.subject, each.target)
            for each in some.grants
            if each.level in levels and (each.expires is None or each.expires > now)
        }

    both = counting(facts, LATER) & counting(then, NOW)
    return [
        each
        for each in facts.grants
        if (each.subject, each.target) in both
        and (each.target.kind not in ("client", "engagement") or clients_on(facts, each))
    ]


@st.composite
def two_times(draw: st.DrawFn) -> tuple[Facts, Facts]:
    """A firm, and how it was before: some of its grants were not there yet."""
    facts = draw(firms())
    kept = draw(st.sets(st.sampled_from(sorted(facts.grants, key=repr)))) if facts.grants else set()
    return facts, replace(facts, grants=frozenset(kept))


@random_examples(150)
@given(both=two_times(), used=uses, acted=uses)
def test_unused_grants_and_owners_who_only_read_are_what_looking_at_each_grant_finds(
    both: tuple[Facts, Facts], used: dict[int, frozenset[int]], acted: dict[int, frozenset[int]]
) -> None:
    name_the_seed()
    facts, before = both
    now, then = at(state_of(facts), LATER), at(state_of(before), NOW)

    def by_holders(each: Grant, uses: dict[int, frozenset[int]]) -> set[int]:
        by = set().union(*(uses.get(who, frozenset()) for who in people_of(facts, each.subject)))
        return by & clients_on(facts, each)

    idle = [
        each
        for each in standing(facts, before, GIVING)
        if people_of(facts, each.subject) and not by_holders(each, used)
    ]
    reading = [
        each
        for each in standing(facts, before, (Level.OWNER,))
        if by_holders(each, used) and not by_holders(each, acted)
    ]
    sets = {member: BitMap(clients) for member, clients in used.items()}
    acts = {member: BitMap(clients) for member, clients in acted.items()}
    assert as_targets(unused(now, then, sets)) == targets(facts, idle)
    assert as_targets(only_reading(now, then, sets, acts)) == targets(facts, reading)


def seers(facts: Facts, client: int) -> list[int]:
    parts = specification.engagements_of(facts, client)
    return [
        member
        for member in facts.members
        if any(specification.decide(facts, member, part, NOW)[0] > Level.NONE for part in parts)
    ]


@random_examples(60)
@given(facts=firms(), away=st.frozensets(st.integers(1, 6)))
def test_clients_with_one_holder_who_is_away_are_those_that_nobody_else_sees(
    facts: Facts, away: frozenset[int]
) -> None:
    name_the_seed()
    active = {number for number, who in facts.members.items() if who.active}
    all_back = replace(
        facts,
        members={number: replace(who, active=True) for number, who in facts.members.items()},
        groups={**facts.groups, EVERYONE: frozenset(facts.members)},
    )
    expected: dict[int, set[int]] = {}
    for client, what in facts.clients.items():
        if what.removed_at is not None:
            continue
        now = seers(facts, client)
        back = seers(all_back, client) if not now else []
        if len(now) == 1 and now[0] in away:
            expected.setdefault(now[0], set()).add(client)
        if len(back) == 1 and back[0] not in active:
            expected.setdefault(back[0], set()).add(client)
    found = one_holder_away(at(state_of(facts), NOW), BitMap(away))
    assert {holder: set(clients) for holder, clients in found.items()} == expected


def test_a_groups_grant_is_used_where_one_of_its_members_used_it() -> None:
    facts = small_firm(grant(team, acme), grant(ben, acme), groups={TEAM: (ADA, CY)})
    moment = at(state_of(facts), NOW)
    assert as_targets(unused(moment, moment, {CY: BitMap([ACME])})) == {ben: {acme}}


def test_a_grant_on_a_service_is_unused_while_none_of_its_clients_is_used() -> None:
    facts = small_firm(grant(team, on_service(VAT), excluded=[ACME]), grant(everyone, Target("all", 0)))
    moment = at(state_of(facts), NOW)
    found = unused(moment, moment, {ADA: BitMap([ACME])})
    assert as_targets(found) == {team: {on_service(VAT)}}


def test_a_grant_on_one_service_of_a_client_is_used_with_the_client() -> None:
    facts = small_firm(grant(ada, on_engagement(ACME_VAT)))
    moment = at(state_of(facts), NOW)
    assert unused(moment, moment, {ADA: BitMap([ACME])}) == {}
    assert set(unused(moment, moment, {ADA: BitMap([BOOTS])})) == {ada}


def test_a_new_group_that_nobody_is_in_yet_is_left_alone() -> None:
    facts = small_firm(groups={TEAM: (), 3: (), 4: (BEN,), 5: (CY,)}, members={CY: Member(active=False)})
    assert list(groups_of_nobody(at(state_of(facts), NOW), {TEAM})) == [TEAM, 5]


def test_everyone_is_never_a_group_of_nobody() -> None:
    gone = {number: Member(active=False) for number in (ADA, BEN, CY)}
    facts = small_firm(groups={}, members=gone)
    assert groups_of_nobody(at(state_of(facts), NOW), {EVERYONE}) == BitMap()


def test_an_owner_of_all_clients_only_reads_where_they_opened_one() -> None:
    facts = small_firm(grant(ada, Target("all", 0), Level.OWNER), grant(ben, acme, Level.OWNER))
    moment = at(state_of(facts), NOW)
    assert only_reading(moment, moment, {}, {}) == {}
    found = only_reading(moment, moment, {ADA: BitMap([BOOTS]), BEN: BitMap([BOOTS])}, {})
    assert as_targets(found) == {ada: {Target("all", 0)}}


def test_a_grant_on_a_client_that_was_removed_is_left_alone() -> None:
    facts = small_firm(grant(ada, acme, Level.OWNER), clients={ACME: Client(removed_at=NOW)})
    moment = at(state_of(facts), NOW)
    assert unused(moment, moment, {}) == {}
    assert only_reading(moment, moment, {ADA: BitMap([ACME])}, {}) == {}


def test_no_delegation_is_unused_while_none_counts() -> None:
    facts = small_firm(grant(ada, acme), delegations={(ADA, BEN): Delegation()}, delegation=False)
    assert never_used(at(state_of(facts), NOW), {}, {}) == []


def test_a_delegation_is_used_by_whom_it_lets_in_also_further_on() -> None:
    made = {(ADA, BEN): Instant(10), (BEN, CY): Instant(10)}
    facts = small_firm(
        grant(ada, acme), grant(ben, on_client(BOOTS)), delegations=dict.fromkeys(made, Delegation())
    )
    moment = at(state_of(facts), NOW)

    def unused_ones(used: dict[int, dict[int, int]]) -> list[tuple[int, int]]:
        uses = {who: {one: Instant(when) for one, when in what.items()} for who, what in used.items()}
        return never_used(moment, made, uses)

    assert unused_ones({}) == [(ADA, BEN), (BEN, CY)]
    assert unused_ones({BEN: {ACME: 10}}) == [(BEN, CY)]
    assert unused_ones({BEN: {ACME: 9}}) == [(ADA, BEN), (BEN, CY)]
    assert unused_ones({BEN: {BOOTS: 10}}) == [(ADA, BEN), (BEN, CY)]
    assert unused_ones({CY: {BOOTS: 10}}) == [(ADA, BEN)]
    assert unused_ones({CY: {ACME: 10}}) == []
