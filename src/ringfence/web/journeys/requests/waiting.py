"""The requests that the visitor may answer, the oldest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access import WaitingRequest
from ringfence.access.ledger.requests import open_requests
from ringfence.access.listing.clients import client_name_of
from ringfence.access.reading import decidable
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.browse.until import terms_text
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import moment_text


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequestLine:
    """One request."""

    client: str
    member: str
    asked: str
    terms: str
    reason: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequestsListing:
    paging: Paging
    lines: tuple[OpenRequestLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRequestsPage(Page):
    heading: str
    off: bool
    """Whether the firm has requests switched off."""
    listing: OpenRequestsListing


@needs(Capability.MEMBER)
def listing(visit: Visit) -> HttpResponse:
    """Those for clients that the visitor may share (rules.md 5)."""
    found = open_requests(visit.firm.pk, decidable(visit.firm_now, visit.number))
    here = reverse("open-requests", args=[visit.firm.pk])
    number = asked_page(visit.request.GET, len(found))
    paging = Paging(total=len(found), number=number, path=here, query={})
    page = OpenRequestsPage(
        frame=frame_for(visit, "clients" if visit.everyday else "manage"),
        title=_("Requests for access"),
        back=reverse("firm-home", args=[visit.firm.pk]),
        heading=_heading(paging),
        off=not visit.settings.requests,
        listing=OpenRequestsListing(
            paging=paging,
            lines=tuple(_lines(visit, found[paging.offset : paging.offset + paging.size])),
        ),
    )
    return show(visit.request, "requests/waiting.html", page)


def _lines(visit: Visit, found: list[WaitingRequest]) -> Iterable[OpenRequestLine]:
    firm = visit.firm.pk
    clients = client_name_of(firm, {each.client for each in found})
    members = member_names(firm, {each.member for each in found})
    for each in found:
        yield OpenRequestLine(
            client=clients.get(each.client, ""),
            member=members.get(each.member) or _("a former [member]"),
            asked=moment_text(each.opened, visit.zone),
            terms=terms_text(visit, each.level, each.expires),
            reason=each.reason,
            href=reverse("decide-request", args=[firm, each.client, each.member]),
        )


def _heading(paging: Paging) -> str:
    if not paging.total:
        return _("No request waits for your answer.")
    words = ngettext(
        "%(total)s request waits for your answer", "%(total)s requests wait for your answer", paging.total
    )
    return words % paging.words
