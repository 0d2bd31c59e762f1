"""Removing one group or member from a client, or from one of its services, with what that does."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Committed
from ringfence.core.commands.definitions import On, RemoveGrant
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Subject, group_subject, member_subject
from ringfence.web.previews.question import Question, asked
from ringfence.web.queries.things import group_names, member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .views import after_change, need_sharing, target_text


@needs(Capability.MEMBER, READS_AND_SENDS)
def stop_sharing(visit: Visit, number: int, holder: str, holding: int, aimed: int) -> HttpResponse:
    """Remove the holder's grant (rules.md 7, `grant.remove`); `aimed` is an engagement, 0 for the client.

    The last Owner is not taken away: the refusal leads to where a successor is named (rules.md 5).
    """
    target = need_sharing(visit, number, aimed)
    subject, name = _holder(visit, holder, holding)
    firm, back = visit.firm.pk, reverse("share-client", args=[visit.firm.pk, number])
    if visit.firm_now.grants_of(subject).grant_on(target) is None:
        # Somebody else was quicker, or this is the second of two clicks.
        return redirect(back)
    words = {"name": name, "client": target_text(visit, number, target)}
    answer = asked(
        visit,
        RemoveGrant(to=(subject,), on=On.target(target)),
        Question(
            title=_("Remove the access of %(name)s to %(client)s") % words,
            text=_("Do you want to remove this access?"),
            unanswered=_("Select yes if you want to remove this access"),
            back=back,
            elsewhere={
                Refusal.LAST_OWNER: f"{reverse('choose-owner', args=[firm, number])}?instead={holding}"
            },
        ),
    )
    if not isinstance(answer, Committed):
        return answer
    messages.success(visit.request, _("The access of %(name)s to %(client)s is removed.") % words)
    return after_change(visit, number)


def _holder(visit: Visit, kind: str, number: int) -> tuple[Subject, str]:
    firm, now = visit.firm.pk, visit.firm_now
    if kind == "group" and number in now.groups:
        return group_subject(number), group_names(firm, [number])[number]
    if kind == "member" and number in now.members:
        return member_subject(number), member_names(firm, [number]).get(number) or _("a former [member]")
    raise Http404
