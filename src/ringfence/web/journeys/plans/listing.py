"""The plans of a client: those of the services that the visitor sees, the last saved first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.documents import DocumentKind, Heading, headings_on
from ringfence.core.directory import sort_key
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.documents import opened_record, writes
from ringfence.web.browse.listing import ListPage, list_page, sliced
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
from ringfence.wording.times import moment_text

FEW = 7
"""So many plans are seen at a glance: a search is offered for more."""


class PlanLine(NamedTuple):
    """A plan in the list."""

    title: str
    href: str
    service: str
    saved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansPage(ListPage[PlanLine]):
    caption: str
    searchable: bool
    add: tuple[Link, ...]
    """Where plans are added: one link for each service whose documents the visitor may write."""


@needs(Capability.READ_CLIENTS, ("GET",))
@shows_record
def plans(visit: Visit, number: int) -> HttpResponse:
    """The list, to whoever sees the client; of services that they do not see, no plan is in it."""
    visit = opened_record(visit, number)
    firm, now = visit.firm.pk, visit.firm_now
    search = read_search(visit, reverse("client-plans", args=[firm, number]), _("Name of the plan"))
    seen = [each for each in now.engagements_of(number) if now.can(visit.number, each)]
    services = {each: dict(services_of(firm)).get(now.service_of(each), "") for each in seen}
    all_plans = headings_on(firm, seen, DocumentKind.PLAN)
    wanted = sort_key(search.wanted.text)
    found = [each for each in all_plans if wanted in sort_key(each.title)]
    page = PlansPage(
        frame=frame_for(visit, "clients"),
        title=_("Plans"),
        row=client_pages(visit, number, "client-plans"),
        back=reverse("client", args=[firm, number]),
        errors=search.errors,
        caption=client_name_of(firm, [number]).get(number, ""),
        searchable=search.active or len(all_plans) > FEW,
        add=tuple(_add(visit, number, each, services) for each in seen if writes(visit, each)),
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda rows: [_line(visit, number, row, services) for row in rows],
            heading=_heading,
            empty=_("Try a part of the name, or clear the search.")
            if search.active
            else _("Nobody has written a plan for this [client] yet."),
        ),
    )
    return show(visit.request, "plans/list.html", page)


def _heading(paging: Paging, search: SearchForm) -> str:
    total = paging.total
    if search.active:
        return ngettext("%(count)s plan matches", "%(count)s plans match", total) % {"count": total}
    return ngettext("%(count)s plan", "%(count)s plans", total) % {"count": total}


def _add(visit: Visit, number: int, engagement: int, services: dict[int, str]) -> Link:
    return Link(
        text=_("Add a plan to %(service)s") % {"service": services[engagement]},
        href=reverse("add-plan", args=[visit.firm.pk, number, engagement]),
    )


def _line(visit: Visit, number: int, plan: Heading, services: dict[int, str]) -> PlanLine:
    name = plan.author or _("a former [member]")
    return PlanLine(
        title=plan.title,
        href=reverse("plan", args=[visit.firm.pk, number, plan.id]),
        service=services[plan.engagement],
        saved=_("%(time)s by %(name)s") % {"time": moment_text(plan.at, visit.zone), "name": name},
    )
