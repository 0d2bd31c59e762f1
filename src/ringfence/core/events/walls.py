"""What happens to walls."""

from ringfence.core.terms import Instant
from ringfence.core.values import Sides

from .base import EventBase


class WallSet(EventBase, frozen=True, tag="wall.set"):
    """A wall as it stands from now on: raised or changed."""

    wall: int
    sides: Sides
    starts: Instant | None = None
    ends: Instant | None = None
    anew: frozenset[int] = frozenset()
    """The members who had acknowledged it and are asked again."""


class WallLowered(EventBase, frozen=True, tag="wall.lowered"):
    wall: int


class WallAcknowledged(EventBase, frozen=True, tag="wall.acknowledged"):
    """A member on a side has acknowledged what their sides are (rules.md 10)."""

    wall: int
    member: int
    at: Instant
