"""The picture of a firm: members, groups, delegations and clients, by what was given and counts.

What decides for a single member, where a block, a wall or a nearer grant says otherwise, is in theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from django.urls import reverse
from pyroaring import BitMap

from ringfence.core.directory import sort_key
from ringfence.core.terms import EVERYONE, Level, Reason
from ringfence.web.browse.drawing import LineKind
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.visit import Visit
from ringfence.wording.openness import everybody_opens
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.ways import ALONE

from .boxes import PEOPLE, Boxes, Picture

DELEGATES, MEMBERS, GROUPS, CLIENTS = range(4)
"""Columns."""
GROUPS_SHOWN = 8
"""Groups in one part of the picture; the others stand in the parts that follow."""
NAMED = 6
"""Members in one line of gathered ones that are told apart by their delegations."""


def groups_drawn(visit: Visit) -> list[int]:
    """The groups that give or deny anything, those on most services of clients first."""
    now = visit.firm_now
    found = {
        number: len(now.given(number)) or len(now.denied(number))
        for number in now.groups
        if number != EVERYONE
    }
    return sorted((number for number in found if found[number]), key=lambda number: (-found[number], number))


def parts_of(groups: Sequence[int]) -> int:
    """Into how many parts a picture with so many groups is divided."""
    return max(1, -(-len(groups) // GROUPS_SHOWN))


def firm_picture(visit: Visit, groups: Sequence[int], part: int, list_at: Callable[[str], str]) -> Picture:
    """One part of the firm's picture, from 1 on. Its groups are told one by one, all others in one box."""
    return _OfFirm(visit, groups, part, list_at).picture()


