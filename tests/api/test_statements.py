"""How many statements each read takes: as many in a firm of a thousand clients as in one of six."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from ringfence.access import Actor
from ringfence.access.documents import write_document
from ringfence.access.webhooks import add_webhook
from tests.api.caller import Caller
from tests.web.cast import FORTUNE_INCOME_TAX, OWEN, Cast, add_clients, grouped

NOTE = UUID(int=1)
MOST = {
    "/firm": 5,
    "/control": 3,
    "/settings": 3,
    "/members": 5,
    "/members/1": 5,
    "/members/3/clients": 6,
    "/members/3/grants": 8,
    "/groups": 4,
    "/groups/2": 4,
    "/groups/2/members": 4,
    "/groups/2/clients": 6,
    "/groups/2/grants": 8,
    "/services": 4,
    "/clients": 7,
    "/clients?which=all&text=client": 7,
    "/clients/1": 6,
    "/clients/1/access": 4,
    "/clients/1/grants": 8,
    "/clients/removed": 4,
    "/clients/1/documents": 10,
    f"/clients/1/documents/{NOTE}": 10,
    f"/clients/1/documents/{NOTE}/versions": 10,
    f"/clients/1/documents/{NOTE}/versions/1": 10,
    "/defaults": 8,
    "/delegations": 4,
    "/walls": 4,
    "/walls/kept?since=0&until=1": 12,
    "/policies": 5,
    "/reviews/schedules": 5,
    "/requests": 6,
    "/emergencies": 9,
    "/ledger": 9,
    "/ledger/1": 7,
    "/reports": 4,
    "/reports/reach": 4,
    "/reports/refused": 5,
    "/reports/unassigned": 6,
    "/reports/use": 20,
    "/reports/use/unused": 12,
    "/reports/use/one-holder-away": 12,
    "/tokens": 8,
    "/sign-in": 5,
    "/sign-in/providers": 4,
    "/domains": 5,
    "/security-log": 5,
    "/imports": 4,
    "/webhooks": 4,
    "/webhooks/1": 4,
    "/webhooks/1/secret": 4,
    "/webhooks/1/deliveries": 6,
}
"""By path."""


@pytest.mark.parametrize("path", MOST)
def test_a_read_takes_few_statements_whatever_the_firm_has(
    cast: Cast, owen: Caller, path: str, django_assert_max_num_queries: Any
) -> None:
    grouped(cast.firm)
    add_clients(cast.firm, 120)
    for each in range(1, 9):
        by: dict[str, Any] = {"member": OWEN, "engagement": FORTUNE_INCOME_TAX, "token": UUID(int=each)}
        write_document(cast.firm, title="Call", text="Agreed", **by)
    add_webhook(cast.firm, "https://documents.example/", actor=Actor(OWEN))
    owen.get(path)
    with django_assert_max_num_queries(MOST[path]):
        assert owen.get(path).status == 200


def test_a_write_looks_up_its_words_together_however_many_there_are(
    cast: Cast, owen: Caller, django_assert_max_num_queries: Any
) -> None:
    add_clients(cast.firm, 300)
    words = [f"C{number:04}" for number in range(1, 301)]
    with django_assert_max_num_queries(40):
        found = owen.put("/grants", {"to": OWEN, "on": words * 2, "level": "reader"})
    assert found.status == 200
