"""Another date for a review, and its end by an administrator."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, execute
from ringfence.access.reviews.asking import open_reviews
from ringfence.core.commands.definitions import CloseReview, ExtendReview
from ringfence.web.browse.until import read_until, until_of
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .review import review_at


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendPage(Page):
    caption: str
    until: dict[str, str]
    until_error: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def extend(visit: Visit, number: int) -> HttpResponse:
    """The day by which it is due from now on."""
    row = review_at(visit, number)
    back = reverse("review", args=[visit.firm.pk, number])
    if number not in open_reviews(visit.firm_now):
        return redirect(back)
    until, error = until_of(row.due, visit), ""
    if visit.request.method == "POST":
        until = read_until(visit, visit.request.POST)
        error = until.error or ("" if until.expires else _("Enter the day by which it is due"))
        if until.expires and not error:
            try:
                command = ExtendReview(review=number, due=until.expires)
                execute(visit.firm.pk, command, actor=visit.actor)
            except Refused as refused:
                error = problem_sentence(refused)
            else:
                messages.success(visit.request, _("The review is due on another day now."))
                return redirect(back)
    page = ExtendPage(
        frame=frame_for(visit, "manage"),
        title=_("Give the review another date"),
        caption=row.name,
        back=back,
        errors=(ErrorLine(text=error, href="#until-day"),) if error else (),
        until=until.values,
        until_error=error,
    )
    return show(visit.request, "reviews/extend.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def close(visit: Visit, number: int) -> HttpResponse:
    """Close it after yes, with what that takes away."""
    row = review_at(visit, number)
    back = reverse("review", args=[visit.firm.pk, number])
    if number not in open_reviews(visit.firm_now):
        return redirect(back)
    removes = row.terms.undecided == "remove"
    lead = (
        _(
            "What nobody has decided is removed, but for what would let somebody in, open [a client] to all "
            "or leave it without [a owner]: that is kept and reported."
        )
        if removes
        else _("What nobody has decided is kept and reported.")
    )
    return asked_and_done(
        visit,
        CloseReview(review=number),
        Question(
            title=_("Close the access review %(review)s") % {"review": row.name},
            text=_("Do you want to close it?"),
            unanswered=_("Select yes if you want to close the review"),
            lead=lead,
            back=back,
            section="manage",
        ),
        done=_("The access review is closed."),
    )
