"""Putting all that a report found right at once: several ordinary commands, one check, one change."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from ringfence.access import Batch
from ringfence.web.previews.checked import CheckQuestion, ask_checked, save_checked
from ringfence.web.previews.confirm import read_answer
from ringfence.web.previews.outcome import FIRST, NameList, rest_words
from ringfence.web.shell.figures import figure
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class AllAtOnce:
    """What the check says."""

    back: str
    title: str
    question: str
    chosen_title: str
    lines: tuple[tuple[str, str], ...]
    """What it is about, each with a note."""
    done: str


def put_right(visit: Visit, batch: Batch, asked: AllAtOnce) -> HttpResponse:
    """The check, or the way on once it is answered."""
    if not batch.commands:
        # The second of two clicks, or put right by somebody else.
        return redirect(asked.back)
    answer = read_answer(visit, _("Select yes if you want to make this change"))
    if answer.no:
        return redirect(asked.back)
    if answer.yes:
        answer = save_checked(visit, batch)
    if answer.yes:
        messages.success(visit.request, asked.done)
        return redirect(asked.back)
    count = len(asked.lines)
    question = CheckQuestion(
        title=asked.title,
        caption="",
        question=asked.question,
        back=asked.back,
        chosen_title=asked.chosen_title,
        chosen=NameList(total=count, lines=asked.lines[:FIRST], rest=rest_words(count), count=figure(count)),
        section="manage",
    )
    return ask_checked(visit, batch, answer, question)
