"""All grants of one subject, as sets of numbers by level. Who the subject is does not show here."""

from collections.abc import Iterator, Mapping

import msgspec
from pyroaring import BitMap

from ringfence.core.terms import Instant, Level, Target, TargetKind
from ringfence.core.values import GrantTerms

EMPTY = BitMap()
"""Shared by every set that is empty. Never changed in place."""

Levels = tuple[BitMap, BitMap, BitMap, BitMap]
"""Numbers by grant level: readers, editors, owners, blocked. Index with ``level - 1``; disjoint."""

NO_LEVELS: Levels = (EMPTY, EMPTY, EMPTY, EMPTY)


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

    def grant_on(self, target: Target) -> GrantTerms | None:
        """The grant that stands on exactly this target."""
        level = self.level_on(target)
        if level is Level.NONE:
            return None
        split = self.fee_splits.get(target.number) if target.kind == "client" else None
        return GrantTerms(level=level, expires=self.expires.get(target), fee_split=split)

    def counting_on(self, target: Target, now: Instant) -> Level:
        """The level on exactly this target that has not expired."""
        level = self.level_on(target)
        if level and self.expires and (until := self.expires.get(target)) is not None and until <= now:
            return Level.NONE
        return level

    def numbers(self, kind: TargetKind) -> BitMap:
        """The targets of a kind on which there is any grant."""
        match kind:
            case "engagement":
                return BitMap.union(*self.engagements)
            case "client":
                return BitMap.union(*self.clients)
            case "service":
                return BitMap(self.services)
            case "all":
                return BitMap([0]) if self.all else EMPTY

    def numbers_at(self, kind: TargetKind, level: Level) -> BitMap:
        """The targets of a kind on which there is a grant at exactly this level."""
        match kind:
            case "engagement":
                return self.engagements[level - 1]
            case "client":
                return self.clients[level - 1]
            case "service":
                return BitMap(service for service, given in self.services.items() if given is level)
            case "all":
                return BitMap([0]) if self.all is level else EMPTY

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
