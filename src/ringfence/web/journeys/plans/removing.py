"""Removing a plan: yes or no, by an Editor of its engagement (rules.md 5)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused
from ringfence.access.documents import DocumentKind, DocumentOvertaken, remove_document
from ringfence.web.browse.documents import client_and_service, need_writer, opened_document, signed
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .reading import plan_for, row_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovePage(Page):
    caption: str
    saved: str
    version: int
    answer_error: str


@needs(Capability.READ_CLIENTS, ("GET", "POST"))
@shows_record
def remove(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """Yes removes the plan, unless somebody saved it after the question was read."""
    written = plan_for(visit, number, document)
    need_writer(visit, written.engagement)
    visit = opened_document(visit, number, written)
    firm, present = visit.firm.pk, written.present
    back = reverse("plan", args=[firm, number, document])
    post, error = visit.request.POST, ""
    if post.get("answer") == "no":
        return redirect(back)
    if post.get("answer") == "yes":
        try:
            after = number_in(post.get("version", ""))
            remove_document(firm, member=visit.number, document=document, after=after, kind=DocumentKind.PLAN)
        except Refused as refused:
            # The right to it was taken away meanwhile.
            raise Http404 from refused
        except DocumentOvertaken as overtaken:
            present = overtaken.present
            error = _("Somebody saved this plan while you were reading: look at it before you remove it")
        else:
            messages.success(visit.request, _("The plan %(plan)s is removed.") % {"plan": present.title})
            return redirect("client-plans", firm=firm, number=number)
    elif visit.request.method == "POST":
        error = _("Select yes if you want to remove this plan")
    page = RemovePage(
        frame=frame_for(visit, "clients"),
        title=_("Remove %(plan)s") % {"plan": present.title},
        row=row_of(visit, number),
        back=back,
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        caption="{}: {}".format(*client_and_service(visit, number, written.engagement)),
        saved=signed(visit, present, member_names(firm, [present.author])),
        version=present.number,
        answer_error=error,
    )
    return show(visit.request, "plans/remove.html", page)
