"""What a remedy does to others: the exact difference, looked for only among those whom it can touch.

A place in a group, gained or left, matters to the member and to those they delegate to, and to nobody else;
every other command is compared whole by `difference.py` (rules.md 6, "Preview").
"""

from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.commands import Command
from ringfence.core.commands import definitions as w
from ringfence.core.compare.difference import difference
from ringfence.core.decision.moment import Moment


class Effects(NamedTuple):
    """How many pairs of member and client see afterwards only, no longer, and with another level."""

    gains: int
    loses: int
    changes: int
    own: bool
    """Whether the member who is to be let in gains the client, which is one of `gains`."""


def effects(
    before: Moment,
    after: Moment,
    commands: tuple[Command, ...],
    events: tuple[e.Event, ...],
    member: int,
    client: int,
) -> Effects:
    """What these commands do, which gave these events and led from `before` to `after`."""
    if all(isinstance(command, w.AddToGroup | w.RemoveFromGroup) for command in commands):
        found = {number: _between(before, after, number) for number in _downstream(before, member)}
        gains, loses, changes = (sum(map(len, clients)) for clients in zip(*found.values(), strict=True))
        return Effects(gains, loses, changes, client in found[member][0])
    change = difference(before.state, after.state, events, after.now)
    own = client in change.gains.get(member, ())
    return Effects(change.gains.total, change.loses.total, change.changes.total, own)


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
