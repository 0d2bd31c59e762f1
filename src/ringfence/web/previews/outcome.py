"""What a command would do, in names: who gains, who loses, what opens and closes (rules.md 6).

The numbers are the preview's and exact; of the names, the first few by name are read. Access is to services
of clients, so whoever keeps a part of a client stands among those who lose, with what they lose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from pyroaring import BitMap

from ringfence.access import (
    Difference,
    Engagements,
    MovedEngagements,
    OnBothSides,
    Ownerless,
    Pairs,
    Preview,
    Rehearsal,
    Road,
    ShiftedEngagements,
    preview,
    preview_once_on,
)
from ringfence.access.listing.clients import client_name_of
from ringfence.access.policing.breaching import broken_named
from ringfence.access.reading import client_names, rows_by_number
from ringfence.core.commands.definitions import Command, RemoveClient, RemoveEngagement, TurnOn
from ringfence.core.directory import sort_key
from ringfence.core.terms import Thing
from ringfence.web.queries.things import every_member, group_names, services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, count_services, figure
from ringfence.web.shell.visit import Visit
from ringfence.wording.both_sides import both_sides_sentence, still_closed_sentence
from ringfence.wording.levels_and_roles import at_another_level
from ringfence.wording.policy_sentences import MODES
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

FIRST = 10
"""Names that are listed; the rest is counted."""
NAMED = 3
"""Clients of one person that are named; where there are more, all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameList:
    """The first names of a set, each with a note, and the words for the rest."""

    total: int
    lines: tuple[tuple[str, str], ...]
    rest: str
    count: str = ""
    """The total with what it counts; empty where the heading says it."""


