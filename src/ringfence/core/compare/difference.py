"""What a change does to access: who gains, who loses, what opens and closes, exactly (rules.md 6).

Two states are compared through the engagements that the events can touch; nothing is estimated or sampled.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all, touched_by
from ringfence.core.decision.evaluation import Evaluation
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.reach import Reach
from ringfence.core.decision.sets import everybodys, granted, open_to_all, reach
from ringfence.core.state.holding import EMPTY, Holding
from ringfence.core.state.register import Register
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, group_subject

from .engagements import EverybodysEngagements, MovedEngagements
from .renumbering import Renumbering, united


class Pairs(Mapping[int, BitMap]):
    """Client numbers by member number; members with none left out.

    Held by the clients' places in a lens and put into client numbers member by member, when asked for: a
    thousand members may lose a hundred thousand clients each, and most who ask want to know how many.
    """

    def __init__(self, places: Mapping[int, BitMap], lens: Renumbering) -> None:
        self._places = places
        self._lens = lens

    def __getitem__(self, member: int) -> BitMap:
        return self._lens.clients(self._places[member])

    def __contains__(self, member: object) -> bool:
        return member in self._places

    def __iter__(self) -> Iterator[int]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def count(self, member: int) -> int:
        """How many clients the member has here."""
        return len(self._places.get(member, EMPTY))

    @property
    def total(self) -> int:
        """How many (member, client) pairs there are."""
        return sum(map(len, self._places.values()))

    @property
    def clients(self) -> BitMap:
        """The clients of all pairs."""
        return self._lens.clients(united(list(self._places.values())))


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
    gained: MovedEngagements
    """By member, the engagements that they see afterwards only."""
    lost: MovedEngagements
    shifted: MovedEngagements
    """By member, the engagements that they see before and after, at another level."""
    openness: EverybodysEngagements

    @property
    def empty(self) -> bool:
        return not (self.gains or self.loses or self.changes or self.opens or self.closes)


def difference(before: State, after: State, events: Sequence[e.Event], now: Instant) -> Difference:
    """What changes at `now` by `events`, which lead from `before` to `after`."""
    register = after.register
    touched = _touched(at(before, now), at(after, now), events)
    clients = BitMap(range(1, register.next_client)) if touched is None else touched
    lens = Renumbering(register, clients, alive=before.register.engagements | register.engagements)
    found = _Found(lens)
    if clients:
        found.look(before, after, events, now)
    return Difference(
        gains=Pairs(found.gains, lens),
        loses=Pairs(found.loses, lens),
        changes=Pairs(found.changes, lens),
        opens=lens.clients(found.opens),
        closes=lens.clients(found.closes),
        gained=MovedEngagements(found.gained, lens),
        lost=MovedEngagements(found.lost, lens),
        shifted=MovedEngagements(found.shifted, lens),
        openness=found.openness,
    )


class _Found:
    """What is being gathered: clients by their places in the lens, engagements by their numbers there."""

    def __init__(self, lens: Renumbering) -> None:
        self.lens = lens
        self.gains: dict[int, BitMap] = {}
        self.loses: dict[int, BitMap] = {}
        self.changes: dict[int, BitMap] = {}
        self.gained: dict[int, BitMap] = {}
        self.lost: dict[int, BitMap] = {}
        self.shifted: dict[int, BitMap] = {}
        self.opens = self.closes = EMPTY
        self.openness = EverybodysEngagements(
            lens=lens, before=EMPTY, after=EMPTY, closed=EMPTY, stays=EMPTY, there=EMPTY
        )

    def look(self, before: State, after: State, events: Sequence[e.Event], now: Instant) -> None:
        was, will = Evaluation.of(before, now, self.lens), Evaluation.of(after, now, self.lens)
        before_open, after_open = open_to_all(was), open_to_all(will)
        self.opens = self.lens.places(after_open - before_open)
        self.closes = self.lens.places(before_open - after_open)
        self.openness = EverybodysEngagements(
            lens=self.lens,
            before=everybodys(was),
            after=everybodys(will),
            closed=before_open - after_open,
            stays=before_open & after_open,
            there=will.everything(),
        )
        members = before.everyone | after.everyone
        changed = touched_by(before, events)
        for member in members if changed is None else members & BitMap(changed):
            self._compare(member, reach(was, member), reach(will, member))
            # A thousand members of a large firm would hold each other's sets in memory for nothing.
            was.granted.pop(member, None)
            will.granted.pop(member, None)
        if changed is not None and (self.opens or self.closes):
            # To all others only what opens or closes makes a difference; what they were granted stays.
            narrow = self.lens.narrowed(self.opens | self.closes)
            was, will = Evaluation.of(before, now, narrow), Evaluation.of(after, now, narrow)
            for member in members - BitMap(changed):
                will.granted[member] = granted(was, member)
                self._compare(member, reach(was, member), reach(will, member))

    def _compare(self, member: int, before: Reach, after: Reach) -> None:
        if before == after:
            return
        gained, lost = after.see - before.see, before.see - after.see
        seen = gained | lost if gained and lost else gained or lost
        saw, sees = self.lens.places(before.see), self.lens.places(after.see)
        both = saw & sees
        moved = _moved(before, after, seen) if both else seen
        for by_member, found in (
            (self.gains, sees - both),
            (self.loses, saw - both),
            (self.changes, self.lens.places(moved) & both if both else EMPTY),
            (self.gained, gained),
            (self.lost, lost),
            (self.shifted, EMPTY if moved is seen else moved - seen),
        ):
            if found:
                by_member[member] = found


def preview(moment: Moment, change: e.Change) -> Difference:
    """What a change that a command gave would do."""
    after = apply_all(moment.state, change.events)
    return difference(moment.state, after, change.events, moment.now)


def _moved(before: Reach, after: Reach, seen: BitMap) -> BitMap:
    """The engagements on which the level is another; `seen` are those seen before or after only."""
    found = [seen]
    for index, (was, will) in enumerate(zip(before, after, strict=True)):
        if index and not (was is before[index - 1] and will is after[index - 1]) and was != will:
            found.append(was ^ will)
    return united(found)


def _touched(before: Moment, after: Moment, events: Sequence[e.Event]) -> BitMap | None:
    """The clients that the events can matter to; None where that may be any."""
    found: list[BitMap] = []
    for event in events:
        match event:
            case e.WallSet(wall=number) | e.WallLowered(wall=number):
                part: BitMap | None = _on_wall(before.state, number) | _on_wall(after.state, number)
            case (
                e.MemberChanged(member=number)
                | e.MemberDeactivated(member=number)
                | e.MemberReactivated(member=number)
                | e.DelegationSet(delegator=number)
                | e.DelegationRemoved(delegator=number)
            ):
                # What somebody hands on, they see.
                part = before.clients(number) | after.clients(number)
            case _:
                part = _touched_by(before.state, after.state, event)
        if part is None:
            return None
        found.append(part)
    return united(found)


def _touched_by(before: State, after: State, event: e.Event) -> BitMap | None:
    register = after.register
    match event:
        case e.GrantsSet() | e.GrantsRemoved():
            match event.kind:
                case "engagement":
                    return register.clients_of(event.targets)
                case "client":
                    return event.targets
                case "service":
                    return _clients_with(register, event.targets)
                case "all":
                    return None
        case e.GroupJoined() | e.GroupLeft() | e.GroupDeleted():
            subject = group_subject(event.group)
            one, other = _held(before.held_by(subject), register), _held(after.held_by(subject), register)
            return None if one is None or other is None else one | other
        case e.ClientsExcluded() | e.ClientsIncluded():
            return event.clients
        case e.ClientMarked() | e.ClientRemoved() | e.ClientRestored() | e.EngagementAdded():
            return BitMap([event.client])
        case e.EngagementRemoved():
            return BitMap([register.client_of[event.engagement]])
        case e.ClientsAdded() | e.EngagementsAdded():
            return register.clients_of(register.engagements - before.register.engagements)
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
            | e.EntryUndone()
            | e.UserSeated()
        ):
            return EMPTY
        case _:
            return None


def _on_wall(state: State, wall: int) -> BitMap:
    return united([BitMap(side.clients) for side in state.walls.get(wall, ())])


def _held(held: Holding, register: Register) -> BitMap | None:
    """The clients that these grants are on; None for all of them."""
    if held.all:
        return None
    found = [part for part in held.clients if part]
    found += [register.clients_of(part) for part in held.engagements if part]
    if held.services:
        found.append(_clients_with(register, held.services))
    return united(found)


def _clients_with(register: Register, services: Iterable[int]) -> BitMap:
    return register.clients_of(united([register.by_service.get(number, EMPTY) for number in services]))
