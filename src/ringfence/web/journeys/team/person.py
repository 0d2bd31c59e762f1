"""One page per person: who they are, all ways by which they reach clients, what keeps them from others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access.invitations import invitations_of
from ringfence.access.reading import roles_offered
from ringfence.core.terms import EVERYONE, Role, member_subject
from ringfence.firms.models import Member
from ringfence.web.queries.way_names import NamesOfWays
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.invited import invitation_text
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import role_name, role_text
from ringfence.wording.saying import gettext as _

from .listing import Standing, standing_of, standing_text
from .ways import DelegateLine, HindranceLine, WayLine, delegates, hindrances, member_ways


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage(Page):
    number: int
    standing: Standing
    state: str
    email: str
    external: str
    """What other software calls them; empty for nothing."""
    came_in: str
    """Whether they can sign in, or have been invited; empty for who is not active."""
    invite: str
    """Where they are invited; empty where they need not be, or for who may not."""
    role: str
    role_text: str
    permissions: tuple[str, ...]
    change: str
    """Where details, role and permissions are changed; this and the next are empty for who may not."""
    copy: str
    share_all: Link | None
    """Where all clients are shared with them, or that is changed; none for who is not active."""
    join: str
    leave: str
    """Where they are taken out of several groups; empty where they are in fewer."""
    switch: Link | None
    """Deactivating, or reactivating who is inactive."""
    freeze: Link | None
    """Taking the permission to use client records away, or giving it back."""
    reach: str
    """How many of how many clients they can open."""
    reached: Link
    closed: Link | None
    picture: Link
    """The same drawn."""
    past: Link
    """What they could open at other times."""
    history: Link
    defaults: str
    """Where the default grantees of their own are changed."""
    ways: tuple[WayLine, ...]
    hindrances: tuple[HindranceLine, ...]
    delegates: tuple[DelegateLine, ...]
    delegations: Link | None
    """Where what they delegate and are delegated is changed."""


def member_row(visit: Visit, member: int) -> Member:
    """The member's row; raises `Http404` where the firm has no such member."""
    row = Member.objects.filter(firm=visit.firm.pk, number=member).first()
    if row is None or member not in visit.firm_now.members:
        raise Http404
    return row


@needs(Capability.READ_CONTROL)
def person(visit: Visit, member: int) -> HttpResponse:
    """Who the member is, what they reach and by what (rules.md 5, "everybody's access")."""
    firm, row = visit.firm.pk, member_row(visit, member)
    ways = visit.firm_now.ways(member)
    ends = {end for pair in visit.firm_now.delegations if member in pair for end in pair}
    names = NamesOfWays(firm, members=ends)
    active = visit.firm_now.members[member].active
    invitation = invitations_of(firm, [member]).get(member) if active else None
    standing = standing_of(invitation)
    manages = visit.can(Capability.MANAGE)
    at = partial(_at, firm, member)
    total, seen = len(visit.firm_now.clients), len(visit.firm_now.clients_seen_by(member))
    page = PersonPage(
        frame=frame_for(visit, "manage"),
        title=row.name or _("a former [member]"),
        back=reverse("team", args=[firm]),
        number=member,
        standing=standing,
        state=standing_text(standing),
        email=row.email,
        external=row.external,
        came_in=invitation_text(invitation, visit.zone) if invitation is not None else "",
        invite=at("invite-member") if manages and standing in (Standing.INVITED, Standing.WAITING) else "",
        role=role_name(Role(row.role)),
        role_text=role_text(Role(row.role)),
        permissions=permissions(visit, member),
        change=at("change-member") if manages else "",
        copy=at("copy-access") if manages else "",
        share_all=_share_all(visit, member) if manages and active else None,
        join=at("join-groups") if manages else "",
        leave=at("leave-groups") if manages and _in_several_groups(visit, member) else "",
        switch=_switch(visit, row) if manages else None,
        freeze=_freeze(visit, row) if manages else None,
        reach=_("%(seen)s of the firm’s %(total)s") % {"seen": figure(seen), "total": count_clients(total)},
        reached=Link(text=_("See what they can open, and by what"), href=at("member-clients")),
        closed=_closed(at("member-clients")) if seen < total else None,
        picture=Link(text=_("See a picture of it"), href=at("member-picture")),
        past=Link(text=_("See what they could open on another day"), href=at("member-then")),
        history=Link(text=_("See what was changed, when and by whom"), href=at("member-history")),
        defaults=at("client-permissions-of") if manages else "",
        ways=member_ways(visit, member, ways, names, manages=manages),
        hindrances=hindrances(visit, member, ways, names),
        delegates=delegates(visit, member, names, manages=manages),
        delegations=_delegations(visit, row, any_made=bool(ends)),
    )
    return show(visit.request, "team/person.html", page)


def _at(firm: int, member: int, page: str) -> str:
    """The address of a page about this member."""
    return reverse(page, args=[firm, member])


def _in_several_groups(visit: Visit, member: int) -> bool:
    return len(set(visit.firm_now.groups_of(member)) - {EVERYONE}) > 1


def _closed(reached: str) -> Link:
    return Link(text=_("See what they cannot open, and why"), href=f"{reached}?show=closed")


def permissions(visit: Visit, member: int) -> tuple[str, ...]:
    """The two permissions in sentences (rules.md 1)."""
    who = visit.firm_now.members[member]
    said = [_("May use client records.") if who.access else _("May not use client records.")]
    if who.manage_access and not who.administers:
        said.append(_("May manage who has access to every [client]."))
    return tuple(said)


def _share_all(visit: Visit, member: int) -> Link:
    shared = visit.firm_now.grants_of(member_subject(member)).all
    text = _("Change the sharing of all [clients]") if shared else _("Share all [clients] with them")
    return Link(text=text, href=reverse("share-all-clients", args=[visit.firm.pk, member]))


def _switch(visit: Visit, row: Member) -> Link | None:
    """Of a principal only principals may (rules.md 5)."""
    args, who = [visit.firm.pk, row.number], visit.firm_now.members[row.number]
    ends = (Role.PRINCIPAL, Role.STANDARD) if who.active else (Role.STANDARD, Role.PRINCIPAL)
    if who.role is Role.PRINCIPAL and ends[1] not in roles_offered(visit.firm_now, visit.number, ends[0]):
        return None
    if who.active:
        return Link(text=_("Deactivate"), href=reverse("deactivate-member", args=args))
    return Link(text=_("Reactivate"), href=reverse("reactivate-member", args=args))


def _freeze(visit: Visit, row: Member) -> Link | None:
    args, who = [visit.firm.pk, row.number], visit.firm_now.members[row.number]
    if not who.active or who.role is Role.AUDITOR:
        return None
    if who.access:
        return Link(text=_("Freeze"), href=reverse("freeze-member", args=args))
    return Link(text=_("Let them use client records"), href=reverse("unfreeze-member", args=args))


def _delegations(visit: Visit, row: Member, *, any_made: bool) -> Link | None:
    if not visit.can(Capability.MANAGE_ACCESS) or not (visit.settings.delegation or any_made):
        return None
    text = _("Make, change or end delegations of %(member)s") % {"member": row.name}
    return Link(text=text, href=reverse("member-delegations", args=[visit.firm.pk, row.number]))
