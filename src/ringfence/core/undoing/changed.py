"""Which facts the events of an entry changed, and what they made. What a fact reads is in `facts.py`."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.statements import named
from ringfence.core.terms import EVERYONE, TargetKind, group_subject

from . import facts as f


def facts_of(events: tuple[e.Event, ...], before: State) -> tuple[f.Fact, ...]:
    """What these events, given in `before`, changed; none of words, and none of what only was noted.

    Each thing is one fact, however many of the events are about it.
    """
    found: dict[tuple[Any, ...], f.Fact] = {}
    for event in events:
        for fact in _facts(event, before):
            known = found.get(fact.about)
            found[fact.about] = fact if known is None else known.with_more(fact)
    return tuple(found.values())


def _facts(event: e.Event, before: State) -> Iterator[f.Fact]:
    match event:
        case e.GroupCreated():
            yield f.Places(group=event.group)
        case e.GroupKept():
            yield f.KeptBy(group=event.group)
        case e.GroupDeleted():
            yield from _of_group(event.group, before)
        case e.GroupJoined() | e.GroupLeft():
            # Of a group that the same entry made, its places are one fact already.
            if event.group in before.groups:
                yield f.Joined(group=event.group, members=event.members)
        case e.GrantsSet() | e.GrantsRemoved():
            yield from _of_grants(event, before)
        case e.ServiceRemoved():
            yield f.InCatalogue(service=event.service)
            yield from _naming(before, service=event.service)
        case e.ClientsExcluded() | e.ClientsIncluded():
            yield f.LeftOut(group=event.group, service=event.service, clients=event.clients)
        case _:
            yield from _of_the_firm(event)
            yield from _of_relations(event)
            yield from _of_clients(event, before)


def _of_the_firm(event: e.Event) -> Iterator[f.Fact]:
    match event:
        case e.ControlTurned():
            yield f.Control()
        case e.SettingsChanged():
            yield from (f.Setting(name=name) for name in event.values)
        case e.MemberAdded() | e.MemberChanged() | e.MemberDeactivated() | e.MemberReactivated():
            yield f.Membership(member=event.member)
        case e.ServiceAdded():
            yield f.InCatalogue(service=event.service)


def _of_relations(event: e.Event) -> Iterator[f.Fact]:
    match event:
        case e.DelegationSet() | e.DelegationRemoved():
            yield f.Delegated(delegator=event.delegator, delegate=event.delegate)
        case e.DefaultsSet():
            yield f.StartingGrants(member=event.member)
        case e.WallSet() | e.WallLowered():
            yield f.KeptApart(wall=event.wall)
        case e.PolicySet() | e.PolicyRemoved():
            yield f.PolicyOf(policy=event.policy)
        case e.RequestOpened() | e.RequestClosed():
            yield f.RequestOf(client=event.client, member=event.member)
        case e.EmergencyOpened() | e.EmergencyEnded():
            yield f.InEmergency(client=event.client, member=event.member)
        case e.TokenAdded() | e.TokenRevoked():
            yield f.TokenHeld(token=event.token)
        case e.NamesSet():
            yield f.Called()
        case e.SuccessorSet():
            yield f.Successor()


def _of_clients(event: e.Event, before: State) -> Iterator[f.Fact]:
    match event:
        case e.ClientsAdded():
            yield f.Present(clients=BitMap(range(event.first_client, event.first_client + event.count)))
        case e.ClientMarked():
            yield f.Marked(client=event.client)
        case e.ClientRemoved() | e.ClientRestored():
            yield f.Present(clients=BitMap([event.client]))
        case e.EngagementAdded():
            yield f.Provided(engagements=BitMap([event.engagement]))
        case e.EngagementsAdded():
            count = len(e.unpacked(event.client_of))
            yield f.Provided(
                engagements=BitMap(range(event.first_engagement, event.first_engagement + count))
            )
        case e.EngagementRemoved():
            register = before.register
            yield f.Served(
                engagement=event.engagement,
                client=register.client_of[event.engagement],
                service=register.service_of[event.engagement],
            )


def _of_group(group: int, before: State) -> Iterator[f.Fact]:
    subject = group_subject(group)
    held = before.held_by(subject)
    yield f.Places(group=group)
    yield f.KeptBy(group=group)
    for kind in get_args(TargetKind):
        if targets := held.numbers(kind):
            yield f.GrantsOf(subject=subject, kind=kind, targets=targets)
    for service, clients in held.excluded.items():
        yield f.LeftOut(group=group, service=service, clients=clients)
    for member, grants in before.defaults.items():
        if any(grant.subject == subject for grant in grants):
            yield f.StartingGrants(member=member)
    yield from _naming(before, group=group)


def _naming(before: State, *, group: int = 0, service: int = 0) -> Iterator[f.Fact]:
    """The policies that name it: where it is made again they must name its new number."""
    for number, policy in before.policies.items():
        said = named(policy.statements)
        if group in said.groups or service in said.services:
            yield f.PolicyOf(policy=number)


def _of_grants(event: e.GrantsSet | e.GrantsRemoved, before: State) -> Iterator[f.Fact]:
    yield f.GrantsOf(subject=event.subject, kind=event.kind, targets=event.targets)
    if event.kind == "service" and event.subject.kind == "group":
        # Exclusions go with the grant.
        for service in event.targets:
            if clients := before.held_by(event.subject).excluded.get(service, EMPTY):
                yield f.LeftOut(group=event.subject.number, service=service, clients=clients)


def made_by(events: tuple[e.Event, ...]) -> dict[str, BitMap]:
    """The members, groups, clients and engagements that these events made: what names one came after.

    The engagements are those of clients that were there; the others come and go with their clients.
    """
    members, groups, clients, engagements = BitMap(), BitMap(), BitMap(), BitMap()
    for event in events:
        match event:
            case e.MemberAdded():
                members.add(event.member)
            case e.GroupCreated() if event.group != EVERYONE:
                groups.add(event.group)
            case e.ClientsAdded():
                clients |= BitMap(range(event.first_client, event.first_client + event.count))
            case e.EngagementAdded():
                engagements.add(event.engagement)
            case e.EngagementsAdded():
                first = event.first_engagement
                engagements |= BitMap(range(first, first + len(e.unpacked(event.client_of))))
            case _:
                pass
    return {"member": members, "group": groups, "client": clients, "engagement": engagements}


def engagements_in(events: Iterable[e.Event]) -> BitMap:
    """The engagements that these events name by themselves: grants on them, their end, words of theirs."""
    found = BitMap()
    for event in events:
        match event:
            case e.GrantsSet(kind="engagement") | e.GrantsRemoved(kind="engagement"):
                found |= event.targets
            case e.EngagementRemoved():
                found.add(event.engagement)
            case e.Described(thing="engagement"):
                found.add(event.number)
            case _:
                pass
    return found
