"""`ringfence webhook …`: added, listed, tested, paused and removed from the command line."""

from __future__ import annotations

import base64
import json

import pytest
from django.test import override_settings

from ringfence.access import firm_state
from ringfence.access.webhooks import WebhookState, webhook_numbered
from ringfence.firms.models import Firm
from tests.cli.listing import refuse, succeed
from tests.support.jobs import do_waiting
from tests.support.receiver import OWN, receiver

HERE = "https://documents.example/events"


@pytest.fixture
def firm(db: None) -> int:
    succeed("firm", "create", "Pike", "--profile", "kyc", "--admin", "owen@pike.example")
    return Firm.objects.get().pk


def test_the_secret_is_printed_alone_and_fits_every_receiver(firm: int) -> None:
    printed = succeed("webhook", "add", HERE, "--only", "access,client")
    assert printed == printed.strip() + "\n"
    secret = printed.strip().removeprefix("whsec_")
    assert 24 <= len(base64.b64decode(secret, validate=True)) <= 64
    assert succeed("webhook", "secret", "1") == printed
    (listed,) = json.loads(succeed("webhook", "list", "--json"))
    assert (listed["address"], listed["sent"], listed["state"]) == (HERE, ["access", "client"], "active")


def test_a_rotated_secret_is_another(firm: int) -> None:
    before = succeed("webhook", "add", HERE)
    assert succeed("webhook", "rotate", "1") not in {before, ""}


def test_mistakes_say_what_to_do_and_change_nothing(firm: int) -> None:
    version = firm_state(firm).version
    for arguments, told in (
        (("add", "http://example.com/"), "RINGFENCE_WEBHOOK_NETWORKS"),
        (("add", "https://10.0.0.1/"), "RINGFENCE_WEBHOOK_NETWORKS"),
        (("add", HERE, "--only", "moon"), "'moon'"),
        (("pause", "7"), "webhook list"),
        (("log", "7"), "webhook list"),
    ):
        assert told in refuse("webhook", *arguments)
    assert firm_state(firm).version == version


def test_a_test_and_what_was_answered(firm: int) -> None:
    with override_settings(WEBHOOK_NETWORKS=OWN), receiver() as there:
        succeed("webhook", "add", there.address)
        succeed("webhook", "test", "1")
        do_waiting()
        (attempt,) = json.loads(succeed("webhook", "log", "1", "--json"))
        assert (attempt["type"], attempt["status"]) == ("ringfence.webhook.test", 204)
        succeed("webhook", "resend", "1", str(attempt["number"]))
        do_waiting()
    assert len(there.bodies) == 2
    assert "Taken (204)" in succeed("webhook", "log", "1")


def test_paused_resumed_and_removed(firm: int) -> None:
    succeed("webhook", "add", HERE)
    succeed("webhook", "pause", "1")
    hook = webhook_numbered(firm, 1)
    assert hook is not None
    assert hook.standing is WebhookState.PAUSED
    succeed("webhook", "resume", "1", "--skip")
    succeed("webhook", "remove", "1")
    assert json.loads(succeed("webhook", "list", "--json")) == []
