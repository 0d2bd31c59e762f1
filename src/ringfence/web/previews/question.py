"""A change that is one question: what it does, yes or no, done; refused, the page before says why."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from ringfence.access import Committed, Overtaken, Refused, preview
from ringfence.core.commands.definitions import Command
from ringfence.core.refusals import Refusal
from ringfence.web.shell.page import Link
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.visit import Visit

from .agreed import chosen_otherwise
from .confirm import Answer, ask, execute_shown, read_answer, too_late


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A yes-or-no page in words. `back` is where no leads to, and where a refusal is told."""

    title: str
    text: str
    unanswered: str
    """What to do where neither was picked."""
    back: str
    lead: str = ""
    """What the change means, said before its numbers."""
    links: tuple[Link, ...] = ()
    """Other ways to make the change."""
    section: str = "clients"
    kept: Mapping[str, str] = field(default_factory=dict)
    """Fields that the answer sends along."""
    elsewhere: Mapping[Refusal, str] = field(default_factory=dict)
    """Where a refusal of the kind is told instead: the page on which it can be put right."""


def asked(
    visit: Visit, command: Command, question: Question, *, form: bool = False
) -> Committed | HttpResponse:
    """What was done where yes was answered, else the page to show or the way on.

    `form`: the same address takes a form first, whose sending is no answer to the question yet.
    """
    answered = not form or "version" in visit.request.POST
    answer = read_answer(visit, question.unanswered) if answered else Answer()
    if answer.no:
        return redirect(question.back)
    if answer.yes and (other := chosen_otherwise(visit, command)):
        answer = Answer(error=other)
    try:
        if answer.yes:
            with suppress(Overtaken):
                return execute_shown(visit, command)
            answer = too_late(visit)
        return ask(
            visit,
            command,
            answer,
            title=question.title,
            question=question.text,
            back=question.back,
            lead=question.lead,
            links=question.links,
            section=question.section,
            kept=question.kept,
        )
    except Refused as refused:
        if refused.refusal is not Refusal.CONFLICT:
            messages.error(visit.request, problem_sentence(refused))
        # What would change nothing is so already: the second of two clicks.
        return redirect(question.elsewhere.get(refused.refusal, question.back))


def asked_and_done(
    visit: Visit, command: Command, question: Question, *, done: str, to: str = "", form: bool = False
) -> HttpResponse:
    """The whole page: asked, and after yes carried out, said in `done`, on at `to` or where no leads to."""
    answer = asked(visit, command, question, form=form)
    if not isinstance(answer, Committed):
        return answer
    messages.success(visit.request, done)
    return redirect(to or question.back)


def refused_in(visit: Visit, command: Command) -> Refused | None:
    """How the visitor's command would be refused now; None where it would not: for the errors of a form."""
    try:
        preview(visit.firm.pk, command, actor=visit.actor)
    except Refused as refused:
        return refused
    return None
