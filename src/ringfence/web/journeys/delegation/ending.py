"""Ending a delegation: by its delegator, its delegate, or who manages access; also while it is off."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from ringfence.core.commands.definitions import RemoveDelegation
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .rights import delegates_for, page_of, section_of


@needs(Capability.MEMBER, READS_AND_SENDS)
def end(visit: Visit, member: int, delegate: int) -> HttpResponse:
    """End it after yes, with who loses what (rules.md 7, `delegation.remove`)."""
    if visit.number != delegate and not delegates_for(visit, member):
        raise PermissionDenied
    if not {member, delegate} <= set(visit.firm_now.members):
        raise Http404
    back = page_of(visit, visit.number if visit.number in (member, delegate) else member)
    if (member, delegate) not in visit.firm_now.delegations:
        # Somebody else was quicker, or this is the second of two clicks.
        return redirect(back)
    names = member_names(visit.firm.pk, [member, delegate])
    words = {"delegator": names[member], "delegate": names[delegate]}
    return asked_and_done(
        visit,
        RemoveDelegation(delegator=member, delegate=delegate),
        Question(
            title=_("End the delegation from %(delegator)s to %(delegate)s") % words,
            text=_("Do you want to end this delegation?"),
            unanswered=_("Select yes if you want to end this delegation"),
            back=back,
            section="account" if visit.number == delegate else section_of(visit, member),
        ),
        done=_("The delegation from %(delegator)s to %(delegate)s is ended.") % words,
    )