NO_NAMES = NameList(total=0, lines=(), rest="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A difference as a page shows it."""

    gains: NameList
    loses: NameList
    changes: NameList
    opens: NameList
    closes: NameList
    figures: tuple[tuple[str, int], ...]
    """Each number with what it counts."""
    shared: int
    """Clients that stay everybody's, by what Everyone is given."""
    without_owner: NameList = NO_NAMES
    """Clients left without the person Owner that the firm requires."""
    owners_walled_off: NameList = NO_NAMES
    """Clients whose person Owners a wall keeps out, all of them; for those who may know of walls."""
    left_to_nobody: NameList = NO_NAMES
    """Clients that somebody can open now and nobody could afterwards."""
    breaks: NameList = NO_NAMES
    """Policies of the firm that it breaks; counted alone for who may not know of them."""
    self_access: bool = False
    both_sides: NameList = NO_NAMES
    """Who comes to stand on both sides of a wall, each in a sentence that the visitor may be told."""
    left_open: NameList = NO_NAMES
    """Clients of which this closes a part or nothing, with the services that stay everybody's."""
    removes: bool = False
    """Whether what it closes is removed: nobody at all can open that any more."""
    later: Outcome | None = None
    """What it does once control is turned on; None where that is nothing or the same, or control is on."""
    same_later: bool = False
    """Whether it does once control is turned on just what it does now."""

    @property
    def moves(self) -> tuple[NameList, ...]:
        """Whose access changes, and what opens and closes."""
        return self.gains, self.loses, self.changes, self.opens, self.closes

    @property
    def nothing(self) -> bool:
        """Whether nobody's access changes."""
        return not any(part.total for part in self.moves)


def previewed(
    visit: Visit, command: Command, *, named: BitMap | None = None, naming: PreviewNames | None = None
) -> tuple[Preview, Outcome]:
    """What the visitor's command would do, and the same in names. Raises `Refused` where it would be.

    In a firm whose control is off, also what it does once that is turned on (rules.md 3). For the clients
    `named`, those that the command is about, also which of their services stay everybody's. `naming` has
    the names that the page has read already.
    """
    firm = visit.firm.pk
    found = preview(firm, command, actor=visit.actor)
    later = None
    if not visit.settings.control and not isinstance(command, TurnOn):
        later = preview_once_on(firm, command, actor=visit.actor)
    # What turning on does to everybody is asked of everybody: too many questions to wait for.
    nobodys = found.left_to_nobody() if not isinstance(command, TurnOn) else BitMap()
    outcome = outcome_of(visit, found, later, nobodys, named=named, naming=naming)
    return found, replace(outcome, removes=isinstance(command, RemoveClient | RemoveEngagement))


def outcome_of(
    visit: Visit,
    preview: Preview,
    later: Difference | None = None,
    nobodys: BitMap | None = None,
    *,
    named: BitMap | None = None,
    naming: PreviewNames | None = None,
) -> Outcome:
    """The preview in names, as the visitor is told it; `later` is what it does once control is on.

    `nobodys` are the clients that nobody could open afterwards, for who may know them.
    """
    words = naming or PreviewNames(visit)
    found = words.whole(preview.difference, preview.ownerless, later, nobodys, named)
    both_sides = words.both_sides(preview.both_sides(), sets_wall=preview.sets_wall)
    return replace(
        found,
        self_access=preview.change.self_access,
        breaks=words.policies(preview.breaks()),
        both_sides=both_sides,
    )


def rehearsed_outcome(
    visit: Visit, rehearsal: Rehearsal, *, named: BitMap | None = None, joining: Iterable[str] = ()
) -> Outcome:
    """What a rehearsal does, in names, as `previewed` says it of one command.

    `joining` are the names of the members that it adds, in the order in which it does.
    """
    difference, later = rehearsal.difference(), rehearsal.difference_once_on()
    # As in `previewed`: what turning on does to everybody is too many questions to wait for.
    nobodys = BitMap() if rehearsal.turns_on else rehearsal.left_to_nobody(difference)
    words = PreviewNames(visit, joining=joining)
    found = words.whole(difference, rehearsal.ownerless(), later, nobodys, named)
    both_sides = words.both_sides(rehearsal.both_sides())
    return replace(
        found,
        self_access=rehearsal.self_access,
        breaks=words.policies(rehearsal.breaks()),
        both_sides=both_sides,
    )


def clients_named(visit: Visit, clients: BitMap) -> NameList:
    """Clients, whole, by name, for who may know all of them."""
    return PreviewNames(visit).clients(clients)


class PreviewNames:
    """The names in one firm of what a difference holds, each read once."""

    def __init__(
        self, visit: Visit, *, adding: str = "", joining: Iterable[str] = (), creating: str = ""
    ) -> None:
        """`adding` is the name of the client that the change adds, `joining` are those of the members.

        `creating` is that of the group.

        They are stored nowhere yet.
        """
        self._visit = visit
        self._firm = visit.firm.pk
        self._added = visit.firm_now.last_client + 1 if adding else 0
        self._names: dict[int, str] = {self._added: adding}
        self._created = {visit.firm_now.last_group + 1: creating} if creating else {}
        self._joining = tuple(enumerate(joining, visit.firm_now.last_member + 1))

    @cached_property
    def services(self) -> dict[int, str]:
        """The names of the firm's services."""
        return dict(services_of(self._firm))

    @cached_property
    def members(self) -> list[tuple[int, str]]:
        """All of the firm's members by name, with those who join."""
        stored = every_member(self._firm)
        return sorted([*stored, *self._joining], key=_by_name) if self._joining else stored

    @cached_property
    def _page(self) -> Callable[[BitMap, int, int], list[int]]:
        return client_names(self._firm).page

    def first(self, clients: BitMap) -> list[tuple[int, str]]:
        """The first of the clients by name, with their names."""
        found = self._page(clients, 0, FIRST) if clients else []
        if self._added in clients:
            found = [*found, self._added]
        self._read(found)
        return [(number, self._names.get(number, "")) for number in found]

    def names_of(self, clients: Iterable[int]) -> dict[int, str]:
        """The names of these clients."""
        wanted = set(clients)
        self._read(wanted)
        return {number: self._names.get(number, "") for number in wanted}

    def _read(self, clients: Iterable[int]) -> None:
        missing = [number for number in clients if number not in self._names]
        if missing:
            self._names |= client_name_of(self._firm, missing)

    def whole(
        self,
        found: Difference,
        ownerless: Ownerless,
        later: Difference | None,
        nobodys: BitMap | None,
        named: BitMap | None,
    ) -> Outcome:
        """A difference with what it does not show, and what it is once control is on."""
        # While control is off, everything is open: what stays so is said of later.
        now = self.outcome(found, named=named if later is None else None)
        after = self.outcome(later, named=named) if later is not None else None
        if after is not None and after.nothing and not after.left_open.total:
            after = None
        # Whoever shares a client may not know of walls (rules.md 9, knowing).
        walled_off = ownerless.walled_off if self._visit.can(Capability.READ_CONTROL) else BitMap()
        return replace(
            now,
            without_owner=self.clients(ownerless.without),
            owners_walled_off=self.clients(walled_off),
            left_to_nobody=self.clients(nobodys or BitMap()),
            later=None if after == now else after,
            same_later=after == now,
        )

    def outcome(self, found: Difference, *, named: BitMap | None = None) -> Outcome:
        openness = found.openness
        self._read(set(self._to_name(found, named)))
        opens, closes = self._parts(openness.released), self._parts(openness.withdrawn)
        gains = self._people(found.gained, found.gains)
        loses = self._people(found.lost, found.loses)
        changes = self._changes(found.shifted)
        return Outcome(
            gains=gains,
            loses=loses,
            changes=changes,
            opens=opens,
            closes=closes,
            figures=(
                (ngettext("[member] gains access", "[members] gain access", gains.total), gains.total),
                (ngettext("[member] loses access", "[members] lose access", loses.total), loses.total),
                (
                    ngettext("[member]’s access changes", "[members]’ access changes", changes.total),
                    changes.total,
                ),
                *closing(closes.total, len(openness.withdrawn.clients & openness.partly)),
                *opening(opens.total, len(openness.released.clients & openness.partly)),
            ),
            shared=len(openness.shared),
            left_open=self._services(openness.left_open, named) if named is not None else NO_NAMES,
        )

    def _to_name(self, found: Difference, named: BitMap | None) -> Iterator[int]:
        """The clients whose names the outcome will say, so that all are read at once."""
        openness = found.openness
        listed = [openness.released.clients, openness.withdrawn.clients]
        if named is not None:
            listed.append(openness.left_open.clients & named)
        for clients in listed:
            if clients:
                yield from self._page(clients, 0, FIRST)
        for moved in (found.gained, found.lost, found.shifted):
            for each in self._shown(moved):
                if moved[each].client_count <= NAMED:
                    yield from moved[each].clients

    def _shown(self, moved: MovedEngagements) -> list[int]:
        """The members of whom that is said by name."""
        return [number for number, _name in self.members if number in moved][:FIRST] if moved else []

    def _people(self, moved: MovedEngagements, whole: Pairs) -> NameList:
        """The members with what is moved; `whole` are the clients that are so as a whole, to each member."""
        if not moved:
            return NO_NAMES
        return self._people_by(moved, lambda number: self._what(moved[number], whole.count(number)))

    def _changes(self, shifted: ShiftedEngagements) -> NameList:
        """The members who see things at another level, with the level before and after."""
        return self._people_by(shifted, lambda number: self._levels(shifted, number)) if shifted else NO_NAMES

    def _people_by(self, moved: MovedEngagements, told: Callable[[int], str]) -> NameList:
        """The first of the members by name, with what is told of each."""
        lines = tuple(
            (_("%(member)s (you)") % {"member": name} if number == self._visit.number else name, told(number))
            for number, name in [row for row in self.members if row[0] in moved][:FIRST]
        )
        return NameList(total=len(moved), lines=lines, rest=rest_words(len(moved)))

    def _levels(self, shifted: ShiftedEngagements, member: int) -> str:
        few = shifted[member].client_count <= NAMED
        return ", ".join(
            at_another_level(self._what(each.engagements, 0, few=few), each.before, each.after)
            for each in shifted.by_level(member)
        )

    def _what(self, moved: Engagements, whole: int, *, few: bool = True) -> str:
        """What of a person is moved: named where it is little, and `few` in all, else counted."""
        count = moved.client_count
        if few and count <= NAMED:
            parts = (
                f"{name} ({services})" if services else name for name, services in self._parts(moved).lines
            )
            return ", ".join(parts)
        if whole == count:
            return count_clients(whole)
        return count_services(len(moved), count)

    def both_sides(self, found: Sequence[OnBothSides], *, sets_wall: bool = False) -> NameList:
        """Who comes to stand on both sides of a wall; what keeps it is said to who may know of walls alone.

        A page that raises or changes a wall shows by itself what that overrules.
        """
        if not self._visit.can(Capability.READ_CONTROL):
            kept = {each.member for each in found if each.by or each.road is Road.OWN}
            names = [name for number, name in self.members if number in kept]
            lines = tuple((still_closed_sentence(name), "") for name in names[:FIRST])
            return NameList(
                total=len(names),
                lines=lines,
                rest=rest_words(len(names)),
                count=_("What stays closed all the same"),
            )
        if sets_wall:
            found = [each for each in found if each.road in {Road.NAMED, Road.SEES}]
        shown = found[:FIRST]
        self._read(chain.from_iterable(each.clients[:NAMED] for each in shown))
        lines = tuple((self._both_sides(each), "") for each in shown)
        return NameList(
            total=len(found), lines=lines, rest=rest_words(len(found)), count=_("Both sides of a wall")
        )

    def _both_sides(self, found: OnBothSides) -> str:
        members = dict(self.members)
        return both_sides_sentence(
            found.road,
            member=members.get(found.member) or _("a former [member]"),
            wall=self._walls.get(found.wall) or _("the wall"),
            by=self._groups.get(found.by, "") if found.road is Road.GROUP else members.get(found.by, ""),
            clients=tuple(self._names.get(number, "") for number in found.clients[:NAMED]),
            count=len(found.clients),
        )

    @cached_property
    def _walls(self) -> dict[int, str]:
        return dict(
            rows_by_number(self._firm, Thing.WALL, ("number", "name"), "number", self._visit.firm_now.walls)
        )

    @cached_property
    def _groups(self) -> dict[int, str]:
        return {**dict(group_names(self._firm, self._visit.firm_now.groups)), **self._created}

    def clients(self, clients: BitMap) -> NameList:
        """Whole clients."""
        lines = tuple((name, "") for _number, name in self.first(clients))
        return NameList(total=len(clients), lines=lines, rest=rest_words(len(clients)))

    def policies(self, broken: frozenset[int]) -> NameList:
        """Policies by name, each with what it does; without names for who does not read the control side."""
        if not self._visit.can(Capability.READ_CONTROL):
            return NameList(total=len(broken), lines=(), rest="")
        found = broken_named(self._firm, self._visit.firm_now.policies, broken)
        lines = tuple((each.name, str(MODES["refuse" if each.refuses else "warn"])) for each in found[:FIRST])
        return NameList(total=len(found), lines=lines, rest=rest_words(len(found)))

    def _parts(self, moved: Engagements) -> NameList:
        """Clients, with the services that are moved where these are not all that they have."""
        if not moved:
            return NO_NAMES
        clients, view = moved.clients, self._visit.firm_now
        lines = []
        for number, name in self.first(clients):
            theirs = moved.of(BitMap([number]))
            part = len(theirs) < len(view.engagements_of(number))
            services = (self.services.get(view.service_of(each), "") for each in theirs) if part else ()
            lines.append((name, ", ".join(sorted(services, key=sort_key))))
        return NameList(total=len(clients), lines=tuple(lines), rest=rest_words(len(clients)))

    def _services(self, engagements: Engagements, named: BitMap) -> NameList:
        """Those of the clients `named` that have any of the engagements, with the services that these are."""
        clients, view = engagements.clients & named, self._visit.firm_now
        first = self.first(clients)
        theirs = engagements.of(BitMap([number for number, _name in first]))
        lines = []
        for number, name in first:
            found = (view.service_of(each) for each in view.engagements_of(number) if each in theirs)
            services = sorted((self.services.get(each, "") for each in found), key=sort_key)
            lines.append((name, ", ".join(services)))
        return NameList(total=len(clients), lines=tuple(lines), rest=rest_words(len(clients)))


def _by_name(row: tuple[int, str]) -> str:
    return sort_key(row[1])


def closing(total: int, partly: int) -> tuple[tuple[str, int], ...]:
    whole = total - partly
    figures = ((ngettext("[client] becomes closed", "[clients] become closed", whole), whole),)
    if not partly:
        return figures
    words = ngettext("[client] becomes closed in part", "[clients] become closed in part", partly)
    return (*(figures if whole else ()), (words, partly))


def opening(total: int, partly: int) -> tuple[tuple[str, int], ...]:
    whole = total - partly
    words = ngettext("[client] becomes open to everybody", "[clients] become open to everybody", whole)
    figures = ((words, whole),)
    if not partly:
        return figures
    words = ngettext(
        "[client] becomes open to everybody in part", "[clients] become open to everybody in part", partly
    )
    return (*(figures if whole else ()), (words, partly))


def rest_words(total: int) -> str:
    """The words for what is not listed by name: “and 3 more”."""
    more = total - FIRST
    return (
        ngettext("and %(more)s more", "and %(more)s more", more) % {"more": figure(more)} if more > 0 else ""
    )
