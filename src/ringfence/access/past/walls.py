"""What walls kept from whom between two instants: the entries in between, followed by the core."""

from ringfence.core.past.kept_apart import KeptApart, kept_between
from ringfence.core.terms import Instant

from .between import entries_between, steps_between
from .states import Told, place_of, state_after, told_nobody, version_at
from .working import Working, asked


def walls_between(
    firm: int, since: Instant, until: Instant, told: Told = told_nobody
) -> tuple[KeptApart, ...]:
    """Every stretch of time from `since` up to `until` in which a wall kept clients from a member.

    Raises `StateUnavailable`.
    """
    first, last = version_at(firm, since), version_at(firm, Instant(until - 1))
    before = state_after(firm, first, told)
    return kept_between(before, steps_between(firm, first, last, told), since, until)


def ask_walls_between(firm: int, since: Instant, until: Instant) -> tuple[KeptApart, ...] | Working:
    """The same as pages ask for it: answered, or being worked out."""
    last = place_of(firm, version_at(firm, Instant(until - 1)))
    return asked(
        ("walls", last, since, until),
        entries_between(firm, since, until),
        lambda told: walls_between(firm, since, until, told),
    )
