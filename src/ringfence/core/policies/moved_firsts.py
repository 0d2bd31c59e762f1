"""What a change moves, by the first engagements of clients: those that a tally counts by."""

from collections.abc import Sequence
from functools import cached_property

from pyroaring import BitMap

from ringfence.core.compare.moved import LostAndGained
from ringfence.core.compare.moves import MovedAlike, Moves
from ringfence.core.state.holding import EMPTY

from .counting import Counts, Times


class MovedFirsts:
    """The clients that a change moves for anybody, and how they move."""

    def __init__(self, moving: Moves) -> None:
        self._moving = moving
        self._among: dict[int, BitMap] = {}

    @property
    def alike(self) -> Sequence[MovedAlike]:
        """What members lose and gain, by the places of what moves."""
        return self._moving.moves

    @cached_property
    def anyhow(self) -> BitMap:
        """The clients of which anything is had otherwise, at any level."""
        return self.at_places(
            [part for move in self.alike for sides in move.by_level for part in sides if part]
        )

    def at_places(self, parts: Sequence[BitMap]) -> BitMap:
        """The clients at any of these places of what moves."""
        return self._moving.first_engagements(BitMap.union(EMPTY, *parts))

    def place_of(self, first: BitMap) -> BitMap:
        """The place of a client, if anything of it moves."""
        return self._moving.at(first & self.anyhow)

    def among(self, clients: BitMap) -> BitMap:
        """The places of those of these clients that are moved, or of more. Kept: of what statements mean."""
        if self._moving.places is None:
            return clients
        found = self._among.get(id(clients))
        if found is None:
            found = self._among[id(clients)] = self._moving.at(clients & self.anyhow)
        return found

    @cached_property
    def seen_otherwise(self) -> LostAndGained:
        """What anybody sees no more, or only now."""
        lost, gained = (self.at_places([move.by_level[0][side] for move in self.alike]) for side in (0, 1))
        return LostAndGained(lost, gained)

    def put_in(self, total: Counts) -> Counts:
        """How many members see each client, where so many did before."""
        if not any(self.seen_otherwise):
            return total
        less, more = (self._times(side) for side in (0, 1))
        return total.moved(less, more)

    def _times(self, side: int) -> list[Times]:
        """How many members lose, or gain, each client."""
        counts = Counts()
        for move in self.alike:
            counts.add(move.by_level[0][side], len(move.members))
        return [Times(self.at_places([places]), times) for places, times in counts.times()]
