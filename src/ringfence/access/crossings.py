"""Who was told to have come to stand on both sides of a wall (rules.md 10), and still does."""

from collections.abc import Iterable

from pyroaring import BitMap

from ringfence.core.compare.both_sides import OnBothSides, Road, on_both_sides
from ringfence.core.terms import Instant

from .firm_now import FirmNow
from .notices import NoticeKind, Some, ToldCrossing, notices_of_kind

UNKEPT = {Road.NAMED.value, Road.SEES.value}
"""Roads by which the wall keeps nothing from somebody, or everything: the others it deals with by itself."""


def crossings_told(found: Iterable[OnBothSides]) -> tuple[ToldCrossing, ...]:
    """As a notice keeps them."""
    return tuple(
        ToldCrossing(
            wall=each.wall,
            member=each.member,
            road=each.road.value,
            by=each.by,
            clients=Some.of(each.clients),
        )
        for each in found
    )


def still(now: FirmNow, told: Iterable[ToldCrossing]) -> list[tuple[ToldCrossing, BitMap]]:
    """Those that are still so, with the clients of now."""
    told = list(told)
    found = on_both_sides(now.moment, {each.wall for each in told}, {each.member for each in told})
    keys = [(each.wall, each.member, Road(each.road), each.by) for each in told]
    return [(each, found[key]) for each, key in zip(told, keys, strict=True) if found.get(key)]


def still_crossing(now: FirmNow, reader: int) -> set[int]:
    """The members of whom the reader was told that they see, or are named on, both sides, and still do."""
    if not now.walls:
        return set()
    notices = notices_of_kind(now.firm, [reader], NoticeKind.BOTH_SIDES, since=Instant(0))
    told = {
        (each.wall, each.member, each.road): each
        for notice in notices
        for each in notice.facts.crossings
        if each.road in UNKEPT and each.member in now.active_members
    }
    return {each.member for each, _clients in still(now, told.values())}
