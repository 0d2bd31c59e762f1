"""What walls kept from whom between two instants: the entries in between, followed by the core."""

from typing import NamedTuple

from ringfence.core.past.kept_apart import KeptFrom, kept_between
from ringfence.core.terms import Instant

from .between import entries_after, steps_between
from .states import Told, place_of, state_after, told_nobody, version_at
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
    first, last = version_at(firm, since), version_at(firm, Instant(until - 1))
    return _followed(firm, first, last, since, until, told)


def ask_walls_between(firm: int, since: Instant, until: Instant) -> WallsThen | Working:
    """The same as pages ask for it: answered, or being worked out. Raises `StateUnavailable`."""
    first, last = version_at(firm, since), version_at(firm, Instant(until - 1))
    kept = asked(
        ("walls", place_of(firm, last), since, until),
        entries_after(firm, first, last),
        lambda told: _followed(firm, first, last, since, until, told),
    )
    return kept if isinstance(kept, Working) else WallsThen(kept, last)


def _followed(
    firm: int, first: int, last: int, since: Instant, until: Instant, told: Told
) -> tuple[KeptFrom, ...]:
    before = state_after(firm, first, told)
    return kept_between(before, steps_between(firm, first, last, told), since, until)
