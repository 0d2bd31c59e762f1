"""Removing a draft of an application form. A finalised form stays."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.applications import FormFault, FormRefused, remove_form
from ringfence.web.browse.document_removal import RemovalWords, ask_removal
from ringfence.web.browse.documents import need_writer, opened_document
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .reading import found_form, row_of
from .writing import told_fault


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

    def removed(after: int) -> str:
        try:
            remove_form(firm, member=visit.number, document=document, after=after)
        except FormRefused as refused:
            return told_fault(refused.fault)
        return ""

    words = RemovalWords(
        lead=_("Nobody can read the draft any more. This cannot be undone."),
        question=_("Do you want to remove this draft?"),
        unanswered=_("Select yes if you want to remove this draft"),
        overtaken=_("Somebody saved this form while you were reading: look at it again"),
        done=_("The draft %(form)s is removed.") % {"form": form.product},
    )
    return ask_removal(
        visit,
        number,
        form.written,
        words,
        remove=removed,
        back=back,
        after=reverse("client-applications", args=[firm, number]),
        row=row_of(visit, number),
    )
