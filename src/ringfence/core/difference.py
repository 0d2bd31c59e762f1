"""What a change does to access: who gains, who loses, what opens and closes, exactly (rules.md 6).

Two states are compared through the engagements that the events can touch; nothing is estimated or sampled.
"""

from collections.abc import Iterable, Mapping

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.fold import Fold
from ringfence.core.moment import Moment, Reach, Sight
from ringfence.core.parts import EMPTY
from ringfence.core.state import State
from ringfence.core.terms import Instant, Subject, group_subject

Pairs = Mapping[int, BitMap]
"""Client numbers by member number; members with none left out."""


class Difference(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Before against after. To *see* a client is to see one of its engagements."""

    gains: Pairs
    """Clients that a member sees afterwards only."""
    loses: Pairs
    changes: Pairs
    """Clients seen before and after, with another level or other engagements."""
    opens: BitMap
    """Clients with an engagement that starts being open to all."""
    closes: BitMap

    @property
    def empty(self) -> bool:
        return not (self.gains or self.loses or self.changes or self.opens or self.closes)


def pair_count(pairs: Pairs) -> int:
    """How many (member, client) pairs there are."""
    return sum(map(len, pairs.values()))


def clients_in(pairs: Pairs) -> BitMap:
    """The clients of all pairs."""
    return BitMap.union(*pairs.values()) if pairs else EMPTY


def difference(before: State, after: State, events: Iterable[e.Event], now: Instant) -> Difference:
    """What changes at `now` by `events`, which lead from `before` to `after`."""
    touched = _touched(before, after, events)
    if touched is not None and not touched:
        return Difference(gains={}, loses={}, changes={}, opens=EMPTY, closes=EMPTY)
    register = after.register
    clients = BitMap(range(1, register.next_client)) if touched is None else register.clients_of(touched)
    fold = Fold(register, clients)
    was, will = Sight.of(before, now, fold), Sight.of(after, now, fold)
    gains: dict[int, BitMap] = {}
    loses: dict[int, BitMap] = {}
    changes: dict[int, BitMap] = {}
    for member in before.everyone | after.everyone:
        one, other = was.reach(member), will.reach(member)
        if one == other:
            continue
        seen, sees = fold.clients(one.see), fold.clients(other.see)
        gained, lost = sees - seen, seen - sees
        moved = fold.clients(_moved(one, other)) - gained - lost
        for pairs, found in ((gains, gained), (loses, lost), (changes, moved)):
            if found:
                pairs[member] = found
    open_before, open_after = _open(was), _open(will)
    return Difference(
        gains=gains,
        loses=loses,
        changes=changes,
        opens=fold.clients(open_after - open_before),
        closes=fold.clients(open_before - open_after),
    )


def preview(moment: Moment, change: e.Change) -> Difference:
    """What a change that a command gave would do."""
    after = moment.state.apply_all(change.events)
    return difference(moment.state, after, change.events, moment.now)


def _open(sight: Sight) -> BitMap:
    return sight.open() if sight.state.settings.control else sight.everything()


def _moved(one: Reach, other: Reach) -> BitMap:
    parts = [before ^ now for before, now in zip(one, other, strict=True) if before != now]
    return BitMap.union(*parts) if parts else EMPTY


def _touched(before: State, after: State, events: Iterable[e.Event]) -> BitMap | None:
    """The engagements that the events can matter to; None where that may be any."""
    found: list[BitMap] = []
    for event in events:
        part = _touched_by(before, after, event)
        if part is None:
            return None
        found.append(part)
    return BitMap.union(*found) if found else EMPTY


def _touched_by(before: State, after: State, event: e.Event) -> BitMap | None:
    register = after.register
    match event:
        case e.GrantsSet() | e.GrantsRemoved():
            match event.kind:
                case "engagement":
                    return event.targets
                case "client":
                    return register.spread(event.targets)
                case "service":
                    return BitMap.union(*(register.by_service.get(number, EMPTY) for number in event.targets))
                case "all":
                    return None
        case e.GroupJoined() | e.GroupLeft() | e.GroupDeleted():
            return _union_of(_held(before, event.group), _held(after, event.group))
        case e.ClientsExcluded() | e.ClientsIncluded():
            return register.spread(event.clients)
        case e.ClientMarked() | e.ClientRemoved() | e.ClientRestored():
            return BitMap(list(register.chain(event.client)))
        case e.ClientsAdded():
            return register.engagements - before.register.engagements
        case e.EngagementAdded() | e.EngagementRemoved():
            return BitMap([event.engagement])
        case (
            e.Described()
            | e.ServiceAdded()
            | e.ServiceRemoved()
            | e.GroupCreated()
            | e.DefaultsSet()
            | e.RequestOpened()
            | e.RequestClosed()
        ):
            return EMPTY
        case _:
            return None


def _union_of(one: BitMap | None, other: BitMap | None) -> BitMap | None:
    return None if one is None or other is None else one | other


def _held(state: State, group: int) -> BitMap | None:
    """The engagements that the group holds anything on; None for all clients."""
    subject: Subject = group_subject(group)
    if state.held_by(subject).all:
        return None
    cover = state.cover(subject)
    found = [part for levels in (cover.engagements, cover.clients, cover.services) for part in levels if part]
    return BitMap.union(*found) if found else EMPTY
