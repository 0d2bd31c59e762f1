"""What an entry changed, as facts that can be read in any state: before it, after it, now, and once undone.

Each fact reads one thing of a state. An entry stands unopposed where each of its facts reads now as it read
just after it; it is undone where each reads as it read just before. Words are no facts of a state: see
`opposite.py`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.commands.grants import standing_numbers
from ringfence.core.state.holding import EMPTY, Holding
from ringfence.core.state.state import State
from ringfence.core.statements import named
from ringfence.core.statements import renumbered as statement_renumbered
from ringfence.core.terms import EVERYONE, Instant, Level, Subject, Target, TargetKind, group_subject
from ringfence.core.values import DefaultGrant

KINDS: tuple[TargetKind, ...] = ("engagement", "client", "service", "all")


class Renumbered(msgspec.Struct, frozen=True, kw_only=True):
    """The new numbers of what is made again: groups, services, walls and policies by their old ones."""

    groups: Mapping[int, int] = msgspec.field(default_factory=dict)
    services: Mapping[int, int] = msgspec.field(default_factory=dict)
    walls: Mapping[int, int] = msgspec.field(default_factory=dict)
    policies: Mapping[int, int] = msgspec.field(default_factory=dict)

    def subject(self, subject: Subject) -> Subject:
        """The subject as it is called once made again."""
        if subject.kind == "member":
            return subject
        return group_subject(self.groups.get(subject.number, subject.number))


AS_BEFORE = Renumbered()


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that an entry changed."""

    @property
    def about(self) -> tuple[Any, ...]:
        """What it is a fact about: its kind and all that names the one thing, sets of things left out."""
        named = (getattr(self, name) for name in self.__struct_fields__)
        return (type(self), *(value for value in named if not isinstance(value, BitMap)))

    def with_more(self, other: "Fact") -> "Fact":
        """The two facts about the same thing as one."""
        sets = {
            name: value | getattr(other, name)
            for name in self.__struct_fields__
            if isinstance(value := getattr(self, name), BitMap)
        }
        return msgspec.structs.replace(self, **sets)

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> Any:
        """What the state says of it: equal values mean the same."""
        raise NotImplementedError


class Control(Fact, frozen=True):
    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> bool:
        return state.settings.control


class Setting(Fact, frozen=True, kw_only=True):
    name: str

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> str | bool:
        value: str | bool = getattr(state.settings, self.name)
        return value


class Membership(Fact, frozen=True, kw_only=True):
    """Role, permissions and whether they are active; None where there is no such member."""

    member: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> Any:
        return state.members.get(self.member)


class Places(Fact, frozen=True, kw_only=True):
    """The members of a group; None where there is no such group."""

    group: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> BitMap | None:
        return state.groups.get(renumbered.groups.get(self.group, self.group))


class Joined(Fact, frozen=True, kw_only=True):
    """Which of these members are in the group."""

    group: int
    members: BitMap

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> BitMap:
        return state.groups.get(self.group, EMPTY) & self.members


class KeptBy(Fact, frozen=True, kw_only=True):
    """Whether the firm's directory keeps the group."""

    group: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> bool:
        return renumbered.groups.get(self.group, self.group) in state.kept


class Successor(Fact, frozen=True):
    """Who takes over; 0 for nobody."""

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> int:
        return state.successor


class InCatalogue(Fact, frozen=True, kw_only=True):
    service: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> bool:
        return renumbered.services.get(self.service, self.service) in state.services


class Present(Fact, frozen=True, kw_only=True):
    """Which of these clients are there."""

    clients: BitMap

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> BitMap:
        return state.register.clients & self.clients


class Marked(Fact, frozen=True, kw_only=True):
    """Whether the client is confidential."""

    client: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> bool:
        return self.client in state.register.confidential


class Provided(Fact, frozen=True, kw_only=True):
    """Which of these engagements are there."""

    engagements: BitMap

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> BitMap:
        return state.register.engagements & self.engagements


class Served(Fact, frozen=True, kw_only=True):
    """Whether the client has the service, and who holds which grant on that engagement."""

    engagement: int
    """Its number when it was removed."""
    client: int
    service: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> Any:
        number = state.register.engagement_for(self.client, self.service)
        if number is None:
            return None
        on = Target("engagement", number)
        return {
            subject: terms
            for subject, held in state.holdings.items()
            if (terms := held.grant_on(on)) is not None
        }


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """Some of a subject's grants of one kind: targets by level, ends and fee splits where there are any."""

    levels: tuple[BitMap, ...]
    expires: Mapping[int, Instant]
    fee_splits: Mapping[int, int]


