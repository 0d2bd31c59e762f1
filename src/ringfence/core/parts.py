"""The parts of a firm that its access state is made of: members, holdings, delegations, walls, requests.

All are immutable values; `state.py` puts them together, `events.py` says how they change.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec
from pyroaring import BitMap

from .terms import ADMINISTERING, Instant, Level, Role, Subject, Target

EMPTY = BitMap()
"""Shared by every set that is empty. Never changed in place."""

Levels = tuple[BitMap, BitMap, BitMap, BitMap]
"""Numbers by grant level: readers, editors, owners, blocked. Index with ``level - 1``; disjoint."""

NO_LEVELS: Levels = (EMPTY, EMPTY, EMPTY, EMPTY)


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A user's place in the firm (rules.md 1)."""

    role: Role = Role.STANDARD
    access: bool = True
    manage_access: bool = False
    active: bool = True

    @property
    def administers(self) -> bool:
        """Holds a role that manages the firm, active or not."""
        return self.role in ADMINISTERING

    @property
    def works(self) -> bool:
        """May be let in to clients at all (rules.md 2, step 2)."""
        return self.active and self.access


class Delegation(msgspec.Struct, frozen=True, kw_only=True):
    """What one member passes on to another (rules.md 1). `cap` `OWNER` caps nothing."""

    cap: Level = Level.OWNER
    expires: Instant | None = None
    cascades: bool = True

    def counts(self, now: Instant) -> bool:
        return self.expires is None or now < self.expires


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a wall: member numbers and client numbers."""

    members: frozenset[int] = frozenset()
    clients: frozenset[int] = frozenset()


Wall = tuple[Side, Side]


def kept_apart(walls: Iterable[Wall]) -> dict[int, BitMap]:
    """By member, the clients that the walls keep from them (rules.md 2, step 3); others are left out."""
    found: dict[int, BitMap] = {}
    for one, other in walls:
        for side, across in ((one, other), (other, one)):
            clients = BitMap(across.clients)
            for member in side.members if clients else ():
                found[member] = found[member] | clients if member in found else clients
    return found


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A member's open request for a client (rules.md 1)."""

    level: Level = Level.EDITOR
    expires: Instant | None = None


class DefaultGrant(msgspec.Struct, frozen=True, kw_only=True):
    """A grant that a member's new clients start with (rules.md 5, `client.add`)."""

    subject: Subject
    level: Level


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One grant as it stands, expired or not."""

    level: Level
    expires: Instant | None = None
    fee_split: int | None = None
    """Hundredths of a per cent, 0 to 10,000."""

    def counts(self, now: Instant) -> bool:
        return self.expires is None or now < self.expires


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """All grants of one subject. One grant per target; times and splits only where there are any."""

    engagements: Levels = NO_LEVELS
    clients: Levels = NO_LEVELS
    services: Mapping[int, Level] = msgspec.field(default_factory=dict)
    all: Level = Level.NONE
    excluded: Mapping[int, BitMap] = msgspec.field(default_factory=dict)
    """Client numbers that a group's grant on a service leaves out, by service."""
    expires: Mapping[Target, Instant] = msgspec.field(default_factory=dict)
    fee_splits: Mapping[int, int] = msgspec.field(default_factory=dict)
    """By client number, in hundredths of a per cent."""

    def level_on(self, target: Target) -> Level:
        """The level that stands on exactly this target, `Level.NONE` where there is no grant."""
        match target.kind:
            case "engagement":
                return level_in(self.engagements, target.number)
            case "client":
                return level_in(self.clients, target.number)
            case "service":
                return self.services.get(target.number, Level.NONE)
            case "all":
                return self.all

    def grant_on(self, target: Target) -> Standing | None:
        """The grant that stands on exactly this target."""
        level = self.level_on(target)
        if level is Level.NONE:
            return None
        split = self.fee_splits.get(target.number) if target.kind == "client" else None
        return Standing(level=level, expires=self.expires.get(target), fee_split=split)

    def counting_on(self, target: Target, now: Instant) -> Level:
        """The level on exactly this target that has not expired."""
        level = self.level_on(target)
        if level and self.expires and (until := self.expires.get(target)) is not None and until <= now:
            return Level.NONE
        return level

    def reaches(self, clients: BitMap, engagements: BitMap) -> bool:
        """Whether there is a grant on one of these clients or engagements themselves."""
        return _meets(self.clients, clients) or _meets(self.engagements, engagements)

    def targets(self) -> Iterator[Target]:
        """Every target with a grant. As many as there are grants: not for bulk work."""
        for level_set in self.engagements:
            yield from (Target("engagement", number) for number in level_set)
        for level_set in self.clients:
            yield from (Target("client", number) for number in level_set)
        yield from (Target("service", number) for number in self.services)
        if self.all:
            yield Target("all", 0)

    @property
    def empty(self) -> bool:
        return not (any(self.engagements) or any(self.clients) or self.services or self.all)


NOTHING_HELD = Holding()


def level_in(levels: Levels, number: int) -> Level:
    """The level under which `number` is filed, `Level.NONE` where under none."""
    for index, numbers in enumerate(levels):
        if number in numbers:
            return Level(index + 1)
    return Level.NONE


def _meets(levels: Levels, numbers: BitMap) -> bool:
    # A loop rather than `any`: this is asked of every holding whenever a client comes or goes.
    for held in levels:  # noqa: SIM110
        if held and held.intersect(numbers):
            return True
    return False


def with_level(levels: Levels, numbers: BitMap, level: Level) -> Levels:
    """The same with `numbers` filed under `level`; under `Level.NONE` they are taken out."""
    moved = [held - numbers if held else held for held in levels]
    if level is not Level.NONE:
        moved[level - 1] = moved[level - 1] | numbers
    return (moved[0], moved[1], moved[2], moved[3])


Outcome = Literal["granted", "declined", "withdrawn"]


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """The highest numbers ever given; none is used again. Clients and engagements: see `Register`."""

    member: int = 0
    group: int = 0
    service: int = 0
    wall: int = 0
