"""Who comes to stand on both sides of a wall by a change, by whatever road (rules.md 10, independence).

A wall keeps those apart whom it names. Whoever it does not name and who comes to see clients of both sides
stands on both all the same; and what somebody named is given across is kept from them, which a difference
does not show. Walls that are over are passed by, those that are to begin are not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import touched_by
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.sets import look_ahead, opened, reach
from ringfence.core.decision.wall_conflicts import ConflictKind, wall_conflicts
from ringfence.core.state.compiled import Mask
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.values import Sides, Wall


class Road(StrEnum):
    """How somebody stands on both sides."""

    NAMED = "named"
    """The wall names them on both sides: neither side's clients are open to them."""
    SEES = "sees"
    """The wall names them on neither side, and they see clients of both."""
    OWN = "own"
    """Named on one side, with grants of their own on clients of the other, which the wall keeps from them."""
    GROUP = "group"
    DELEGATION = "delegation"


class OnBothSides(NamedTuple):
    """One member on both sides of one wall, by one road."""

    wall: int
    member: int
    road: Road
    by: int
    """The group or the delegator; 0 for other roads."""
    clients: BitMap
    """Those of the wall that they see, or that are kept from them."""


_Found = dict[tuple[int, int, Road, int], BitMap]
_KEPT = {
    ConflictKind.OWN: Road.OWN,
    ConflictKind.GROUP: Road.GROUP,
    ConflictKind.DELEGATION: Road.DELEGATION,
}


def newly_on_both_sides(before: Moment, after: State, events: Sequence[e.Event]) -> tuple[OnBothSides, ...]:
    """Whoever stands on both sides of a wall after the events and did not before; by wall and member."""
    later = at(after, before.now)
    walls = {number: wall for number, wall in after.walls.items() if not wall.over(before.now)}
    if not walls or not events:
        return ()
    touched = touched_by(before.state, events)
    members = BitMap(after.members) if touched is None or _opens(before, later) else BitMap(touched)
    stood = _found(before, _standing(before, walls), members & BitMap(before.state.members))
    found = []
    for key, clients in sorted(_found(later, walls, members).items(), key=lambda item: item[0]):
        wall, member, road, by = key
        fresh = clients if road in {Road.NAMED, Road.SEES} else clients - stood.get(key, EMPTY)
        if fresh and not (road in {Road.NAMED, Road.SEES} and key in stood):
            found.append(OnBothSides(wall, member, road, by, fresh))
    return tuple(found)


def on_both_sides(
    moment: Moment, walls: Iterable[int], members: Iterable[int]
) -> dict[tuple[int, int, Road, int], BitMap]:
    """Who of these stands on both sides of which of these walls now: wall, member, road, by; what clients."""
    there = {number: moment.state.walls[number] for number in walls if number in moment.state.walls}
    lasting = {number: wall for number, wall in there.items() if not wall.over(moment.now)}
    return _found(moment, lasting, BitMap(members) & BitMap(moment.state.members))


def _standing(before: Moment, walls: Mapping[int, Wall]) -> dict[int, Wall]:
    known = before.state.walls
    return {
        number: known[number] for number in walls if number in known and not known[number].over(before.now)
    }


def _opens(before: Moment, after: Moment) -> bool:
    """Whether something opens to whoever has nothing to do with the events themselves."""
    return bool(opened(after.evaluation) - opened(before.evaluation))


def _found(moment: Moment, walls: Mapping[int, Wall], members: BitMap) -> _Found:
    found: _Found = {}
    for number, wall in walls.items():
        named = BitMap(wall.members) & members
        for member in named:
            found |= {(number, member, *place): clients for place, clients in _named(moment, wall, member)}
        for member, clients in _seeing(moment, wall, members - named):
            found[number, member, Road.SEES, 0] = clients
    return found


def _named(moment: Moment, wall: Wall, member: int) -> Iterator[tuple[tuple[Road, int], BitMap]]:
    one, other = wall.sides
    if member in one.members and member in other.members:
        yield (Road.NAMED, 0), BitMap(wall.clients)
        return
    for conflict in wall_conflicts(moment, _alone(wall.sides, member)):
        yield (_KEPT[conflict.kind], conflict.by), conflict.clients


def _alone(sides: Sides, member: int) -> Sides:
    """The sides with nobody but the member on them."""
    one, other = (msgspec.structs.replace(side, members=side.members & frozenset({member})) for side in sides)
    return one, other


def _seeing(moment: Moment, wall: Wall, members: BitMap) -> Iterator[tuple[int, BitMap]]:
    """Those whom the wall does not name and who see clients of both sides, with all that they see of them."""
    register = moment.state.register
    one, other = (BitMap(side.clients) & register.clients for side in wall.sides)
    if not one or not other:
        return
    narrow = moment.evaluation.narrowed(Mask(register.spread(one | other)))
    look_ahead(narrow, len(members))
    for member in members:
        seen = register.clients_of(reach(narrow, member).see)
        if seen & one and seen & other:
            yield member, seen
