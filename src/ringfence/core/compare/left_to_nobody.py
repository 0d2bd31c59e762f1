"""Which clients a change leaves to nobody: somebody saw them before, and no active member does afterwards."""

from pyroaring import BitMap

from ringfence.core.decision.moment import Moment
from ringfence.core.decision.sets import empty_handed_alike, reach
from ringfence.core.state.holding import EMPTY

from .places import look_at

FEW = 16
"""So many times as many clients a firm has, and more, are looked at by their own engagements alone."""
FEWER = 8
"""One in so many is left before fewer are looked at: each new look has to go through all grants again."""
PAUSE = 64
"""Members who are asked before fewer are looked at all the same: of them many members have nothing."""


def left_to_nobody(after: Moment, clients: BitMap) -> BitMap:
    """Of these clients, those that are there and that no active member sees (rules.md 2).

    Asked member by member, and no further than until all are seen. Where few are left, their engagements
    alone are looked at, and as more are seen, fewer and fewer.
    """
    looked, members = _Looked(after, clients & after.state.register.clients), after.state.everyone
    while looked.left and (members := looked.by(members)):
        looked = _Looked(after, looked.unseen)
    return looked.unseen


class _Looked:
    """A look at some clients, and which of them nobody was found to see."""

    def __init__(self, after: Moment, clients: BitMap) -> None:
        register = after.state.register
        there = register.spread(clients) if FEW * len(clients) < register.next_client else None
        lens, self._places = look_at(after.state, register, there)
        known = after.evaluation
        self._evaluation = known.aside() if lens is None else known.narrowed(lens)
        self.left = self._places.at(clients)
        """Their places."""
        self._size = len(self.left)

    def by(self, members: BitMap) -> BitMap:
        """What these see is seen. Gives back those who were not asked, as few clients are left by then."""
        for alike in empty_handed_alike(self._evaluation, members):
            self._by_one(alike[0])
            members = members - alike
        for asked, member in enumerate(members, 1):
            self._by_one(member)
            fewer = FEWER if asked < PAUSE else 1
            if fewer * len(self.left) < self._size:
                return members[asked:]
        return EMPTY

    def _by_one(self, member: int) -> None:
        if seen := reach(self._evaluation, member).see:
            self.left = self.left - self._places.of(seen)
        self._evaluation.granted.pop(member, None)

    @property
    def unseen(self) -> BitMap:
        """The clients of those places."""
        return self._places.clients(self.left)


def only_seen_by(before: Moment, member: int, without: Moment) -> BitMap:
    """The clients that the member sees and nobody would `without` them.

    `without` is the firm with the member inactive: what they delegate counts for nothing then.
    """
    return left_to_nobody(without, before.clients(member))
