"""The application forms of a client: those of the services that the visitor sees, the last saved first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.applications import FormHeading, forms_on, refused_making
from ringfence.core.directory import sort_key
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.documents import opened_record, writes
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.money import pounds
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.clients import client_name_of
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import day_text

FEW = 7
"""So many forms are seen at a glance: a search is offered for more."""


class FormLine(NamedTuple):
    """A form in the list."""

    product: str
    href: str
    service: str
    amount: str
    day: str
    final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormsPage(ListPage[FormLine]):
    caption: str
    searchable: bool
    add: tuple[Link, ...]
    """Where forms are added: one link for each service whose documents the visitor may write."""
    counts: bool
    """Whether fee splits count in the firm, so that forms are made."""


@needs(Capability.READ_CLIENTS, ("GET",))
@shows_record
def applications(visit: Visit, number: int) -> HttpResponse:
    """The list, to whoever sees the client; of services that they do not see, no form is in it."""
    visit = opened_record(visit, number)
    firm, now = visit.firm.pk, visit.firm_now
    search = read_search(visit, reverse("client-applications", args=[firm, number]), _("Product"))
    seen = [each for each in now.engagements_of(number) if now.can(visit.number, each)]
    names = dict(services_of(firm))
    services = {each: names.get(now.service_of(each), "") for each in seen}
    forms = forms_on(firm, seen)
    wanted = sort_key(search.wanted.text)
    found = [each for each in forms if wanted in sort_key(each.product)]
    counts = refused_making(now) is None
    page = FormsPage(
        frame=frame_for(visit, "clients"),
        title=_("Application forms"),
        row=client_pages(visit, number, "client-applications"),
        back=reverse("client", args=[firm, number]),
        errors=search.errors,
        caption=client_name_of(firm, [number]).get(number, ""),
        searchable=search.active or len(forms) > FEW,
        add=tuple(_add(visit, number, each, services) for each in seen if counts and writes(visit, each)),
        counts=counts,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: [_line(visit, number, row, services) for row in rows],
            heading=_heading,
            empty=_("Try a part of the product, or clear the search.")
            if search.active
            else _("Nobody has written an application form for this [client] yet."),
        ),
    )
    return show(visit.request, "applications/list.html", page)


def _heading(paging: Paging, search: SearchForm) -> str:
    total = paging.total
    if search.active:
        words = ngettext("%(count)s application form matches", "%(count)s application forms match", total)
    else:
        words = ngettext("%(count)s application form", "%(count)s application forms", total)
    return words % {"count": total}


def _add(visit: Visit, number: int, engagement: int, services: dict[int, str]) -> Link:
    return Link(
        text=_("Add an application form to %(service)s") % {"service": services[engagement]},
        href=reverse("add-application", args=[visit.firm.pk, number, engagement]),
    )


def _line(visit: Visit, number: int, form: FormHeading, services: dict[int, str]) -> FormLine:
    return FormLine(
        product=form.product,
        href=reverse("application", args=[visit.firm.pk, number, form.id]),
        service=services[form.engagement],
        amount=pounds(form.terms.pence),
        day=day_text(form.terms.day),
        final=form.terms.final,
    )
