"""The check of a review before it begins: the answers, how much there is to look at, and by how many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from ringfence.access import Refused, execute, preview
from ringfence.access.asking_in_words import command_in_words
from ringfence.access.reviews.asking import foreseen_review
from ringfence.core.commands.definitions import StartReview
from ringfence.core.terms import Instant
from ringfence.web.browse.until import PARTS, read_until
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.reviews import scope_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import until_text

from .draft import ReviewDraft, forget, read_draft
from .starting import address_of

QUESTION_OF = {"name": "name", "scope": "scope", "reviewers": "reviewers", "due": "due"}
"""The question that a refusal's field is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAnswer:
    """One answer, and where it is changed; a figure has no place."""

    key: str
    value: str
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCheckPage(Page):
    answers: tuple[StartAnswer, ...]
    starts: bool
    """Whether nothing is in the way."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit) -> HttpResponse:
    """How many accesses and reviewers there are; sent, the review begins."""
    draft = read_draft(visit)
    if draft is None or draft.open_question:
        return redirect(address_of(visit, draft.open_question if draft is not None else "name"))
    try:
        command = _command(visit, draft)
        if command is None:
            # Its day was put off until it was over.
            return redirect(address_of(visit, "due"))
        if visit.request.method == "POST":
            committed = execute(visit.firm.pk, command, actor=visit.actor)
            forget(visit)
            messages.success(visit.request, _("The access review has begun."))
            number = next(event.review for event in committed.change.events if hasattr(event, "review"))
            return redirect("review", firm=visit.firm.pk, number=number)
        preview(visit.firm.pk, command, actor=visit.actor)
    except Refused as refused:
        place = address_of(visit, QUESTION_OF.get(refused.field.partition(".")[0], "name"))
        return _page(visit, _typed(visit, draft), (ErrorLine(text=problem_sentence(refused), href=place),))
    return _page(visit, _said(visit, draft, command), ())


def _page(visit: Visit, answers: Iterator[StartAnswer], errors: tuple[ErrorLine, ...]) -> HttpResponse:
    page = StartCheckPage(
        frame=frame_for(visit, "manage"),
        title=_("Check the access review"),
        back=address_of(visit, "undecided"),
        errors=errors,
        answers=tuple(answers),
        starts=not errors,
    )
    return show(visit.request, "reviews/check.html", page)


def _command(visit: Visit, draft: ReviewDraft) -> StartReview | None:
    """None where its day is over by now."""
    answers = draft.answers
    sent = QueryDict(mutable=True)
    sent.update({part: answers[part] for part in PARTS})
    due = read_until(visit, sent).expires
    if due is None:
        return None
    kind = answers["scope"]
    thing = {
        "service": f"#{answers['service']}",
        "group": f"#{answers['group']}",
        "member": answers["member"],
    }
    named = answers["reviewers"].splitlines() if answers["who"] == "named" else []
    words = {
        "name": answers["name"],
        "scope": {kind: thing[kind]} if kind in thing else kind,
        "due": datetime.fromtimestamp(due / 1_000_000, UTC).isoformat(),
        "undecided": answers["undecided"],
        "reviewers": [word for line in named if (word := line.strip())],
    }
    command = command_in_words(visit.firm_now, "review.start", words)
    assert isinstance(command, StartReview)
    return command


def _typed(visit: Visit, draft: ReviewDraft) -> Iterator[StartAnswer]:
    """What a refused review would have been, with the way to every question."""
    answers = draft.answers
    day = "-".join(answers[part].zfill(2) for part in reversed(PARTS))
    yield StartAnswer(key=_("Name"), value=answers["name"], change=address_of(visit, "name"))
    scope = answers["member"] if answers["scope"] == "member" else _("As you chose")
    yield StartAnswer(key=_("What is reviewed"), value=scope, change=address_of(visit, "scope"))
    said = ", ".join(answers["reviewers"].split()) if answers["who"] == "named" else owners_text()
    yield StartAnswer(key=_("Who reviews"), value=said, change=address_of(visit, "reviewers"))
    yield StartAnswer(key=_("Due"), value=day, change=address_of(visit, "due"))


def _said(visit: Visit, draft: ReviewDraft, command: StartReview) -> Iterator[StartAnswer]:
    names = SentenceNames(visit.firm, ())
    scope = scope_text(command.scope, names)
    named = ", ".join(map(names.member, command.reviewers)) or owners_text()
    due = until_text(Instant(command.due), visit.zone)
    for question, key, value in (
        ("name", _("Name"), command.name),
        ("scope", _("What is reviewed"), scope),
        ("reviewers", _("Who reviews"), named),
        ("due", _("Due"), due),
        ("undecided", _("What nobody decides is"), undecided_text(command.undecided)),
    ):
        yield StartAnswer(key=key, value=value, change=address_of(visit, question))
    items, reviewers, nobody = foreseen_review(visit.firm_now, command)
    yield StartAnswer(key=_("Accesses to look at"), value=figure(items))
    yield StartAnswer(key=_("People who review"), value=figure(reviewers))
    if nobody:
        yield StartAnswer(key=_("Accesses that nobody can review"), value=figure(nobody))


def owners_text() -> str:
    """Who reviews where nobody is named."""
    return _("each [client]’s Owners, else administrators")


def undecided_text(undecided: str) -> str:
    """What happens at the end to what nobody decided."""
    return _("removed") if undecided == "remove" else _("kept and reported")