class _OfFirm:
    """One part of the picture on its way."""

    def __init__(self, visit: Visit, groups: Sequence[int], part: int, list_at: Callable[[str], str]) -> None:
        self._visit, self._now = visit, visit.firm_now
        self._next = part + 1 if part < parts_of(groups) else 1
        self._boxes = Boxes(visit, list_at)
        self._shown = groups[(part - 1) * GROUPS_SHOWN : part * GROUPS_SHOWN]
        self._box_of: dict[int, str] = {}
        """In which box each member stands."""
        self._undrawn = 0
        """Delegations between members of one box."""
        self._others = [number for number in groups if number not in self._shown]

    def picture(self) -> Picture:
        self._draw_groups()
        self._draw_members()
        self._draw_openness()
        self._boxes.gathered_clients(CLIENTS, unreached=_("Given to nobody"))
        return self._boxes.picture(
            title=_("Who reaches what in %(firm)s") % {"firm": self._visit.firm.name},
            description=_(
                "A picture of what was given in the firm: on the left the [members], on the right the "
                "[clients], between them the [groups]. Lines lead from who reaches to what they reach."
            ),
            columns={
                DELEGATES: _("Who others delegate to"),
                MEMBERS: _("[Members]"),
                GROUPS: _("[Groups]") if self._shown else _("By what"),
                CLIENTS: _("[Clients]"),
            },
            notes=self._notes(),
        )

    def _notes(self) -> Iterator[str]:
        if not self._visit.settings.control:
            yield everybody_opens(walls=self._now.walled)
            if self._shown or self._boxes.gives(LineKind.OWN) or self._boxes.gives(LineKind.WIDE):
                yield _("What was given is drawn all the same: it decides once you turn on [access control].")
        left_out = len(self._now.active_members) - len(self._working())
        words = ngettext(
            "%(count)s active [member] may not use client records and is left out.",
            "%(count)s active [members] may not use client records and are left out.",
            left_out,
        )
        yield words % {"count": figure(left_out)} if left_out else ""
        words = ngettext(
            "%(count)s delegation between [members] of one box is not drawn.",
            "%(count)s delegations between [members] of one box are not drawn.",
            self._undrawn,
        )
        yield words % {"count": figure(self._undrawn)} if self._undrawn else ""
        yield _(
            "This is what was given. A block, a wall or a grant that is nearer can decide otherwise for one "
            "person: their own picture shows what they can open."
        )

    def _working(self) -> list[int]:
        members = self._now.members
        return [number for number in self._now.active_members if members[number].access]

    # --- Groups

    def _draw_groups(self) -> None:
        now = self._now
        for number in self._shown:
            given, denied = now.given(number), now.denied(number)
            count = len(now.clients_of(given))
            key = self._boxes.group(number, GROUPS, note=count_clients(count))
            self._boxes.give(key, LineKind.GROUP, given)
            self._boxes.give(key, LineKind.BLOCKED, denied)
        if self._others:
            place = reverse("firm-picture", args=[self._visit.firm.pk])
            key = self._boxes.groups(len(self._others), GROUPS, f"{place}?part={self._next}")
            self._boxes.give(
                key, LineKind.GROUP, BitMap.union(*(now.given(number) for number in self._others))
            )
        given, denied = now.given(EVERYONE), now.denied(EVERYONE)
        if given or denied:
            key = self._boxes.group(EVERYONE, GROUPS, note=count_clients(len(now.clients_of(given))))
            self._boxes.give(key, LineKind.GROUP, given)
            self._boxes.give(key, LineKind.BLOCKED, denied)

    def _draw_openness(self) -> None:
        """What nobody was given and everybody opens; what a role opens."""
        now, settings = self._now, self._visit.settings
        if not settings.control:
            key = self._boxes.rule("off", GROUPS, str(ALONE[Reason.CONTROL_OFF]))
            self._boxes.give(key, LineKind.RULE, now.engagements)
        if settings.control and settings.unassigned_level is not Level.NONE:
            opened = now.unassigned - now.engagements_of_all(now.confidential)
            if opened:
                key = self._boxes.rule("open", GROUPS, _("Open to everybody"), note=_("Given to nobody"))
                self._boxes.give(key, LineKind.RULE, opened)
        if settings.control and settings.administrators == "unrestricted":
            rulers = [number for number in self._working() if now.members[number].administers]
            for number in rulers:
                if f"m{number}" in self._boxes:
                    said = str(ALONE[Reason.ADMINISTRATOR])
                    key = self._boxes.rule("role", GROUPS, said, note=count_clients(len(now.clients)))
                    self._boxes.reach(f"m{number}", key, LineKind.RULE)

    # --- Members

    def _draw_members(self) -> None:
        working, pairs = self._working(), self._pairs()
        if len(working) <= PEOPLE:
            for number in sorted(working, key=lambda each: sort_key(self._boxes.names.member(each))):
                self._draw_member(number, pairs)
        else:
            self._draw_many(working, pairs)
        for giver, taker in pairs:
            one, other = self._box_of[taker], self._box_of[giver]
            if one == other:
                self._undrawn += 1
            else:
                self._boxes.reach(one, other, LineKind.DELEGATED)

    def _pairs(self) -> list[tuple[int, int]]:
        """The delegations that count, as delegator and delegate."""
        now = self._now
        if not self._visit.settings.delegation:
            return []
        return [
            (giver, taker)
            for (giver, taker), made in sorted(now.delegations.items())
            if made.counts(now.now) and now.members[giver].works and now.members[taker].works
        ]

    def _draw_member(self, number: int, pairs: list[tuple[int, int]]) -> str:
        now = self._now
        seen = count_clients(len(now.clients_seen_by(number)))
        # Who only passes on what others let them reach stands before them, as in a chain.
        only_taker = any(taker == number for _g, taker in pairs) and all(
            giver != number for giver, _t in pairs
        )
        key = self._boxes.member(
            number, DELEGATES if only_taker else MEMBERS, note=_("opens %(clients)s") % {"clients": seen}
        )
        self._draw_lines(key, [number])
        self._box_of[number] = key
        self._boxes.give(key, LineKind.BLOCKED, now.engagements_of_all(now.walled_from(number) & now.clients))
        return key

    def _draw_lines(self, key: str, members: Iterable[int]) -> None:
        """The groups and own grants of who stands in one box."""
        now = self._now
        for number in members:
            for group in now.groups_of(number):
                if group in self._shown:
                    self._boxes.reach(key, f"g{group}", LineKind.GROUP)
                elif group in self._others:
                    self._boxes.reach(key, "gg", LineKind.GROUP)
            own = now.own_grants(number)
            self._boxes.give(key, LineKind.OWN, own.narrow)
            self._boxes.give(key, LineKind.WIDE, own.wide)
            self._boxes.give(key, LineKind.EMERGENCY, own.emergency)
            self._boxes.give(key, LineKind.BLOCKED, own.blocked)

    def _draw_many(self, working: list[int], pairs: list[tuple[int, int]]) -> None:
        """Members who stand alike share a box; a few are told one by one.

        Those are who opened a client in an emergency, and then who delegates.
        """
        now = self._now
        opened = {member for (_client, member), one in now.emergencies.items() if one.counts(now.now)}
        delegating = set(chain.from_iterable(pairs)) - opened
        named = [*sorted(opened & set(working)), *sorted(delegating)][:NAMED]
        for number in named:
            self._draw_member(number, pairs)
        takers = BitMap([taker for _giver, taker in pairs]) - BitMap([giver for giver, _taker in pairs])
        kinds: dict[tuple[object, bool, bool], BitMap] = {}
        places = self._now.members_alike()
        apart = len(places) <= PEOPLE - len(named)
        for place, members in places.items():
            rest, kind = members - BitMap(named), place.groups if apart else bool(place.groups)
            for some, taking in ((rest & takers, True), (rest - takers, False)):
                key = kind, place.own, taking
                kinds[key] = kinds.get(key, BitMap()) | some
        for (groups, own, taking), members in kinds.items():
            if len(members) == 1:
                self._draw_member(members[0], pairs)
            elif members:
                note = _alike(bool(groups), own, taking)
                self._draw_together(members, DELEGATES if taking else MEMBERS, note)

    def _draw_together(self, members: BitMap, column: int, note: str) -> None:
        words = ngettext("%(count)s [member]", "%(count)s [members]", len(members))
        text = words % {"count": figure(len(members))}
        key = self._boxes.members(members, column, text, note=note)
        self._box_of |= dict.fromkeys(members, key)
        self._draw_lines(key, members)


def _alike(groups: bool, own: bool, taking: bool) -> str:
    """What members who share a box have in common."""
    parts = []
    if taking:
        parts.append(_("others delegate to them"))
    if groups:
        parts.append(_("in [groups]"))
    if own:
        parts.append(_("with own access"))
    return ", ".join(parts) or _("nothing given to them alone")
