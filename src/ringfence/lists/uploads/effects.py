"""What a rehearsed list does to access, with the names of whom and of what: for the page that shows it."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from pyroaring import BitMap

from ringfence.access import (
    Difference,
    Engagements,
    MovedEngagements,
    OnBothSides,
    Pairs,
    Rehearsal,
    Road,
    ShiftedEngagements,
)
from ringfence.access.policing.breaching import broken_named
from ringfence.access.reading import client_names, rows_by_number
from ringfence.core.directory import sort_key
from ringfence.core.terms import Thing
from ringfence.firms.models import Member
from ringfence.lists.plans.known_firm import KnownFirm

from .stages import BothSides, Clients, Effect, MovedLevel, MovedMember, OnASide, People

FIRST = 10
"""People and clients that are named."""
NAMED = 3
"""Clients of one person that are named."""
NO_CLIENTS, NONE = Clients(), BitMap()


class ListEffects:
    """The effects of one rehearsal, each name read once."""

    def __init__(self, rehearsal: Rehearsal, known: KnownFirm) -> None:
        """`known` is the firm as it is before."""
        self._rehearsal = rehearsal
        self._firm = rehearsal.firm
        self._firm_now = known.firm_now
        self._services = {number: name for name, number in known.service_numbers.items()}
        self._names: dict[tuple[Thing, int], str] = {
            (Thing.MEMBER, number): name
            for number, name in Member.objects.filter(firm=self._firm).values_list("number", "name")
        }
        # What the list itself adds or renames has no such name in the tables yet.
        coming = (text for text in rehearsal.texts if text.thing in {Thing.MEMBER, Thing.CLIENT, Thing.GROUP})
        self._coming = {
            (text.thing, text.number): text.fields["name"] for text in coming if text.fields.get("name")
        }

    def now(self) -> Effect:
        """What it does as the firm stands."""
        found, ownerless = self._rehearsal.difference(), self._rehearsal.ownerless()
        return msgspec.structs.replace(
            self._of(found),
            ownerless=self._clients(ownerless.without),
            walled_off=self._clients(ownerless.walled_off),
            left_to_nobody=self._clients(self._rehearsal.left_to_nobody(found)),
            breaks=tuple(
                (each.name, "refuse" if each.refuses else "warn")
                for each in broken_named(self._firm, self._firm_now.policies, self._rehearsal.breaks())
            ),
            self_access=self._rehearsal.self_access,
            both_sides=self._both_sides(self._rehearsal.both_sides()),
        )

    def _both_sides(self, found: Sequence[OnBothSides]) -> BothSides:
        first = found[:FIRST]
        kept = {each.member for each in found if each.road not in {Road.NAMED, Road.SEES}}
        names = sorted((self._name(Thing.MEMBER, number) for number in kept), key=sort_key)
        self._read_things(Thing.WALL, [each.wall for each in first])
        self._read_things(Thing.GROUP, [each.by for each in first if each.road is Road.GROUP])
        self._read(client for each in first for client in each.clients[:NAMED])
        return BothSides(
            len(found), tuple(self._on_a_side(each) for each in first), len(kept), tuple(names[:FIRST])
        )

    def _on_a_side(self, found: OnBothSides) -> OnASide:
        by = Thing.GROUP if found.road is Road.GROUP else Thing.MEMBER
        return OnASide(
            found.road,
            self._name(Thing.MEMBER, found.member),
            self._name(Thing.WALL, found.wall),
            self._name(by, found.by) if found.by else "",
            tuple(self._name(Thing.CLIENT, number) for number in found.clients[:NAMED]),
            len(found.clients),
        )

    def once_on(self) -> Effect | None:
        """What it does once control is turned on; None where control is on, or where that is nothing."""
        found = self._rehearsal.difference_once_on()
        return None if found is None or found.empty else self._of(found)

    def _of(self, found: Difference) -> Effect:
        openness = found.openness
        return Effect(
            gains=self._people(found.gained, found.gains),
            loses=self._people(found.lost, found.loses),
            changes=self._changes(found.shifted),
            opens=self._parts(openness.released, openness.partly),
            closes=self._parts(openness.withdrawn, openness.partly),
            shared=len(openness.shared),
        )

    def _people(self, moved: MovedEngagements, whole: Pairs) -> People:
        """The members with what is moved; `whole` are the clients that are so as a whole, to each of them."""
        first = (self._person(number, moved[number], whole.count(number)) for number in self._named(moved))
        return People(len(moved), tuple(first))

    def _changes(self, shifted: ShiftedEngagements) -> People:
        """The members who see things at another level, with the levels before and after."""
        first = (
            msgspec.structs.replace(
                self._person(number, shifted[number], 0), levels=tuple(self._levels(shifted, number))
            )
            for number in self._named(shifted)
        )
        return People(len(shifted), tuple(first))

    def _levels(self, shifted: ShiftedEngagements, member: int) -> Iterator[MovedLevel]:
        few = shifted[member].client_count <= NAMED
        for each in shifted.by_level(member):
            moved = each.engagements
            clients = self._parts(moved, NONE).first if few else ()
            yield MovedLevel(each.before, each.after, len(moved), moved.client_count, clients)

    def _named(self, moved: MovedEngagements) -> list[int]:
        """The first members by name."""
        return sorted(moved, key=lambda number: (sort_key(self._name(Thing.MEMBER, number)), number))[:FIRST]

    def _person(self, number: int, moved: Engagements, whole: int) -> MovedMember:
        count = moved.client_count
        clients = self._parts(moved, NONE).first if count <= NAMED else ()
        return MovedMember(number, self._name(Thing.MEMBER, number), len(moved), count, whole, clients)

    def _clients(self, clients: BitMap) -> Clients:
        """Whole clients."""
        return Clients(len(clients), 0, tuple((name, "") for _number, name in self._first(clients)))

    def _parts(self, moved: Engagements, partly: BitMap) -> Clients:
        """Clients, with the services that are moved where these are not all that they have.

        `partly` are clients that are everybody's in part afterwards.
        """
        if not moved:
            return NO_CLIENTS
        clients = moved.clients
        first = tuple(
            (name, self._services_of(number, moved.of(BitMap([number]))))
            for number, name in self._first(clients)
        )
        return Clients(len(clients), len(clients & partly), first)

    def _services_of(self, client: int, engagements: BitMap) -> str:
        """The services of a client that is moved in part; none of one that is moved whole, or new."""
        now = self._firm_now
        if len(engagements) >= len(now.engagements_of(client)):
            return ""
        names = (self._services.get(now.service_of(each), "") for each in engagements)
        return ", ".join(sorted(filter(None, names), key=sort_key))

    def _first(self, clients: BitMap) -> list[tuple[int, str]]:
        """The first by name of those that were there before, then of those that come, with their names."""
        if not clients:
            return []
        there = client_names(self._firm).page(clients, 0, FIRST)
        new = (number for number in clients if self._rehearsal.adds(number))
        first = [*there, *(number for number, _ in zip(new, range(FIRST - len(there)), strict=False))]
        self._read(there)
        return [(number, self._name(Thing.CLIENT, number)) for number in first]

    def _read(self, clients: Iterable[int]) -> None:
        self._read_things(Thing.CLIENT, clients)

    def _read_things(self, thing: Thing, numbers: Iterable[int]) -> None:
        missing = [number for number in numbers if (thing, number) not in self._names]
        rows = rows_by_number(self._firm, thing, ("number", "name"), "number", missing) if missing else ()
        self._names |= {(thing, number): name for number, name in rows}

    def _name(self, thing: Thing, number: int) -> str:
        return self._coming.get((thing, number)) or self._names.get((thing, number), "")
