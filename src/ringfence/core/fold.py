"""Engagements by other numbers, so that the clients of any set of them are found without looking at each one.

A client's first engagement gets the client's own number, its second that number plus a stride, and so on:
each layer, shifted back, is a set of clients. Made for one comparison and thrown away (`difference.py`).
"""

from array import array
from itertools import compress

from pyroaring import BitMap

from ringfence.core.parts import EMPTY
from ringfence.core.register import Register, numbers


class Fold:
    """The lens (`cover.Lens`) onto all engagements, ever, of `clients`."""

    def __init__(self, register: Register, clients: BitMap) -> None:
        self.stride = register.next_client
        self._places = array("I", bytes(4 * register.next_engagement))
        self._turned: dict[tuple[int, int, int], list[tuple[BitMap, BitMap]]] = {}
        self._known: dict[int, tuple[BitMap, BitMap]] = {}
        self._layers: list[tuple[int, BitMap, BitMap]] = []
        """Each layer's first number, all numbers it could have, and those that are in use at all."""
        found: list[BitMap] = []
        owners = numbers(clients)
        engagements = numbers(map(register.first.__getitem__, owners))
        while engagements:
            start = len(self._layers) * self.stride
            for client, engagement in zip(owners, engagements, strict=True):
                self._places[engagement] = start + client
            found.append(BitMap(engagements))
            self._layers.append((start, BitMap(range(start, start + self.stride)), BitMap(owners)))
            following = numbers(map(register.following.__getitem__, engagements))
            owners = numbers(compress(owners, following))
            engagements = numbers(filter(None, following))
        self.mask = BitMap.union(*found) if found else EMPTY

    def through(self, engagements: BitMap) -> BitMap:
        """The engagements of the fold's clients by their new numbers. Remembered by the set itself."""
        known = self._known.get(id(engagements))
        if known is None:
            inside = engagements & self.mask
            folded = BitMap(numbers(map(self._places.__getitem__, inside)))
            # The set is kept with its picture so that nothing else can take over its id.
            known = self._known[id(engagements)] = (engagements, folded)
        return known[1]

    def clients(self, folded: BitMap) -> BitMap:
        """The clients of a set of engagements by their new numbers. Members of one group share many a set."""
        if not folded or folded.max() < self.stride:
            return folded
        alike = self._turned.setdefault((len(folded), folded.min(), folded.max()), [])
        for known, clients in alike:
            if known == folded:
                return clients
        parts = [
            (folded & numbers_of_layer).shift(-start) if start else folded & numbers_of_layer
            for start, numbers_of_layer, _ in self._layers
        ]
        clients = BitMap.union(*parts)
        alike.append((folded, clients))
        return clients

    def whole(self, folded: BitMap) -> bool:
        """Whether a set has, of each of its clients, all engagements ever or none."""
        clients = self.clients(folded)
        return len(folded) == sum(clients.intersection_cardinality(owners) for _, _, owners in self._layers)
