"""Which engagements a change moves: held by the numbers of one comparison, worked out when asked for.

What a comparison counts in clients (rules.md 6) is in `difference.py`; these say which services of them.
"""

from collections.abc import Iterator, Mapping

import msgspec
from pyroaring import BitMap

from .renumbering import Renumbering


class Engagements:
    """A set of engagements, counted as it stands and put into engagement numbers only when asked for."""

    def __init__(self, renumbered: BitMap, lens: Renumbering) -> None:
        self._renumbered = renumbered
        self._lens = lens

    def __len__(self) -> int:
        return len(self._renumbered)

    @property
    def client_count(self) -> int:
        """How many clients have them: less work than to say which."""
        return len(self._lens.places(self._renumbered))

    @property
    def clients(self) -> BitMap:
        """The numbers of the clients that have them."""
        return self._lens.clients(self._lens.places(self._renumbered))

    def of(self, clients: BitMap) -> BitMap:
        """The numbers of those that these clients have."""
        return self._lens.engagements(self._renumbered, clients)


class MovedEngagements(Mapping[int, Engagements]):
    """Engagements by member; members with none left out."""

    def __init__(self, moved: Mapping[int, BitMap], lens: Renumbering) -> None:
        self._moved = moved
        self._lens = lens

    def __getitem__(self, member: int) -> Engagements:
        return Engagements(self._moved[member], self._lens)

    @property
    def clients(self) -> BitMap:
        """The clients of which a member moves any engagement."""
        moved = BitMap.union(BitMap(), *self._moved.values())
        return self._lens.clients(self._lens.places(moved))

    def clients_beside(self, member: int, renumbered: BitMap) -> BitMap:
        """The clients of the member's engagements here but those, which have the numbers of the lens."""
        return self._lens.clients(self._lens.places(self._moved.get(member, BitMap()) - renumbered))

    def __contains__(self, member: object) -> bool:
        return member in self._moved

    def __iter__(self) -> Iterator[int]:
        return iter(self._moved)

    def __len__(self) -> int:
        return len(self._moved)


class EverybodysEngagements(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What is everybody's before and after: open to all (rules.md 6), or given to Everyone."""

    lens: Renumbering
    before: BitMap
    after: BitMap
    closed: BitMap
    """What stops being open to all."""
    stays: BitMap
    """What is open to all before and after."""
    there: BitMap
    """Every engagement that is there afterwards."""

    @property
    def released(self) -> Engagements:
        """What is everybody's afterwards only."""
        return Engagements(self.after - self.before, self.lens)

    @property
    def withdrawn(self) -> Engagements:
        """What is everybody's before only."""
        return Engagements(self.before - self.after, self.lens)

    @property
    def left_open(self) -> Engagements:
        """What is open to all before and after, of the clients looked at."""
        return Engagements(self.stays, self.lens)

    @property
    def partly(self) -> BitMap:
        """The clients that are moved, and afterwards are everybody's in part only."""
        places = self.lens.places
        moved = places(self.before ^ self.after)
        return self.lens.clients(moved & places(self.after) & places(self.there - self.after))

    @property
    def shared(self) -> BitMap:
        """The clients with an engagement that stops being open to all, and stays everybody's by a grant."""
        return self.lens.clients(self.lens.places(self.closed & self.after))
