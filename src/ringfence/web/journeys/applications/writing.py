"""The form in which a draft is written: product, amount and date."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused
from ringfence.access.applications import (
    MOST,
    FormFault,
    FormRefused,
    FormTerms,
    refused_making,
    terms_of,
    write_form,
)
from ringfence.access.documents import TITLE, DocumentOvertaken
from ringfence.core.refusals import Refusal
from ringfence.core.texts import clean
from ringfence.web.browse.documents import (
    client_and_service,
    need_engagement,
    need_writer,
    opened_document,
    sent_token,
    signed,
)
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.money import plain_pounds, pounds, read_pounds
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_text

from .reading import found_form, row_of

PARTS = ("day-day", "day-month", "day-year")
EARLIEST = 1900
"""The first year of a form's date."""


class Fields(NamedTuple):
    """The fields as they are filled in."""

    product: str
    amount: str
    day: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormForm(Page):
    caption: str
    fields: Fields
    faults: dict[str, str]
    """What is wrong, by field: `product`, `amount`, `day`."""
    version: int
    token: str
    overtaken: str
    """What somebody else saved meanwhile, in a sentence; empty where nobody did."""


@needs(Capability.READ_CLIENTS, READS_AND_SENDS)
def add(visit: Visit, number: int, engagement: int) -> HttpResponse:
    """Write a new draft on an engagement."""
    need_engagement(visit, number, engagement)
    firm = visit.firm.pk
    back = reverse("client-applications", args=[firm, number])
    if (off := refused_making(visit.firm_now)) is not None:
        return _refused(visit, off, back)
    title = _("Add an application form")
    if visit.request.method != "POST":
        today = dict.fromkeys(PARTS, "")
        return _page(visit, number, engagement, title, back, Fields("", "", today))
    fields = _sent(visit.request.POST)
    read, faults = _read(fields)
    if read is None:
        return _page(visit, number, engagement, title, back, fields, faults)
    try:
        form = write_form(
            firm,
            member=visit.number,
            product=fields.product,
            pence=read.pence,
            day=read.day,
            engagement=engagement,
            token=sent_token(visit),
        )
    except (Refused, FormRefused) as refused:
        return _refused(visit, refused, back)
    messages.success(visit.request, _("The draft is saved."))
    return redirect("application", firm=firm, number=number, document=form)


@needs(Capability.READ_CLIENTS, ("GET", "POST"))
@shows_record
def change(visit: Visit, number: int, document: uuid.UUID) -> HttpResponse:
    """Change a draft; what others saved meanwhile is shown, never overwritten unseen."""
    form = found_form(visit, number, document)
    written = form.written
    need_writer(visit, written.engagement)
    visit = opened_document(visit, number, written)
    back = reverse("application", args=[visit.firm.pk, number, document])
    refused = FormRefused(FormFault.FINAL) if form.terms.final else refused_making(visit.firm_now)
    if refused is not None:
        return _refused(visit, refused, back)
    title, present = _("Change the application form"), written.present
    if visit.request.method != "POST":
        fields = _filled(form.product, form.terms)
        return _page(visit, number, written.engagement, title, back, fields, version=present.number)
    fields, version = _sent(visit.request.POST), number_in(visit.request.POST.get("version", ""))
    read, faults = _read(fields)
    if read is None:
        return _page(visit, number, written.engagement, title, back, fields, faults, version=version)
    try:
        write_form(
            visit.firm.pk,
            member=visit.number,
            product=fields.product,
            pence=read.pence,
            day=read.day,
            document=document,
            after=version,
        )
    except (Refused, FormRefused) as again:
        return _refused(visit, again, back)
    except DocumentOvertaken as overtaken:
        theirs, terms = overtaken.present, terms_of(overtaken.present)
        by = signed(visit, theirs, member_names(visit.firm.pk, [theirs.author]))
        told = _("It was saved on %(written)s: %(product)s, %(amount)s, %(day)s.") % {
            "written": by,
            "product": theirs.title,
            "amount": pounds(terms.pence),
            "day": day_text(terms.day),
        }
        return _page(
            visit, number, written.engagement, title, back, fields, version=theirs.number, overtaken=told
        )
    messages.success(visit.request, _("The draft is saved."))
    return redirect(back)


