"""What a change gives one member or takes from them alone: beside what is everybody's before or after."""

from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core.terms import Level

from .difference import Difference


class PersonalShift(NamedTuple):
    """Clients on an engagement of which the level was the one before, and is the other afterwards."""

    before: Level
    after: Level
    clients: BitMap


class Personal(NamedTuple):
    """Clients by what moves for one member."""

    gained: BitMap
    """Of which they see an engagement afterwards only that is not everybody's afterwards."""
    lost: BitMap
    """Of which they see an engagement before only that was not everybody's before."""
    shifted: BitMap
    """Of which the level on an engagement is another, and nothing is gained or lost."""
    shifts: tuple[PersonalShift, ...]
    """The same by the levels before and after; a client stands at each that one of its engagements had."""

    def __bool__(self) -> bool:
        return bool(self.gained or self.lost or self.shifted)


def personal(found: Difference, member: int) -> Personal:
    """What the difference moves for the member. *Everybody's* is open to all, or given to Everyone."""
    gained = found.gained.clients_beside(member, found.openness.after)
    lost = found.lost.clients_beside(member, found.openness.before)
    shifted = found.shifted.clients_beside(member, BitMap()) - gained - lost
    levels = found.shifted.by_level(member) if shifted else ()
    shifts = (PersonalShift(each.before, each.after, each.engagements.clients & shifted) for each in levels)
    return Personal(gained, lost, shifted, tuple(each for each in shifts if each.clients))


def concerned(found: Difference) -> BitMap:
    """The members for whom anything moves at all."""
    return BitMap([*found.gained, *found.lost, *found.shifted])
