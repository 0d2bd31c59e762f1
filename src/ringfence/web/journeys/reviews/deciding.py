"""Deciding what was ticked: kept at once, removed or lowered after its preview, or handed over."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Refused, execute
from ringfence.access.asking_in_words import command_in_words
from ringfence.access.reviews.asking import items_of, open_reviews, pending_items
from ringfence.access.reviews.rows import ReviewRow
from ringfence.core.commands.definitions import Command, DecideReview, ReviewItems
from ringfence.core.refusals import Problem
from ringfence.core.terms import Level
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.reviews import items_text
from ringfence.wording.saying import gettext as _

from .review import ReviewForm, levels_offered, review_at, review_page

LEVELS = {"reader": Level.READER, "editor": Level.EDITOR}


@needs(Capability.MEMBER, READS_AND_SENDS)
def decide(visit: Visit, number: int) -> HttpResponse:
    """What was ticked, or all that waits for the visitor."""
    row = review_at(visit, number)
    back = reverse("review", args=[visit.firm.pk, number])
    if visit.request.method != "POST" or number not in open_reviews(visit.firm_now):
        return redirect(back)
    said = _said(visit, number)
    items = said.ticked
    if faulty := _faulty(visit, said):
        return review_page(visit, row, faulty)
    meant, counted = ReviewItems(numbers=items), {"items": items_text(len(items))}
    if said.decision == "keep":
        command = DecideReview(review=number, items=meant, decision="keep")
        return _done(visit, row, said, command, _("Kept: %(items)s.") % counted)
    if said.decision == "hand-over":
        stated = {"review": f"#{number}", "items": list(items), "to": said.to}
        handed = command_in_words(visit.firm_now, "review.hand_over", stated)
        return _done(visit, row, said, handed, _("Handed over: %(items)s.") % counted)
    return _previewed(visit, row.name, number, meant, said.decision, back)


def _said(visit: Visit, number: int) -> ReviewForm:
    post = visit.request.POST
    return ReviewForm(
        ticked=_chosen(visit, number),
        every=post.get("all") == "yes" and "items" not in post,
        decision=post.get("decision", ""),
        to=showable(post.get("to", "")).strip(),
    )


def _faulty(visit: Visit, said: ReviewForm) -> ReviewForm | None:
    """With what is missing; None where nothing is."""
    if not said.ticked:
        return replace(said, items_error=_("Tick what you decide about"))
    if said.decision not in {"keep", "remove", "hand-over", *dict(levels_offered(visit))}:
        return replace(said, decision="", decision_error=_("Select what you decide"))
    if said.decision == "hand-over" and not said.to:
        return replace(said, to_error=_("Enter the e-mail address of who takes over"))
    return None


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
    return asked_and_done(
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
        done=done,
    )


def _chosen(visit: Visit, number: int) -> BitMap:
    """The numbers that were ticked, or that the question sends along; all that wait where that was said."""
    post = visit.request.POST
    mine = items_of(visit.firm_now, number, visit.number) & pending_items(visit.firm_now, number)
    if post.get("all") == "yes" and "items" not in post:
        return mine
    words = [*post.getlist("item"), *filter(None, post.get("items", "").split(","))]
    return BitMap([found for word in words if (found := number_in(word)) > 0])


def _done(visit: Visit, row: ReviewRow, said: ReviewForm, command: Command, words: str) -> HttpResponse:
    """Back to the review, with what was done; or the page as it was sent, with why not."""
    try:
        execute(visit.firm.pk, command, actor=visit.actor)
    except Refused as refused:
        if said.decision == "hand-over" and refused.problem is Problem.UNKNOWN_MEMBER:
            nobody = _("Nobody in the firm has the e-mail address %(email)s. Check it, and hand over again.")
            return review_page(visit, row, replace(said, to_error=nobody % {"email": said.to}))
        return review_page(visit, row, replace(said, items_error=problem_sentence(refused)))
    messages.success(visit.request, words)
    return redirect("review", firm=visit.firm.pk, number=row.number)
