"""What a change does to access: who gains, who loses, what opens and closes, exactly (rules.md 6).

Two states are compared through the engagements that the events can touch; nothing is estimated or sampled.
"""

from collections.abc import Mapping, Sequence

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply import touched_by
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


def difference(before: State, after: State, events: Sequence[e.Event], now: Instant) -> Difference:
    """What changes at `now` by `events`, which lead from `before` to `after`."""
    touched = _touched(before, after, events)
    if touched is not None and not touched:
        return Difference(gains={}, loses={}, changes={}, opens=EMPTY, closes=EMPTY)
    register = after.register
    clients = BitMap(range(1, register.next_client)) if touched is None else register.clients_of(touched)
    fold = Fold(register, clients)
    was, will = Sight.of(before, now, fold), Sight.of(after, now, fold)
    opened, closed = _open(will) - _open(was), _open(was) - _open(will)
    members = before.everyone | after.everyone
    changed = touched_by(before, events)
    found = _Found()
    found.compare(members if changed is None else members & BitMap(changed), was, will, fold)
    opens, closes = fold.clients(opened), fold.clients(closed)
    if changed is not None and (opens or closes):
        # To all others only what opens or closes makes a difference.
        narrow = Fold(register, opens | closes)
        was, will = Sight.of(before, now, narrow), Sight.of(after, now, narrow)
        found.compare(members - BitMap(changed), was, will, narrow)
    return Difference(gains=found.gains, loses=found.loses, changes=found.changes, opens=opens, closes=closes)


class _Found:
    """Pairs being gathered."""

    def __init__(self) -> None:
        self.gains: dict[int, BitMap] = {}
        self.loses: dict[int, BitMap] = {}
        self.changes: dict[int, BitMap] = {}

    def compare(self, members: BitMap, was: Sight, will: Sight, fold: Fold) -> None:
        for member in members:
            self._compare(member, was.reach(member), will.reach(member), fold)
            # A thousand members of a large firm would hold each other's sets in memory for nothing.
            was.granted.pop(member, None)
            will.granted.pop(member, None)

    def _compare(self, member: int, before: Reach, after: Reach, fold: Fold) -> None:
        if before == after:
            return
        seen, sees = fold.clients(before.see), fold.clients(after.see)
        gained, lost = sees - seen, seen - sees
        moved = EMPTY
        if not (_plain(before) and _plain(after) and fold.whole(before.see) and fold.whole(after.see)):
            moved = fold.clients(_moved(before, after)) - gained - lost
        for pairs, clients in ((self.gains, gained), (self.loses, lost), (self.changes, moved)):
            if clients:
                pairs[member] = clients


def preview(moment: Moment, change: e.Change) -> Difference:
    """What a change that a command gave would do."""
    after = moment.state.apply_all(change.events)
    return difference(moment.state, after, change.events, moment.now)


def _open(sight: Sight) -> BitMap:
    return sight.open() if sight.state.settings.control else sight.everything()


def _plain(reach: Reach) -> bool:
    """Whether everything is at Editor: of clients that are seen whole, none can change its level then."""
    return reach.edit is reach.see and not reach.own


def _moved(before: Reach, after: Reach) -> BitMap:
    """The engagements on which the level is another."""
    parts = []
    for index in range(3):
        if index and before[index] is before[index - 1] and after[index] is after[index - 1]:
            continue
        parts.append(before[index] ^ after[index])
    return parts[0] if len(parts) == 1 else BitMap.union(*parts)


def _touched(before: State, after: State, events: Sequence[e.Event]) -> BitMap | None:
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
            | e.RecordOpened()
            | e.ExportTaken()
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
