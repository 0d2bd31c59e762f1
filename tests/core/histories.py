"""Strategies for what may happen next to a firm: single events that fit the facts as they are.

Numbers go on from the highest ever given, so a history is drawn beside a compiled state that knows them.
"""

import struct
from functools import cache

from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.settings import Settings
from ringfence.core.specification.facts import Facts
from ringfence.core.state.state import State
from ringfence.core.terms import (
    ALL_CLIENTS,
    EVERYONE,
    GENERAL,
    Export,
    ProofStep,
    Scope,
    SignInStep,
    Subject,
    TargetKind,
    WebhookStep,
)
from ringfence.core.values import ActionName, ResourceType, SoftwareNames
from tests.core.assurance_histories import ASSURANCE
from tests.core.drawn import Maker, one_of, standing, subjects
from tests.core.firms import (
    NOW,
    defaults_of,
    delegation_terms,
    expiries,
    firm_settings,
    grant_levels,
    open_requests,
    people,
    some_of,
)

made_firms = firm_settings.map(lambda settings: e.FirmCreated(settings=settings))


def next_events(facts: Facts, state: State) -> st.SearchStrategy[e.Event]:
    """Any event that could happen to these facts, whose compiled form is `state`."""
    return _next_event(facts, state)


@st.composite
def _next_event(draw: st.DrawFn, facts: Facts, state: State) -> e.Event:
    event = draw(_any_maker)(draw, facts, state)
    # A firm can always gain a member: what a kind falls back on where it has nothing to happen to.
    return event or _member_added(draw, facts, state)


def _control_turned(draw: st.DrawFn, facts: Facts, state: State) -> e.Event:
    return e.ControlTurned(on=not facts.settings.control)


