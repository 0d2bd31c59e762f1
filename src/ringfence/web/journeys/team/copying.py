"""Copying a colleague's access to a member: whose, then what it does, yes or no."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, preview
from ringfence.core.commands.definitions import CopyAccess
from ringfence.core.refusals import Refusal
from ringfence.web.browse.colleagues import colleagues
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .person import member_row


@needs(Capability.MANAGE)
def choose(visit: Visit, member: int) -> HttpResponse:
    """Choose whose groups and own access the member is to get as well."""
    firm, row = visit.firm.pk, member_row(visit, member)
    others = [number for number in visit.firm_now.members if number != member]
    return colleagues(
        visit,
        caption=row.name,
        title=_("Whose access should %(member)s get as well?") % {"member": row.name},
        lead=_(
            "The [groups] of the colleague and what was given to them alone are given to this person too. "
            "What this person has already stays, and so does the colleague’s."
        ),
        here=reverse("copy-access", args=[firm, member]),
        back=reverse("member", args=[firm, member]),
        within=others,
        address=lambda number: reverse("copy-access-from", args=[firm, member, number]),
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def copy(visit: Visit, member: int, source: int) -> HttpResponse:
    """Copy after yes, with what that does shown first (rules.md 7, `access.copy`)."""
    firm, row = visit.firm.pk, member_row(visit, member)
    if source == member or source not in visit.firm_now.members:
        raise Http404
    back = reverse("member", args=[firm, member])
    command = CopyAccess(source=source, to=member)
    words = {"colleague": member_names(firm, [source]).get(source, ""), "member": row.name}
    if visit.request.method != "POST" and _nothing_to_copy(visit, command):
        said = _("%(member)s has all of the access of %(colleague)s already: there is nothing to copy.")
        messages.info(visit.request, said % words)
        return redirect("copy-access", firm=firm, member=member)
    return asked_and_done(
        visit,
        command,
        Question(
            title=_("Copy the access of %(colleague)s to %(member)s") % words,
            text=_("Do you want to copy it?"),
            unanswered=_("Select yes if you want to copy the access"),
            lead=_("[Groups] and own access are copied, blocks too. Fee splits and delegations are not."),
            back=back,
            section="manage",
        ),
        done=_("%(member)s has the access of %(colleague)s as well.") % words,
    )


def _nothing_to_copy(visit: Visit, command: CopyAccess) -> bool:
    try:
        preview(visit.firm.pk, command, actor=visit.actor)
    except Refused as refused:
        return refused.refusal is Refusal.CONFLICT
    return False
