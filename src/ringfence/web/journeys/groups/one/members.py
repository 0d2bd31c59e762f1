"""The team members of a group."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.web.browse.listing import ListPage
from ringfence.web.browse.member_lines import member_listing, with_inactive
from ringfence.web.browse.search import read_search
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import role_name
from ringfence.wording.saying import gettext as _

from .group import GroupHead, OneGroup, group_at, head_of


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberInGroup:
    """A member of the group."""

    name: str
    href: str
    email: str
    role: str
    inactive: bool
    without_access: bool
    """Whether they may use no client records, so that the group gives them nothing."""
    remove: str
    """Where they are taken out, empty for who may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMembersPage(ListPage[MemberInGroup]):
    head: GroupHead
    actions: tuple[Link, ...]
    hand_over: str


@needs(Capability.READ_CONTROL)
def members(visit: Visit, number: int) -> HttpResponse:
    """A group's members, searched and in pages."""
    group = group_at(visit, number)
    search = read_search(visit, group.address("group-members"), _("Name or e-mail address"))
    found = members_matching(visit.firm.pk, search.wanted.text, within=visit.firm_now.groups[number])
    listing = member_listing(
        visit,
        search,
        found,
        lines=lambda rows: [_line(group, row) for row in rows],
        heading=lambda paging, search: with_inactive(paging, search, found),
        empty="" if search.active else _("There is no [member] in this [group]."),
    )
    page = GroupMembersPage(
        frame=frame_for(visit, "manage"),
        title=group.name,
        back=reverse("groups", args=[visit.firm.pk]),
        errors=search.errors,
        listing=listing,
        head=head_of(group, "group-members"),
        actions=_actions(group),
        hand_over=_hand_over(group),
    )
    return show(visit.request, "groups/members.html", page)


def _line(group: OneGroup, row: ListedMember) -> MemberInGroup:
    changeable = group.changeable and not group.built_in and not group.kept
    check = group.address("group-remove-members-check")
    return MemberInGroup(
        name=row.name,
        href=reverse("member", args=[group.visit.firm.pk, row.number]),
        email=row.email,
        role=role_name(row.role),
        inactive=not row.active,
        without_access=row.active and not row.access,
        remove=f"{check}?only={row.number}" if changeable else "",
    )


def _actions(group: OneGroup) -> tuple[Link, ...]:
    if not group.changeable or group.built_in or group.kept:
        return ()
    found = [Link(text=_("Add [members]"), href=group.address("group-add-members"))]
    if group.visit.firm_now.groups[group.number]:
        found.append(Link(text=_("Take [members] out"), href=group.address("group-remove-members")))
    return tuple(found)


def _hand_over(group: OneGroup) -> str:
    """Where the group is handed to the directory; one that is kept is taken back from its head."""
    if not group.changeable or group.built_in or group.kept:
        return ""
    return group.address("hand-over-group")
