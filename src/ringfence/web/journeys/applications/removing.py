"""Removing a draft: yes or no, by an Editor of its engagement (rules.md 5). A finalised form stays."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused
from ringfence.access.applications import FormFault, FormRefused, remove_form
from ringfence.access.documents import DocumentOvertaken
from ringfence.web.browse.documents import client_and_service, need_writer, opened_document
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .reading import found_form, row_of
from .writing import told_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveFormPage(Page):
    caption: str
    version: int
    answer_error: str


@needs(Capability.READ_CLIENTS, ("GET", "POST"))
@shows_record
def remove(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """Yes removes the draft, unless somebody saved it after the question was read."""
    form = found_form(visit, number, document)
    need_writer(visit, form.written.engagement)
    visit = opened_document(visit, number, form.written)
    firm, back = visit.firm.pk, reverse("application", args=[visit.firm.pk, number, document])
    if form.terms.final:
        messages.error(visit.request, told_fault(FormFault.FINAL))
        return redirect(back)
    post, error, version = visit.request.POST, "", form.written.present.number
    if post.get("answer") == "no":
        return redirect(back)
    if post.get("answer") == "yes":
        try:
            remove_form(
                firm, member=visit.number, document=document, after=number_in(post.get("version", ""))
            )
        except Refused as refused:
            # The right to it was taken away meanwhile.
            raise Http404 from refused
        except FormRefused as refused:
            error = told_fault(refused.fault)
        except DocumentOvertaken as overtaken:
            version = overtaken.present.number
            error = _("Somebody saved this form while you were reading: look at it again")
        else:
            messages.success(visit.request, _("The draft %(form)s is removed.") % {"form": form.product})
            return redirect("client-applications", firm=firm, number=number)
    elif visit.request.method == "POST":
        error = _("Select yes if you want to remove this draft")
    page = RemoveFormPage(
        frame=frame_for(visit, "clients"),
        title=_("Remove %(form)s") % {"form": form.product},
        row=row_of(visit, number),
        back=back,
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        caption="{}: {}".format(*client_and_service(visit, number, form.written.engagement)),
        version=version,
        answer_error=error,
    )
    return show(visit.request, "applications/remove.html", page)
