"""The plans of a client."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.documents import DocumentKind, Heading, headings_on
from ringfence.web.browse.document_list import ListWords, document_list, seen_services
from ringfence.web.browse.documents import opened_record
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.opening import shows_record
from ringfence.web.shell.render import show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext, pgettext
from ringfence.wording.times import moment_text


class PlanLine(NamedTuple):
    """A plan in the list."""

    title: str
    href: str
    service: str
    saved: str


@needs(Capability.READ_CLIENTS, ("GET",))
@shows_record
def plans(visit: Visit, number: int) -> HttpResponse:
    """The list, to whoever sees the client; of services that they do not see, no plan is in it."""
    visit = opened_record(visit, number)
    services = seen_services(visit, number)

    def line(plan: Heading) -> PlanLine:
        name = plan.author or pgettext("by whom", "a former [member]")
        return PlanLine(
            title=plan.title,
            href=reverse("plan", args=[visit.firm.pk, number, plan.id]),
            service=services[plan.engagement],
            saved=_("%(time)s by %(name)s") % {"time": moment_text(plan.at, visit.zone), "name": name},
        )

    page = document_list(
        visit,
        number,
        headings_on(visit.firm.pk, services, DocumentKind.PLAN),
        services,
        words=ListWords(
            title=_("Plans"),
            name=_("Name of the plan"),
            add=_("Add a plan to %(service)s"),
            none=_("Nobody has written a plan for this [client] yet."),
            nothing_found=_("Try a part of the name, or clear the search."),
            heading=_heading,
        ),
        route="client-plans",
        add_route="add-plan",
        line=line,
    )
    return show(visit.request, "plans/list.html", page)


def _heading(total: int, searched: bool) -> str:
    if searched:
        return ngettext("%(count)s plan matches", "%(count)s plans match", total) % {"count": total}
    return ngettext("%(count)s plan", "%(count)s plans", total) % {"count": total}
