"""Choosing whom a member delegates to: the other members who use client records, by name."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.core.refusals import Problem
from ringfence.web.browse.colleagues import colleagues
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import problem_text
from ringfence.wording.saying import gettext as _

from .rights import need_delegator, page_of, section_of


@needs(Capability.MEMBER)
def choose(visit: Visit, member: int) -> HttpResponse:
    """Whom the member is to delegate to."""
    need_delegator(visit, member)
    if not visit.settings.delegation:
        return turned_off(visit, member)
    firm, now = visit.firm.pk, visit.firm_now
    yours = member == visit.number
    words = {"member": member_names(firm, [member])[member]}
    return colleagues(
        visit,
        section=section_of(visit, member),
        title=_("Who do you want to delegate to?")
        if yours
        else _("Who should %(member)s delegate to?") % words,
        caption=_("Your delegations") if yours else _("Delegations of %(member)s") % words,
        lead=_(
            "They open every [client] that you reach, today’s and later ones. You see which before it is "
            "saved."
        )
        if yours
        else _(
            "They open every [client] that %(member)s reaches, today’s and later ones. You see which before "
            "it is saved."
        )
        % words,
        here=reverse("delegate-to", args=[firm, member]),
        back=page_of(visit, member),
        within=[number for number, who in now.members.items() if who.works and number != member],
        address=lambda number: reverse("delegate-terms", args=[firm, member, number]),
        noted=lambda number: _("Is delegated to already") if (member, number) in now.delegations else "",
    )


def turned_off(visit: Visit, member: int) -> HttpResponse:
    """Where delegation cannot be made: the page of what stands, with what to do."""
    messages.error(visit.request, problem_text(Problem.DELEGATION_SETTING))
    return redirect(page_of(visit, member))
