"""What a remedy does besides: the exact difference, looked for only among those whom it can touch.

A place in a group, gained or left, matters to the member and to those they delegate to, and to nobody else;
every other command is compared whole by `difference.py` (rules.md 6, "Preview"). People are counted as
people, clients as clients; whoever gains one service of a client gains access.
"""

from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.commands import Command
from ringfence.core.commands import definitions as w
from ringfence.core.compare.difference import difference
from ringfence.core.decision.moment import Moment
from ringfence.core.state.holding import EMPTY


class Effects(NamedTuple):
    """What commands do beside letting one member in to one client."""

    gains: int
    """Other members who gain access to something."""
    loses: int
    also: int
    """Other clients of which the member gains something."""
    gives_up: int
    """Clients of which the member loses something."""
    changes: int
    """Pairs of member and client with another level or other engagements."""


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
        return _of_places(before, after, member, client)
    change = difference(before.state, after.state, events, after.now)
    gained, lost = change.gained.get(member), change.lost.get(member)
    return Effects(
        gains=len(change.gained.keys() - {member}),
        loses=len(change.lost.keys() - {member}),
        also=len((gained.clients if gained else EMPTY) - BitMap([client])),
        gives_up=len(lost.clients if lost else EMPTY),
        changes=change.changes.total,
    )


def _of_places(before: Moment, after: Moment, member: int, client: int) -> Effects:
    register = after.state.register
    gains = loses = changes = 0
    for number in _downstream(before, member):
        was, will = before.reach(number), after.reach(number)
        moved = BitMap.union(*(one ^ other for one, other in zip(was, will, strict=True)))
        gains += number != member and bool(will.see - was.see)
        loses += number != member and bool(was.see - will.see)
        changes += len(register.clients_of(moved))
    was, will = before.reach(member), after.reach(member)
    return Effects(
        gains=gains,
        loses=loses,
        also=len(register.clients_of(will.see - was.see) - BitMap([client])),
        gives_up=len(register.clients_of(was.see - will.see)),
        changes=changes,
    )


def _downstream(moment: Moment, member: int) -> list[int]:
    """The member and whoever gets something from them by delegations, over any number of hops."""
    found = [member]
    if moment.state.settings.delegation:
        for number in found:
            found += [
                taker for giver, taker in moment.state.delegations if giver == number and taker not in found
            ]
    return found
