"""Starting a review, a question on each page: its name, what, by whom, how often, and how it ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.asking_in_words import unknown_words
from ringfence.access.reviews.schedules import MONTHS, MOST_DAYS
from ringfence.core.directory import shows
from ringfence.core.terms import EVERYONE, Thing
from ringfence.core.texts import REVIEW_NAME, steers
from ringfence.web.browse.until import read_until
from ringfence.web.queries.things import every_group, services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .draft import FIELDS, ReviewDraft, begin, forget, named_in, read_draft

QUESTIONS = tuple(FIELDS)
FIRST = QUESTIONS[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage(Page):
    question: str
    begun: str
    """The name of the review that was begun before; empty where there is none, and on the other questions."""
    go_on: str
    """Where its first question without an answer is."""
    values: dict[str, str]
    problems: dict[str, str]
    """What is wrong, by field."""
    services: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, str], ...]


@needs(Capability.MANAGE, READS_AND_SENDS)
def start(visit: Visit) -> HttpResponse:
    """What it is called; what the visitor had begun before is said, and gone on with or discarded."""
    return _asked(visit, FIRST)


@needs(Capability.MANAGE, READS_AND_SENDS)
def question(visit: Visit, question: str) -> HttpResponse:
    """One of the other questions; without a draft it begins with the first."""
    if question not in QUESTIONS[1:]:
        raise Http404
    return _asked(visit, question)


def address_of(visit: Visit, question: str) -> str:
    """Where the question is asked; of none, where everything is checked."""
    firm = visit.firm.pk
    if not question:
        return reverse("start-review-check", args=[firm])
    if question == FIRST:
        return reverse("start-review", args=[firm])
    return reverse("start-review-question", args=[firm, question])


def _asked(visit: Visit, question: str) -> HttpResponse:
    draft = read_draft(visit)
    if draft is None and question != FIRST:
        return redirect(address_of(visit, FIRST))
    answers = draft.answers if draft is not None else {}
    if visit.request.method != "POST":
        return _page(visit, question, answers, {}, draft if question == FIRST else None)
    post = visit.request.POST
    if post.get("go") == "discard":
        forget(visit)
        return redirect(address_of(visit, FIRST))
    sent = {field: showable(post.get(field, "")).strip() for field in FIELDS[question]}
    if problems := dict(_problems(visit, question, sent)):
        return _page(visit, question, {**answers, **sent}, problems)
    draft = draft or begin(visit)
    draft.keep(sent)
    return redirect(address_of(visit, draft.open_question))


def _problems(visit: Visit, question: str, sent: dict[str, str]) -> Iterator[tuple[str, str]]:
    match question:
        case "name":
            if fault := _name_fault(sent["name"]):
                yield "name", fault
        case "scope":
            yield from _scope_problems(visit, sent)
        case "reviewers":
            if sent["who"] not in {"owners", "named"}:
                yield "who", _("Select who reviews")
            elif sent["who"] == "named" and not sent["reviewers"]:
                yield "reviewers", _("Enter the e-mail addresses of those who review")
            elif sent["who"] == "named" and (unknown := _unknown(visit, named_in(sent["reviewers"]))):
                yield "reviewers", unknown
        case "repeats" | "due" | "days":
            yield from _time_problems(visit, question, sent)
        case "undecided":
            if sent["undecided"] not in {"keep", "remove"}:
                yield "undecided", _("Select what happens to what nobody decides")


def _time_problems(visit: Visit, question: str, sent: dict[str, str]) -> Iterator[tuple[str, str]]:
    if question == "repeats" and sent["repeats"] not in {"once", *MONTHS}:
        yield "repeats", _("Select how often it begins")
    if question == "due":
        until = read_until(visit, visit.request.POST)
        if until.error or until.expires is None:
            yield "until-day", until.error or _("Enter the day")
    if question == "days" and not 1 <= number_in(sent["days"]) <= MOST_DAYS:
        yield "days", _("Enter a whole number of days from 1 to %(limit)s") % {"limit": MOST_DAYS}


def _name_fault(name: str) -> str:
    if not shows(name):
        return _("Enter a name for the review")
    if len(name) > REVIEW_NAME:
        return _("Enter %(limit)s characters or fewer") % {"limit": REVIEW_NAME}
    if any(map(steers, name)):
        return _("This contains characters that cannot be shown. Type it again without them.")
    return ""


def _scope_problems(visit: Visit, sent: dict[str, str]) -> Iterator[tuple[str, str]]:
    scope, firm = sent["scope"], visit.firm.pk
    if scope not in {"all", "confidential", "service", "group", "member"}:
        yield "scope", _("Select what is reviewed")
    elif scope == "service" and sent["service"] not in dict(_options(services_of(firm))):
        yield "service", _("Select the service")
    elif scope == "group" and sent["group"] not in dict(_groups(firm)):
        yield "group", _("Select the [group]")
    elif scope == "member" and not sent["member"]:
        yield "member", _("Enter the e-mail address of the [member]")
    elif scope == "member" and (unknown := _unknown(visit, [sent["member"]])):
        yield "member", unknown


def _unknown(visit: Visit, words: Iterable[str]) -> str:
    """Who of these is nobody of the firm; empty where all are."""
    sentence = _("Nobody in the firm has the e-mail address %(email)s. Correct it.")
    unknown = unknown_words(visit.firm_now, Thing.MEMBER, words)
    return " ".join(sentence % {"email": word} for word in unknown)


def _options(things: Iterable[tuple[int, str]]) -> Iterator[tuple[str, str]]:
    return ((str(number), name) for number, name in things)


def _groups(firm: int) -> Iterator[tuple[str, str]]:
    return _options((number, name) for number, name in every_group(firm) if number != EVERYONE)


def _page(
    visit: Visit,
    question: str,
    answers: dict[str, str],
    problems: dict[str, str],
    begun: ReviewDraft | None = None,
) -> HttpResponse:
    again = answers.get("repeats") in MONTHS
    titles = {
        "name": _("What is the review called?"),
        "scope": _("What is reviewed?"),
        "reviewers": _("Who reviews it?"),
        "repeats": _("How often does it begin?"),
        "due": _("When does the first one begin?")
        if answers.get("repeats") in MONTHS
        else _("When is it due?"),
        "days": _("How many days do reviewers have?"),
        "undecided": _("What happens to what nobody decides by then?"),
    }
    asked = [each for each in QUESTIONS if each != "days" or again or each == question]
    firm, place = visit.firm.pk, asked.index(question)
    asks_scope = question == "scope"
    everything = dict.fromkeys((field for fields in FIELDS.values() for field in fields), "")
    page = StartPage(
        frame=frame_for(visit, "manage"),
        title=titles[question],
        back=address_of(visit, asked[place - 1]) if place else reverse("reviews", args=[firm]),
        errors=tuple(ErrorLine(text=text, href=f"#{field}") for field, text in problems.items()),
        question=question,
        begun=answers.get("name", "") if begun is not None else "",
        go_on=address_of(visit, begun.open_question) if begun is not None else "",
        values={**everything, **answers},
        problems={**everything, **problems},
        services=tuple(_options(services_of(firm))) if asks_scope else (),
        groups=tuple(_groups(firm)) if asks_scope else (),
    )
    return show(visit.request, "reviews/start.html", page)
