"""What happens to walls."""

from ringfence.core.values import Side

from .base import EventBase


class WallSet(EventBase, frozen=True, tag="wall.set"):
    """A wall as it stands from now on: raised or changed."""

    wall: int
    sides: tuple[Side, Side]


class WallLowered(EventBase, frozen=True, tag="wall.lowered"):
    wall: int
