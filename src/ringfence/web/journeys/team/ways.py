"""The ways of one member as the lines of their page: what each is, what it gives, until when, its removal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Idle, Way
from ringfence.core.directory import sort_key
from ringfence.core.terms import (
    ALL_CLIENTS,
    EVERYONE,
    Instant,
    Level,
    Reason,
    Target,
    group_subject,
    member_subject,
)
from ringfence.web.browse.delegation_lines import delegation_notes, delegation_terms
from ringfence.web.browse.member_reach import HINDERING, way_key
from ringfence.web.queries.way_names import NamesOfWays
from ringfence.web.shell.figures import figure
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.standing import idle_text
from ringfence.wording.times import until_text
from ringfence.wording.ways import way_text


@dataclass(frozen=True, slots=True, kw_only=True)
class WayLine:
    """One way by which the member reaches clients, or would if it counted."""

    text: str
    href: str
    terms: str
    """What it lets them do, and until when."""
    notes: tuple[str, ...]
    clients: Link
    """How many clients it gives, leading to which; without an address where there are none."""
    remove: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HindranceLine:
    """Something that keeps the member from clients."""

    text: str
    count: int
    clients: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateLine:
    """Somebody to whom the member delegates."""

    name: str
    href: str
    terms: str
    notes: tuple[str, ...]
    remove: Link | None


def member_ways(
    visit: Visit, member: int, ways: Mapping[Way, BitMap], names: NamesOfWays, *, manages: bool
) -> tuple[WayLine, ...]:
    """All ways of the member's, also such as give nothing now."""
    told = _Told(visit, member, ways, names, manages)
    return (*told.own(), *told.groups(), *told.delegated(), *told.general())


