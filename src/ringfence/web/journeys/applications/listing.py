"""The application forms of a client."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.applications import FormHeading, forms_on, refused_making
from ringfence.web.browse.document_list import ListWords, document_list, seen_services
from ringfence.web.browse.documents import opened_record
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.render import show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.money import pounds
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import day_text


class FormLine(NamedTuple):
    """A form in the list."""

    product: str
    href: str
    service: str
    amount: str
    day: str
    final: bool


@needs(Capability.READ_CLIENTS, ("GET",))
@shows_record
def applications(visit: Visit, number: int) -> HttpResponse:
    """The list, to whoever sees the client; of services that they do not see, no form is in it."""
    visit = opened_record(visit, number)
    services = seen_services(visit, number)
    counts = refused_making(visit.firm_now) is None

    def line(form: FormHeading) -> FormLine:
        return FormLine(
            product=form.title,
            href=reverse("application", args=[visit.firm.pk, number, form.id]),
            service=services[form.engagement],
            amount=pounds(form.terms.pence),
            day=day_text(form.terms.day),
            final=form.terms.final,
        )

    page = document_list(
        visit,
        number,
        forms_on(visit.firm.pk, services),
        services,
        words=ListWords(
            title=_("Application forms"),
            name=_("Product"),
            add=_("Add an application form to %(service)s"),
            none=_("Nobody has written an application form for this [client] yet."),
            nothing_found=_("Try a part of the product, or clear the search."),
            heading=_heading,
            note=""
            if counts
            else _(
                "Fee splits are turned off in this firm. Application forms can be read; none can be added, "
                "changed or finalised."
            ),
        ),
        route="client-applications",
        add_route="add-application" if counts else "",
        line=line,
    )
    return show(visit.request, "applications/list.html", page)


def _heading(total: int, searched: bool) -> str:
    if searched:
        words = ngettext("%(count)s application form matches", "%(count)s application forms match", total)
    else:
        words = ngettext("%(count)s application form", "%(count)s application forms", total)
    return words % {"count": total}
