"""The check of a review before it begins: the answers, how much there is to look at, and by how many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from ringfence.access import Refused, execute, preview
from ringfence.access.asking_in_words import NamedWord, command_in_words
from ringfence.access.reviews.asking import ForeseenReview, foreseen_review
from ringfence.core.commands.definitions import ScheduleReview, StartReview
from ringfence.core.terms import Instant, Thing
from ringfence.web.browse.until import PARTS, read_until
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.review_schedules import days_text, every_text
from ringfence.wording.reviews import scope_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_text, until_text

from .draft import ReviewDraft, forget, read_draft
from .starting import address_of

QUESTION_OF = {
    **{field: field for field in ("name", "scope", "reviewers", "due", "days")},
    "first": "due",
}
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
    starts: str
    """What the button says; empty where something is in the way."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit) -> HttpResponse:
    """How many accesses and reviewers there are; sent, the review begins."""
    draft = read_draft(visit)
    if draft is None or draft.open_question:
        return redirect(address_of(visit, draft.open_question if draft is not None else "name"))
    words: list[NamedWord] = []
    command = None
    try:
        command = _command(visit, draft, words)
        if command is None:
            # Its day was put off until it was over.
            return redirect(address_of(visit, "due"))
        if visit.request.method == "POST":
            committed = execute(visit.firm.pk, command, actor=visit.actor)
            forget(visit)
            if isinstance(command, ScheduleReview):
                messages.success(visit.request, _("The access review is scheduled."))
                return redirect("reviews", firm=visit.firm.pk)
            messages.success(visit.request, _("The access review has begun."))
            number = next(event.review for event in committed.change.events if hasattr(event, "review"))
            return redirect("review", firm=visit.firm.pk, number=number)
        preview(visit.firm.pk, command, actor=visit.actor)
    except Refused as refused:
        assert command is not None
        question = QUESTION_OF.get(refused.field.partition(".")[0], "name")
        return _page(
            visit,
            _said(visit, draft, command, words),
            (ErrorLine(text=problem_sentence(refused), href=address_of(visit, question)),),
            again=draft.begins_again,
        )
    answers = chain(_said(visit, draft, command, words), _foreseen(visit, command))
    return _page(visit, answers, (), again=draft.begins_again)


def _page(
    visit: Visit, answers: Iterator[StartAnswer], errors: tuple[ErrorLine, ...], *, again: bool
) -> HttpResponse:
    page = StartCheckPage(
        frame=frame_for(visit, "manage"),
        title=_("Check the access review"),
        back=address_of(visit, "undecided"),
        errors=errors,
        answers=tuple(answers),
        starts="" if errors else _("Schedule the review") if again else _("Start the review"),
    )
    return show(visit.request, "reviews/check.html", page)


def _command(
    visit: Visit, draft: ReviewDraft, words_said: list[NamedWord]
) -> StartReview | ScheduleReview | None:
    """None where its day is over by now. Whom it names is put into `words_said`."""
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
    words: dict[str, object] = {
        "name": answers["name"],
        "scope": {kind: thing[kind]} if kind in thing else kind,
        "undecided": answers["undecided"],
        "reviewers": draft.named,
    }
    if draft.begins_again:
        day = date(*(number_in(answers[part]) for part in reversed(PARTS))).isoformat()
        words |= {"first": day, "every": answers["repeats"], "days": answers["days"]}
    else:
        words["due"] = datetime.fromtimestamp(due / 1_000_000, UTC).isoformat()
    name = "review.schedule" if draft.begins_again else "review.start"
    command = command_in_words(visit.firm_now, name, words, words_said)
    assert isinstance(command, StartReview | ScheduleReview)
    return command


def _said(
    visit: Visit, draft: ReviewDraft, command: StartReview | ScheduleReview, words: list[NamedWord]
) -> Iterator[StartAnswer]:
    """The answers; whoever is not known, as they were typed."""
    names = SentenceNames(visit.firm, ())
    called = {
        each.word: names.member(each.number) for each in words if each.thing is Thing.MEMBER and each.number
    }
    scope = as_answer(scope_text(command.scope, names))
    if command.scope.kind == "member":
        typed = draft.answers["member"]
        scope = as_answer(_("everything that %(member)s reaches") % {"member": called.get(typed, typed)})
    named = ", ".join(dict.fromkeys(called.get(each, each) for each in draft.named)) or owners_text()
    for question, key, value in (
        ("name", _("Name"), command.name),
        ("scope", _("What is reviewed"), scope),
        ("reviewers", _("Who reviews"), named),
        *_when(visit, command),
        ("undecided", _("What nobody decides is"), undecided_text(command.undecided)),
    ):
        yield StartAnswer(key=key, value=value, change=address_of(visit, question))


def _foreseen(visit: Visit, command: StartReview | ScheduleReview) -> Iterator[StartAnswer]:
    """How much there is to look at, and by how many."""
    foreseen = foreseen_review(visit.firm_now, command.scope, command.reviewers)
    yield StartAnswer(key=_("Accesses to look at"), value=figure(foreseen.items))
    yield StartAnswer(key=_("People who review"), value=_reviewers_text(foreseen, command.reviewers))
    if foreseen.nobodys:
        yield StartAnswer(key=_("Accesses that nobody can review"), value=figure(foreseen.nobodys))


def _reviewers_text(foreseen: ForeseenReview, named: tuple[int, ...]) -> str:
    """How many; with why where others review besides those who are named."""
    count = figure(len(foreseen.reviewers))
    if not named or foreseen.reviewers <= set(named):
        return count
    return _("%(count)s: administrators too, as nobody reviews their own access") % {"count": count}


def _when(visit: Visit, command: StartReview | ScheduleReview) -> tuple[tuple[str, str, str], ...]:
    """When it is due; of one that begins again and again how often, first when, and how long each takes."""
    if isinstance(command, StartReview):
        return (("due", _("Due"), as_answer(until_text(Instant(command.due), visit.zone))),)
    return (
        ("repeats", _("How often"), as_answer(every_text(command.every))),
        ("due", _("First day"), day_text(command.first)),
        ("days", _("Due after"), days_text(command.days)),
    )


def owners_text() -> str:
    """Who reviews where nobody is named."""
    return _("Each [client]’s [owners], else administrators")


def undecided_text(undecided: str) -> str:
    """What happens at the end to what nobody decided."""
    return as_answer(_("removed") if undecided == "remove" else _("kept and reported"))


def as_answer(text: str) -> str:
    """What stands within a sentence elsewhere, as a text of its own."""
    return text[0].upper() + text[1:]
