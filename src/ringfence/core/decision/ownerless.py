"""Clients without an Owner who is a person, in a firm that requires one (rules.md 3 and 5, "Person Owner").

Says who counts as one. What a change leaves without is in `compare/newly_ownerless.py`, whether it may be
made in `commands/invariants.py`. Whole sets: a million clients take as long as their members' grants.
"""

import msgspec
from pyroaring import BitMap

from ringfence.core.state.columns import numbers
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Level, member_subject

from .walls import kept_apart


class Ownerless(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Client numbers. No client is in both sets; both are empty in a firm that requires no Owner."""

    without: BitMap
    """Clients that have no person Owner. Accepted where they had none when the rule was turned on."""
    walled_off: BitMap
    """Clients that have one, but a wall keeps every one of them out. No wall is refused for that."""

    @property
    def empty(self) -> bool:
        return not (self.without or self.walled_off)


NONE_OWNERLESS = Ownerless(without=EMPTY, walled_off=EMPTY)


def ownerless(state: State, now: Instant) -> Ownerless:
    """The clients there that have no person Owner, or none on their side of a wall that stands or will."""
    if not state.settings.owner_required:
        return NONE_OWNERLESS
    clients = state.register.clients
    owned = person_owned(state)
    apart = kept_apart(wall for wall in state.walls.values() if not wall.over(now))
    reached = [_owned_by(state, number) - apart.get(number, EMPTY) for number in state.members]
    walled_off = (owned - BitMap.union(EMPTY, *reached)) & clients
    return Ownerless(without=clients - owned, walled_off=walled_off)


def person_owned(state: State) -> BitMap:
    """The clients on which a member who works has an unexpiring Owner grant, removed clients included."""
    return BitMap.union(EMPTY, *(_owned_by(state, number) for number in state.members))


def last_owned_by(state: State, member: int) -> BitMap:
    """The clients there of which the member is the only person Owner; none where the firm requires none."""
    if not state.settings.owner_required:
        return EMPTY
    others = (_owned_by(state, number) for number in state.members if number != member)
    return (_owned_by(state, member) - BitMap.union(EMPTY, *others)) & state.register.clients


def _owned_by(state: State, number: int) -> BitMap:
    """The clients whose person Owner the member is."""
    held = state.holdings.get(member_subject(number)) if state.members[number].works else None
    if held is None:
        return EMPTY
    owned = held.clients[Level.OWNER - 1]
    if held.expires:
        owned = owned - BitMap(numbers(target.number for target in held.expires if target.kind == "client"))
    return owned
