"""Up to ten fields of the firm's own for the details of its clients: named, renamed and ended on one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused
from ringfence.access.client_details import (
    NAMED,
    FieldsOvertaken,
    fields_version,
    name_fields,
    named_fields,
)
from ringfence.core.refusals import Problem
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _


class FieldRow(NamedTuple):
    """One field of the form."""

    key: str
    place: int
    name: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldsPage(Page):
    rows: tuple[FieldRow, ...]
    version: int


@needs(Capability.MANAGE, READS_AND_SENDS)
def fields(visit: Visit) -> HttpResponse:
    """The form of all ten names; a name that is taken out ends its field, and keeps what was written."""
    firm, post = visit.firm.pk, visit.request.POST
    if visit.request.method != "POST":
        return _page(visit, _rows(visit), fields_version(firm))
    rows = tuple(row._replace(name=post.get(row.key, "")) for row in _rows(visit))
    version = number_in(post.get("version", ""))
    try:
        name_fields(
            firm,
            member=visit.number,
            names={
                number_in(row.key.removeprefix("field-")): row.name
                for row in rows
                if row.key.startswith("field-")
            },
            new=[row.name for row in rows if row.key.startswith("new-")],
            after=version,
        )
    except Refused as refused:
        told = _("Another field has this name already: choose another")
        if refused.problem is not Problem.NAME_IN_USE:
            told = problem_sentence(refused)
        return _page(
            visit,
            tuple(row._replace(error=told) if row.key == refused.field else row for row in rows),
            version,
        )
    except FieldsOvertaken:
        rows = _rows(visit)
        told = _("Somebody changed the fields meanwhile: these are they now")
        return _page(visit, (rows[0]._replace(error=told), *rows[1:]), fields_version(firm))
    messages.success(visit.request, _("The fields are saved."))
    return redirect("client-fields", firm=firm)


def _rows(visit: Visit) -> tuple[FieldRow, ...]:
    """Those that the firm names, then empty ones up to ten."""
    named = named_fields(visit.firm.pk)
    rows = [FieldRow(field.key, place, field.name) for place, field in enumerate(named, start=1)]
    free = NAMED - len(named)
    rows += [FieldRow(f"new-{each}", len(named) + each, "") for each in range(1, free + 1)]
    return tuple(rows)


def _page(visit: Visit, rows: tuple[FieldRow, ...], version: int) -> HttpResponse:
    page = FieldsPage(
        frame=frame_for(visit, "manage"),
        title=_("Your own fields for [clients]"),
        back=reverse("manage", args=[visit.firm.pk]),
        errors=tuple(ErrorLine(text=row.error, href=f"#{row.key}") for row in rows if row.error),
        rows=tuple(row._replace(name=showable(row.name)) for row in rows),
        version=version,
    )
    return show(visit.request, "client_fields/fields.html", page)
