"""Each client by its first engagement: a set of engagements becomes a set of clients without a look at each.

Most clients came with all their engagements at once, numbered one behind the other: a layer of them, shifted
back by its distance, is a set of first engagements. What was added later is looked up one by one.
"""

import copy
from array import array
from collections.abc import Callable

from pyroaring import BitMap

from .columns import chosen, counted, distances, picked, where_equal, without_zeros
from .register import Register

SHIFTED = 16
"""A distance is worth a shift where at least one in so many engagements of a layer lies at it."""


class Layers:
    """Engagements by how far they lie from the first one of their client."""

    def __init__(self, firsts: BitMap, first_of: "Callable[[BitMap], array[int]]") -> None:
        """`first_of` looks up the first engagement of the clients of each of these."""
        self._firsts = firsts
        self._first_of = first_of
        self._layers: dict[int, BitMap] = {}
        self._others = BitMap()

    def file(self, engagements: "array[int]", firsts: "array[int]") -> None:
        """File engagements under their distances from the `firsts` of their clients, or with all others."""
        left, far = BitMap(engagements), distances(engagements, firsts)
        for distance, count in counted(far):
            if count * SHIFTED < len(engagements):
                break
            found = BitMap(where_equal(engagements, far, distance))
            self._layers[distance] = self._layers.get(distance, BitMap()) | found
            left -= found
        self._others |= left

    def within(self, engagements: BitMap) -> "Layers":
        """The same for sets of these engagements alone: there is less to shift."""
        found = Layers(self._firsts & engagements, self._first_of)
        found._layers = {
            distance: inside for distance, layer in self._layers.items() if (inside := layer & engagements)
        }
        found._others = self._others & engagements
        return found

    def of(self, engagements: BitMap) -> BitMap:
        """The first engagements of the clients that have any of these."""
        found = [engagements & self._firsts]
        for distance, layer in self._layers.items():
            if inside := engagements & layer:
                found.append(inside.shift(-distance))
        if self._others and (inside := engagements & self._others):
            found.append(BitMap(self._first_of(inside)))
        return BitMap.union(*found)


class Anchors:
    """The first engagement of each client of one register, removed ones included."""

    def __init__(self, register: Register) -> None:
        self._first, self._client_of = register.first, register.client_of
        self._following = register.following
        self._ends = register.next_client, register.next_engagement
        first = anchors = without_zeros(register.first[: register.next_client])
        self._all = BitMap(first)
        self._everybody = BitMap(picked(register.client_of, first))
        self._layers = Layers(self._all, self._first_of)
        engagements = first
        while any(later := picked(register.following, engagements)):
            anchors, engagements = chosen(anchors, later), without_zeros(later)
            self._layers.file(engagements, anchors)

    def _first_of(self, engagements: BitMap) -> "array[int]":
        return picked(self._first, picked(self._client_of, engagements))

    def fit(self, register: Register) -> bool:
        """Whether these are the anchors of this register too: numbers are given once and never move."""
        ends = register.next_client, register.next_engagement
        return register.following is self._following and register.first is self._first and ends == self._ends

    def within(self, engagements: BitMap) -> "Anchors":
        """The same for sets of these engagements alone: there is less to shift."""
        found = copy.copy(self)
        found._layers = self._layers.within(engagements)
        return found

    def of(self, engagements: BitMap) -> BitMap:
        """The first engagements of the clients that have any of these."""
        return self._layers.of(engagements)

    def clients(self, anchors: BitMap) -> BitMap:
        """The numbers of the clients with these first engagements."""
        if 2 * len(anchors) > len(self._all):
            return self._everybody - BitMap(picked(self._client_of, self._all - anchors))
        return BitMap(picked(self._client_of, anchors))
