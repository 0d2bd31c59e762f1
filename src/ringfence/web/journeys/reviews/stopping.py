"""Stopping a scheduled review: no more of them begin."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access.reviews.schedules import schedule_rows
from ringfence.core.commands.definitions import UnscheduleReview
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _


@needs(Capability.MANAGE, READS_AND_SENDS)
def stop(visit: Visit, number: int) -> HttpResponse:
    """After yes; a review of it that is open goes on."""
    back = reverse("reviews", args=[visit.firm.pk])
    row = next((each for each in schedule_rows(visit.firm_now) if each.number == number), None)
    if row is None:
        raise Http404
    return asked_and_done(
        visit,
        UnscheduleReview(review=number),
        Question(
            title=_("Stop the scheduled review %(review)s") % {"review": row.name},
            text=_("Do you want to stop it?"),
            unanswered=_("Select yes if you want to stop it"),
            lead=_("No more of these reviews begin. One that is open goes on."),
            back=back,
            section="manage",
        ),
        done=_("The review is scheduled no more."),
    )
