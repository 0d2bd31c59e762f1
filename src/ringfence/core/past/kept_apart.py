"""What walls kept from whom: at an instant, and between two with the times (rules.md 10, independence).

A wall keeps a client from somebody whom it names across from it, while it stands, where they would see the
client if there were no walls (decision 97). What somebody whom it does not name would get through them is not
told.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

import msgspec
from pyroaring import BitMap

from ringfence.core.apply.apply import apply_all, touched_by
from ringfence.core.decision.evaluation import Evaluation
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.sets import opened, reach
from ringfence.core.state.compiled import Mask
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.terms import Instant
from ringfence.core.values import Wall

from .spans import EntryStep


class KeptFrom(NamedTuple):
    """From `since` on, up to and without `until`, a wall kept these clients from the member."""

    wall: int
    member: int
    since: Instant
    until: Instant
    clients: BitMap


_Pair = tuple[int, int]
"""A wall and a member whom it names."""


def kept_now(moment: Moment) -> dict[_Pair, BitMap]:
    """By wall and member, the clients that the wall keeps from them; without those kept from nothing."""
    found = _Open(moment.state, moment.now).kept(None)
    return {pair: clients for pair, clients in found.items() if clients}


def kept_between(
    before: State, steps: Iterable[EntryStep], since: Instant, until: Instant
) -> tuple[KeptFrom, ...]:
    """Every stretch of time from `since` up to `until` in which a wall kept clients from somebody; by wall,
    member and when it began.

    `before` is the firm at `since`; `steps` are the entries after it, oldest first. What stood for no time at
    all is left out.
    """
    follower = _Follower()
    state, now = before, since
    follower.look(state, now, None)
    for instant, together in groupby(steps, key=lambda step: step.at):
        if instant >= until:
            break
        for expiry in _turns(state, now, instant):
            follower.look(state, expiry, None)
        events = tuple(event for step in together for event in step.events)
        touched = touched_by(state, events) if events else frozenset()
        after = apply_all(state, events)
        if after.walls is not state.walls or at(state, instant).evaluation.since == instant:
            touched = None
        state, now = after, instant
        follower.look(state, now, touched)
    for expiry in _turns(state, now, until):
        follower.look(state, expiry, None)
    return follower.finished(until)


def kept_up_to(found: Iterable[KeptFrom], until: Instant) -> tuple[KeptFrom, ...]:
    """As far as it lies before `until`: what is found up to there, of what was found up to a later one."""
    together: dict[tuple[int, int, Instant, Instant], BitMap] = {}
    for each in found:
        if each.since < until:
            key = each.wall, each.member, each.since, min(each.until, until)
            together[key] = together.get(key, EMPTY) | each.clients
    return _in_order(KeptFrom(*key, clients) for key, clients in together.items())


def _in_order(found: Iterable[KeptFrom]) -> tuple[KeptFrom, ...]:
    return tuple(sorted(found, key=lambda each: (*each[:4], tuple(each.clients[:1]))))


def _turns(state: State, now: Instant, end: Instant) -> Iterator[Instant]:
    """The instants after `now` and before `end` at which access ends, or a wall begins or ends."""
    while state.walls and (turn := at(state, now).evaluation.until) < end:
        now = turn
        yield now


class _Open:
    """A firm as if there were no walls, narrowed to the clients that walls keep from somebody."""

    def __init__(self, state: State, now: Instant) -> None:
        self.standing: Mapping[int, Wall] = {
            number: wall for number, wall in state.walls.items() if wall.stands(now)
        }
        self._register = state.register
        clients = BitMap().union(*(BitMap(wall.clients) for wall in self.standing.values()))
        self.engagements = self._register.spread(clients & self._register.clients)
        lens = Mask(self.engagements)
        self._evaluation = Evaluation.of(msgspec.structs.replace(state, walls={}), now, lens)
        self.open = opened(self._evaluation) if self.standing else EMPTY

    def kept(self, members: frozenset[int] | None) -> dict[_Pair, BitMap]:
        """For those of the members whom walls name, all where None; empty where nothing is kept from them."""
        found: dict[_Pair, BitMap] = {}
        seen: dict[int, BitMap] = {}
        for number, wall in self.standing.items():
            for member in wall.members if members is None else wall.members & members:
                if member not in seen:
                    seen[member] = self._register.clients_of(reach(self._evaluation, member).see)
                found[number, member] = seen[member] & BitMap(wall.across(member))
        return found


class _Follower:
    """What each wall has kept from each member so far."""

    def __init__(self) -> None:
        self._stays: dict[_Pair, dict[Instant, BitMap]] = {}
        """By when it began."""
        self._done: list[KeptFrom] = []
        self._everywhere: tuple[BitMap, BitMap] = EMPTY, EMPTY

    def look(self, state: State, now: Instant, members: frozenset[int] | None) -> None:
        """Ask again for these members, for all of them where None or where what is open to all is another."""
        if not state.walls:
            self._close_all(now)
            return
        without = _Open(state, now)
        everywhere = without.engagements, without.open
        if everywhere != self._everywhere:
            self._everywhere, members = everywhere, None
        found = without.kept(members)
        for pair in list(self._stays):
            if members is None or pair[1] in members:
                self._turn(pair, found.get(pair, EMPTY), now)
        for pair, clients in found.items():
            self._turn(pair, clients, now)

    def _turn(self, pair: _Pair, clients: BitMap, now: Instant) -> None:
        stays = self._stays.setdefault(pair, {})
        for since, kept in list(stays.items()):
            if gone := kept - clients:
                self._end(pair, since, now, gone)
                stays[since] = kept & clients
                if not stays[since]:
                    del stays[since]
        if new := clients - BitMap().union(*stays.values()):
            stays[now] = stays.get(now, EMPTY) | new

    def _end(self, pair: _Pair, since: Instant, now: Instant, clients: BitMap) -> None:
        if since < now:
            self._done.append(KeptFrom(*pair, since, now, clients))

    def _close_all(self, now: Instant) -> None:
        for pair, stays in self._stays.items():
            for since, clients in stays.items():
                self._end(pair, since, now, clients)
        self._stays.clear()

    def finished(self, until: Instant) -> tuple[KeptFrom, ...]:
        self._close_all(until)
        return _in_order(self._done)
