"""Engagements by other numbers, so that the clients of any set of them are found without looking at each one.

A client goes by its place among the clients looked at. Its first engagement gets that place as its number,
its second the place plus a stride, and so on: each layer, shifted back, is a set of places. All numbers lie
close together, so their bitmaps are small. Made for one comparison and thrown away (`difference.py`).
"""

import copy
from array import array
from collections.abc import Sequence
from itertools import compress

from pyroaring import BitMap

from ringfence.core.state.holding import EMPTY
from ringfence.core.state.register import Register, numbers, picked

CONTAINER = 1 << 16
"""Numbers in one part of a Roaring bitmap: shifts by whole parts cost next to nothing."""


class Renumbering:
    """The lens (`compiled.Lens`) onto those of the engagements `alive` that `clients` have."""

    def __init__(self, register: Register, clients: BitMap, alive: BitMap) -> None:
        self._register = register
        self._alive = alive
        self._clients = clients.to_array()
        self._stride = max(-(-len(clients) // CONTAINER), 1) * CONTAINER
        self._numbers = array("I", bytes(4 * register.next_engagement))
        self._look_at(*self._number())
        end = self.whole.max() + 1 if self.whole else 0
        self._layers = [BitMap(range(start, start + self._stride)) for start in range(0, end, self._stride)]

    def _number(self) -> tuple[BitMap, BitMap]:
        """Fills in the new numbers; all engagements that are looked at by their old ones and by their new."""
        following, alive, stride = self._register.following, self._alive, self._stride
        engagements = picked(self._register.first, self._clients)
        places: Sequence[int] = range(len(engagements))
        for place, engagement in enumerate(engagements):
            self._numbers[engagement] = place
        dead = picked(self._numbers, BitMap(engagements) - alive)
        mask = BitMap(engagements)
        whole = BitMap(places) - BitMap(dead)
        highest: dict[int, int] = {}
        while any(later := picked(following, engagements)):
            places = numbers(compress(places, later))
            engagements = numbers(filter(None, later))
            mask |= BitMap(engagements)
            for place, engagement in zip(places, engagements, strict=True):
                if engagement in alive:
                    highest[place] = self._numbers[engagement] = highest.get(place, place) + stride
            whole |= BitMap(picked(self._numbers, BitMap(engagements) & alive))
        return mask & alive, whole

    def _look_at(self, engagements: BitMap, renumbered: BitMap) -> None:
        self._mask = engagements
        self._known: dict[int, tuple[BitMap, BitMap]] = {}
        self.whole = renumbered
        """All that is looked at: one object, so that equal to all is the same as all."""
        self._all: BitMap | None = None

    def narrowed(self, places: BitMap) -> "Renumbering":
        """The same numbers, looking at fewer clients."""
        narrow = copy.copy(self)
        engagements = self._register.spread(self.clients(places), self._alive)
        narrow._look_at(engagements, BitMap(picked(self._numbers, engagements)))
        return narrow

    def through(self, engagements: BitMap) -> BitMap:
        """Those of the engagements that are looked at, by their new numbers. Remembered by the set itself."""
        known = self._known.get(id(engagements))
        if known is None:
            inside = engagements & self._mask
            whole = len(inside) == len(self.whole)
            renumbered = self.whole if whole else BitMap(picked(self._numbers, inside))
            # The set is kept with its picture so that nothing else can take over its id.
            known = self._known[id(engagements)] = (engagements, renumbered)
        return known[1]

    def places(self, renumbered: BitMap) -> BitMap:
        """The places of the clients of a set of engagements by their new numbers."""
        if renumbered is not self.whole:
            return self._places_of(renumbered)
        if self._all is None:
            self._all = self._places_of(renumbered)
        return self._all

    def _places_of(self, renumbered: BitMap) -> BitMap:
        if not renumbered:
            return EMPTY
        highest = renumbered.max() // self._stride
        if not highest:
            return renumbered
        return BitMap.union(
            renumbered & self._layers[0],
            *(
                (renumbered & layer).shift(-number * self._stride)
                for number, layer in enumerate(self._layers[1 : highest + 1], start=1)
            ),
        )

    def clients(self, places: BitMap) -> BitMap:
        """The clients at these places."""
        return BitMap(picked(self._clients, places))

    def engagements(self, renumbered: BitMap, clients: BitMap) -> BitMap:
        """Those engagements of the clients whose new numbers are in the set, by their old ones."""
        theirs = self._register.spread(clients, self._alive) & self._mask
        return BitMap(compress(theirs, map(renumbered.__contains__, picked(self._numbers, theirs))))


def united(parts: Sequence[BitMap]) -> BitMap:
    """The union, without copying where there is one part."""
    if not parts:
        return EMPTY
    return parts[0] if len(parts) == 1 else BitMap.union(*parts)
