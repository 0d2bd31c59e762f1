"""Clients of sets of engagements, as one comparison counts them: by number where few are looked at, else by
their first engagements, which is quicker to find and slower to name.
"""

from functools import cached_property
from typing import Protocol

from pyroaring import BitMap

from ringfence.core.state.anchors import Anchors
from ringfence.core.state.register import Register
from ringfence.core.state.state import State

MANY = 20_000
"""Engagements from which on it is quicker by first engagements."""


class ClientPlaces(Protocol):
    """Finds the places of clients: one for each, of no meaning outside."""

    def of(self, engagements: BitMap) -> BitMap:
        """The places of the clients that have any of the engagements."""
        ...

    def clients(self, places: BitMap) -> BitMap:
        """The numbers of the clients at these places."""
        ...


class _Numbers:
    """Where a client's place is its number."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def of(self, engagements: BitMap) -> BitMap:
        return self._register.clients_of(engagements)

    def clients(self, places: BitMap) -> BitMap:
        return places


class _FirstEngagements:
    """Where a client's place is the number of their first engagement."""

    def __init__(self, anchors: Anchors, whole: BitMap) -> None:
        self._anchors = anchors
        self._whole = whole

    @cached_property
    def _all(self) -> BitMap:
        return self._anchors.of(self._whole)

    def of(self, engagements: BitMap) -> BitMap:
        return self._all if engagements is self._whole else self._anchors.of(engagements)

    def clients(self, places: BitMap) -> BitMap:
        return self._anchors.clients(places)


def places_in(state: State, register: Register, touched: BitMap | None) -> ClientPlaces:
    """ClientPlaces for a comparison that looks at these engagements alone, at all where None.

    `register` is that of the state or a later one.
    """
    if touched is not None and len(touched) < MANY:
        return _Numbers(register)
    memo = state.memo
    if memo.anchors is None or not memo.anchors.fit(register):
        memo.anchors = Anchors(register)
    if touched is None:
        return _FirstEngagements(memo.anchors, register.engagements)
    return _FirstEngagements(memo.anchors.within(touched), touched)
