"""The list of clients: what the member sees, searched and counted exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.queries.clients import (
    ClientRow,
    Wanted,
    client_rows,
    seen_clients,
)
from ringfence.web.queries.things import Choice, services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page, Problem
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit, needs
from ringfence.web.shell.words import steers
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A client in the list. A `closed` one is there by name alone."""

    name: str
    href: str
    closed: bool = False
    reference: str = ""
    services: tuple[tuple[str, str], ...] = ()
    """Each service's name and tax reference."""
    confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchForm:
    """The search above a list, as it was filled in."""

    text: str
    text_error: str
    service: int
    services: tuple[Choice, ...]
    action: str
    label: str

    @property
    def active(self) -> bool:
        return bool(self.text or self.service)

    @property
    def wanted(self) -> Wanted:
        """What to look for; all where the search cannot be read."""
        return Wanted() if self.text_error else Wanted(self.text, self.service)

    @property
    def query(self) -> dict[str, str]:
        """The search as it stands in addresses."""
        return {"search": self.text, "service": str(self.service or "")}

    @property
    def errors(self) -> tuple[Problem, ...]:
        return (Problem(text=self.text_error, href="#search"),) if self.text_error else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientsPage(Page):
    search: SearchForm
    heading: str
    paging: Paging
    lines: tuple[Line, ...]
    empty: str


@needs(Capability.READ_CLIENTS)
def listing(visit: Visit) -> HttpResponse:
    """A page of the clients that the member sees, with those they may know by name (rules.md 2, 3)."""
    services = services_of(visit.firm.pk)
    here = reverse("clients", args=[visit.firm.pk])
    search = read_search(visit, services, here)
    seen = seen_clients(visit.view, visit.number, search.wanted)
    number = asked_page(visit.request.GET, seen.total)
    paging = Paging(total=seen.total, number=number, path=here, query=search.query)
    numbers = seen.page(paging.offset, paging.size)
    rows = client_rows(visit.view, numbers, visit.view.moment.reach(visit.number).see)
    names = dict(services)
    page = ClientsPage(
        frame=frame_for(visit, "clients", here=True),
        title=_("[Clients]"),
        errors=search.errors,
        number=number,
        total=paging.pages,
        search=search,
        heading=showing(paging, search),
        paging=paging,
        lines=tuple(_line(visit, rows[each], names, each in seen.closed) for each in numbers if each in rows),
        empty=_empty(visit, search),
    )
    return show(visit.request, "clients/list.html", page)


def read_search(
    visit: Visit,
    services: list[Choice],
    action: str,
    label: str = "",
    *,
    given: Mapping[str, str] | None = None,
) -> SearchForm:
    """The search in the address, or as `given`; one that cannot be is shown with what to do about it."""
    given = visit.request.GET if given is None else given
    text = given.get("search", "").strip()
    error = ""
    if len(text) > LONGEST_SEARCH:
        text, error = text[:LONGEST_SEARCH], _("Search for 200 characters or fewer")
    elif any(steers(letter) for letter in text):
        text = "".join(letter for letter in text if not steers(letter))
        error = _("Leave out line breaks and control characters")
    service = number_in(given.get("service", ""))
    return SearchForm(
        text=text,
        text_error=error,
        service=service if any(service == each.number for each in services) else 0,
        services=tuple(services),
        action=action,
        label=label or _("Name, client reference or tax reference"),
    )


def showing(paging: Paging, search: SearchForm) -> str:
    """The heading of a list of clients: which of how many, and what was searched for."""
    if not paging.total:
        return _("No [clients] found") if search.active else _("No [clients]")
    if paging.total == 1:
        counted = _("Showing 1 [client]")
    elif paging.pages == 1:
        counted = ngettext("Showing %(total)s [client]", "Showing all %(total)s [clients]", paging.total)
    else:
        counted = ngettext(
            "Showing %(first)s to %(last)s of %(total)s [client]",
            "Showing %(first)s to %(last)s of %(total)s [clients]",
            paging.total,
        )
    return searched_for(counted, paging, search)


def searched_for(counted: str, paging: Paging, search: SearchForm) -> str:
    """`counted`, with its numbers and what was searched for put in."""
    values = {**paging.words, "text": search.text}
    values["service"] = next((each.name for each in search.services if each.number == search.service), "")
    if search.text and search.service:
        told = _("%(counted)s for “%(text)s” in %(service)s")
    elif search.text:
        told = _("%(counted)s for “%(text)s”")
    elif search.service:
        told = _("%(counted)s in %(service)s")
    else:
        told = "%(counted)s"
    return told % {**values, "counted": counted % values}


def _line(visit: Visit, row: ClientRow, services: dict[int, str], closed: bool) -> Line:
    # Who opens one that is closed to them is told who has access (rules.md 4, kyc and practice).
    href = reverse("client", args=[visit.firm.pk, row.number])
    if closed:
        return Line(name=row.name, href=href, closed=True)
    return Line(
        name=row.name,
        href=href,
        reference=row.reference,
        services=tuple((services.get(each.service, ""), each.reference) for each in row.engagements),
        confidential=row.confidential,
    )


def _empty(visit: Visit, search: SearchForm) -> str:
    if search.active:
        return _(
            "Try fewer words, in any order, or a part of one; a single letter or digit finds what begins "
            "with it. Or clear the search to see every [client] that you can open."
        )
    if not visit.view.moment.state.register.clients:
        return _("No [clients] have been added to this firm yet.")
    return _("There is no [client] that you can open. An administrator of your firm can give you access.")
