"""Removing a plan."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.documents import DocumentKind, remove_document
from ringfence.web.browse.document_removal import RemovalWords, ask_removal
from ringfence.web.browse.documents import need_writer, opened_document
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .reading import plan_for, row_of


@needs(Capability.READ_CLIENTS, ("GET", "POST"))
@shows_record
def remove(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """Yes removes the plan, unless somebody saved it after the question was read."""
    written = plan_for(visit, number, document)
    need_writer(visit, written.engagement)
    visit = opened_document(visit, number, written)
    firm = visit.firm.pk

    def removed(after: int) -> str:
        remove_document(firm, member=visit.number, document=document, after=after, kind=DocumentKind.PLAN)
        return ""

    words = RemovalWords(
        lead=_("Nobody can read the plan any more, nor any of its versions. This cannot be undone."),
        question=_("Do you want to remove this plan?"),
        unanswered=_("Select yes if you want to remove this plan"),
        overtaken=_("Somebody saved this plan while you were reading: look at it before you remove it"),
        done=_("The plan %(plan)s is removed.") % {"plan": written.present.title},
    )
    return ask_removal(
        visit,
        number,
        written,
        words,
        remove=removed,
        back=reverse("plan", args=[firm, number, document]),
        after=reverse("client-plans", args=[firm, number]),
        row=row_of(visit, number),
    )
