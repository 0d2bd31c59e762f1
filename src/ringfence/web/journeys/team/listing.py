"""The list of team members: searched, filtered by role, state and group, each with what they can open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.invitations import InvitationStage, MemberInvitation, invitations_of
from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.core.directory import sort_key
from ringfence.core.terms import EVERYONE, Role
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.member_lines import member_heading
from ringfence.web.browse.search import read_search
from ringfence.web.queries.way_names import NamesOfWays
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import role_name
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

SHOWN = 20
"""Members on a page: each is asked for what they reach."""
GROUPS_NAMED = 3
"""Groups of one member that are named; the rest is counted."""


class Standing(StrEnum):
    """Whether a member's place is taken and active."""

    ACTIVE = "active"
    INVITED = "invited"
    WAITING = "waiting"
    """Active, and not invited yet, or no longer: they cannot sign in."""
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterChoice:
    """An entry of a list that drops down."""

    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFilter:
    """One thing to filter by: all entries, and which is chosen; empty for any."""

    name: str
    label: str
    choices: tuple[FilterChoice, ...]
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLine:
    """A member in the list."""

    name: str
    href: str
    email: str
    role: str
    permissions: tuple[str, ...]
    """What sets their permissions apart from most people's; none for who is not active."""
    standing: Standing
    state: str
    groups: tuple[Link, ...]
    more_groups: str
    clients: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPage(ListPage[TeamLine]):
    filters: tuple[TeamFilter, ...]
    filtered: bool
    """Whether anything is searched or filtered for."""
    add: str


@needs(Capability.READ_CONTROL)
def listing(visit: Visit) -> HttpResponse:
    """The firm's members by name, inactive ones too, with how many clients each can open."""
    firm = visit.firm.pk
    here = reverse("team", args=[firm])
    names = NamesOfWays(firm)
    filters = _filters(visit, names)
    kept = {each.name: each.value for each in filters if each.value}
    search = read_search(visit, here, _("Name or e-mail address"), kept=kept)
    found = _found(visit, search.wanted.text, kept)
    page = TeamPage(
        frame=frame_for(visit, "manage"),
        title=_("[Members]"),
        back=reverse("manage", args=[firm]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: _lines(visit, rows, names),
            heading=member_heading,
            empty=_("Try a part of the name or e-mail address, or clear the search."),
            size=SHOWN,
        ),
        filters=filters,
        filtered=search.active or bool(kept),
        add=reverse("add-member", args=[firm]) if visit.can(Capability.MANAGE) else "",
    )
    return show(visit.request, "team/list.html", page)


def standing_of(invitation: MemberInvitation | None) -> Standing:
    """The state of a member by how far they have come; None for who is not active."""
    if invitation is None:
        return Standing.INACTIVE
    if invitation.stage is InvitationStage.ACCEPTED:
        return Standing.ACTIVE
    return Standing.INVITED if invitation.open else Standing.WAITING


def standing_text(standing: Standing) -> str:
    """The state in a word."""
    return {
        Standing.ACTIVE: _("Active"),
        Standing.INVITED: _("Invited"),
        Standing.WAITING: _("Not invited yet"),
        Standing.INACTIVE: _("Inactive"),
    }[standing]


def _filters(visit: Visit, names: NamesOfWays) -> tuple[TeamFilter, ...]:
    roles = [FilterChoice(value=role.value, text=role_name(role)) for role in Role]
    states = [FilterChoice(value=each.value, text=standing_text(each)) for each in Standing]
    groups = [
        FilterChoice(value=str(number), text=name)
        for number, name in sorted(names.groups.items(), key=lambda each: sort_key(each[1]))
        if number != EVERYONE
    ]
    given = visit.request.GET
    found = []
    for name, label, choices in (
        ("role", _("Role"), roles),
        ("state", _("State"), states),
        ("group", _("[Group]"), groups),
    ):
        value = given.get(name, "")
        known = any(value == choice.value for choice in choices)
        anything = FilterChoice(value="", text=_("All"))
        if choices:
            found.append(
                TeamFilter(name=name, label=label, choices=(anything, *choices), value=value if known else "")
            )
    return tuple(found)


def _found(visit: Visit, text: str, kept: Mapping[str, str]) -> list[ListedMember]:
    """The members that are searched and filtered for."""
    found = members_matching(visit.firm.pk, text)
    if role := kept.get("role"):
        found = [row for row in found if row.role.value == role]
    if group := number_in(kept.get("group", "")):
        found = [row for row in found if row.number in visit.firm_now.groups[group]]
    if state := kept.get("state"):
        invited = _invitations(visit, found)
        found = [row for row in found if standing_of(invited.get(row.number)).value == state]
    return found


def _invitations(visit: Visit, rows: Sequence[ListedMember]) -> dict[int, MemberInvitation]:
    """How far the active ones among them have come."""
    return invitations_of(visit.firm.pk, [row.number for row in rows if row.active])


def _lines(visit: Visit, rows: Sequence[ListedMember], names: NamesOfWays) -> list[TeamLine]:
    invited = _invitations(visit, rows)
    firm, lines = visit.firm.pk, []
    for row in rows:
        theirs = sorted(
            (number for number in visit.firm_now.groups_of(row.number) if number != EVERYONE),
            key=lambda number: sort_key(names.group(number)),
        )
        standing, more = standing_of(invited.get(row.number)), len(theirs) - GROUPS_NAMED
        lines.append(
            TeamLine(
                name=row.name,
                href=reverse("member", args=[firm, row.number]),
                email=row.email,
                role=role_name(row.role),
                permissions=tuple(_permissions(visit, row)),
                standing=standing,
                state=standing_text(standing),
                groups=tuple(
                    Link(text=names.group(number), href=reverse("group", args=[firm, number]))
                    for number in theirs[:GROUPS_NAMED]
                ),
                more_groups=ngettext("and %(more)s more", "and %(more)s more", more) % {"more": figure(more)}
                if more > 0
                else "",
                clients=figure(len(visit.firm_now.clients_seen_by(row.number))),
            )
        )
    return lines


def _permissions(visit: Visit, row: ListedMember) -> Iterator[str]:
    who = visit.firm_now.members[row.number]
    if not who.active or who.role is Role.AUDITOR:
        return
    if not who.access:
        yield _("May not use client records")
    if who.manage_access and not who.administers:
        yield _("May manage access")
