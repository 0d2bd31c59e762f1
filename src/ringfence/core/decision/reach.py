"""What a member reaches, as sets of engagements by least level; and the unions that make them.

Equal sets are one object where that is cheap (see the package): unions of one set hand that set on.
"""

from typing import NamedTuple, Protocol

from pyroaring import BitMap

from ringfence.core.state.holding import EMPTY
from ringfence.core.terms import Level


class Reach(NamedTuple):
    """Engagements by the least level: all of `own` are in `edit`, all of `edit` in `see`."""

    see: BitMap
    edit: BitMap
    own: BitMap

    def level(self, engagement: int) -> Level:
        if engagement in self.own:
            return Level.OWNER
        if engagement in self.edit:
            return Level.EDITOR
        return Level.READER if engagement in self.see else Level.NONE


NO_REACH = Reach(EMPTY, EMPTY, EMPTY)


class Granted(NamedTuple):
    """What steps 3 and 6-8 come to for one member, or steps 3-5 where those answer."""

    reach: Reach
    stopped: BitMap
    """Where step 9 is not reached any more: own grants, groups' blocks and walls."""
    opens: bool
    """Whether step 9 is asked at all."""


class Opening(Protocol):
    """What step 9 opens: a set of engagements, or what works it out once it is asked."""

    def __contains__(self, engagement: int, /) -> bool: ...


class Check(NamedTuple):
    """What one check of a member at one level looks at."""

    reach: BitMap
    """Granted at that level or a higher one."""
    open_set: Opening | None
    """What step 9 opens at that level or a higher one; None where it opens nothing to the member."""
    stopped: BitMap
    """Where step 9 is not reached any more."""


def united(parts: list[BitMap], whole: BitMap | None = None) -> BitMap:
    """The union, without copying where there is nothing to unite or one of them is the `whole`."""
    if not parts:
        return EMPTY
    if len(parts) == 1:
        return parts[0]
    if whole is not None and any(part is whole for part in parts):
        return whole
    return BitMap.union(*parts)


def joined(one: BitMap, other: BitMap, whole: BitMap | None = None) -> BitMap:
    """The union of two, likewise."""
    if not other or one is other or one is whole:
        return one
    return other if not one or other is whole else one | other


def cumulative(levels: list[BitMap]) -> Reach:
    """From sets per level (Blocked is left out) to sets per least level."""
    readers, editors, owners = levels[:3]
    edit = joined(editors, owners)
    return Reach(joined(readers, edit), edit, owners)
