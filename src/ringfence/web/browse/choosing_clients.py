"""Clients to choose from: in agencies one row for each service of a client, elsewhere one for each client.

A tax agent's product puts a client's service into a group, the others put the client in (rules.md 4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

from pyroaring import BitMap

from ringfence.access.listing.clients import (
    client_rows,
    clients_matching,
    engagement_rows,
    engagements_matching,
)
from ringfence.access.reading import client_names
from ringfence.web.queries.things import Choice, services_of
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .choosing import SIZE, Rows, Tick, Ticking
from .client_lines import client_heading, nothing_matches, searched_for
from .listing import Listing, list_page
from .paging import Paging
from .search import SearchForm, read_search

Unit = Literal["engagement", "client"]


def unit_of(visit: Visit) -> Unit:
    """What a tick beside a client stands for in this firm."""
    return "engagement" if visit.settings.profile == "agency" else "client"


def all_of(visit: Visit, unit: Unit) -> BitMap:
    """Everything in the firm that a tick can stand for."""
    return visit.firm_now.engagements if unit == "engagement" else visit.firm_now.clients


def rows_of_clients(visit: Visit, unit: Unit) -> Rows:
    """The rows of a page on which clients are chosen."""
    return ServicesOfClients(visit) if unit == "engagement" else WholeClients(visit)


def _search(
    visit: Visit,
    services: Sequence[Choice],
    here: str,
    given: Mapping[str, str] | None,
    kept: Mapping[str, str],
) -> SearchForm:
    """The filter, with those services alone that the member is offered (rules.md 9)."""
    offered = visit.firm_now.offered_services(visit.number)
    shown = [each for each in services if each.number in offered]
    return read_search(visit, here, services=shown, given=given, kept=kept)


class ServicesOfClients:
    """A row is one service of one client; numbers are those of engagements."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._services = services_of(visit.firm.pk)

    @property
    def head(self) -> tuple[str, ...]:
        return _("Client reference"), _("Tax reference"), _("Tax service")

    def search(self, here: str, given: Mapping[str, str] | None, kept: Mapping[str, str]) -> SearchForm:
        return _search(self._visit, self._services, here, given, kept)

    def matching(self, search: SearchForm, within: BitMap) -> BitMap:
        return engagements_matching(self._visit.firm_now, self._visit.number, within, search.wanted)

    def listing(self, search: SearchForm, found: BitMap, tick: Ticking) -> Listing[Tick]:
        return list_page(
            self._visit,
            search,
            total=len(found),
            page=partial(client_names(self._visit.firm.pk).page_of_engagements, found),
            lines=partial(self._lines, tick),
            heading=services_heading,
            empty=nothing_matches(search),
            size=SIZE,
        )

    def _lines(self, tick: Ticking, numbers: Sequence[int]) -> Iterator[Tick]:
        services = {each.number: each.name for each in self._services}
        rows = engagement_rows(self._visit.firm_now, self._visit.number, numbers)
        for number in numbers:
            if (row := rows.get(number)) is None:
                continue
            yield Tick(
                value=number,
                label=row.name,
                note=row.client_reference if row.client_reference != row.name else "",
                cells=(row.reference, services.get(row.service, "")),
                checked=number in tick.chosen,
                mark=tick.mark if number in tick.taken else "",
            )


class WholeClients:
    """A row is a client with all its services, those to come included; numbers are those of clients."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._services = services_of(visit.firm.pk)

    @property
    def head(self) -> tuple[str, ...]:
        return _("Name"), _("Client reference"), _("Services")

    def search(self, here: str, given: Mapping[str, str] | None, kept: Mapping[str, str]) -> SearchForm:
        return _search(self._visit, self._services, here, given, kept)

    def matching(self, search: SearchForm, within: BitMap) -> BitMap:
        return clients_matching(self._visit.firm_now, self._visit.number, within, search.wanted)

    def listing(self, search: SearchForm, found: BitMap, tick: Ticking) -> Listing[Tick]:
        return list_page(
            self._visit,
            search,
            total=len(found),
            page=partial(client_names(self._visit.firm.pk).page, found),
            lines=partial(self._lines, tick),
            heading=client_heading,
            empty=nothing_matches(search),
            size=SIZE,
        )

    def _lines(self, tick: Ticking, numbers: Sequence[int]) -> Iterator[Tick]:
        now = self._visit.firm_now
        services = {each.number: each.name for each in self._services}
        rows = client_rows(now, self._visit.number, numbers, now.engagements)
        for number in numbers:
            if (row := rows.get(number)) is None:
                continue
            given = ", ".join(services.get(each.service, "") for each in row.engagements)
            yield Tick(
                value=number,
                label=row.name,
                cells=(row.reference, given),
                checked=number in tick.chosen,
                mark=tick.mark if number in tick.taken else "",
            )


def services_heading(paging: Paging, search: SearchForm) -> str:
    """The heading of a list of services of clients: which of how many, and what was searched for."""
    if not paging.total:
        return client_heading(paging, search)
    if paging.pages == 1:
        counted = ngettext(
            "Showing %(total)s service of [a client]",
            "Showing all %(total)s services of [clients]",
            paging.total,
        )
    else:
        counted = ngettext(
            "Showing %(first)s to %(last)s of %(total)s service of [clients]",
            "Showing %(first)s to %(last)s of %(total)s services of [clients]",
            paging.total,
        )
    return searched_for(counted, paging, search)