def _settings_changed(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    wanted: Settings = draw(firm_settings)
    names = draw(some_of(range(len(Settings.__struct_fields__))))
    values = {
        name: getattr(wanted, name)
        for number, name in enumerate(Settings.__struct_fields__)
        if number in names and name != "control" and getattr(wanted, name) != getattr(facts.settings, name)
    }
    return e.SettingsChanged(values=values) if values else None


def _member_added(draw: st.DrawFn, facts: Facts, state: State) -> e.Event:
    person = draw(people)
    return e.MemberAdded(
        member=state.numbers.member + 1,
        role=person.role,
        access=person.access,
        manage_access=person.manage_access,
    )


def _member_changed(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    member = one_of(draw, facts.members)
    person = draw(people)
    return (
        None
        if member is None
        else e.MemberChanged(
            member=member, role=person.role, access=person.access, manage_access=person.manage_access
        )
    )


def _member_switched(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    member = one_of(draw, facts.members)
    if member is None:
        return None
    if facts.members[member].active:
        return e.MemberDeactivated(member=member)
    return e.MemberReactivated(member=member)


def _group_created(draw: st.DrawFn, facts: Facts, state: State) -> e.Event:
    return e.GroupCreated(group=state.numbers.group + 1)


def _own_group(draw: st.DrawFn, facts: Facts) -> int | None:
    return one_of(draw, facts.groups.keys() - {EVERYONE})


def _group_deleted(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    group = _own_group(draw, facts)
    return None if group is None else e.GroupDeleted(group=group)


def _group_kept(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    group = _own_group(draw, facts)
    return None if group is None else e.GroupKept(group=group, directory=draw(st.booleans()))


def _successor_set(draw: st.DrawFn, facts: Facts, state: State) -> e.Event:
    return e.SuccessorSet(member=draw(st.sampled_from([0, *sorted(facts.members)])))


def _group_joined(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    group = _own_group(draw, facts)
    return None if group is None else e.GroupJoined(group=group, members=BitMap(draw(some_of(facts.members))))


def _group_left(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    group = _own_group(draw, facts)
    return None if group is None else e.GroupLeft(group=group, members=BitMap(draw(some_of(facts.members))))


def _service_added(draw: st.DrawFn, facts: Facts, state: State) -> e.Event:
    return e.ServiceAdded(service=state.numbers.service + 1)


def _service_removed(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    used = {engagement.service for engagement in facts.engagements.values()}
    used |= {grant.target.number for grant in facts.grants if grant.target.kind == "service"}
    service = one_of(draw, facts.services - used - {GENERAL})
    return None if service is None else e.ServiceRemoved(service=service)


@cache
def _one_or_two(services: tuple[int, ...]) -> st.SearchStrategy[set[int]]:
    return st.sets(st.sampled_from(services), min_size=1, max_size=2)


def _clients_added(draw: st.DrawFn, facts: Facts, state: State) -> e.Event:
    first, count = state.register.next_client, draw(st.integers(1, 3))
    its_services = _one_or_two(tuple(sorted(facts.services)))
    pairs = [(first + offset, service) for offset in range(count) for service in sorted(draw(its_services))]
    return e.ClientsAdded(
        first_client=first,
        count=count,
        first_engagement=state.register.next_engagement,
        client_of=struct.pack(f"<{len(pairs)}I", *(client for client, _ in pairs)),
        service_of=struct.pack(f"<{len(pairs)}I", *(service for _, service in pairs)),
        confidential=BitMap(draw(some_of(range(first, first + count)))),
    )


def _client_marked(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    client = one_of(draw, standing(facts))
    return (
        None
        if client is None
        else e.ClientMarked(client=client, confidential=not facts.clients[client].confidential)
    )


def _client_removed(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    client = one_of(draw, standing(facts))
    return None if client is None else e.ClientRemoved(client=client, at=NOW)


def _client_restored(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    client = one_of(draw, facts.clients.keys() - set(standing(facts)))
    return None if client is None else e.ClientRestored(client=client)


def _engagement_added(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    client = one_of(draw, standing(facts))
    taken = {its.service for its in facts.engagements.values() if its.client == client}
    service = one_of(draw, facts.services - taken)
    if client is None or service is None:
        return None
    return e.EngagementAdded(engagement=state.register.next_engagement, client=client, service=service)


def _engagements_added(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    taken = {(its.client, its.service) for its in facts.engagements.values()}
    spare = [(client, service) for client in standing(facts) for service in facts.services]
    pairs = [pair for pair in sorted(spare) if pair not in taken]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=6, unique=True)) if pairs else []
    if not chosen:
        return None
    return e.EngagementsAdded(
        first_engagement=state.register.next_engagement,
        client_of=struct.pack(f"<{len(chosen)}I", *(client for client, _ in chosen)),
        service_of=struct.pack(f"<{len(chosen)}I", *(service for _, service in chosen)),
    )


def _engagement_removed(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    clients = [engagement.client for engagement in facts.engagements.values()]
    clients_left = standing(facts)
    spare = [
        number
        for number, its in facts.engagements.items()
        if its.client in clients_left and clients.count(its.client) > 1
    ]
    engagement = one_of(draw, spare)
    return None if engagement is None else e.EngagementRemoved(engagement=engagement)


def _targets(draw: st.DrawFn, facts: Facts) -> tuple[TargetKind, list[int]]:
    """One kind of target, and those of that kind that a grant could be set on now."""
    clients_left = standing(facts)
    choices: dict[TargetKind, list[int]] = {
        "engagement": [number for number, its in facts.engagements.items() if its.client in clients_left],
        "client": clients_left,
        "service": sorted(facts.services),
        "all": [ALL_CLIENTS.number],
    }
    kind = draw(st.sampled_from(tuple(choices)))
    return kind, choices[kind]


def _grants_set(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    choosable = subjects(facts)
    kind, choices = _targets(draw, facts)
    targets = draw(some_of(choices))
    if not choosable or not targets:
        return None
    subject = draw(st.sampled_from(choosable))
    splits = subject.kind == "member" and kind == "client"
    return e.GrantsSet(
        subject=subject,
        kind=kind,
        targets=BitMap(targets),
        level=draw(grant_levels),
        expires=draw(expiries),
        fee_split=draw(st.sampled_from((None, 0, 500))) if splits else None,
    )


def _grants_removed(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    held: dict[tuple[Subject, TargetKind], list[int]] = {}
    for grant in facts.grants:
        held.setdefault((grant.subject, grant.target.kind), []).append(grant.target.number)
    if not held:
        return None
    subject, kind = draw(st.sampled_from(sorted(held)))
    targets = draw(some_of(held[subject, kind]))
    return e.GrantsRemoved(subject=subject, kind=kind, targets=BitMap(targets)) if targets else None


def _exclusion(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    places = sorted(
        (grant.subject.number, grant.target.number)
        for grant in facts.grants
        if grant.subject.kind == "group" and grant.target.kind == "service"
    )
    clients = BitMap(draw(some_of(standing(facts))))
    if not places or not clients:
        return None
    group, service = draw(st.sampled_from(places))
    if draw(st.booleans()):
        return e.ClientsExcluded(group=group, service=service, clients=clients)
    return e.ClientsIncluded(group=group, service=service, clients=clients)


def _delegation_set(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    pairs = [(one, other) for one in sorted(facts.members) for other in sorted(facts.members) if one != other]
    if not pairs:
        return None
    delegator, delegate = draw(st.sampled_from(pairs))
    terms = draw(delegation_terms)
    return e.DelegationSet(
        delegator=delegator,
        delegate=delegate,
        cap=terms.cap,
        expires=terms.expires,
        cascades=terms.cascades,
    )


def _delegation_removed(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    if not facts.delegations:
        return None
    delegator, delegate = draw(st.sampled_from(sorted(facts.delegations)))
    return e.DelegationRemoved(delegator=delegator, delegate=delegate)


def _defaults_set(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    member = one_of(draw, facts.members)
    grants = draw(st.one_of(st.just(()), defaults_of(subjects(facts)))) if member else ()
    return None if member is None else e.DefaultsSet(member=member, grants=list(grants))


def _request_opened(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    client, member = one_of(draw, standing(facts)), one_of(draw, facts.members)
    if client is None or member is None:
        return None
    asked = draw(open_requests)
    return e.RequestOpened(client=client, member=member, level=asked.level, expires=asked.expires)


def _request_closed(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    if not facts.requests:
        return None
    client, member = draw(st.sampled_from(sorted(facts.requests)))
    return e.RequestClosed(client=client, member=member, outcome="declined")


def _token_added(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    member = one_of(draw, facts.members)
    if member is None:
        return None
    return e.TokenAdded(
        token=state.numbers.token + 1,
        member=member,
        scopes=draw(st.sampled_from([Scope.DECIDE, Scope.DECIDE | Scope.SEARCH, Scope.MANAGE])),
        digest=bytes([state.numbers.token % 256]) * 32,
        expires=draw(expiries),
    )


def _names_set(draw: st.DrawFn, facts: Facts, state: State) -> e.Event:
    types: dict[str, ResourceType] = draw(st.sampled_from([{}, {"record": "client"}]))
    actions = draw(st.sampled_from([(), (ActionName("open_file", "view", (("soft", "true"),)),)]))
    return e.NamesSet(names=SoftwareNames(types=types, actions=actions))


def _token_revoked(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    token = one_of(draw, facts.tokens)
    return None if token is None else e.TokenRevoked(token=token, member=facts.tokens[token].member)


def _noted(draw: st.DrawFn, facts: Facts, state: State) -> e.Event:
    client = one_of(draw, standing(facts))
    if draw(st.booleans()):
        return e.EntryUndone(entry=draw(st.integers(1, 9)))
    if draw(st.booleans()):
        return e.WebhookNoted(webhook=1, did=draw(st.sampled_from(WebhookStep)))
    if draw(st.booleans()):
        return e.AccessExpired(since=NOW)
    if draw(st.booleans()):
        return e.DecisionLogSet(on=draw(st.booleans()), days=30)
    if draw(st.booleans()):
        return e.SignInNoted(did=SignInStep.SESSION, count=draw(st.integers(0, 12)))
    if draw(st.booleans()):
        return e.ProofNoted(did=ProofStep.PUBLISHING, count=draw(st.integers(0, 24)))
    if draw(st.booleans()):
        return e.PolicyNoted(policy=1, holds=draw(st.booleans()), since=NOW)
    if client is None:
        return e.ExportTaken(what=draw(st.sampled_from(Export)), rows=draw(st.integers(0, 9)))
    return e.RecordOpened(client=client)


_MAKERS: tuple[Maker, ...] = (
    # What is done most is drawn most.
    *(_grants_set,) * 5,
    *(_grants_removed,) * 2,
    *(_clients_added,) * 2,
    *(_delegation_set,) * 2,
    _exclusion,
    _group_created,
    _group_kept,
    _successor_set,
    _group_joined,
    _group_left,
    _group_deleted,
    _member_added,
    _member_changed,
    _member_switched,
    _client_marked,
    _client_removed,
    _client_restored,
    _engagement_added,
    _engagements_added,
    _engagement_removed,
    _service_added,
    _service_removed,
    _delegation_removed,
    _control_turned,
    _settings_changed,
    _defaults_set,
    _request_opened,
    _request_closed,
    _token_added,
    _token_revoked,
    _names_set,
    *ASSURANCE,
    _noted,
)
_any_maker = st.sampled_from(_MAKERS)
