"""A practice's export of two thousand rows through the pages: each step takes what a page offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.access import entries
from ringfence.firms.models import Client
from tests.lists.writers.practice_export import CLIENTS, practice_export, stated
from tests.support.jobs import do_waiting
from tests.web.cast import Cast
from tests.web.journeys.lists.test_lists import press, sent
from tests.web.reading import document, heading, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def offered(page: object, name: str) -> list[str]:
    """The values of the boxes or buttons with this name that a page has."""
    found = document(page).iter("input")
    return [each.get("value") or "" for each in found if each.get("name") == name]


def test_two_thousand_rows_are_brought_in_with_what_the_pages_offer(owen: PageClient, cast: Cast) -> None:
    before = Client.objects.filter(firm=cast.firm).count()
    address = sent(owen, cast, practice_export(), name="export.csv")
    page = owen.get(address)
    assert heading(page) == "Say what the columns are"
    assert "The header is row 5." in text(page)
    assert "Windows-1252" in text(page)

    page = press(owen, address, "columns")
    assert heading(page) == "Something in the list has to be put right"
    services = offered(page, "service")
    assert "VAT" not in services
    assert len(services) == 7
    owen.post(address, {"go": "settle", "turn": value(page, "turn"), "service": services, "settled": "first"})
    do_waiting()

    page = owen.get(address)
    assert heading(page) == "Check what the list does"
    assert ["Clients", str(CLIENTS), "0", "0"] in rows(page)
    page = press(owen, address, "save")
    assert heading(page) == "The list is saved"
    assert Client.objects.filter(firm=cast.firm).count() == before + CLIENTS
    held = dict(Client.objects.filter(firm=cast.firm).values_list("reference", "name"))
    assert {reference: held[reference] for reference in stated()} == {
        reference: name for reference, (name, _) in stated().items()
    }
    assert {entry.command for entry in list(entries(cast.firm))[-8:]} >= {"service.add", "client.import"}
