"""What an entry changed, as facts that can be read in any state: before it, after it, now, and once undone.

Each fact reads one thing of a state. An entry stands unopposed where each of its facts reads now as it read
just after it; it is undone where each reads as it read just before. Which facts an entry's events changed is
in `changed.py`. Words are no facts of a state: see `opposite.py`.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from pyroaring import BitMap

from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.statements import renumbered as statement_renumbered
from ringfence.core.terms import Instant, Level, Subject, Target, TargetKind, group_subject
from ringfence.core.values import DefaultGrant


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
            levels=tuple(held.numbers_at(self.kind, level) & targets for level in _LEVELS),
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
