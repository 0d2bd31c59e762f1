"""What a change moves: which clients members see, may change or own before it only, and after it only.

For few clients it is what a preview shows, for few members what they reach.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import touched_by
from ringfence.core.decision.moment import Moment
from ringfence.core.decision.sets import opened
from ringfence.core.state.columns import picked
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.register import Register
from ringfence.core.state.state import State

from .difference import Difference, as_compared, between, touched_clients
from .moved import LostAndGained, MovedByLevel, MovedClass, moved_by_level
from .places import ClientPlaces, look_at

FEW_CLIENTS = 2_000
"""Clients up to which what a preview shows of them is looked at."""
FEW_MEMBERS = 100
"""Members up to whom it is quicker to ask what they reach than to look at the whole firm."""
MANY_CLASSES = 8
"""Classes of members from which on it is quicker to put what is asked for at the places of what moves."""
SIDES = 2
"""What moves is looked at before and after; a count looks at one moment."""

_OF_MEMBERS = (
    e.MemberChanged | e.MemberDeactivated | e.MemberReactivated | e.DelegationSet | e.DelegationRemoved
)
"""Events that touch all clients which a member sees."""


class MovedAlike(NamedTuple):
    """What some members lose and gain alike, by the places of what moves."""

    members: BitMap
    by_level: MovedByLevel


class Moves(NamedTuple):
    """All that a change moves for whoever is a member before and after."""

    moves: list[MovedAlike]
    places: ClientPlaces | None = None
    """What the places stand for; None where they are first engagements."""
    clients: BitMap | None = None
    """The numbers of the clients that can be meant otherwise; None where none is."""
    compared: Difference | None = None
    """What they are of a preview of."""

    def first_engagements(self, places: BitMap) -> BitMap:
        """The first engagements of the clients at these places."""
        if self.places is None or not places:
            return places
        return self.places.first_engagements(places)

    def at(self, firsts: BitMap) -> BitMap:
        """The places of clients that are moved, by their first engagements."""
        return firsts if self.places is None else self.places.at_first_engagements(firsts)

    def may_matter(self, member: int, client: int) -> bool:
        """Whether what the member has on the client, or what gives it, can be something else."""
        found = self.compared
        if found is None or found.touched is None or found.touches is None:
            return True
        return client in found.touched or member in found.touches


def moves(before: Moment, after: Moment, events: Sequence[e.Event]) -> Moves | None:
    """What the events move, which lead from one moment to the other; None where that may be very much."""
    if not events:
        return Moves([])
    register = after.state.register
    renewed = before.state.register is not register
    found = _compared(before, after, events)
    if found is not None and (found.touched is not None or not renewed):
        return _shown(found)._replace(clients=found.touched if renewed else None, compared=found)
    if renewed:
        return None
    members = touched_by(before.state, events)
    if members is None or len(members) > FEW_MEMBERS:
        return None
    if opened(before.evaluation) != opened(after.evaluation):
        return None
    places = look_at(after.state, register, None).places
    reached = (
        MovedAlike(BitMap([member]), moved_by_level(before.reach(member), after.reach(member), places))
        for member in members
    )
    return Moves([each for each in reached if any(map(any, each.by_level))])


def _compared(before: Moment, after: Moment, events: Sequence[e.Event]) -> Difference | None:
    """What a preview shows: if it has been found already, or of few clients; None where that is very much."""
    found = as_compared(before, after, events)
    if found is not None:
        return found if _moves_less_than_all(found, after.state) else None
    if any(isinstance(event, _OF_MEMBERS) for event in events):
        return None
    clients = touched_clients(before, after, events)
    if clients is None:
        return None
    if len(clients) > FEW_CLIENTS:
        # A command asks before its preview does, which finds what was worked out here.
        members = touched_by(before.state, events)
        if members is None or not _is_less_than_all(after.state, len(members), len(clients)):
            return None
    return between(before, after, events)


def _moves_less_than_all(found: Difference, after: State) -> bool:
    """Whether what is moved is looked at in less time than the firm is counted."""
    clients = len(after.register.clients) if found.touched is None else len(found.touched)
    return _is_less_than_all(after, len({each.in_clients for each in found.moved.values()}), clients)


def _is_less_than_all(state: State, members: int, clients: int) -> bool:
    """Whether so much is less to look at, before and after, than the whole firm once."""
    return SIDES * members * clients <= len(state.everyone) * len(state.register.clients)


def _shown(found: Difference) -> Moves:
    classes: dict[MovedClass, BitMap] = {}
    for member, moved in found.moved.items():
        classes.setdefault(moved.in_clients, BitMap()).add(member)
    moves = ((members, moved.by_level()) for moved, members in classes.items())
    if len(classes) > MANY_CLASSES:
        return Moves([MovedAlike(*each) for each in moves], found.places)
    return Moves([MovedAlike(members, _by_first_engagements(found.places, each)) for members, each in moves])


def _by_first_engagements(places: ClientPlaces, by_level: MovedByLevel) -> MovedByLevel:
    def put(pair: LostAndGained) -> LostAndGained:
        return LostAndGained(*(places.first_engagements(part) if part else EMPTY for part in pair))

    see, edit, own = by_level
    sees = put(see)
    edits = sees if edit is see else put(edit)
    return sees, edits, edits if own is edit else put(own)


def first_engagements(register: Register, clients: BitMap) -> BitMap:
    """The first engagements of these clients."""
    return BitMap(picked(register.first, clients)) if clients else EMPTY
