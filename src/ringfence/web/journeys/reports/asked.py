"""What each report on clients finds by the search of its page: the page and its file ask the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.listing.clients import clients_matching
from ringfence.web.browse.new_clients import still_open
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.things import groups_offered, member_names, services_of
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _


class ClientsOf(Protocol):
    """The clients of a report as the firm stands."""

    def __call__(self, visit: Visit) -> BitMap: ...


def _one_holder(visit: Visit) -> BitMap:
    return visit.firm_now.coverage.one


def _nobody(visit: Visit) -> BitMap:
    return visit.firm_now.coverage.nobody


def _confidential(visit: Visit) -> BitMap:
    return visit.firm_now.confidential


CLIENTS: Mapping[str, ClientsOf] = MappingProxyType(
    {
        "report-closed": _nobody,
        "report-new": still_open,
        "report-one-holder": _one_holder,
        "report-confidential": _confidential,
    }
)
"""The reports that are lists of clients, by their route."""


def asked_clients(visit: Visit, route: str) -> tuple[SearchForm, BitMap]:
    """The search of the report at the route, and the clients that it finds."""
    firm, now = visit.firm.pk, visit.firm_now
    groups = () if route == "report-closed" else groups_offered(now, visit.number)
    search = read_search(visit, reverse(route, args=[firm]), services=services_of(firm), groups=groups)
    return search, clients_matching(now, visit.number, CLIENTS[route](visit), search.wanted)


def only_holders(visit: Visit, clients: Sequence[int]) -> list[str]:
    """Of each of these clients, the name of the one person who can open it."""
    now = visit.firm_now
    seen_by = now.seen_among(BitMap(clients), now.active_members)
    holders = {now.client_of(number): member for member, seen in seen_by for number in seen}
    people = [holders.get(client, 0) for client in clients]
    names = member_names(visit.firm.pk, set(people))
    return [names.get(number) or _("a former [member]") for number in people]