class GrantsOf(Fact, frozen=True, kw_only=True):
    """The subject's grants on these targets of one kind, of those that are there."""

    subject: Subject
    kind: TargetKind
    targets: BitMap

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> Slice:
        held = state.held_by(renumbered.subject(self.subject))
        targets = self.targets & _there(state, self.kind, self.targets)
        return Slice(
            levels=tuple(_at(held, self.kind, level) & targets for level in _LEVELS),
            expires={
                on.number: until
                for on, until in held.expires.items()
                if on.kind == self.kind and on.number in targets
            },
            fee_splits={
                client: split
                for client, split in held.fee_splits.items()
                if self.kind == "client" and client in targets
            },
        )


_LEVELS = (Level.READER, Level.EDITOR, Level.OWNER, Level.BLOCKED)


def _there(state: State, kind: TargetKind, targets: BitMap) -> BitMap:
    """Grants on what was removed say nothing until it is restored."""
    match kind:
        case "engagement":
            return state.register.engagements
        case "client":
            return state.register.clients
    return targets


def _at(held: Holding, kind: TargetKind, level: Level) -> BitMap:
    match kind:
        case "engagement":
            return held.engagements[level - 1]
        case "client":
            return held.clients[level - 1]
        case "service":
            return BitMap([service for service, given in held.services.items() if given is level])
    return BitMap([0]) if held.all is level else EMPTY


class LeftOut(Fact, frozen=True, kw_only=True):
    """Which of these clients the group's grant on the service leaves out."""

    group: int
    service: int
    clients: BitMap

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> BitMap:
        held = state.held_by(renumbered.subject(group_subject(self.group)))
        return held.excluded.get(self.service, EMPTY) & self.clients & state.register.clients


class Delegated(Fact, frozen=True, kw_only=True):
    delegator: int
    delegate: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> Any:
        return state.delegations.get((self.delegator, self.delegate))


class StartingGrants(Fact, frozen=True, kw_only=True):
    """What the member's new clients start with."""

    member: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> frozenset[DefaultGrant]:
        mine = state.defaults.get(self.member, ())
        old = {new: number for number, new in renumbered.groups.items()}
        return frozenset(
            msgspec.structs.replace(grant, subject=Renumbered(groups=old).subject(grant.subject))
            for grant in mine
        )


class KeptApart(Fact, frozen=True, kw_only=True):
    """A wall: its two sides, which have no order, start and end; None where there is none of that number."""

    wall: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> Any:
        wall = state.walls.get(renumbered.walls.get(self.wall, self.wall))
        return None if wall is None else (frozenset(wall.sides), wall.starts, wall.ends)


class PolicyOf(Fact, frozen=True, kw_only=True):
    """What a policy says and does; None where there is none. How often it was set is no part of it."""

    policy: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> Any:
        policy = state.policies.get(renumbered.policies.get(self.policy, self.policy))
        if policy is None:
            return None
        groups = {new: old for old, new in renumbered.groups.items()}
        services = {new: old for old, new in renumbered.services.items()}
        said = [statement_renumbered(each, groups, services) for each in policy.statements]
        return policy.mode, said


class RequestOf(Fact, frozen=True, kw_only=True):
    """A member's open request for a client."""

    client: int
    member: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> Any:
        return state.requests.get((self.client, self.member))


class InEmergency(Fact, frozen=True, kw_only=True):
    """Whether a member's emergency access to a client stands."""

    client: int
    member: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> bool:
        opened = state.emergencies.get((self.client, self.member))
        return opened is not None and opened.stands


class Called(Fact, frozen=True):
    """What other software calls things."""

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> Any:
        return state.names


class TokenHeld(Fact, frozen=True, kw_only=True):
    """A token that nobody has revoked; None where there is none."""

    token: int

    def read(self, state: State, renumbered: Renumbered = AS_BEFORE) -> Any:
        return state.tokens.get(self.token)


def facts_of(events: tuple[e.Event, ...], before: State) -> tuple[Fact, ...]:
    """What these events, given in `before`, changed; none of words, and none of what only was noted.

    Each thing is one fact, however many of the events are about it.
    """
    found: dict[tuple[Any, ...], Fact] = {}
    for event in events:
        for fact in _facts(event, before):
            known = found.get(fact.about)
            found[fact.about] = fact if known is None else known.with_more(fact)
    return tuple(found.values())


