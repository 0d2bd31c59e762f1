"""An application form as it is read: what it says, its lines, and what it said before."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import NamedTuple

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access import Refused
from ringfence.access.applications import (
    ApplicationForm,
    form_for,
    refused_making,
    terms_of,
)
from ringfence.access.commission import WHOLE
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.documents import client_and_service, opened_document, signed, writes
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.page import Page, PageRow
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.money import percent, pounds
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_text


class ShownLine(NamedTuple):
    """A line as a page shows it."""

    name: str
    split: str
    commission: str


class ShownLines(NamedTuple):
    """All lines, what they leave of the amount (none where that is nothing), and all of it together."""

    lines: tuple[ShownLine, ...]
    rest: ShownLine | None
    split: str
    commission: str


class FormVersion(NamedTuple):
    """What a form said before, and who wrote that when."""

    product: str
    amount: str
    day: str
    saved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage(Page):
    caption: str
    final: bool
    client: str
    service: str
    amount: str
    day: str
    saved: str
    lines: ShownLines
    counts: bool
    """Whether fee splits count in the firm."""
    change: str
    """Where it is changed, finalised and removed: empty for who may not, and for a finalised form."""
    finalise: str
    remove: str
    earlier: tuple[FormVersion, ...]


def found_form(visit: Visit, client: int, document: uuid.UUID) -> ApplicationForm:
    """The client's form, where the visitor may read it; else 404."""
    try:
        form = form_for(visit.firm_now, visit.number, document)
    except Refused as refused:
        raise Http404 from refused
    if visit.firm_now.client_of(form.written.engagement) != client:
        raise Http404
    return form


def row_of(visit: Visit, client: int) -> PageRow | None:
    """The row of the client's pages, of which every page of a form is one of the application forms."""
    return client_pages(visit, client, "client-applications")


def shown_lines(form: ApplicationForm) -> ShownLines:
    """The lines of the form in words."""
    lines, amount = form.lines, form.terms.pence
    rest = WHOLE - sum(each.split for each in lines)
    left = amount - sum(each.pence for each in lines)
    return ShownLines(
        lines=tuple(
            ShownLine(each.name or _("a former [member]"), percent(each.split), pounds(each.pence))
            for each in lines
        ),
        rest=ShownLine(_("Not divided"), percent(rest), pounds(left)) if rest else None,
        split=percent(WHOLE),
        commission=pounds(amount),
    )


@needs(Capability.READ_CLIENTS, ("GET",))
@shows_record
def application(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """The form, to whoever sees its engagement."""
    form = found_form(visit, number, document)
    visit = opened_document(visit, number, form.written)
    firm, written, terms = visit.firm.pk, form.written, form.terms
    counts = refused_making(visit.firm_now) is None
    draft = writes(visit, written.engagement) and not terms.final
    editable = draft and counts
    here = [firm, number, document]
    authors = member_names(firm, {each.author for each in written.versions})
    client, service = client_and_service(visit, number, written.engagement)
    page = FormPage(
        frame=frame_for(visit, "clients"),
        title=form.product,
        row=row_of(visit, number),
        back=reverse("client-applications", args=[firm, number]),
        caption=_("Application form of %(firm)s") % {"firm": visit.firm.name},
        final=terms.final,
        client=terms.client or client,
        service=terms.service or service,
        amount=pounds(terms.pence),
        day=day_text(terms.day),
        saved=signed(visit, written.present, authors),
        lines=shown_lines(form),
        counts=counts,
        change=reverse("change-application", args=here) if editable else "",
        finalise=reverse("finalise-application", args=here) if editable and form.lines else "",
        remove=reverse("remove-application", args=here) if draft else "",
        earlier=tuple(
            FormVersion(
                product=each.title,
                amount=pounds(terms_of(each).pence),
                day=day_text(terms_of(each).day),
                saved=signed(visit, each, authors),
            )
            for each in written.versions[1:]
        ),
    )
    return show(visit.request, "applications/form.html", page)
