"""What members see of some clients alone: for mails, which ask for many members of a large firm at once.

The same ten steps as everywhere (`sets.py`), looked at through a mask, so that nobody's whole reach is worked
out or kept for it.
"""

from collections.abc import Iterable, Iterator

from pyroaring import BitMap

from . import sets
from .evaluation import Evaluation
from .moment import Moment


class _Mask:
    """The lens (`state.compiled.Lens`) onto some engagements, by their own numbers."""

    def __init__(self, engagements: BitMap) -> None:
        self._engagements = engagements

    def through(self, engagements: BitMap) -> BitMap:
        return engagements & self._engagements


def seen_among(moment: Moment, members: Iterable[int], clients: BitMap) -> Iterator[tuple[int, BitMap]]:
    """Of each member the engagements of these clients that they see; members who see none are left out.

    `clients` may name such as are not there.
    """
    register = moment.state.register
    there = register.spread(clients & register.clients)
    evaluation = Evaluation.of(moment.state, moment.now, _Mask(there))
    for member in members:
        seen = sets.reach(evaluation, member).see
        # A thousand members would hold each other's sets in memory for nothing.
        evaluation.granted.pop(member, None)
        if seen:
            yield member, seen
