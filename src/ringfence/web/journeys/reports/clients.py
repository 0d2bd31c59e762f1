"""Reports that are lists of clients: new ones still open, those with one holder, confidential ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.listing.clients import page_of_clients
from ringfence.web.browse import new_clients
from ringfence.web.browse.client_lines import ClientLine, client_heading, client_lines
from ringfence.web.browse.listing import ListPage, list_page
from ringfence.web.browse.take_links import take_links
from ringfence.web.shell.addresses import help_link
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .asked import asked_clients, only_holders


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPage(ListPage[ClientLine]):
    """A list of clients with what it is a list of; shown by `reports/clients.html`."""

    lead: str
    links: tuple[Link, ...] = ()
    taken: tuple[Link, ...] = ()


@needs(Capability.READ_CONTROL)
def still_open(visit: Visit) -> HttpResponse:
    """Clients added lately that nobody was given (rules.md 2, step 9)."""
    links = [help_link(visit, "unassigned")]
    if visit.can(Capability.MANAGE):
        give = reverse("unassigned-clients", args=[visit.firm.pk])
        links.insert(0, Link(text=_("Give them to [groups]"), href=give))
    return _report(
        visit,
        "report-new",
        title=_("New and still open to all"),
        lead=_(
            "These [clients] were added in the last %(days)s days, and nobody was given access to them, or "
            "to a part of them. Everybody who uses client records can open them, or that part."
        )
        % {"days": new_clients.DAYS},
        links=tuple(links),
        none=_("None of the [clients] added in the last %(days)s days is still open to everybody.")
        % {"days": new_clients.DAYS},
    )


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def one_holder(visit: Visit) -> HttpResponse:
    """Clients that exactly one active member can open."""
    return _report(
        visit,
        "report-one-holder",
        title=_("[Clients] with one holder"),
        lead=_("If this one person is away or leaves, nobody can open the [client]."),
        none=_("No [client] depends on one person alone."),
        with_holder=True,
    )


@needs(Capability.READ_CONTROL)
def confidential(visit: Visit) -> HttpResponse:
    """Clients that are marked confidential."""
    return _report(
        visit,
        "report-confidential",
        title=_("Confidential [clients]"),
        lead=_("While [access control is] turned on, these are open only to those who were given access."),
        links=(help_link(visit, "confidential"),),
        none=_("No [client] is marked confidential. Mark one on its page."),
    )


def _report(
    visit: Visit,
    route: str,
    *,
    title: str,
    lead: str,
    none: str,
    links: tuple[Link, ...] = (),
    with_holder: bool = False,
) -> HttpResponse:
    firm, now = visit.firm.pk, visit.firm_now
    search, found = asked_clients(visit, route)

    def lines(numbers: Sequence[int]) -> list[ClientLine]:
        made = client_lines(visit, search, numbers, now.engagements, route="client-access")
        return _with_holder(visit, numbers, made) if with_holder else made

    listing = list_page(
        visit,
        search,
        total=len(found),
        page=partial(page_of_clients, now, found),
        lines=lines,
        heading=client_heading,
        empty=_("Try fewer words, or clear the search.") if search.active else none,
    )
    page = ReportPage(
        frame=frame_for(visit, "manage"),
        title=title,
        back=reverse("reports", args=[firm]),
        errors=search.errors,
        listing=listing,
        lead=lead,
        links=links,
        taken=take_links(route.replace("report", "take"), search, firm) if found else (),
    )
    return show(visit.request, "reports/clients.html", page)


def _with_holder(visit: Visit, clients: Sequence[int], lines: list[ClientLine]) -> list[ClientLine]:
    """The lines of these clients, each with the one person who can open it."""
    only = _("Only %(member)s can open it")
    return [
        replace(line, note=only % {"member": name})
        for line, name in zip(lines, only_holders(visit, clients), strict=True)
    ]
