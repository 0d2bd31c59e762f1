"""Engagements by their places among those that a comparison looks at, and the clients of sets of such places.

A bitmap keeps each 65,536 numbers in a part of its own. A few thousand engagements of a large firm lie in all
parts; by their places they lie in one, and a union of such sets takes a tenth of the time.
"""

import copy

from pyroaring import BitMap

from ringfence.core.state.anchors import Layers
from ringfence.core.state.columns import first_alike, picked, places_in
from ringfence.core.state.register import Register


class Renumbering:
    """The lens (`compiled.Lens`) onto some engagements by their places, from 0 in order of their numbers.

    It is its comparison's `ClientPlaces` too: a client's place is that of the first of its engagements here.
    """

    def __init__(self, engagements: BitMap, register: Register) -> None:
        """`register` knows all engagements that it will be asked for."""
        self._register = register
        self.engagements = engagements
        self._numbers = engagements.to_array()
        self._places = places_in(self._numbers, register.next_engagement)
        self._clients = picked(register.client_of, self._numbers)
        self._whole = BitMap(range(len(self._numbers)))
        self._first = first_alike(self._clients)
        firsts = BitMap(self._first)
        self._layers = Layers(firsts, lambda some: picked(self._first, some))
        later = (self._whole - firsts).to_array()
        self._layers.file(later, picked(self._first, later))
        self._known: dict[int, tuple[BitMap, BitMap]] = {}

    def narrowed(self, engagements: BitMap) -> "Renumbering":
        """The same places, looking at fewer engagements."""
        narrow = copy.copy(self)
        narrow.engagements, narrow._known = engagements, {}
        narrow._whole = BitMap(picked(self._places, engagements))
        return narrow

    # --- The lens

    def through(self, engagements: BitMap) -> BitMap:
        """The places of those that are looked at. Kept: states before and after share most of their sets."""
        known = self._known.get(id(engagements))
        if known is None:
            # The set is kept with its places, so that nothing else can take over its id.
            known = self._known[id(engagements)] = (engagements, self._through(engagements))
        return known[1]

    def _through(self, engagements: BitMap) -> BitMap:
        inside = engagements & self.engagements
        # One object, so that equal to all is the same as all.
        return self._whole if len(inside) == len(self._whole) else BitMap(picked(self._places, inside))

    # --- Clients

    def of(self, engagements: BitMap) -> BitMap:
        """The places of the clients that have any of the engagements at these places."""
        return self._layers.of(engagements)

    def clients(self, places: BitMap) -> BitMap:
        """The numbers of the clients at these places."""
        return BitMap(picked(self._clients, places))

    def first_engagements(self, places: BitMap) -> BitMap:
        """The first engagements that the clients at these places ever had."""
        return BitMap(picked(self._register.first, picked(self._clients, places)))

    def at_first_engagements(self, engagements: BitMap) -> BitMap:
        """The places of the clients with these first engagements, which have engagements here."""
        return self.at(self._register.clients_of(engagements))

    def at(self, clients: BitMap) -> BitMap:
        """The places of these clients, which have engagements here."""
        return self.of(self.through(self._register.spread(clients, self.engagements)))

    def theirs(self, clients: BitMap, engagements: BitMap) -> BitMap:
        """The numbers of those of the engagements that the clients have."""
        found = self._register.spread(clients, self.engagements)
        return BitMap(picked(self._numbers, BitMap(picked(self._places, found)) & engagements))
