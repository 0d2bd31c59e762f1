"""A compiled state from plain facts and back: for scenarios, tests and proofs, not for firms of real size."""

from array import array

from pyroaring import BitMap

from ringfence.core.apply.filing import put
from ringfence.core.specification.facts import Client, Engagement, Facts, Grant
from ringfence.core.state.holding import EMPTY, NOTHING_HELD, Holding, with_level
from ringfence.core.state.register import build_register
from ringfence.core.state.state import Numbers, State
from ringfence.core.terms import Subject, Target


def state_of(facts: Facts) -> State:
    """The compiled state of these facts. Numbers that are missing count as removed long ago."""
    size = max(facts.engagements, default=0) + 1
    client_of, service_of = array("I", bytes(4 * size)), array("I", bytes(4 * size))
    for number, engagement in facts.engagements.items():
        client_of[number], service_of[number] = engagement.client, engagement.service
    clients = max(facts.clients, default=0)
    removed = {
        number: client.removed_at for number, client in facts.clients.items() if client.removed_at is not None
    }
    register = build_register(
        client_of,
        service_of,
        clients=clients,
        confidential=BitMap([number for number, client in facts.clients.items() if client.confidential]),
        removed=removed,
        ended=BitMap(range(1, size)) - BitMap(facts.engagements),
    )
    holdings: dict[Subject, Holding] = {}
    for grant in facts.grants:
        put(holdings, grant.subject, _with_grant(holdings.get(grant.subject, NOTHING_HELD), grant))
    return State.build(
        settings=facts.settings,
        was_on=facts.was_on,
        members=facts.members,
        groups={number: BitMap(members) for number, members in facts.groups.items()},
        services=facts.services,
        register=register,
        holdings=holdings,
        delegations=facts.delegations,
        walls=facts.walls,
        requests=facts.requests,
        reviews=facts.reviews,
        schedules=facts.schedules,
        emergencies=facts.emergencies,
        defaults=facts.defaults,
        tokens=facts.tokens,
        names=facts.names,
        kept=BitMap(facts.kept),
        successor=facts.successor,
        policies=facts.policies,
        numbers=Numbers(
            member=max(facts.members, default=0),
            group=max(facts.groups, default=0),
            service=max(facts.services, default=0),
            wall=max(facts.walls, default=0),
            token=max(facts.tokens, default=0),
            policy=max(facts.policies, default=0),
            review=max((*facts.reviews, *facts.schedules), default=0),
        ),
    )


def _with_grant(held: Holding, grant: Grant) -> Holding:
    target, alone = grant.target, BitMap([grant.target.number])
    engagements, clients, services, wide = held.engagements, held.clients, dict(held.services), held.all
    match target.kind:
        case "engagement":
            engagements = with_level(engagements, alone, grant.level)
        case "client":
            clients = with_level(clients, alone, grant.level)
        case "service":
            services[target.number] = grant.level
        case "all":
            wide = grant.level
    expires, splits, excluded = dict(held.expires), dict(held.fee_splits), dict(held.excluded)
    if grant.expires is not None:
        expires[target] = grant.expires
    if grant.fee_split is not None:
        splits[target.number] = grant.fee_split
    if grant.excluded:
        excluded[target.number] = BitMap(grant.excluded)
    return Holding(
        engagements=engagements,
        clients=clients,
        services=services,
        all=wide,
        expires=expires,
        fee_splits=splits,
        excluded=excluded,
    )


def facts_of(state: State) -> Facts:
    """Every fact of the state, one by one."""
    register = state.register
    return Facts(
        settings=state.settings,
        was_on=state.was_on,
        members=dict(state.members),
        groups={number: frozenset(members) for number, members in state.groups.items()},
        services=state.services,
        clients={
            number: Client(
                confidential=number in register.confidential, removed_at=register.removed.get(number)
            )
            for number in range(1, register.next_client)
        },
        engagements={
            number: Engagement(client=register.client_of[number], service=register.service_of[number])
            for number in range(1, register.next_engagement)
            if number not in register.ended
        },
        grants=frozenset(
            grant for subject, held in state.holdings.items() for grant in _grants(subject, held)
        ),
        delegations=dict(state.delegations),
        walls=dict(state.walls),
        requests=dict(state.requests),
        reviews=dict(state.reviews),
        schedules=dict(state.schedules),
        emergencies=dict(state.emergencies),
        defaults=dict(state.defaults),
        tokens=dict(state.tokens),
        names=state.names,
        kept=frozenset(state.kept),
        successor=state.successor,
        policies=dict(state.policies),
    )


def _grants(subject: Subject, held: Holding) -> list[Grant]:
    return [_grant(subject, held, target) for target in held.targets()]


def _grant(subject: Subject, held: Holding, target: Target) -> Grant:
    standing = held.grant_on(target)
    assert standing is not None
    left_out = held.excluded.get(target.number, EMPTY) if target.kind == "service" else EMPTY
    return Grant(
        subject=subject,
        target=target,
        level=standing.level,
        expires=standing.expires,
        fee_split=standing.fee_split,
        excluded=frozenset(left_out),
    )
