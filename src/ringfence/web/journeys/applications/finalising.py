"""Finalising a draft: its lines as they will stand for good, yes or no."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused
from ringfence.access.applications import (
    ApplicationForm,
    FormFault,
    FormRefused,
    finalise,
    mark_of,
    refused_making,
)
from ringfence.access.documents import DocumentOvertaken
from ringfence.core.refusals import Refusal
from ringfence.web.browse.documents import client_and_service, need_writer, opened_document
from ringfence.web.browse.plain_question import PlainQuestion
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.money import pounds
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_text

from .reading import ShownLines, found_form, row_of, shown_lines
from .writing import told_fault, told_refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalisePage(PlainQuestion):
    about: str
    """Product, amount and date."""
    lines: ShownLines


@needs(Capability.READ_CLIENTS, ("GET", "POST"))
@shows_record
def finalise_form(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """Yes freezes the draft, as it was shown."""
    form = found_form(visit, number, document)
    need_writer(visit, form.written.engagement)
    visit = opened_document(visit, number, form.written)
    back = reverse("application", args=[visit.firm.pk, number, document])
    if told := _hindered(visit, form):
        messages.error(visit.request, told)
        return redirect(back)
    post, error = visit.request.POST, ""
    if post.get("answer") == "no":
        return redirect(back)
    if post.get("answer") == "yes":
        error = _finalised(visit, document, form, number_in(post.get("version", "")), post.get("agreed", ""))
        if not error:
            messages.success(visit.request, _("The application form is finalised."))
            return redirect(back)
        # Others changed something: it is shown as it is now.
        visit = opened_document(visit, number, form.written)
        form = found_form(visit, number, document)
    elif visit.request.method == "POST":
        error = _("Select yes if you want to finalise this application form")
    page = FinalisePage(
        frame=frame_for(visit, "clients"),
        title=_("Finalise the application form"),
        row=row_of(visit, number),
        back=back,
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        caption="{}: {}".format(*client_and_service(visit, number, form.written.engagement)),
        about=f"{form.product}, {pounds(form.terms.pence)}, {day_text(form.terms.day)}",
        lines=shown_lines(form),
        lead=(
            _(
                "From then on nothing of the form changes: neither what it says nor who gets how much, "
                "whatever becomes of the fee splits. This cannot be undone."
            ),
        ),
        question=_("Do you want to finalise this application form?"),
        answer_error=error,
        # By its mark it is known that the lines are still those that were shown.
        kept={"version": str(form.written.present.number), "agreed": mark_of(form.lines)},
    )
    return show(visit.request, "applications/finalise.html", page)


def _hindered(visit: Visit, form: ApplicationForm) -> str:
    """Why the form cannot be finalised at present, whatever is answered; empty where it can."""
    if form.terms.final:
        return told_fault(FormFault.FINAL)
    if (off := refused_making(visit.firm_now)) is not None:
        return told_refusal(off)
    return "" if form.lines else told_fault(FormFault.NO_LINES)


def _finalised(visit: Visit, document: uuid.UUID, form: ApplicationForm, version: int, agreed: str) -> str:
    """Finalise it as it was shown; what is to be said where that could not be done, else empty."""
    try:
        finalise(visit.firm.pk, member=visit.number, document=document, after=version, agreed=agreed)
    except FormRefused as refused:
        return told_fault(refused.fault)
    except DocumentOvertaken:
        return _("Somebody saved this form while you were reading: look at it again")
    except Refused as refused:
        if refused.refusal is Refusal.NOT_FOUND:
            raise Http404 from refused
        if refused.refusal is Refusal.NOT_PERMITTED:
            raise PermissionDenied from refused
        return told_refusal(refused)
    return ""
