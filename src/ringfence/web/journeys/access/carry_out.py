"""Carrying out what would let a member in: its first command, with what it does shown before it is done."""

from __future__ import annotations

from contextlib import suppress

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Overtaken, Refused
from ringfence.access.reading import ways_in
from ringfence.core.commands.definitions import Command
from ringfence.core.refusals import Refusal
from ringfence.web.previews.confirm import (
    Answer,
    ask,
    changed_meanwhile,
    execute_shown,
    read_answer,
    too_late,
)
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import remedy_text
from ringfence.wording.saying import gettext as _


@needs(Capability.READ_CONTROL, methods=READS_AND_SENDS)
def carry_out(visit: Visit, number: int, member: int, way: int) -> HttpResponse:
    """One of the ways of the page that says why: for whom the core would let carry it out (rules.md 5).

    `way` is its place among them at present; what it says is sent along, so that no other is taken for it.
    """
    firm_now = visit.firm_now
    if number not in firm_now.clients or member not in firm_now.members:
        raise Http404
    firm = visit.firm.pk
    back = reverse("why-member", args=[firm, number, member])
    ways = ways_in(firm_now, member, number)
    if not 0 < way <= len(ways):
        return redirect(back)
    step = ways[way - 1].steps[0]
    if visit.number not in step.makers:
        raise PermissionDenied
    names = SentenceNames(visit.firm, [number])
    deed = remedy_text(ways[way - 1], member, names, firm_now).steps[0].text
    answer = read_answer(visit, _("Select yes if you want to make this change"))
    if answer.no:
        return redirect(back)
    if answer.yes and visit.request.POST.get("deed") != deed:
        answer = Answer(error=changed_meanwhile())
    try:
        if answer.yes:
            with suppress(Overtaken):
                execute_shown(visit, step.command)
                messages.success(visit.request, _("Done: %(deed)s") % {"deed": deed})
                return redirect(back)
            answer = too_late(visit)
        return _ask(visit, step.command, answer, deed, back)
    except Refused as refused:
        # Of what cannot be done there is nothing to ask; what is so already, the page says.
        if refused.refusal is not Refusal.CONFLICT:
            messages.error(visit.request, problem_sentence(refused))
        return redirect(back)


def _ask(visit: Visit, command: Command, answer: Answer, deed: str, back: str) -> HttpResponse:
    return ask(
        visit,
        command,
        answer,
        title=deed.removesuffix("."),
        question=_("Do you want to make this change?"),
        back=back,
        kept={"deed": deed},
    )
