"""What walls kept from whom between two instants: the entries in between, followed by the core."""

from typing import NamedTuple

from ringfence.core.past.kept_apart import KeptFrom, kept_between, kept_up_to
from ringfence.core.terms import Instant

from .between import entries_after, steps_between
from .states import (
    Told,
    WayThere,
    change_at,
    close_after,
    place_of,
    told_nobody,
    versions_at,
)
from .working import Working, asked


class WallsThen(NamedTuple):
    """What walls kept, and the last entry of that time: names are told as they were then."""

    kept: tuple[KeptFrom, ...]
    version: int


def walls_between(
    firm: int, since: Instant, until: Instant, told: Told = told_nobody
) -> tuple[KeptFrom, ...]:
    """Every stretch of time from `since` up to `until` in which a wall kept clients from a member.

    Raises `StateUnavailable`.
    """
    first, last = versions_at(firm, since, Instant(until - 1))
    return _followed(WayThere(firm, first), last, since, until, told)


def ask_walls_between(firm: int, since: Instant, until: Instant) -> WallsThen | Working:
    """The same as pages ask for it: answered, or being worked out. Raises `StateUnavailable`."""
    close = close_after(until)
    first, last, then = versions_at(firm, since, Instant(close - 1), Instant(until - 1))
    way = WayThere(firm, first)
    kept = asked(
        ("walls", place_of(firm, change_at(firm, Instant(close - 1))), since, close),
        entries_after(way, last),
        lambda told: _followed(way, last, since, close, told),
    )
    if isinstance(kept, Working):
        return kept
    return WallsThen(kept_up_to(kept, until), then)


def _followed(way: WayThere, last: int, since: Instant, until: Instant, told: Told) -> tuple[KeptFrom, ...]:
    steps = steps_between(way.firm, way.version, last, told)
    return kept_between(way.state(told), steps, since, until)
