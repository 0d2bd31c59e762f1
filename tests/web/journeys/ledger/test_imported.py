"""The page of an entry that a list became: what the list did, and the list itself for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import OPERATOR, Batch, erase_client, rehearse, save
from ringfence.access.imported_lists import Did, keep_file, pack_file
from ringfence.core.commands.definitions import AddService, ClientRow, ImportClients, RemoveClient
from ringfence.firms.models import Firm, ImportedList, LedgerEntry
from ringfence.web.journeys.ledger.imported import did_text
from tests.web.cast import BAKER, OWEN, Cast, do, grouped
from tests.web.reading import link, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

NAME = 'cleientiaid "2026".csv'


@pytest.fixture
def last(cast: Cast) -> int:
    """The last entry of a list that added a service and three clients."""
    rows = tuple(ClientRow(name=f"New {number}") for number in range(3))
    batches = [
        Batch("service.add", (AddService(name="PAYE"),)),
        Batch("client.import", (ImportClients(rows=rows, grants=()),)),
    ]
    version = Firm.objects.get(pk=cast.firm).version
    file = pack_file("clients", NAME, b"Client name\nNew", 3)
    return save(
        rehearse(cast.firm, batches, actor=OPERATOR, version=version),
        alongside=lambda now: keep_file(cast.firm, now - 1, now, file),
    )


def test_the_entry_says_what_its_list_did(cast: Cast, owen: PageClient, last: int) -> None:
    page = owen.get(reverse("ledger-entry", args=[cast.firm, last]))
    said = text(page)
    assert f"What the list {NAME} did" in said
    assert "3 clients added" in said
    assert "1 service added to the catalogue" in said
    assert link(page, str(last - 1)) == reverse("ledger-entry", args=[cast.firm, last - 1])


def test_an_administrator_takes_the_list_and_the_ledger_says_so(
    cast: Cast, owen: PageClient, last: int
) -> None:
    page = owen.get(reverse("ledger-entry", args=[cast.firm, last]))
    taken = owen.get(link(page, "Download the list as it was brought in"))
    assert taken.content == b"Client name\nNew"
    assert taken["Content-Type"] == "application/octet-stream"
    assert taken["Content-Disposition"] == "attachment; filename*=UTF-8''cleientiaid%20%222026%22.csv"
    newest = LedgerEntry.objects.filter(firm=cast.firm).order_by("-number")[0]
    assert (newest.command, newest.actor) == ("export.take", OWEN)


def test_an_auditor_reads_what_it_did_and_takes_no_list(cast: Cast, ada: PageClient, last: int) -> None:
    page = ada.get(reverse("ledger-entry", args=[cast.firm, last]))
    assert "3 clients added" in text(page)
    assert "Download the list" not in text(page)
    assert ada.get(reverse("imported-list", args=[cast.firm, last])).status_code == 403


@pytest.mark.parametrize("kind", ["clients", "members", "access"])
def test_whole_tax_references_are_for_who_sent_them_or_opens_every_client(
    kind: str, cast: Cast, owen: PageClient, last: int
) -> None:
    # Owen may not open Fortune 500's VAT once control is on, and did not bring the list in.
    grouped(cast.firm)
    # A column that a list leaves out is in its file all the same.
    ImportedList.objects.filter(firm=cast.firm).update(kind=kind)
    page = owen.get(reverse("ledger-entry", args=[cast.firm, last]))
    assert "The list may hold whole tax references." in text(page)
    assert "Download the list" not in text(page)
    assert owen.get(reverse("imported-list", args=[cast.firm, last])).status_code == 302
    LedgerEntry.objects.filter(firm=cast.firm, number=last - 1).update(actor_kind="member", actor=OWEN)
    page = owen.get(reverse("ledger-entry", args=[cast.firm, last]))
    assert owen.get(link(page, "Download the list as it was brought in")).status_code == 200


def test_a_list_that_was_let_go_of_says_why(cast: Cast, owen: PageClient, last: int) -> None:
    do(cast.firm, RemoveClient(client=BAKER))
    erase_client(cast.firm, BAKER, actor=OPERATOR)
    page = owen.get(reverse("ledger-entry", args=[cast.firm, last]))
    assert "The file was let go of when the name of a person or of a client was erased." in text(page)
    assert owen.get(reverse("imported-list", args=[cast.firm, last])).status_code == 302


def test_everything_that_a_list_can_do_has_its_words() -> None:
    assert len({did_text(did, 2) for did in Did}) == len(Did)
    assert all("1 " in did_text(did, 1) for did in Did)
