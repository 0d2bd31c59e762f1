"""What a rehearsed list does to access, with the names of whom and of what: for the page that shows it."""

from collections.abc import Iterable

from pyroaring import BitMap

from ringfence.access import Difference, Pairs, Rehearsal
from ringfence.access.reading import client_names, rows_by_number
from ringfence.core.directory import sort_key
from ringfence.core.terms import Thing
from ringfence.firms.models import Member

from .stages import Clients, Effect, MovedMember, People

FIRST = 10
"""People and clients that are named."""
NAMED = 3
"""Clients of one person that are named."""
NO_CLIENTS = Clients()


class ListEffects:
    """The effects of one rehearsal, each name read once."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal
        self._firm = rehearsal.firm
        self._names: dict[tuple[Thing, int], str] = {
            (Thing.MEMBER, number): name
            for number, name in Member.objects.filter(firm=self._firm).values_list("number", "name")
        }
        # What the list itself adds or renames has no such name in the tables yet.
        coming = (text for text in rehearsal.texts if text.thing in {Thing.MEMBER, Thing.CLIENT})
        self._coming = {
            (text.thing, text.number): text.fields["name"] for text in coming if text.fields.get("name")
        }

    def now(self) -> Effect:
        """What it does as the firm stands."""
        ownerless = self._rehearsal.ownerless()
        return self._of(
            self._rehearsal.difference(),
            ownerless=self._clients(ownerless.without),
            walled_off=self._clients(ownerless.walled_off),
        )

    def once_on(self) -> Effect | None:
        """What it does once control is turned on; None where control is on, or where that is nothing."""
        found = self._rehearsal.difference_once_on()
        return None if found is None or found.empty else self._of(found)

    def _of(
        self, found: Difference, ownerless: Clients = NO_CLIENTS, walled_off: Clients = NO_CLIENTS
    ) -> Effect:
        return Effect(
            gains=self._people(found.gains),
            loses=self._people(found.loses),
            changes=self._people(found.changes),
            opens=self._clients(found.opens),
            closes=self._clients(found.closes),
            ownerless=ownerless,
            walled_off=walled_off,
            self_access=any(each.change.self_access for each in self._rehearsal.done),
        )

    def _people(self, pairs: Pairs) -> People:
        named = sorted(pairs, key=lambda number: (sort_key(self._name(Thing.MEMBER, number)), number))
        first = tuple(self._person(number, pairs) for number in named[:FIRST])
        return People(total=len(pairs), pairs=pairs.total, first=first)

    def _person(self, number: int, pairs: Pairs) -> MovedMember:
        count = pairs.count(number)
        clients = self._clients(pairs[number]).first if count <= NAMED else ()
        return MovedMember(number, self._name(Thing.MEMBER, number), count, clients)

    def _clients(self, clients: BitMap) -> Clients:
        """The first by name of those that were there before, then of those that come."""
        if not clients:
            return NO_CLIENTS
        there = client_names(self._firm).page(clients, 0, FIRST)
        new = (number for number in clients if self._rehearsal.adds(number))
        first = [*there, *(number for number, _ in zip(new, range(FIRST - len(there)), strict=False))]
        self._read(there)
        return Clients(len(clients), tuple(self._name(Thing.CLIENT, number) for number in first))

    def _read(self, clients: Iterable[int]) -> None:
        missing = [number for number in clients if (Thing.CLIENT, number) not in self._names]
        rows = rows_by_number(self._firm, Thing.CLIENT, ("number", "name"), "number", missing)
        self._names |= {(Thing.CLIENT, number): name for number, name in rows}

    def _name(self, thing: Thing, number: int) -> str:
        return self._coming.get((thing, number)) or self._names.get((thing, number), "")
