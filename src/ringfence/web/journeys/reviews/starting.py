"""Starting a review: what, who, until when, and what happens to what nobody decides; how much that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, execute, preview
from ringfence.access.asking_in_words import command_in_words
from ringfence.access.reviews.asking import foreseen_review
from ringfence.core.commands.definitions import StartReview
from ringfence.core.terms import EVERYONE, Instant
from ringfence.web.browse.until import read_until
from ringfence.web.queries.things import every_group, every_member, services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

FIELDS = ("name", "scope", "reviewers", "undecided", "until-day", "until-month", "until-year")


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPage(Page):
    values: dict[str, str]
    scopes: tuple[tuple[str, str], ...]
    problems: dict[str, str]
    """What is wrong, by field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartCheckPage(Page):
    facts: tuple[tuple[str, str], ...]
    kept: dict[str, str]


@needs(Capability.MANAGE, READS_AND_SENDS)
def start(visit: Visit) -> HttpResponse:
    """The form; then how many accesses and reviewers there are; then the review."""
    post = visit.request.POST
    if visit.request.method != "POST" or "change" in post:
        return _form(visit, post, {})
    until = read_until(visit, post)
    problems = dict(_missing(post, until.error, until.expires))
    if problems:
        return _form(visit, post, problems)
    assert until.expires is not None
    command = _command(visit, post, until.expires)
    try:
        if post.get("checked") != "yes":
            preview(visit.firm.pk, command, actor=visit.actor)
            return _check(visit, post, command)
        committed = execute(visit.firm.pk, command, actor=visit.actor)
    except Refused as refused:
        field = {"due": "until", "": "name"}.get(refused.field, refused.field)
        return _form(visit, post, {field: problem_sentence(refused)})
    messages.success(visit.request, _("The access review has begun."))
    number = next(event.review for event in committed.change.events if hasattr(event, "review"))
    return redirect("review", firm=visit.firm.pk, number=number)


def _missing(post: QueryDict, error: str, due: Instant | None) -> Iterator[tuple[str, str]]:
    if not post.get("name", "").strip():
        yield "name", _("Enter a name for the review")
    if error or due is None:
        yield "until", error or _("Enter the day by which it is due")
    if not post.get("scope"):
        yield "scope", _("Select what is reviewed")
    if post.get("undecided") not in {"keep", "remove"}:
        yield "undecided", _("Select what happens to what nobody decides")


def _command(visit: Visit, post: QueryDict, due: Instant) -> StartReview:
    """Reviewers are named by e-mail address, one a line."""
    kind, _colon, number = post.get("scope", "").partition(":")
    reviewers = [word for line in post.get("reviewers", "").splitlines() if (word := showable(line).strip())]
    words = {
        "name": showable(post.get("name", "")),
        "scope": {kind: f"#{number}"} if number else kind,
        "due": _due_text(due),
        "undecided": post.get("undecided", ""),
        "reviewers": reviewers,
    }
    command = command_in_words(visit.firm_now, "review.start", words)
    assert isinstance(command, StartReview)
    return command


def _due_text(due: Instant) -> str:
    return datetime.fromtimestamp(due / 1_000_000, UTC).isoformat()


def _scopes(visit: Visit) -> Iterator[tuple[str, str]]:
    firm = visit.firm.pk
    yield "all", _("All [clients]")
    yield "confidential", _("Confidential [clients]")
    for number, name in services_of(firm):
        yield f"service:{number}", _("[Clients] with the service %(service)s") % {"service": name}
    for number, name in every_group(firm):
        if number != EVERYONE:
            yield f"group:{number}", _("[Clients] of the [group] %(group)s") % {"group": name}
    for number, name in every_member(firm):
        yield f"member:{number}", _("Everything that %(member)s reaches") % {"member": name}


def _form(visit: Visit, post: QueryDict, problems: dict[str, str]) -> HttpResponse:
    values = {field: showable(post.get(field, "")) for field in FIELDS}
    anchors = {"until": "until-day"}
    page = StartPage(
        frame=frame_for(visit, "manage"),
        title=_("Start an access review"),
        back=reverse("reviews", args=[visit.firm.pk]),
        errors=tuple(
            ErrorLine(text=text, href=f"#{anchors.get(field, field)}") for field, text in problems.items()
        ),
        values=values,
        scopes=tuple(_scopes(visit)),
        problems={**dict.fromkeys((*FIELDS, "until"), ""), **problems},
    )
    return show(visit.request, "reviews/start.html", page)


def _check(visit: Visit, post: QueryDict, command: StartReview) -> HttpResponse:
    items, reviewers, nobody = foreseen_review(visit.firm_now, command)
    facts = [(_("Accesses to look at"), figure(items)), (_("People who review"), figure(reviewers))]
    if nobody:
        facts.append((_("Accesses that nobody can review"), figure(nobody)))
    page = StartCheckPage(
        frame=frame_for(visit, "manage"),
        title=_("Check the access review"),
        back=reverse("start-review", args=[visit.firm.pk]),
        errors=(),
        facts=((_("Name"), command.name), *facts),
        kept={field: showable(post.get(field, "")) for field in FIELDS},
    )
    return show(visit.request, "reviews/check.html", page)