def _facts(event: e.Event, before: State) -> Iterator[Fact]:
    match event:
        case e.GroupCreated():
            yield Places(group=event.group)
        case e.GroupKept():
            yield KeptBy(group=event.group)
        case e.GroupDeleted():
            yield from _of_group(event.group, before)
        case e.GroupJoined() | e.GroupLeft():
            # Of a group that the same entry made, its places are one fact already.
            if event.group in before.groups:
                yield Joined(group=event.group, members=event.members)
        case e.GrantsSet() | e.GrantsRemoved():
            yield from _of_grants(event, before)
        case e.ServiceRemoved():
            yield InCatalogue(service=event.service)
            yield from _naming(before, service=event.service)
        case e.ClientsExcluded() | e.ClientsIncluded():
            yield LeftOut(group=event.group, service=event.service, clients=event.clients)
        case _:
            yield from _of_the_firm(event)
            yield from _of_relations(event)
            yield from _of_clients(event, before)


def _of_the_firm(event: e.Event) -> Iterator[Fact]:
    match event:
        case e.ControlTurned():
            yield Control()
        case e.SettingsChanged():
            yield from (Setting(name=name) for name in event.values)
        case e.MemberAdded() | e.MemberChanged() | e.MemberDeactivated() | e.MemberReactivated():
            yield Membership(member=event.member)
        case e.ServiceAdded():
            yield InCatalogue(service=event.service)


def _of_relations(event: e.Event) -> Iterator[Fact]:
    match event:
        case e.DelegationSet() | e.DelegationRemoved():
            yield Delegated(delegator=event.delegator, delegate=event.delegate)
        case e.DefaultsSet():
            yield StartingGrants(member=event.member)
        case e.WallSet() | e.WallLowered():
            yield KeptApart(wall=event.wall)
        case e.PolicySet() | e.PolicyRemoved():
            yield PolicyOf(policy=event.policy)
        case e.RequestOpened() | e.RequestClosed():
            yield RequestOf(client=event.client, member=event.member)
        case e.EmergencyOpened() | e.EmergencyEnded():
            yield InEmergency(client=event.client, member=event.member)
        case e.TokenAdded() | e.TokenRevoked():
            yield TokenHeld(token=event.token)
        case e.NamesSet():
            yield Called()
        case e.SuccessorSet():
            yield Successor()


def _of_clients(event: e.Event, before: State) -> Iterator[Fact]:
    match event:
        case e.ClientsAdded():
            yield Present(clients=BitMap(range(event.first_client, event.first_client + event.count)))
        case e.ClientMarked():
            yield Marked(client=event.client)
        case e.ClientRemoved() | e.ClientRestored():
            yield Present(clients=BitMap([event.client]))
        case e.EngagementAdded():
            yield Provided(engagements=BitMap([event.engagement]))
        case e.EngagementsAdded():
            count = len(e.unpacked(event.client_of))
            yield Provided(engagements=BitMap(range(event.first_engagement, event.first_engagement + count)))
        case e.EngagementRemoved():
            register = before.register
            yield Served(
                engagement=event.engagement,
                client=register.client_of[event.engagement],
                service=register.service_of[event.engagement],
            )


def _of_group(group: int, before: State) -> Iterator[Fact]:
    subject = group_subject(group)
    held = before.held_by(subject)
    yield Places(group=group)
    yield KeptBy(group=group)
    for kind in KINDS:
        if targets := standing_numbers(held, kind):
            yield GrantsOf(subject=subject, kind=kind, targets=targets)
    for service, clients in held.excluded.items():
        yield LeftOut(group=group, service=service, clients=clients)
    for member, grants in before.defaults.items():
        if any(grant.subject == subject for grant in grants):
            yield StartingGrants(member=member)
    yield from _naming(before, group=group)


def _naming(before: State, *, group: int = 0, service: int = 0) -> Iterator[Fact]:
    """The policies that name it: where it is made again they must name its new number."""
    for number, policy in before.policies.items():
        said = named(policy.statements)
        if group in said.groups or service in said.services:
            yield PolicyOf(policy=number)


def _of_grants(event: e.GrantsSet | e.GrantsRemoved, before: State) -> Iterator[Fact]:
    yield GrantsOf(subject=event.subject, kind=event.kind, targets=event.targets)
    if event.kind == "service" and event.subject.kind == "group":
        # Exclusions go with the grant.
        for service in event.targets:
            if clients := before.held_by(event.subject).excluded.get(service, EMPTY):
                yield LeftOut(group=event.subject.number, service=service, clients=clients)


def made_by(events: tuple[e.Event, ...]) -> dict[str, BitMap]:
    """The members, groups and clients that these events made: whatever names one of them came after."""
    members, groups, clients = BitMap(), BitMap(), BitMap()
    for event in events:
        match event:
            case e.MemberAdded():
                members.add(event.member)
            case e.GroupCreated() if event.group != EVERYONE:
                groups.add(event.group)
            case e.ClientsAdded():
                clients |= BitMap(range(event.first_client, event.first_client + event.count))
            case _:
                pass
    return {"member": members, "group": groups, "client": clients}
