"""The picture of one client: who sees it, by which ways; and what was given on it, for who shares it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pyroaring import BitMap

from ringfence.access import Way
from ringfence.core.directory import sort_key
from ringfence.core.terms import EVERYONE, Level, Reason
from ringfence.web.browse.drawing import LineKind
from ringfence.web.shell.figures import figure
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.ways import ALONE

from .boxes import PEOPLE, RULES, Boxes, Picture

FAR, NEAR, MEMBERS, GROUPS, CLIENT = range(5)
"""Columns: whoever has it from others stands before those."""


def client_picture(visit: Visit, client: int, list_at: Callable[[str], str], *, detailed: bool) -> Picture:
    """Everybody who sees the client; for who only shares it, `detailed` being false, what was given on it."""
    found = _OfClient(visit, client, list_at)
    if detailed:
        found.draw_who()
        found.draw_kept_out()
    else:
        found.draw_given()
    return found.picture(detailed)


class _OfClient:
    """One client's picture on its way."""

    def __init__(self, visit: Visit, client: int, list_at: Callable[[str], str]) -> None:
        self._visit, self._now, self._client = visit, visit.firm_now, client
        self._boxes = Boxes(visit, list_at)
        self._aim = self._boxes.client(client, CLIENT, marked=True)
        self._engagements = BitMap(self._now.engagements_of(client))
        self._opened = [member for opened, member in self._now.emergencies if opened == client]

    def picture(self, detailed: bool) -> Picture:
        name = self._boxes.naming.names_of([self._client])[self._client]
        words = _("Who can open %(client)s, and by what") if detailed else _("What was given on %(client)s")
        return self._boxes.picture(
            title=words % {"client": name},
            description=_(
                "A picture with the [client] on the right and who reaches it on the left; between them "
                "stands by what. Lines lead from who reaches to what they reach."
            ),
            columns={
                FAR: _("Have it from those"),
                NEAR: _("Have it from others"),
                MEMBERS: _("[Members]"),
                GROUPS: _("By what"),
                CLIENT: _("[Client]"),
            },
        )

    # --- Who sees it

    def draw_who(self) -> None:
        """Everybody who sees the client; those who do by the same ways share a box where there are many."""
        who = self._now.who(self._client)
        ways = {member: self._ways_of(member) for member in who}
        givers = {
            way.subject.number
            for found in ways.values()
            for way in found
            if way.reason is Reason.DELEGATED and way.subject is not None
        }
        alike: dict[frozenset[Way], BitMap] = {}
        for member, found in ways.items():
            alike.setdefault(found, BitMap()).add(member)
        single = set(who) if len(who) <= PEOPLE else {*sorted(givers)[: PEOPLE // 2], *self._opened}
        for member in sorted(single & set(who), key=lambda each: sort_key(self._boxes.names.member(each))):
            note = level_shown(who[member]) if who[member] else _("a part of it")
            key = self._boxes.member(member, self._column(ways[member], givers, member), note=note)
            self._draw_ways(key, ways[member], self._own_lines(member))
        self._draw_alike({found: members - BitMap(single) for found, members in alike.items()})
        for member in single:
            self._draw_delegations(f"m{member}", ways.get(member, frozenset()))

    def _ways_of(self, member: int) -> frozenset[Way]:
        now = self._now
        return frozenset(
            way
            for number in now.engagements_of(self._client)
            if now.can(member, number)
            for way in now.ways_on(member, number)
        )

    def _column(self, ways: Iterable[Way], givers: set[int], member: int) -> int:
        if any(way.reason is not Reason.DELEGATED for way in ways):
            return MEMBERS
        return NEAR if member in givers or not self._from_afar(ways) else FAR

    def _from_afar(self, ways: Iterable[Way]) -> bool:
        """Whether everybody from whom they have it has it from others themselves."""
        from_them = [way.subject.number for way in ways if way.subject is not None]
        return all(all(way.reason is Reason.DELEGATED for way in self._ways_of(giver)) for giver in from_them)

    def _draw_alike(self, alike: Mapping[frozenset[Way], BitMap]) -> None:
        order = sorted(
            (each for each in alike.items() if each[1]), key=lambda each: (-len(each[1]), each[1][0])
        )
        kept = order if len(order) <= PEOPLE else order[: PEOPLE - 1]
        for found, members in kept:
            only_delegated = all(way.reason is Reason.DELEGATED for way in found)
            self._draw_box(members, found, NEAR if only_delegated else MEMBERS)
        if rest := order[len(kept) :]:
            found = frozenset().union(*(found for found, _members in rest))
            self._draw_box(BitMap.union(*(members for _found, members in rest)), found, MEMBERS)

    def _draw_box(self, members: BitMap, ways: frozenset[Way], column: int) -> None:
        if len(members) == 1:
            key = self._boxes.member(members[0], column)
        else:
            words = ngettext("%(count)s [member]", "%(count)s [members]", len(members))
            key = self._boxes.members(members, column, words % {"count": figure(len(members))})
        self._draw_ways(key, ways)
        self._draw_delegations(key, ways)

    def _own_lines(self, member: int) -> tuple[LineKind, ...]:
        """How what is the member's own is drawn: what they opened in an emergency is told apart."""
        own = self._now.own_grants(member)
        if not own.emergency & self._engagements:
            return (LineKind.OWN,)
        return (LineKind.OWN, LineKind.EMERGENCY)[not own.narrow & self._engagements :]

    def _draw_ways(self, key: str, ways: Iterable[Way], own: tuple[LineKind, ...] = (LineKind.OWN,)) -> None:
        for way in sorted(ways, key=str):
            if way.reason is Reason.DIRECT:
                for line in own:
                    self._boxes.reach(key, self._aim, line)
            elif way.reason is Reason.ALL_CLIENTS:
                self._boxes.reach(key, self._aim, LineKind.WIDE)
            elif way.reason is Reason.GROUP and way.subject is not None:
                self._through(key, self._boxes.group(way.subject.number, GROUPS), LineKind.GROUP)
            elif way.reason in RULES:
                rule = self._boxes.rule(way.reason.value, GROUPS, str(ALONE[way.reason]))
                self._through(key, rule, LineKind.RULE)

    def _draw_delegations(self, key: str, ways: Iterable[Way]) -> None:
        """Lines to those from whom they have it; straight to the client where these stand in a shared box."""
        for way in sorted(ways, key=str):
            if way.reason is Reason.DELEGATED and way.subject is not None:
                giver = f"m{way.subject.number}"
                self._boxes.reach(key, giver if giver in self._boxes else self._aim, LineKind.DELEGATED)

    def _through(self, key: str, between: str, line: LineKind) -> None:
        self._boxes.reach(key, between, line)
        self._boxes.reach(between, self._aim, line)

    # --- What was given, and who is kept out

    def draw_given(self) -> None:
        """The grants that count, by whose they are; nobody's groups, delegations or walls are told."""
        for grant in self._now.holders_of(self._client):
            if grant.idle is not None:
                continue
            blocked = grant.terms.level is Level.BLOCKED
            number = grant.subject.number
            if grant.subject.kind == "group":
                key, line = self._boxes.group(number, GROUPS), LineKind.GROUP
            else:
                own = grant.target.kind != "service"
                note = "" if blocked else level_shown(grant.terms.level, own=own)
                key = self._boxes.member(number, MEMBERS, note=note)
                line = LineKind.OWN if own else LineKind.WIDE
            self._boxes.reach(key, self._aim, LineKind.BLOCKED if blocked else line)
        for (client, member), opening in self._now.emergencies.items():
            if client == self._client and opening.counts(self._now.now):
                key = self._boxes.member(member, MEMBERS, note=level_shown(opening.level, own=True))
                self._boxes.reach(key, self._aim, LineKind.EMERGENCY)
        opened = self._now.open_to_everybody - self._now.given(EVERYONE)
        if any(number in opened for number in self._now.engagements_of(self._client)):
            rule = self._boxes.rule("open", GROUPS, str(ALONE[Reason.UNASSIGNED]))
            self._boxes.reach(rule, self._aim, LineKind.RULE)

    def draw_kept_out(self) -> None:
        """Blocks that count on the client, and how many a wall keeps from it."""
        for grant in self._now.holders_of(self._client):
            if grant.terms.level is Level.BLOCKED and grant.idle is None:
                number = grant.subject.number
                group = grant.subject.kind == "group"
                key = self._boxes.group(number, GROUPS) if group else self._boxes.member(number, MEMBERS)
                self._boxes.reach(key, self._aim, LineKind.BLOCKED)
        walled = BitMap(
            [member for member in self._now.active_members if self._client in self._now.walled_from(member)]
        )
        if walled:
            words = ngettext(
                "%(count)s [member] behind a wall", "%(count)s [members] behind a wall", len(walled)
            )
            text = words % {"count": figure(len(walled))}
            self._boxes.reach(self._boxes.members(walled, MEMBERS, text), self._aim, LineKind.BLOCKED)