class _Told:
    """The lines of one member's ways."""

    def __init__(
        self, visit: Visit, member: int, ways: Mapping[Way, BitMap], names: NamesOfWays, manages: bool
    ) -> None:
        self._visit, self._member, self._ways, self._names = visit, member, ways, names
        self._manages = manages
        self._args = [visit.firm.pk, member]

    def _clients(self, way: Way) -> Link:
        found = self._ways.get(way)
        count = len(self._visit.firm_now.clients_of(found)) if found else 0
        return clients_link(self._visit, self._member, way, count)

    def _removal(self, text: str, route: str, *args: object) -> Link | None:
        return Link(text=text, href=reverse(route, args=[*self._args, *args])) if self._manages else None

    def own(self) -> Iterator[WayLine]:
        """The member's own grants: on single clients in one line, each wide one in its own."""
        now = self._visit.firm_now
        held = now.grants_of(member_subject(self._member))
        if any(held.clients) or any(held.engagements):
            yield WayLine(
                text=way_text(Way(Reason.DIRECT), self._names),
                href=reverse("member-access", args=self._args),
                terms=_("On single [clients]"),
                notes=(),
                clients=self._clients(Way(Reason.DIRECT)),
                remove=Link(text=_("See each"), href=reverse("member-access", args=self._args)),
            )
        wide = [Target("service", service) for service in sorted(held.services)]
        for target in (*wide, *([ALL_CLIENTS] if held.all else [])):
            terms = held.grant_on(target)
            assert terms is not None
            blocks = terms.level is Level.BLOCKED
            way = Way(Reason.BLOCKED_BY_GROUP if blocks else Reason.ALL_CLIENTS, target=target)
            yield WayLine(
                text=way_text(way, self._names),
                href="",
                terms=self._terms(terms.level, terms.expires),
                notes=() if terms.counts(now.now) else (idle_text(Idle.EXPIRED),),
                clients=self._clients(way),
                remove=self._removal(_("Remove"), "remove-access", target.kind, target.number),
            )

    def groups(self) -> Iterator[WayLine]:
        """The member's groups by name, the built-in one last and only where something was given to it."""
        numbers = {*self._visit.firm_now.groups_of(self._member)}
        by_name = sorted(numbers - {EVERYONE}, key=lambda number: sort_key(self._names.group(number)))
        for number in by_name:
            yield self._group(number, self._removal(_("Remove from it"), "leave-group", number))
        if EVERYONE in numbers and self._visit.firm_now.levels_given(group_subject(EVERYONE)):
            yield self._group(EVERYONE, None)

    def _group(self, number: int, remove: Link | None) -> WayLine:
        now, subject = self._visit.firm_now, group_subject(number)
        way = Way(Reason.GROUP, subject)
        levels = [level for level in now.levels_given(subject) if level is not Level.BLOCKED]
        ends = sorted(until for until in now.grants_of(subject).expires.values() if until > now.now)
        notes = []
        if not levels:
            notes.append(_("Nothing that counts was given to the [group]."))
        elif way not in self._ways and now.members[self._member].works:
            notes.append(_("Something else decides about all of its [clients]."))
        if ends:
            notes.append(_("Some of it only %(until)s.") % {"until": until_text(ends[0], self._visit.zone)})
        return WayLine(
            text=way_text(way, self._names),
            href=reverse("group", args=[self._visit.firm.pk, number]),
            terms=", ".join(level_shown(level) for level in levels),
            notes=tuple(notes),
            clients=self._clients(way),
            remove=remove,
        )

    def delegated(self) -> Iterator[WayLine]:
        """The delegations made to the member."""
        for (giver, taker), made in sorted(self._visit.firm_now.delegations.items()):
            if taker == self._member:
                way = Way(Reason.DELEGATED, member_subject(giver))
                yield WayLine(
                    text=way_text(way, self._names),
                    href=reverse("member", args=[self._visit.firm.pk, giver]),
                    terms=delegation_terms(self._visit, made),
                    notes=delegation_notes(self._visit, made, giver),
                    clients=self._clients(way),
                    remove=_ending(self._visit, giver, taker) if self._manages else None,
                )

    def general(self) -> Iterator[WayLine]:
        """What is nobody's grant: openness, role, control turned off."""
        levels = {
            Reason.UNASSIGNED: self._visit.settings.unassigned_level,
            Reason.CONTROL_OFF: Level.EDITOR,
            Reason.ADMINISTRATOR: Level.OWNER,
        }
        for reason, level in levels.items():
            if (way := Way(reason)) in self._ways:
                yield WayLine(
                    text=way_text(way, self._names),
                    href="",
                    terms=level_shown(level),
                    notes=(),
                    clients=self._clients(way),
                    remove=None,
                )

    def _terms(self, level: Level, expires: Instant | None) -> str:
        said = level_shown(level)
        return f"{said}, {until_text(expires, self._visit.zone)}" if expires is not None else said


def clients_link(visit: Visit, member: int, way: Way, count: int) -> Link:
    """How many clients a way gives or keeps, leading to which they are."""
    address = reverse("member-clients", args=[visit.firm.pk, member])
    return Link(text=figure(count), href=f"{address}?by={way_key(way)}" if count else "")


def hindrances(
    visit: Visit, member: int, ways: Mapping[Way, BitMap], names: NamesOfWays
) -> tuple[HindranceLine, ...]:
    """What keeps the member from clients, each with from how many."""
    lines = []
    for way in sorted(ways, key=lambda way: way.reason in HINDERING and HINDERING.index(way.reason)):
        if way.reason in HINDERING:
            count = len(visit.firm_now.clients_of(ways[way]))
            link = clients_link(visit, member, way, count)
            lines.append(HindranceLine(text=way_text(way, names), count=count, clients=link))
    return tuple(lines)


def delegates(visit: Visit, member: int, names: NamesOfWays, *, manages: bool) -> tuple[DelegateLine, ...]:
    """To whom the member delegates."""
    firm = visit.firm.pk
    return tuple(
        DelegateLine(
            name=names.member(taker),
            href=reverse("member", args=[firm, taker]),
            terms=delegation_terms(visit, made),
            notes=delegation_notes(visit, made, giver),
            remove=_ending(visit, giver, taker) if manages else None,
        )
        for (giver, taker), made in sorted(visit.firm_now.delegations.items())
        if giver == member
    )


def _ending(visit: Visit, delegator: int, delegate: int) -> Link:
    address = reverse("end-delegation", args=[visit.firm.pk, delegator, delegate])
    return Link(text=_("End"), href=address)
