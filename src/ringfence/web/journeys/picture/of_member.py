"""The picture of one member: by which ways they reach which clients, and what keeps them from others.

All by the decision (rules.md 2). Members see their own without what keeps them out, and of a delegator no
more than that they delegate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Way
from ringfence.core.terms import Reason
from ringfence.web.browse.drawing import LineKind
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.ways import ALONE

from .boxes import RULES, Boxes, Picture

PERSON, FIRST_GIVERS, SECOND_GIVERS, THIRD_GIVERS, GROUPS, CLIENTS = range(6)
"""Columns: delegators stand by how far away they are."""
MOST = 8
"""Groups, and delegators of one member, that are drawn one by one."""
HANDED_ON = (Reason.DIRECT, Reason.GROUP, Reason.ALL_CLIENTS, Reason.DELEGATED)
"""What a delegator has to hand on (rules.md 2, step 8)."""


def member_picture(visit: Visit, member: int, list_at: Callable[[str], str], *, detailed: bool) -> Picture:
    """The member's picture; `detailed` for who reads everybody's access."""
    return _OfMember(visit, member, list_at, detailed).picture()


class _OfMember:
    """One member's picture on its way."""

    def __init__(self, visit: Visit, member: int, list_at: Callable[[str], str], detailed: bool) -> None:
        self._visit, self._now = visit, visit.firm_now
        self._member, self._detailed = member, detailed
        self._boxes = Boxes(visit, list_at)

    def picture(self) -> Picture:
        now, boxes = self._now, self._boxes
        seen = count_clients(len(now.clients_seen_by(self._member)))
        ways = now.ways(self._member)
        key = boxes.member(self._member, PERSON, note=_("opens %(clients)s") % {"clients": seen}, marked=True)
        self._draw(key, ways, path=(self._member,))
        if self._detailed:
            self._draw_hindrances(key, ways)
        boxes.gathered_clients(CLIENTS)
        name = boxes.names.member(self._member)
        return boxes.picture(
            title=_("What you can open, and by what")
            if not self._detailed
            else _("What %(member)s can open, and by what") % {"member": name},
            description=_(
                "A picture with the [member] on the left and the [clients] on the right; between them "
                "stands by what they are reached. Lines lead from who reaches to what they reach."
            ),
            columns={
                PERSON: _("[Member]"),
                FIRST_GIVERS: _("Delegates to them"),
                SECOND_GIVERS: _("Delegates to those"),
                THIRD_GIVERS: _("And to those"),
                GROUPS: _("By what"),
                CLIENTS: _("[Clients]"),
            },
            notes=self._notes(ways),
        )

    def _notes(self, ways: Mapping[Way, BitMap]) -> Iterator[str]:
        left = ways.get(Way(Reason.NOT_ASSIGNED)) if self._detailed else None
        for reason in (Reason.INACTIVE_MEMBER, Reason.NO_ACCESS_PERMISSION):
            if Way(reason) in ways:
                yield f"{ALONE[reason]}."
        if left:
            count = len(self._now.clients_of(left))
            words = ngettext(
                "%(count)s [client], in full or in part, was not given to them and is not drawn.",
                "%(count)s [clients], in full or in part, were not given to them and are not drawn.",
                count,
            )
            yield words % {"count": figure(count)}

    # --- By what

    def _draw(self, key: str, ways: Mapping[Way, BitMap], path: tuple[int, ...]) -> None:
        """The ways of who stands in the box `key`; `path` leads to them, from the member on."""
        self._draw_groups(key, {way: found for way, found in ways.items() if way.reason is Reason.GROUP})
        self._draw_givers(
            key, {way: found for way, found in ways.items() if way.reason is Reason.DELEGATED}, path
        )
        for way, found in ways.items():
            if way.reason is Reason.DIRECT:
                opened = found & self._now.own_grants(path[-1]).emergency
                self._boxes.give(key, LineKind.EMERGENCY, opened)
                self._boxes.give(key, LineKind.OWN, found - opened)
            elif way.reason is Reason.ALL_CLIENTS:
                self._boxes.give(key, LineKind.WIDE, found)
            elif way.reason in RULES:
                rule = self._boxes.rule(way.reason.value, GROUPS, str(ALONE[way.reason]))
                self._boxes.reach(key, rule, LineKind.RULE)
                self._boxes.give(rule, LineKind.RULE, found)

    def _draw_groups(self, key: str, ways: Mapping[Way, BitMap]) -> None:
        order = sorted(ways, key=lambda way: -len(ways[way]))
        kept = order if len(order) <= MOST else order[: MOST - 1]
        for way in kept:
            assert way.subject is not None
            group = self._boxes.group(way.subject.number, GROUPS)
            self._boxes.reach(key, group, LineKind.GROUP)
            self._boxes.give(group, LineKind.GROUP, ways[way])
        if rest := order[len(kept) :]:
            group = self._boxes.groups(len(rest), GROUPS, self._all_ways())
            self._boxes.reach(key, group, LineKind.GROUP)
            for way in rest:
                self._boxes.give(group, LineKind.GROUP, ways[way])

    def _all_ways(self) -> str:
        """Where all the ways of the member are told."""
        if self._visit.can(Capability.READ_CONTROL):
            return reverse("member", args=[self._visit.firm.pk, self._member])
        return reverse("your-account", args=[self._visit.firm.pk])

    def _draw_givers(self, key: str, ways: Mapping[Way, BitMap], path: tuple[int, ...]) -> None:
        order = sorted(ways, key=lambda way: -len(ways[way]))
        kept = order if len(order) <= MOST else order[: MOST - 1]
        column = min(FIRST_GIVERS + len(path) - 1, THIRD_GIVERS)
        for way in kept:
            assert way.subject is not None
            self._draw_giver(key, way.subject.number, ways[way], column, path)
        if rest := order[len(kept) :]:
            people = BitMap([way.subject.number for way in rest if way.subject is not None])
            words = ngettext("%(count)s other [member]", "%(count)s other [members]", len(people))
            box = self._boxes.members(people, column, words % {"count": figure(len(people))})
            self._boxes.reach(key, box, LineKind.DELEGATED)
            for way in rest:
                self._boxes.give(box, LineKind.DELEGATED, ways[way])

    def _draw_giver(self, key: str, giver: int, handed: BitMap, column: int, path: tuple[int, ...]) -> None:
        """A delegator, with what they have it by themselves where the reader may know that."""
        box = self._boxes.member(giver, column)
        self._boxes.reach(key, box, LineKind.DELEGATED)
        told = BitMap()
        if self._detailed and len(path) <= THIRD_GIVERS:
            ways = {
                way: found & handed
                for way, found in self._now.ways(giver).items()
                if way.reason in HANDED_ON and found.intersect(handed) and not self._back(way, path)
            }
            self._draw(box, ways, (*path, giver))
            told = BitMap.union(told, *ways.values())
        # Where their own access is by something that is not handed on, or leads round in a circle.
        self._boxes.give(box, LineKind.DELEGATED, handed - told)

    def _back(self, way: Way, path: tuple[int, ...]) -> bool:
        return way.reason is Reason.DELEGATED and way.subject is not None and way.subject.number in path

    # --- What keeps them out

    def _draw_hindrances(self, key: str, ways: Mapping[Way, BitMap]) -> None:
        for way, found in ways.items():
            if way.reason is Reason.BLOCKED:
                self._boxes.give(key, LineKind.BLOCKED, found)
            elif way.reason is Reason.BLOCKED_BY_GROUP and way.subject is not None:
                group = self._boxes.group(way.subject.number, GROUPS)
                self._boxes.reach(key, group, LineKind.GROUP)
                self._boxes.give(group, LineKind.BLOCKED, found)
            elif way.reason is Reason.BLOCKED_BY_GROUP:
                self._boxes.give(key, LineKind.BLOCKED, found)
            elif way.reason is Reason.WALL:
                wall = self._boxes.rule("wall", GROUPS, str(ALONE[Reason.WALL]))
                self._boxes.reach(key, wall, LineKind.BLOCKED)
                self._boxes.give(wall, LineKind.BLOCKED, found)
