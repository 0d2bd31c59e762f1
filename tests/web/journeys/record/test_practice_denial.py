"""What a practice tells whoever may not open a client: the words of rules.md 4, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from ringfence.core.commands.definitions import ChangeSettings
from tests.support.advisers import IYER, OPEN, Practice, practice
from tests.web.cast import do
from tests.web.checks import PageClient
from tests.web.reading import text

SAID = (
    "Permission Denied: You don't have access to this client record. The client you're trying to access is "
    "associated with your practice, but you haven't been granted access to it."
)
WELSH = (
    "Gwrthodwyd caniatâd: nid oes gennych fynediad at gofnod y cleient hwn. Mae’r cleient yr ydych yn ceisio "
    "ei agor yn gysylltiedig â’ch practis, ond ni roddwyd mynediad ato i chi."
)


@pytest.fixture
def firm(db: None) -> Practice:
    return practice()


def record(firm: Practice, name: str, client: int = IYER, language: str = "en") -> Any:
    visitor = PageClient()
    visitor.force_login(firm.users[name])
    address = reverse("client", args=[firm.firm, client])
    return visitor.get(address, headers={"accept-language": language})


@pytest.mark.parametrize("name", ["Adviser 1", "Assistant 1", "Office Manager", "Principal"])
def test_whoever_is_not_linked_reads_the_message_word_for_word(firm: Practice, name: str) -> None:
    refused = record(firm, name)
    assert refused.status_code == 403
    assert SAID in text(refused)


def test_beside_it_stands_everybody_who_may_link_them(firm: Practice) -> None:
    refused = text(record(firm, "Adviser 1"))
    helpers = "Adviser 3: adviser3@cedar.example Office Manager: office@cedar.example"
    assert f"They may share this client {helpers} Administrators of your firm Principal: " in refused


def test_in_welsh_it_says_the_same(firm: Practice) -> None:
    assert WELSH in text(record(firm, "Adviser 1", language="cy"))


def test_a_client_without_a_link_is_opened_by_whoever_uses_client_records(firm: Practice) -> None:
    for name in ("Adviser 1", "Assistant 1", "Office Manager", "Principal"):
        assert record(firm, name, OPEN).status_code == 200
    receptionist = record(firm, "Receptionist", OPEN)
    assert receptionist.status_code == 403
    assert "You do not have the permission to use client records." in text(receptionist)


def test_where_clients_are_hidden_the_message_tells_of_none(firm: Practice) -> None:
    do(firm.firm, ChangeSettings(values={"inaccessible": "hidden"}))
    assert record(firm, "Adviser 1").status_code == 404
