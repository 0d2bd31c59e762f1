"""How many statements each page sends to the database: the same few, however large the firm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ringfence.core.commands.definitions import AddMember, CreateGroup, On
from tests.web.cast import CAI, FORTUNE, OWEN, VAT, VAT_GROUP, Cast, add_clients, do, grouped

if TYPE_CHECKING:
    from tests.web.checks import PageClient

pytestmark = pytest.mark.both_databases

PAGES = (
    "clients",
    "client-access-list",
    "manage",
    "turn-off",
    "confirm-turn-off",
    "groups",
    "create-group",
    "create-group-clients",
    "create-group-members",
    "create-group-check",
)
OF_CLIENT = ("client", "client-access", "why-me")
OF_GROUP = ("group", "group-members", "rename-group", "delete-group")
MOST = 14
"""More than any page needs; each is far from it."""


@pytest.fixture
def busy(cast: Cast, owen: PageClient) -> Cast:
    """Control on, a group and a finished draft."""
    grouped(cast.firm)
    owen.post(reverse("create-group", args=[cast.firm]), {"name": "North"})
    owen.post(reverse("create-group-clients", args=[cast.firm]), {"go": "all", "shown_service": str(VAT)})
    owen.post(reverse("create-group-members", args=[cast.firm]), {"go": "all"})
    return cast


def statements(client: PageClient, address: str) -> int:
    """What a second visit asks: the first fills what the process keeps."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def grow(cast: Cast) -> None:
    """Many more clients, members and groups."""
    add_clients(cast.firm, 80)
    for number in range(20):
        do(cast.firm, AddMember(name=f"Member {number}"))
        on = On.service(VAT) if number % 2 else On.client(FORTUNE)
        do(cast.firm, CreateGroup(name=f"Group {number}", members=frozenset({OWEN, CAI}), on=on))


@pytest.mark.parametrize("route", sorted({*PAGES, *OF_CLIENT, *OF_GROUP}))
def test_a_page_asks_no_more_of_a_larger_firm(route: str, busy: Cast, owen: PageClient) -> None:
    number = FORTUNE if route in OF_CLIENT else VAT_GROUP
    arguments = [busy.firm] if route in PAGES else [busy.firm, number]
    address = reverse(route, args=arguments)
    small = statements(owen, address)
    grow(busy)
    # One more where grants to single members have come beside those to groups.
    assert statements(owen, address) <= small + 1
    assert small <= MOST
