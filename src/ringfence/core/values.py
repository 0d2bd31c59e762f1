"""Plain values of a firm: member, delegation, wall, request, default grant, the terms of a grant.

All are immutable, and events carry them. Whole sets of grants are in `state/holding.py`.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from .terms import ADMINISTERING, Instant, Level, Role, Scope, Subject


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


Sides = tuple[Side, Side]


class Wall(msgspec.Struct, frozen=True, kw_only=True):
    """Two sides kept apart from a start to an end (rules.md 1, 10); lasting where neither is given."""

    sides: Sides
    starts: Instant | None = None
    ends: Instant | None = None
    acknowledged: Mapping[int, Instant] = {}
    """By member on a side, when they acknowledged what their sides are now."""

    @property
    def members(self) -> frozenset[int]:
        """Whoever is on a side."""
        return self.sides[0].members | self.sides[1].members

    @property
    def clients(self) -> frozenset[int]:
        """The clients of both sides."""
        return self.sides[0].clients | self.sides[1].clients

    def begun(self, now: Instant) -> bool:
        return self.starts is None or self.starts <= now

    def over(self, now: Instant) -> bool:
        return self.ends is not None and self.ends <= now

    def stands(self, now: Instant) -> bool:
        """Whether it keeps anybody at all: before its start and after its end it does not (rules.md 10)."""
        return self.begun(now) and not self.over(now)

    def across(self, member: int) -> frozenset[int]:
        """The clients of the other side of each that the member is on: those that it keeps from them."""
        one, other = self.sides
        kept = other.clients if member in one.members else frozenset()
        return kept | one.clients if member in other.members else kept

    def beside(self, member: int) -> frozenset[int]:
        """The clients of each side that the member is on."""
        return frozenset().union(*(side.clients for side in self.sides if member in side.members))


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A member's open request for a client (rules.md 1)."""

    level: Level = Level.EDITOR
    expires: Instant | None = None


class Emergency(msgspec.Struct, frozen=True, kw_only=True):
    """A member's emergency access to a client, until it has ended and is acknowledged (rules.md 10)."""

    level: Level
    opened: Instant
    expires: Instant
    stands: bool = True
    """Whether the grant stands: counting, or expired and not yet removed."""
    acknowledged: bool = False

    def counts(self, now: Instant) -> bool:
        return self.stands and now < self.expires


class DefaultGrant(msgspec.Struct, frozen=True, kw_only=True):
    """A grant that a member's new clients start with (rules.md 5, `client.add`)."""

    subject: Subject
    level: Level


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """What lets other software in on a member's behalf, until it is revoked (rules.md 5)."""

    member: int
    scopes: Scope
    digest: bytes
    """SHA-256 of the token's text, which nobody keeps."""
    expires: Instant | None = None

    def counts(self, now: Instant) -> bool:
        return self.expires is None or now < self.expires


class GrantTerms(msgspec.Struct, frozen=True, kw_only=True):
    """One grant as it stands, expired or not."""

    level: Level
    expires: Instant | None = None
    fee_split: int | None = None
    """Hundredths of a per cent, 0 to 10,000."""

    def counts(self, now: Instant) -> bool:
        return self.expires is None or now < self.expires


RequestOutcome = Literal["granted", "declined", "withdrawn"]


ResourceType = Literal["client", "engagement"]
Action = Literal["view", "edit", "remove", "share"]


class ActionName(msgspec.Struct, frozen=True):
    """A name by which a firm's software asks for an action, where its request has these properties."""

    name: str
    action: Action
    properties: tuple[tuple[str, str], ...] = ()
    """Key, and the JSON text of the value that it must have; by key."""


class SoftwareNames(msgspec.Struct, frozen=True, kw_only=True):
    """What a firm's other software calls things, beside the names that everybody knows."""

    types: dict[str, ResourceType] = {}
    actions: tuple[ActionName, ...] = ()
