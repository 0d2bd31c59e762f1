"""A member's invitation, for who manages members: it is sent by mail, else its link is shown once."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import invitations
from ringfence.access.invitations import InvitationStage, MemberInvitation, NotInvitable
from ringfence.firms.models import Member
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.send_invitation import send_invitation
from ringfence.jobs.send_place_given import send_place_given
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.invited import invitation_text
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

OFFERED = {
    InvitationStage.NOT_INVITED,
    InvitationStage.INVITED,
    InvitationStage.LAPSED,
    InvitationStage.REVOKED,
}
"""Where a member can be invited, or anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitePage(Page):
    name: str
    email: str
    state: str
    offered: bool
    """Whether the member can be invited."""
    may: bool
    """Whether this visitor may: principals are invited by principals."""
    by_operator: bool
    """Whether only whoever runs Ringfence can let them in."""
    again: bool
    """Whether a link of before is good now, and void then."""
    days: int
    by_mail: bool
    revoke: str
    """Where it is taken back."""
    change: str
    """Where their address is entered."""
    link: str = ""
    """Shown once, where no mail is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedPage(Page):
    name: str
    email: str
    state: str
    next_steps: tuple[Link, ...]


@needs(Capability.MANAGE, READS_AND_SENDS)
def invite_member(visit: Visit, member: int) -> HttpResponse:
    """Invite a member, or send the invitation again. Without mail the link is shown, this once."""
    row, found = _member(visit, member)
    told = found.stage is InvitationStage.ACCEPTED and settings.SENDS_MAIL
    by_operator = found.stage is InvitationStage.FOR_OPERATOR or invitations.for_operator_alone(
        row.user_id, visit.firm.pk
    )
    offered = found.stage in OFFERED and not by_operator
    if visit.request.method != "POST" or not (told or offered) or not _may(visit, member):
        return _invite_page(visit, row, found, by_operator=by_operator)
    if not ratelimit.consume(visit.request, action="invite", key=f"{visit.firm.pk} {member}"):
        error = _("This [member] was invited several times. Wait an hour before you invite them again")
        return _invite_page(visit, row, found, error=error)
    if told:
        return _tell(visit, row)
    try:
        # The mail waits with the invitation, or neither is there.
        with transaction.atomic():
            found = invitations.invite(visit.firm.pk, member, actor=visit.actor)
            by_mail = enqueue(send_invitation, visit.firm.pk, member)
    except NotInvitable:
        # They have come in, or lost their address, since the page was asked for.
        return _invite_page(visit, *_member(visit, member))
    if by_mail:
        return redirect("invited-member", firm=visit.firm.pk, member=member)
    letter = invitations.letter(visit.firm.pk, member, _root(visit.request))
    return _invite_page(visit, row, found, link=letter.link if letter is not None else "")


def _tell(visit: Visit, row: Member) -> HttpResponse:
    """Who signs in already, perhaps for another firm, is told that they have a place here."""
    enqueue(send_place_given, visit.firm.pk, row.number, visit.number)
    messages.success(visit.request, _("An e-mail is on its way to %(email)s.") % {"email": row.email})
    return redirect("member", firm=visit.firm.pk, member=row.number)


def _may(visit: Visit, member: int) -> bool:
    return invitations.may_invite(visit.firm.pk, member, visit.actor)


def _root(request: HttpRequest) -> str:
    """Where people reach Ringfence: as it is set, else as this administrator has reached it."""
    return settings.ADDRESS or f"{request.scheme}://{request.get_host()}"


def _member(visit: Visit, number: int) -> tuple[Member, MemberInvitation]:
    """The active member, and how far they have come; raises `Http404`."""
    if number not in visit.firm_now.active_members:
        raise Http404
    row = Member.objects.get(firm=visit.firm, number=number)
    return row, invitations.invitations_of(visit.firm.pk, [number])[number]


def _invite_page(
    visit: Visit,
    row: Member,
    found: MemberInvitation,
    *,
    error: str = "",
    link: str = "",
    by_operator: bool = False,
) -> HttpResponse:
    again = found.stage in {InvitationStage.INVITED, InvitationStage.LAPSED}
    if link:
        title = _("The link for %(name)s")
    else:
        title = _("Invite %(name)s again") if again else _("Invite %(name)s")
    page = InvitePage(
        frame=frame_for(visit, "manage"),
        title=title % {"name": row.name},
        back=reverse("member", args=[visit.firm.pk, row.number]),
        next=reverse("invite-member", args=[visit.firm.pk, row.number]) if link else "",
        errors=(ErrorLine(text=error, href="#invite"),) if error else (),
        name=row.name,
        email=row.email,
        state=invitation_text(found, visit.zone),
        offered=found.stage in OFFERED,
        may=_may(visit, row.number),
        by_operator=by_operator,
        again=found.open,
        days=invitations.LASTS.days,
        by_mail=settings.SENDS_MAIL,
        revoke=reverse("revoke-invitation", args=[visit.firm.pk, row.number]),
        change=reverse("change-member", args=[visit.firm.pk, row.number]),
        link=link,
    )
    return show(visit.request, "invitations/invite.html", page)


@needs(Capability.MANAGE)
def invited_member(visit: Visit, member: int) -> HttpResponse:
    """The invitation is on its way."""
    row, found = _member(visit, member)
    if not found.open:
        return redirect("invite-member", firm=visit.firm.pk, member=member)
    page = InvitedPage(
        frame=frame_for(visit, "manage"),
        title=_("%(name)s is invited") % {"name": row.name},
        name=row.name,
        email=row.email,
        state=invitation_text(found, visit.zone),
        next_steps=(
            Link(text=_("See their page"), href=reverse("member", args=[visit.firm.pk, member])),
            Link(text=_("Return to manage account"), href=reverse("manage", args=[visit.firm.pk])),
        ),
    )
    return show(visit.request, "invitations/invited.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def revoke_invitation(visit: Visit, member: int) -> HttpResponse:
    """Take an invitation back; its link is void at once."""
    row, found = _member(visit, member)
    if not _may(visit, member):
        raise PermissionDenied
    if visit.request.method == "POST":
        if invitations.revoke(visit.firm.pk, member, actor=visit.actor):
            messages.success(visit.request, _("The invitation was taken back. Its link is void."))
        else:
            messages.info(visit.request, _("There is no open invitation any more. Nothing was changed."))
        return redirect("invite-member", firm=visit.firm.pk, member=member)
    if not found.open:
        return redirect("invite-member", firm=visit.firm.pk, member=member)
    page = InvitedPage(
        frame=frame_for(visit, "manage"),
        title=_("Take back the invitation of %(name)s") % {"name": row.name},
        back=reverse("invite-member", args=[visit.firm.pk, member]),
        name=row.name,
        email=row.email,
        state=invitation_text(found, visit.zone),
        next_steps=(),
    )
    return show(visit.request, "invitations/revoke.html", page)