def told_fault(fault: FormFault) -> str:
    """What is said of a form that was not written, and what to do."""
    match fault:
        case FormFault.FINAL:
            return _("This application form is finalised already. Nothing of it can be changed.")
        case FormFault.NO_LINES:
            return _("Nobody has a fee split above zero. Give somebody one before you finalise the form.")
        case FormFault.LINES_CHANGED:
            return _("The fee splits changed while you were reading: look at the lines again")
        case FormFault.AMOUNT:
            return _("Enter an amount from £0.01 to %(most)s") % {"most": pounds(MOST)}


def told_refusal(refused: Refused) -> str:
    """What is said of a refusal that is no matter of rights."""
    if refused.refusal is Refusal.SETTING_OFF:
        return _(
            "Fee splits are turned off: no application form can be added, changed or finalised. "
            "Ask an administrator to turn them on."
        )
    return problem_sentence(refused)


def _refused(visit: Visit, refused: Refused | FormRefused, back: str) -> HttpResponse:
    """Say why nothing was saved, on the page before; who may not even read it gets the page of that."""
    if isinstance(refused, FormRefused):
        messages.error(visit.request, told_fault(refused.fault))
    elif refused.refusal is Refusal.NOT_FOUND:
        raise Http404
    elif refused.refusal is Refusal.NOT_PERMITTED:
        raise PermissionDenied
    else:
        messages.error(visit.request, told_refusal(refused))
    return redirect(back)


def _sent(post: QueryDict) -> Fields:
    day = {part: post.get(part, "").strip() for part in PARTS}
    return Fields(post.get("product", ""), post.get("amount", ""), day)


def _filled(product: str, terms: FormTerms) -> Fields:
    parts = (str(terms.day.day), str(terms.day.month), str(terms.day.year))
    return Fields(product, plain_pounds(terms.pence), dict(zip(PARTS, parts, strict=True)))


def _read(fields: Fields) -> tuple[FormTerms | None, dict[str, str]]:
    """What the fields say, or what is wrong with each that says nothing."""
    faults = {}
    if fault := _product_fault(fields.product):
        faults["product"] = fault
    pence = read_pounds(fields.amount)
    if pence is None:
        faults["amount"] = _("Enter an amount in pounds, like 1250 or 1250.50")
    elif not 0 < pence <= MOST:
        faults["amount"] = told_fault(FormFault.AMOUNT)
    try:
        day = date(*(number_in(fields.day[part]) for part in reversed(PARTS)))
    except (ValueError, OverflowError):
        day = date.min
    if day.year < EARLIEST:
        faults["day"] = _("Enter a real day, like 31 3 2027")
    if faults or pence is None:
        return None, faults
    return FormTerms(pence=pence, day=day), {}


def _product_fault(product: str) -> str:
    try:
        clean(product, "product", most=TITLE)
    except Refused as refused:
        return {
            "text_empty": _("Enter the product"),
            "text_too_long": _("Write at most %(limit)s characters") % {"limit": TITLE},
        }.get(refused.problem.value, _("Leave out control characters"))
    return ""


def _page(
    visit: Visit,
    number: int,
    engagement: int,
    title: str,
    back: str,
    fields: Fields,
    faults: dict[str, str] | None = None,
    *,
    version: int = 0,
    overtaken: str = "",
) -> HttpResponse:
    faults = faults or {}
    anchors = {"product": "#product", "amount": "#amount", "day": "#day-day"}
    errors = [ErrorLine(text=faults[field], href=anchors[field]) for field in anchors if field in faults]
    if overtaken:
        told = _("Somebody saved this form while you were writing")
        errors.append(ErrorLine(text=told, href="#product"))
    page = FormForm(
        frame=frame_for(visit, "clients"),
        title=title,
        row=row_of(visit, number),
        back=back,
        errors=tuple(errors),
        caption="{}: {}".format(*client_and_service(visit, number, engagement)),
        fields=Fields(
            showable(fields.product),
            showable(fields.amount),
            {part: showable(text) for part, text in fields.day.items()},
        ),
        faults=dict.fromkeys(anchors, "") | faults,
        version=version,
        token=str(sent_token(visit)),
        overtaken=overtaken,
    )
    return show(visit.request, "applications/write.html", page)
