"""What a change moves for members: worked out once for each class of them, who are granted the same before
and the same after.

Of a thousand members of a large firm each set would be in memory at once: what is kept is what each class is
granted, and counts. Sets are made when somebody asks for them.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import permutations
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core.decision.evaluation import Evaluation
from ringfence.core.decision.reach import Granted, Reach, united
from ringfence.core.decision.sets import alike, empty_handed_alike, granted, with_open
from ringfence.core.state.holding import EMPTY
from ringfence.core.terms import Level

from .places import ClientPlaces

_SEEING = (Level.READER, Level.EDITOR, Level.OWNER)


class MovedClients(NamedTuple):
    """The places of clients by what moves of them for a class."""

    gains: BitMap
    """Those that it sees afterwards only."""
    loses: BitMap
    """Those that it sees before only."""
    changes: BitMap
    """Those that it sees both times, otherwise."""
    gained: BitMap
    """Those of which it sees any engagement afterwards only."""
    lost: BitMap
    shifted: BitMap


class MovedCounts(NamedTuple):
    """How many clients those are."""

    gains: int
    loses: int
    changes: int
    gained: int
    lost: int
    shifted: int


class LostAndGained(NamedTuple):
    """The places of clients that are had before only, and afterwards only."""

    lost: BitMap
    gained: BitMap


NEITHER = LostAndGained(EMPTY, EMPTY)
MovedByLevel = tuple[LostAndGained, LostAndGained, LostAndGained]
"""By least level, Reader first."""


KEPT = 32_000_000
"""Bytes of sets that the classes of one comparison keep: a page asks for each more than once."""


class Room:
    """For what is kept of one comparison: what comes when it is full is worked out anew each time."""

    def __init__(self, left: int = KEPT) -> None:
        self._left = left

    def takes(self, clients: MovedClients) -> bool:
        """Whether it can be kept besides."""
        taken = sum(map(_bytes, {id(part): part for part in clients}.values()))
        if taken > self._left:
            return False
        self._left -= taken
        return True


def _bytes(places: BitMap) -> int:
    """About how many the set takes: two a place, or a bit for each where many lie close together."""
    return min(2 * len(places), (places.max() - places.min()) // 8 + 1) if places else 0


class MovedClass:
    """One class of members: what they are granted before and after, and what that moves (rules.md 6)."""

    _kept: MovedClients | None = None
    _counts: MovedCounts | None = None

    def __init__(
        self,
        was: Evaluation,
        will: Evaluation,
        before: Granted,
        after: Granted,
        places: ClientPlaces,
        room: Room,
    ) -> None:
        self._was, self._will, self._room = was, will, room
        self._before, self._after = before, after
        self._places = places
        self._whole: Callable[[], MovedClass] | None = None
        sees_before, sees_after = self._reaches()
        self.gains_any = not _within(sees_after.see, sees_before.see)
        """Whether any engagement is seen afterwards only."""
        self.loses_any = not _within(sees_before.see, sees_after.see)
        """Whether any engagement is seen before only."""
        self.shifts_any = bool(_shifted(sees_before, sees_after))
        """Whether any engagement is seen before and after, at another level."""

    def __bool__(self) -> bool:
        return self.gains_any or self.loses_any or self.shifts_any

    @property
    def gained(self) -> BitMap:
        """The engagements seen afterwards only."""
        before, after = self._reaches()
        return after.see - before.see

    @property
    def lost(self) -> BitMap:
        """The engagements seen before only."""
        before, after = self._reaches()
        return before.see - after.see

    @property
    def shifted(self) -> BitMap:
        """The engagements seen before and after, at another level."""
        return _shifted(*self._reaches())

    def shifted_from(self, was: Level, will: Level) -> BitMap:
        """The engagements seen before at the one level, and after at the other."""
        before, after = self._reaches()
        return _exactly(before, was) & _exactly(after, will)

    def within(self, whole: "Callable[[], MovedClass]") -> "MovedClass":
        """The same of one member; `whole` sees all engagements of the clients, and is asked for clients."""
        found = copy.copy(self)
        found._whole = whole
        return found

    @cached_property
    def in_clients(self) -> "MovedClass":
        """Who is asked for clients: one for all who are alike there too."""
        return self if self._whole is None else self._whole()

    def clients(self) -> MovedClients:
        """The same in clients, by their places."""
        if self._whole is not None:
            return self.in_clients.clients()
        if self._kept is not None:
            return self._kept
        before, after = self._reaches()
        moved = after.see - before.see, before.see - after.see, _shifted(before, after)
        gained, lost, shifted = (self._places.of(part) if part else EMPTY for part in moved)
        # Where nothing is gained nobody asks who saw it before, where nothing is lost not who sees it after.
        saw = self._places.of(before.see) if gained else EMPTY
        sees = self._places.of(after.see) if lost else EMPTY
        changes = shifted | (gained & saw) | (lost & sees)
        gains, loses = _less(gained, saw), _less(lost, sees)
        found = MovedClients(gains, loses, changes, gained, lost, shifted)
        self._counts = MovedCounts(*map(len, found))
        if self._room.takes(found):
            self._kept = found
        return found

    def by_level(self) -> MovedByLevel:
        """What is lost and gained by least level."""
        if self._whole is not None:
            return self.in_clients.by_level()
        seen = self.clients()
        return moved_by_level(*self._reaches(), self._places, LostAndGained(seen.loses, seen.gains))

    @property
    def counts(self) -> MovedCounts:
        """How many clients those are: what a page says of a person, more than once."""
        if self._whole is not None:
            return self.in_clients.counts
        if self._counts is None:
            self.clients()
        assert self._counts is not None
        return self._counts

    def _reaches(self) -> tuple[Reach, Reach]:
        return with_open(self._was, self._before), with_open(self._will, self._after)


LEVEL_SHIFTS = tuple(permutations(_SEEING, 2))
"""The ways in which the level of what is seen can be another: before, after."""


def _less(places: BitMap, others: BitMap) -> BitMap:
    """Those that are not among the others: mostly all of them, which is one object then and kept once."""
    found = places - others
    return places if len(found) == len(places) else found


def _exactly(reach: Reach, level: Level) -> BitMap:
    index = _SEEING.index(level)
    return reach[index] - reach[index + 1] if index + 1 < len(reach) else reach[index]


def _shifted(before: Reach, after: Reach) -> BitMap:
    found = [
        was ^ will
        for index, (was, will) in enumerate(zip(before, after, strict=True))
        # One set for several levels, as where there is but one level, is looked at once.
        if index and not (was is before[index - 1] and will is after[index - 1]) and was != will
    ]
    return united(found) & before.see & after.see if found else EMPTY


def moved_by_level(
    before: Reach, after: Reach, places: ClientPlaces, seen: LostAndGained | None = None
) -> MovedByLevel:
    """The places of the clients of which any engagement is had before only and after only, by least level.

    `seen`: what is known of the lowest one.
    """
    found: list[LostAndGained] = []
    earlier: tuple[BitMap, BitMap] | None = None
    for was, will in zip(before, after, strict=True):
        if was is will:
            found.append(NEITHER)
        elif seen is not None and not found:
            found.append(seen)
        elif earlier is not None and was is earlier[0] and will is earlier[1]:
            found.append(found[-1])
        else:
            lost, gained = was - will, will - was
            found.append(
                LostAndGained(
                    places.of(lost) - places.of(will) if lost else EMPTY,
                    places.of(gained) - places.of(was) if gained else EMPTY,
                )
            )
        earlier = was, will
    return found[0], found[1], found[2]


def _within(one: BitMap, other: BitMap) -> bool:
    # By counting: a subset test against a set in one piece takes a hundred times as long.
    return one is other or one.intersection_cardinality(other) == len(one)


class MovedByOpening:
    """What moves for members who are granted the same before and after: once for all who are alike."""

    def __init__(self, was: Evaluation, will: Evaluation, places: ClientPlaces) -> None:
        self._was, self._will, self._places = was, will, places
        self._room = Room()
        self._classes: dict[object, MovedClass] = {}

    def of(self, member: int) -> MovedClass:
        same = alike(self._was, member)
        if same is None:
            return self._of(member)
        found = self._classes.get(same)
        if found is None:
            found = self._classes[same] = self._of(member)
        return found

    def _of(self, member: int) -> MovedClass:
        before = granted(self._was, member)
        self._was.granted.pop(member, None)
        return MovedClass(self._was, self._will, before, before, self._places, self._room)


def moved_members(
    was: Evaluation,
    will: Evaluation,
    members: BitMap,
    places: ClientPlaces,
    *,
    granted_alike: bool = False,
    told: "Callable[[int], MovedClass | None]" = lambda _member: None,
) -> dict[int, MovedClass]:
    """By member, what moves between the two; who moves nothing is left out.

    With `granted_alike` they are granted the same afterwards, and only what is open to all can make a
    difference. `told` says it of some members, so that they need not be looked at.
    """
    classes: dict[tuple[int, int], tuple[Granted, Granted, MovedClass]] = {}
    room = Room()

    def moved_for(member: int) -> MovedClass:
        before = granted(was, member)
        if granted_alike:
            will.granted[member] = before
        after = granted(will, member)
        known = classes.get((id(before), id(after)))
        if known is None:
            # What they are granted is kept with its class, so that nothing else can take over its id.
            known = classes[id(before), id(after)] = (
                before,
                after,
                MovedClass(was, will, before, after, places, room),
            )
        was.granted.pop(member, None)
        will.granted.pop(member, None)
        return known[2]

    found = {}
    for same in _empty_handed_alike(was, was if granted_alike else will, members):
        members = members - same
        if moved := moved_for(same[0]):
            found.update(dict.fromkeys(same, moved))
    for member in members:
        if moved := told(member) or moved_for(member):
            found[member] = moved
    return found


def _empty_handed_alike(was: Evaluation, will: Evaluation, members: BitMap) -> list[BitMap]:
    """Those who have nothing of what is looked at before or after: who are together are granted the same."""
    before, after = (empty_handed_alike(each, members) for each in (was, will))
    return [both for one in before for other in after if (both := one & other)]


class Pairs(Mapping[int, BitMap]):
    """Client numbers by member number; members with none left out."""

    def __init__(self, moved: Mapping[int, MovedClass], places: ClientPlaces, at: int) -> None:
        """`at` is the place of the part in `MovedClients`."""
        self._moved = moved
        self._places = places
        self._at = at

    def __getitem__(self, member: int) -> BitMap:
        found = self._moved[member].clients()[self._at]
        if not found:
            raise KeyError(member)
        return self._places.clients(found)

    def __contains__(self, member: object) -> bool:
        return isinstance(member, int) and self.count(member) > 0

    def __iter__(self) -> Iterator[int]:
        return (member for member in self._moved if self.count(member))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)

    def count(self, member: int) -> int:
        """How many clients the member has here."""
        moved = self._moved.get(member)
        return moved.counts[self._at] if moved is not None else 0

    def alike(self) -> Iterator[tuple[BitMap, BitMap]]:
        """Members who are granted the same, with the clients that each of them has here; none left out."""
        for moved, members in self._classes():
            yield members, self._places.clients(moved.clients()[self._at])

    def alike_counted(self) -> Iterator[tuple[BitMap, int]]:
        """The same with how many clients those are: less work than to say which."""
        for moved, members in self._classes():
            yield members, moved.counts[self._at]

    def _classes(self) -> Iterator[tuple[MovedClass, BitMap]]:
        members: dict[MovedClass, BitMap] = {}
        for member, moved in self._moved.items():
            if moved.counts[self._at]:
                members.setdefault(moved.in_clients, BitMap()).add(member)
        yield from members.items()

    @property
    def total(self) -> int:
        """How many (member, client) pairs there are."""
        return sum(self.count(member) for member in self._moved)

    @property
    def clients(self) -> BitMap:
        """The clients of all pairs."""
        found = BitMap()
        for each in {moved.in_clients for moved in self._moved.values()}:
            if each.counts[self._at]:
                found |= each.clients()[self._at]
        return self._places.clients(found)
