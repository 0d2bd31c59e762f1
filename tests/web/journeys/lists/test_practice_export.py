"""A practice's export of two thousand rows through the pages: each step takes what a page offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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


def row_of(page: object, head: str) -> list[str]:
    """The row of the page's tables that begins with this."""
    return next(row for row in rows(page) if row[0] == head)


def test_two_thousand_rows_are_brought_in_with_what_the_pages_offer(owen: PageClient, cast: Cast) -> None:
    before = Client.objects.filter(firm=cast.firm).count()
    address = sent(owen, cast, practice_export(), name="export.csv")
    page = owen.get(address)
    assert heading(page) == "Say what the columns are"
    assert "The header is row 5." in text(page)
    assert "Windows-1252" in text(page)
    # Different ones of each column, though the first rows are of one client.
    assert row_of(page, "Client Code")[1] == "000010000200003"

    page = press(owen, address, "columns")
    assert heading(page) == "Something in the list has to be put right"
    assert "You can settle all of it here: answer the questions below." in text(page)
    assert "O’Connell, Café, Môn, Siân, Gwenllïan, Rhôdri." in text(page)
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
    assert f"Clients: {CLIENTS} added, 0 changed." in text(page)
    assert Client.objects.filter(firm=cast.firm).count() == before + CLIENTS
    held = dict(Client.objects.filter(firm=cast.firm).values_list("reference", "name"))
    assert {reference: held[reference] for reference in stated()} == {
        reference: name for reference, (name, _) in stated().items()
    }
    assert {entry.command for entry in list(entries(cast.firm))[-8:]} >= {"service.add", "client.import"}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("N-01,Pots Ltd,VAT", "You can settle all of it here"),
        ("N-02,Jars,Wills", "You can settle all of it here"),
        ("N-01,Pots Ltd,VAT\n,No code,VAT", "You can settle some of it here"),
        (",No code,VAT", ""),
    ],
)
def test_whether_a_page_can_settle_what_is_wrong_is_said(
    owen: PageClient, cast: Cast, wrong: str, told: str
) -> None:
    content = f"Client reference,Client name,Service\nN-01,Pots,Income Tax\n{wrong}\n"
    page = press(owen, sent(owen, cast, content.encode()), "columns")
    assert heading(page) == "Something in the list has to be put right"
    assert ("You can settle" in text(page)) == bool(told)
    assert told in text(page)
