"""Deciding what was ticked: kept at once, removed or lowered after its preview, or handed over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Committed, Refused, execute
from ringfence.access.asking_in_words import command_in_words
from ringfence.access.reviews.asking import items_of, open_reviews, pending_items
from ringfence.core.commands.definitions import Command, DecideReview, ReviewItems
from ringfence.core.refusals import Problem
from ringfence.core.terms import Level
from ringfence.web.previews.question import Question, asked
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.reviews import items_text
from ringfence.wording.saying import gettext as _

from .review import levels_offered, review_at

LEVELS = {"reader": Level.READER, "editor": Level.EDITOR}


@needs(Capability.MEMBER, READS_AND_SENDS)
def decide(visit: Visit, number: int) -> HttpResponse:
    """What was ticked, or all that waits for the visitor."""
    row = review_at(visit, number)
    back = reverse("review", args=[visit.firm.pk, number])
    if visit.request.method != "POST" or number not in open_reviews(visit.firm_now):
        return redirect(back)
    post = visit.request.POST
    items = _chosen(visit, number)
    decision = post.get("decision", "")
    if not items or decision not in {"keep", "remove", "hand-over", *dict(levels_offered(visit))}:
        words = _("Tick what you decide about") if not items else _("Select what you decide")
        messages.error(visit.request, words)
        return redirect(back)
    meant = ReviewItems(numbers=items)
    if decision == "keep":
        command = DecideReview(review=number, items=meant, decision="keep")
        return _done(visit, command, _("Kept: %(items)s.") % {"items": items_text(len(items))}, back)
    if decision == "hand-over":
        to = showable(post.get("to", "")).strip()
        if not to:
            messages.error(visit.request, _("Enter the e-mail address of who takes over"))
            return redirect(back)
        stated = {"review": f"#{number}", "items": list(items), "to": to}
        handed = command_in_words(visit.firm_now, "review.hand_over", stated)
        nobody = _("Nobody in the firm has the e-mail address %(email)s. Check it, and hand over again.")
        done = _("Handed over: %(items)s.") % {"items": items_text(len(items))}
        return _done(visit, handed, done, back, nobody % {"email": to})
    return _previewed(visit, row.name, number, meant, decision, back)


def _previewed(
    visit: Visit, name: str, number: int, items: ReviewItems, decision: str, back: str
) -> HttpResponse:
    said = {"items": items_text(len(items.numbers))}
    if decision == "remove":
        command = DecideReview(review=number, items=items, decision="remove")
        title, done = _("Remove %(items)s") % said, _("Removed: %(items)s.") % said
    else:
        command = DecideReview(review=number, items=items, decision="lower", level=LEVELS[decision])
        title, done = _("Lower %(items)s") % said, _("Lowered: %(items)s.") % said
    answer = asked(
        visit,
        command,
        Question(
            title=title,
            text=_("Do you want to do it?"),
            unanswered=_("Select yes if you want to do it"),
            lead=name,
            back=back,
            section="account",
            kept={"items": ",".join(map(str, items.numbers)), "decision": decision},
        ),
        form=True,
    )
    if isinstance(answer, Committed):
        messages.success(visit.request, done)
        return redirect(back)
    return answer


def _chosen(visit: Visit, number: int) -> BitMap:
    """The numbers that were ticked, or that the question sends along; all that wait where that was said."""
    post = visit.request.POST
    mine = items_of(visit.firm_now, number, visit.number) & pending_items(visit.firm_now, number)
    if post.get("all") == "yes" and "items" not in post:
        return mine
    words = [*post.getlist("item"), *filter(None, post.get("items", "").split(","))]
    return BitMap([found for word in words if (found := number_in(word)) > 0])


def _done(visit: Visit, command: Command, words: str, back: str, nobody: str = "") -> HttpResponse:
    """Back to the review, with what was done, or why not: `nobody` where who takes over is not there."""
    try:
        execute(visit.firm.pk, command, actor=visit.actor)
    except Refused as refused:
        unknown = nobody and refused.problem is Problem.UNKNOWN_MEMBER
        messages.error(visit.request, nobody if unknown else problem_sentence(refused))
    else:
        messages.success(visit.request, words)
    return redirect(back)
