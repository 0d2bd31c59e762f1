"""Removing a document: yes or no, by an Editor of its engagement (rules.md 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from ringfence.access import Refused
from ringfence.access.documents import DocumentOvertaken, Written
from ringfence.web.queries.things import member_names
from ringfence.web.shell.page import ErrorLine, PageRow
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

from .documents import client_and_service, signed
from .plain_question import PlainQuestion


class RemovalWords(NamedTuple):
    """What is said of removing one kind of document."""

    lead: str
    question: str
    unanswered: str
    overtaken: str
    """Where somebody saved it while the question was read."""
    done: str


def ask_removal(
    visit: Visit,
    client: int,
    written: Written,
    words: RemovalWords,
    *,
    remove: Callable[[int], str],
    back: str,
    after: str,
    row: PageRow | None,
) -> HttpResponse:
    """The question, or what became of its answer: `back` after no, `after` once it is removed.

    `remove` takes the version that was read, and answers what hinders it, else an empty text. Whoever asks
    has made sure that the visitor may write the document, and has opened the record.
    """
    present, post, error = written.present, visit.request.POST, ""
    if post.get("answer") == "no":
        return redirect(back)
    if post.get("answer") == "yes":
        try:
            error = remove(number_in(post.get("version", "")))
        except Refused as refused:
            # The right to it was taken away meanwhile.
            raise Http404 from refused
        except DocumentOvertaken as overtaken:
            present, error = overtaken.present, words.overtaken
        if not error:
            messages.success(visit.request, words.done)
            return redirect(after)
    elif visit.request.method == "POST":
        error = words.unanswered
    saved = signed(visit, present, member_names(visit.firm.pk, [present.author]))
    version = _("Version %(number)s, saved on %(saved)s") % {"number": present.number, "saved": saved}
    page = PlainQuestion(
        frame=frame_for(visit, "clients"),
        title=_("Remove %(document)s") % {"document": present.title},
        row=row,
        back=back,
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        caption="{}: {}".format(*client_and_service(visit, client, written.engagement)),
        lead=(words.lead, version),
        question=words.question,
        answer_error=error,
        kept={"version": str(present.number)},
    )
    return show(visit.request, "shared/plain_question.html", page)
