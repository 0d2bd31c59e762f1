"""Freezing a member: the permission to use client records is taken away, everything else of them is kept."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.core.commands.definitions import ChangeMember
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Role
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .person import member_row


@needs(Capability.MANAGE, READS_AND_SENDS)
def freeze(visit: Visit, member: int) -> HttpResponse:
    """Take the permission away after yes, with what that does shown first (rules.md 1, `access`)."""
    firm, row = visit.firm.pk, member_row(visit, member)
    back = reverse("member", args=[firm, member])
    if not visit.firm_now.members[member].access:
        # The second of two clicks.
        return redirect(back)
    words = {"member": row.name}
    return asked_and_done(
        visit,
        ChangeMember(member=member, access=False),
        Question(
            title=_("Freeze %(member)s") % words,
            text=_("Do you want to freeze %(member)s?") % words,
            unanswered=_("Select yes if you want to freeze them"),
            lead=_(
                "They can still sign in, and open no [client]. Their profile, [groups], own access, fee "
                "splits and delegations are kept: nobody reaches anything through them until you end it."
            ),
            links=(
                Link(
                    text=_("Deactivate them instead, so that they cannot sign in here"),
                    href=reverse("deactivate-member", args=[firm, member]),
                ),
            ),
            back=back,
            section="manage",
            # What they own, from where somebody else is made an Owner too.
            elsewhere={Refusal.LAST_OWNER: reverse("member-access", args=[firm, member])},
        ),
        done=_("%(member)s is frozen and opens no [client].") % words,
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def unfreeze(visit: Visit, member: int) -> HttpResponse:
    """Give the permission back after yes: what they were given counts again."""
    firm, row = visit.firm.pk, member_row(visit, member)
    back = reverse("member", args=[firm, member])
    who = visit.firm_now.members[member]
    if who.access or who.role is Role.AUDITOR:
        return redirect(back)
    words = {"member": row.name}
    return asked_and_done(
        visit,
        ChangeMember(member=member, access=True),
        Question(
            title=_("Let %(member)s use client records") % words,
            text=_("Do you want to let %(member)s use client records?") % words,
            unanswered=_("Select yes if you want to let them use client records"),
            lead=_("What they were given and has not ended counts again, and so does what they delegate."),
            back=back,
            section="manage",
        ),
        done=_("%(member)s may use client records again.") % words,
    )
