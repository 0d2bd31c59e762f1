"""A client's details: changed by its Editors, and read with all earlier versions (rules.md 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused
from ringfence.access.client_details import (
    DetailsOvertaken,
    KeptDetails,
    NamedField,
    details_of,
    named_fields,
    versions_of,
    write_details,
)
from ringfence.access.listing.clients import client_name_of
from ringfence.access.reading import ClientRight
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.client_rights import need_change
from ringfence.web.shell.opening import opened, shows_record
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import pgettext
from ringfence.wording.times import moment_text


class DetailLine(NamedTuple):
    """One field of the details, in the words of the reader or of the firm."""

    key: str
    name: str
    text: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsForm(Page):
    caption: str
    fields: tuple[DetailLine, ...]
    version: int
    overtaken: tuple[DetailLine, ...]
    """What somebody else wrote meanwhile, where that differs from what was typed."""
    overtaken_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsVersion:
    """One version: when, by whom, and what it said."""

    written: str
    fields: tuple[DetailLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailsHistory(Page):
    caption: str
    versions: tuple[DetailsVersion, ...]


def detail_fields(details: KeptDetails, named: Sequence[NamedField]) -> tuple[DetailLine, ...]:
    """Every field with its text, empty ones too: those of every firm first."""
    fixed = {
        "contact": _("Contact"),
        "email": _("E-mail address"),
        "telephone": _("Telephone number"),
        "address": _("Address"),
    }
    names = fixed | {field.key: field.name for field in named}
    return tuple(DetailLine(key, name, details.values.get(key, "")) for key, name in names.items())


@needs(Capability.READ_CLIENTS, ("GET", "POST"))
@shows_record
def change(visit: Visit, number: int) -> HttpResponse:
    """The form of the details; what others wrote meanwhile is shown, never overwritten unseen."""
    need_change(visit, ClientRight.DESCRIBE, number)
    visit = _opened(visit, number)
    firm = visit.firm.pk
    fields = detail_fields(details_of(firm, number), named_fields(firm))
    version = details_of(firm, number).version
    if visit.request.method != "POST":
        return _form(visit, number, fields, version)
    post = visit.request.POST
    typed = tuple(field._replace(text=post.get(field.key, "")) for field in fields)
    version = number_in(post.get("version", ""))
    try:
        write_details(
            firm,
            member=visit.number,
            client=number,
            values={field.key: field.text for field in typed},
            after=version,
        )
    except Refused as refused:
        told = tuple(
            field._replace(error=problem_sentence(refused)) if field.key == refused.field else field
            for field in typed
        )
        return _form(visit, number, told, version)
    except DetailsOvertaken as overtaken:
        return _form(visit, number, typed, overtaken.present.version, overtaken=overtaken.present)
    messages.success(visit.request, _("The details are saved."))
    return redirect("client", firm=firm, number=number)


@needs(Capability.READ_CLIENTS, ("GET",))
@shows_record
def history(visit: Visit, number: int) -> HttpResponse:
    """All versions of the details, the present one first, to whoever sees the client."""
    visit = _opened(visit, number)
    firm = visit.firm.pk
    versions, named = versions_of(firm, number), named_fields(firm)
    authors = member_names(firm, {each.author for each in versions})
    page = DetailsHistory(
        frame=frame_for(visit, "clients"),
        title=_("Changes of the details"),
        caption=client_name_of(firm, [number])[number],
        back=reverse("client", args=[firm, number]),
        row=client_pages(visit, number, "client"),
        versions=tuple(
            DetailsVersion(
                written=_written(visit, each, authors),
                fields=tuple(field for field in detail_fields(each, named) if field.text),
            )
            for each in versions
        ),
    )
    return show(visit.request, "record/details_history.html", page)


def _opened(visit: Visit, number: int) -> Visit:
    try:
        return opened(visit, number)
    except Refused as refused:
        raise Http404 from refused


def _written(visit: Visit, details: KeptDetails, authors: dict[int, str]) -> str:
    name = authors.get(details.author) or pgettext("by whom", "a former [member]")
    return _("%(time)s by %(name)s") % {"time": moment_text(details.at, visit.zone), "name": name}


def _form(
    visit: Visit,
    number: int,
    fields: tuple[DetailLine, ...],
    version: int,
    *,
    overtaken: KeptDetails | None = None,
) -> HttpResponse:
    firm = visit.firm.pk
    errors = [ErrorLine(text=field.error, href=f"#{field.key}") for field in fields if field.error]
    theirs: tuple[DetailLine, ...] = ()
    by = ""
    if overtaken is not None:
        theirs = detail_fields(overtaken, named_fields(firm))
        by = _written(visit, overtaken, member_names(firm, [overtaken.author]))
        told = _("Somebody changed the details while you were writing: put yours together with theirs")
        errors.append(ErrorLine(text=told, href="#contact"))
    page = DetailsForm(
        frame=frame_for(visit, "clients"),
        title=_("Change the details"),
        caption=client_name_of(firm, [number])[number],
        back=reverse("client", args=[firm, number]),
        errors=tuple(errors),
        fields=tuple(field._replace(text=showable(field.text)) for field in fields),
        version=version,
        overtaken=theirs,
        overtaken_by=by,
    )
    return show(visit.request, "record/details_form.html", page)
