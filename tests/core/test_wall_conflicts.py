"""What a wall has to overrule is what the specification says gives each member clients of the other side."""

import pytest
from hypothesis import given
from msgspec.structs import replace

from ringfence.core.decision.moment import at
from ringfence.core.decision.wall_conflicts import ConflictKind, WallConflict, wall_conflicts
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import ALL_CLIENTS, Instant, Level, Target, member_subject
from ringfence.core.values import Delegation, Side, Sides
from tests.core.firms import (
    ACME,
    ACME_GENERAL,
    ADA,
    BEN,
    BOOTS,
    MOMENTS,
    NOW,
    TEAM,
    acme,
    ada,
    ben,
    firms,
    grant,
    on_engagement,
    small_firm,
    team,
)
from tests.core.random_examples import name_the_seed, random_examples

Found = set[tuple[int, ConflictKind, int, frozenset[int]]]


def expected(facts: Facts, sides: Sides, now: Instant) -> Found:
    found: dict[tuple[int, ConflictKind, int], set[int]] = {}
    one, other = sides
    for side, across in ((one, other), (other, one)):
        for client in across.clients:
            for engagement in specification.engagements_of(facts, client):
                for member in side.members:
                    for kind, by in _by(facts, member, engagement, now):
                        found.setdefault((member, kind, by), set()).add(client)
    return {(*key, frozenset(clients)) for key, clients in found.items()}


def _by(facts: Facts, member: int, engagement: int, now: Instant) -> list[tuple[ConflictKind, int]]:
    its = facts.engagements[engagement]
    on = {Target("engagement", engagement), Target("client", its.client), Target("service", its.service)}
    own = any(
        each.subject == member_subject(member) and each.target in on | {ALL_CLIENTS}
        for each in facts.grants
        if each.level is not Level.BLOCKED and (each.expires is None or now < each.expires)
    )
    found = [(ConflictKind.OWN, 0)] if own else []
    for group, members in facts.groups.items():
        if member in members and specification.given(facts, group, engagement, now):
            found.append((ConflictKind.GROUP, group))
    for giver, taker in facts.delegations:
        if taker != member:
            continue
        alone = {
            pair: made
            for pair, made in facts.delegations.items()
            if pair == (giver, taker) or member not in pair
        }
        alone_facts = replace(facts, delegations=alone)
        if specification.delegated_level(alone_facts, member, engagement, now):
            found.append((ConflictKind.DELEGATION, giver))
    return found


def told(conflicts: tuple[WallConflict, ...]) -> Found:
    return {(each.member, each.kind, each.by, frozenset(each.clients)) for each in conflicts}


@random_examples(60)
@given(facts=firms())
def test_the_conflicts_of_a_wall_are_what_gives_access_across_it(facts: Facts) -> None:
    name_the_seed()
    state = state_of(facts)
    members, clients = sorted(facts.members), sorted(facts.clients)
    thought_of = (
        Side(members=frozenset(members[::2]), clients=frozenset(clients[::2])),
        Side(members=frozenset(members[1::2]), clients=frozenset(clients[1::2])),
    )
    for sides in (*(wall.sides for wall in facts.walls.values()), thought_of):
        for now in MOMENTS:
            assert told(wall_conflicts(at(state, now), sides)) == expected(facts, sides, now)


BETWEEN = (Side(members=frozenset({ADA, BEN})), Side(clients=frozenset({ACME, BOOTS})))


def test_an_own_grant_a_group_and_a_delegation_are_three_conflicts() -> None:
    facts = small_firm(
        grant(ada, acme), grant(team, on_engagement(ACME_GENERAL)), delegations={(ADA, BEN): Delegation()}
    )
    acme_alone = frozenset({ACME})
    assert told(wall_conflicts(at(state_of(facts), NOW), BETWEEN)) == {
        (ADA, ConflictKind.OWN, 0, acme_alone),
        (ADA, ConflictKind.GROUP, TEAM, acme_alone),
        (BEN, ConflictKind.DELEGATION, ADA, acme_alone),
    }


@pytest.mark.parametrize("target", [acme, ALL_CLIENTS])
def test_a_block_is_no_conflict(target: Target) -> None:
    facts = small_firm(grant(ben, target, Level.BLOCKED))
    assert wall_conflicts(at(state_of(facts), NOW), BETWEEN) == ()
