"""Reactivating a member: what counts again by that, and what does not."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.handing_over import own_clients
from ringfence.core.commands.definitions import ReactivateMember
from ringfence.core.terms import EVERYONE
from ringfence.web.journeys.team.person import member_row
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext


@needs(Capability.MANAGE, READS_AND_SENDS)
def reactivate(visit: Visit, member: int) -> HttpResponse:
    """Reactivate the member after yes: what still stands counts again (rules.md 5)."""
    firm, row = visit.firm.pk, member_row(visit, member)
    back = reverse("member", args=[firm, member])
    if visit.firm_now.members[member].active:
        return redirect(back)
    question = Question(
        title=_("Reactivate %(member)s") % {"member": row.name},
        text=_("Do you want to reactivate %(member)s?") % {"member": row.name},
        unanswered=_("Select yes if you want to reactivate them"),
        lead=" ".join(_said(visit, member)),
        back=back,
        section="manage",
    )
    done = _("%(member)s is active again.") % {"member": row.name}
    return asked_and_done(visit, ReactivateMember(member=member), question, done=done)


def _said(visit: Visit, member: int) -> list[str]:
    now = visit.firm_now
    said = [_("They can sign in again, and what they were given and has not ended counts again.")]
    groups = len(set(now.groups_of(member)) - {EVERYONE})
    if groups:
        words = ngettext("They are in %(count)s [group].", "They are in %(count)s [groups].", groups)
        said.append(words % {"count": figure(groups)})
    own = len(own_clients(now, member))
    if own:
        said.append(_("They have access of their own to %(clients)s.") % {"clients": count_clients(own)})
    delegations = sum(member in pair for pair in now.delegations)
    if delegations:
        words = ngettext(
            "%(count)s delegation from or to them is still there.",
            "%(count)s delegations from or to them are still there.",
            delegations,
        )
        said.append(words % {"count": figure(delegations)})
    said.append(_("What a colleague took over, and requests that were withdrawn, do not come back."))
    return said
