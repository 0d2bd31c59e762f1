"""Clients of sets of engagements, as one comparison counts them: by number where few are looked at, else by
their first engagements, which is quicker to find and slower to name.
"""

from functools import cached_property
from typing import NamedTuple, Protocol

from pyroaring import BitMap

from ringfence.core.state.anchors import Anchors
from ringfence.core.state.columns import picked
from ringfence.core.state.compiled import Mask
from ringfence.core.state.register import Register
from ringfence.core.state.state import State

from .renumbering import Renumbering

MANY = 20_000
"""Engagements from which on it is quicker by first engagements."""
LEAST = 500
"""Engagements from which on it is quicker by other numbers, where they are rare."""
RARE = 4
"""So many times as many there are in the firm: what is not rare lies close together as it is."""


class ClientPlaces(Protocol):
    """Finds the places of clients: one for each, of no meaning outside. Engagements are as compared."""

    def of(self, engagements: BitMap) -> BitMap:
        """The places of the clients that have any of the engagements."""
        ...

    def clients(self, places: BitMap) -> BitMap:
        """The numbers of the clients at these places."""
        ...

    def first_engagements(self, places: BitMap) -> BitMap:
        """The first engagements that the clients at these places ever had."""
        ...

    def at_first_engagements(self, engagements: BitMap) -> BitMap:
        """The places of the clients with these first engagements, all of whom are looked at."""
        ...

    def at(self, clients: BitMap) -> BitMap:
        """The places of these clients, which have engagements that are looked at."""
        ...

    def theirs(self, clients: BitMap, engagements: BitMap) -> BitMap:
        """The numbers of those of the engagements that the clients have."""
        ...


class _Numbers:
    """Where a client's place is its number."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def of(self, engagements: BitMap) -> BitMap:
        return self._register.clients_of(engagements)

    def clients(self, places: BitMap) -> BitMap:
        return places

    def first_engagements(self, places: BitMap) -> BitMap:
        return BitMap(picked(self._register.first, places))

    def at_first_engagements(self, engagements: BitMap) -> BitMap:
        return self._register.clients_of(engagements)

    def at(self, clients: BitMap) -> BitMap:
        return clients

    def theirs(self, clients: BitMap, engagements: BitMap) -> BitMap:
        return self._register.spread(clients, engagements)


class _FirstEngagements:
    """Where a client's place is the number of their first engagement."""

    def __init__(self, anchors: Anchors, whole: BitMap, register: Register) -> None:
        self._anchors = anchors
        self._register = register
        self._whole = whole

    @cached_property
    def _all(self) -> BitMap:
        return self._anchors.of(self._whole)

    def of(self, engagements: BitMap) -> BitMap:
        return self._all if engagements is self._whole else self._anchors.of(engagements)

    def clients(self, places: BitMap) -> BitMap:
        return self._anchors.clients(places)

    def first_engagements(self, places: BitMap) -> BitMap:
        return places

    def at_first_engagements(self, engagements: BitMap) -> BitMap:
        return engagements

    def at(self, clients: BitMap) -> BitMap:
        return BitMap(picked(self._register.first, clients))

    def theirs(self, clients: BitMap, engagements: BitMap) -> BitMap:
        return self._register.spread(clients, engagements)


class LensAndPlaces(NamedTuple):
    """How a comparison looks at engagements, and finds the clients of what it sees."""

    lens: Mask | Renumbering | None
    """None where it looks at all."""
    places: ClientPlaces


def look_at(state: State, register: Register, engagements: BitMap | None) -> LensAndPlaces:
    """The quickest look at these engagements, at all where None.

    `register` is that of the state or a later one. What is rare in a large firm lies far apart in bitmaps,
    and is looked at by other numbers.
    """
    if engagements is not None:
        if len(engagements) >= LEAST and RARE * len(engagements) < register.next_engagement:
            found = Renumbering(engagements, register)
            return LensAndPlaces(found, found)
        if len(engagements) < MANY:
            return LensAndPlaces(Mask(engagements), _Numbers(register))
    memo = state.memo
    if memo.anchors is None or not memo.anchors.fit(register):
        memo.anchors = Anchors(register)
    if engagements is None:
        return LensAndPlaces(None, _FirstEngagements(memo.anchors, register.engagements, register))
    return LensAndPlaces(
        Mask(engagements), _FirstEngagements(memo.anchors.within(engagements), engagements, register)
    )
