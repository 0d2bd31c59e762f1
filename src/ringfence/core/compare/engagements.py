"""Which engagements a change moves: sets as they are compared, put into clients when asked for.

What a comparison counts in clients (rules.md 6) is in `difference.py`; these say which services of them.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Literal, NamedTuple

import msgspec
from pyroaring import BitMap

from ringfence.core.state.holding import EMPTY
from ringfence.core.state.register import Register
from ringfence.core.terms import Level

from .moved import LEVEL_SHIFTS, MovedClass
from .places import ClientPlaces

Part = Literal["gained", "lost", "shifted"]
"""What moves for a class of members, by its name there and in its counts."""


class Engagements:
    """A set of engagements, and whose they are."""

    def __init__(self, find: Callable[[], BitMap], register: Register, places: ClientPlaces) -> None:
        """`find` says their numbers, once they are needed."""
        self._find = find
        self._register = register
        self._places = places

    @cached_property
    def _numbers(self) -> BitMap:
        return self._find()

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def client_count(self) -> int:
        """How many clients have them: less work than to say which."""
        return len(self._places.of(self._numbers))

    @property
    def clients(self) -> BitMap:
        """The numbers of the clients that have them."""
        return self._places.clients(self._places.of(self._numbers))

    def of(self, clients: BitMap) -> BitMap:
        """The numbers of those that these clients have."""
        return self._places.theirs(clients, self._numbers)


class _EngagementsOfClass(Engagements):
    """What moves for a class of members, whose clients are counted once for all of them."""

    def __init__(self, moved: MovedClass, part: Part, register: Register, places: ClientPlaces) -> None:
        super().__init__(partial(getattr, moved, part), register, places)
        self._moved, self._part = moved, part

    @property
    def client_count(self) -> int:
        count: int = getattr(self._moved.counts, self._part)
        return count


class MovedEngagements(Mapping[int, Engagements]):
    """Engagements by member; members with none left out."""

    def __init__(
        self, moved: Mapping[int, MovedClass], part: Part, register: Register, places: ClientPlaces
    ) -> None:
        """`moved` has the members of whom the part is not empty."""
        self._moved = moved
        self._part = part
        self._register = register
        self._places = places

    def __getitem__(self, member: int) -> Engagements:
        return _EngagementsOfClass(self._moved[member], self._part, self._register, self._places)

    @property
    def clients(self) -> BitMap:
        """The clients of which a member moves any engagement."""
        found = BitMap()
        for each in set(self._moved.values()):
            found |= getattr(each, self._part)
        return self._places.clients(self._places.of(found))

    def clients_beside(self, member: int, engagements: BitMap) -> BitMap:
        """The clients of the member's engagements here but those."""
        moved = self._moved.get(member)
        if moved is None:
            return EMPTY
        return self._places.clients(self._places.of(getattr(moved, self._part) - engagements))

    def __contains__(self, member: object) -> bool:
        return member in self._moved

    def __iter__(self) -> Iterator[int]:
        return iter(self._moved)

    def __len__(self) -> int:
        return len(self._moved)


class ShiftedLevel(NamedTuple):
    """What a member sees before and after, at these levels."""

    before: Level
    after: Level
    engagements: Engagements


class ShiftedEngagements(MovedEngagements):
    """By member, what they see before and after at another level; members with none left out."""

    def by_level(self, member: int) -> tuple[ShiftedLevel, ...]:
        """What moves for the member by the level before and after, lowest first; none empty."""
        moved = self._moved[member]
        found = ((was, will, moved.shifted_from(was, will)) for was, will in LEVEL_SHIFTS)
        return tuple(
            ShiftedLevel(was, will, Engagements(partial(BitMap, those), self._register, self._places))
            for was, will, those in found
            if those
        )


class EverybodysEngagements(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What is everybody's before and after: open to all (rules.md 6), or given to Everyone."""

    register: Register
    places: ClientPlaces
    before: BitMap
    after: BitMap
    closed: BitMap
    """What stops being open to all."""
    stays: BitMap
    """What is open to all before and after."""
    there: BitMap
    """Every engagement that is there afterwards, of the clients looked at."""

    @property
    def released(self) -> Engagements:
        """What is everybody's afterwards only."""
        return self._engagements(self.after - self.before)

    @property
    def withdrawn(self) -> Engagements:
        """What is everybody's before only."""
        return self._engagements(self.before - self.after)

    @property
    def left_open(self) -> Engagements:
        """What is open to all before and after, of the clients looked at."""
        return self._engagements(self.stays)

    @property
    def partly(self) -> BitMap:
        """The clients that are moved, and afterwards are everybody's in part only."""
        places = self.places.of
        moved = places(self.before ^ self.after)
        return self.places.clients(moved & places(self.after) & places(self.there - self.after))

    @property
    def shared(self) -> BitMap:
        """The clients with an engagement that stops being open to all, and stays everybody's by a grant."""
        return self.places.clients(self.places.of(self.closed & self.after))

    def _engagements(self, numbers: BitMap) -> Engagements:
        return Engagements(lambda: numbers, self.register, self.places)
