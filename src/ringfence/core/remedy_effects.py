"""What a remedy does to others: the exact difference, looked for only among those whom it can touch.

A place in a group, gained or left, matters to the member and to those they delegate to, and to nobody else;
every other command is compared whole by `difference.py` (rules.md 6, "Preview").
"""

from pyroaring import BitMap

from . import events as e
from .commands import Command
from .commands import words as w
from .difference import Pairs, difference
from .moment import Moment


def effects(
    before: Moment,
    after: Moment,
    commands: tuple[Command, ...],
    events: tuple[e.Event, ...],
    member: int,
) -> tuple[Pairs, Pairs, Pairs]:
    """Pairs of member and client that see afterwards only, no longer, and with another level."""
    if not all(isinstance(command, w.AddToGroup | w.RemoveFromGroup) for command in commands):
        change = difference(before.state, after.state, events, after.now)
        return change.gains, change.loses, change.changes
    gains: dict[int, BitMap] = {}
    loses: dict[int, BitMap] = {}
    changes: dict[int, BitMap] = {}
    for number in _downstream(before, member):
        for pairs, clients in zip((gains, loses, changes), _between(before, after, number), strict=True):
            if clients:
                pairs[number] = clients
    return gains, loses, changes


def _downstream(moment: Moment, member: int) -> list[int]:
    """The member and whoever gets something from them by delegations, over any number of hops."""
    found = [member]
    if moment.state.settings.delegation:
        for number in found:
            found += [
                taker for giver, taker in moment.state.delegations if giver == number and taker not in found
            ]
    return found


def _between(before: Moment, after: Moment, member: int) -> tuple[BitMap, BitMap, BitMap]:
    register = after.state.register
    was, will = before.reach(member), after.reach(member)
    moved = BitMap.union(*(one ^ other for one, other in zip(was, will, strict=True)))
    clients = register.clients_of(moved)
    around = register.spread(clients)
    saw, sees = register.clients_of(was.see & around), register.clients_of(will.see & around)
    return sees - saw, saw - sees, clients - (sees ^ saw)
