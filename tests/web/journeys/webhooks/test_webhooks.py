"""Webhooks on pages: added with a secret, tested, looked at, paused, resumed and removed."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from django.urls import reverse

from ringfence import access
from ringfence.access import Actor
from ringfence.access.changes import FAMILIES
from ringfence.access.webhooks import (
    SendFault,
    WebhookState,
    WhyUnfit,
    add_webhook,
    deliveries,
    secret_text,
    webhook_numbered,
)
from ringfence.core.commands.definitions import CreateGroup
from ringfence.firms.models import Webhook
from ringfence.wording.ledger import COMMANDS, OTHER_ENTRIES
from ringfence.wording.webhooks import FAULTS, PARTS, STATES, UNFIT
from tests.support.jobs import do_waiting
from tests.support.receiver import receiver
from tests.web.cast import OWEN, Cast, do
from tests.web.reading import errors, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

HERE = "https://documents.example/events?from=ringfence"
OWN = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def hook(cast: Cast) -> int:
    return add_webhook(cast.firm, HERE, actor=Actor(OWEN)).number


def page(client: PageClient, cast: Cast, hook: int) -> str:
    return text(client.get(reverse("webhook", args=[cast.firm, hook])))


def test_a_webhook_is_added_and_its_secret_shown(cast: Cast, owen: PageClient) -> None:
    chosen = {"address": f" {HERE} ", "parts": ["access", "clients"]}
    shown = text(owen.post(reverse("add-webhook", args=[cast.firm]), chosen, follow=True))
    made = webhook_numbered(cast.firm, 1)
    assert made is not None
    assert secret_text(made) in shown
    assert made.address == HERE
    assert made.families == {"access", "client", "engagement", "service"}
    (entry,) = access.entries(cast.firm, after=made.version - 1)
    assert (entry.command, entry.actor.member) == ("webhook.change", OWEN)
    assert [words.fields for words in entry.texts] == [{"address": HERE}]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", UNFIT["malformed"]),
        ("ftp://example.com/", UNFIT["malformed"]),
        ("https://exa mple.com/", UNFIT["malformed"]),
        ("https://example.com:99999/", UNFIT["malformed"]),
        ("https://anna:geheim@example.com/", UNFIT["secrets"]),
        ("http://example.com/", UNFIT["not_https"]),
        ("https://10.0.0.1/", UNFIT["private"]),
        ("https://localhost/", UNFIT["private"]),
        ("https://[::ffff:127.0.0.1]/", UNFIT["private"]),
        ("https://[64:ff9b::7f00:1]/", UNFIT["private"]),
        ("https://169.254.169.254/latest", UNFIT["private"]),
        ("https://[fec0::1]/", UNFIT["private"]),
        ("https://[::7f00:1]/", UNFIT["private"]),
    ],
)
def test_an_address_to_which_nothing_is_sent_is_told_at_its_field(
    cast: Cast, owen: PageClient, address: str, told: object
) -> None:
    shown = owen.post(reverse("add-webhook", args=[cast.firm]), {"address": address, "parts": ["access"]})
    assert errors(shown) == [(str(told), "#address")]
    assert not Webhook.objects.exists()


def test_whoever_chooses_nothing_is_asked_to_choose(cast: Cast, owen: PageClient) -> None:
    shown = owen.post(reverse("add-webhook", args=[cast.firm]), {"address": HERE})
    assert errors(shown) == [("Select what is sent", "#parts")]


def test_all_boxes_ticked_send_everything_also_of_kinds_to_come(cast: Cast, owen: PageClient) -> None:
    owen.post(reverse("add-webhook", args=[cast.firm]), {"address": HERE, "parts": list(PARTS)})
    assert Webhook.objects.get().families == []


def test_a_test_and_an_event_once_more_show_what_was_answered(cast: Cast, owen: PageClient) -> None:
    with override_settings(WEBHOOK_NETWORKS=OWN), receiver() as there:
        hook = add_webhook(cast.firm, there.address, actor=Actor(OWEN), own=OWN).number
        here = reverse("webhook", args=[cast.firm, hook])
        owen.post(here)
        do_waiting()
        (attempt,) = rows(owen.get(here))
        assert "ringfence.webhook.test" in attempt[0]
        assert "Taken (204)" in attempt[2]
        there.answer(500)
        owen.post(here, {"again": str(deliveries(cast.firm, hook)[0].number)})
        do_waiting()
        assert "Refused (500)" in rows(owen.get(here))[0][2]
    assert [body["type"] for body in there.bodies] == ["ringfence.webhook.test"]


def test_an_auditor_sees_everything_but_the_secret_and_sends_nothing(
    cast: Cast, hook: int, ada: PageClient
) -> None:
    here = reverse("webhook", args=[cast.firm, hook])
    assert HERE in text(ada.get(here))
    assert "Send a test" not in text(ada.get(here))
    assert ada.post(here).status_code == 403
    assert ada.get(reverse("webhook-secret", args=[cast.firm, hook])).status_code == 403


def test_a_webhook_is_paused_and_resumed(cast: Cast, hook: int, owen: PageClient) -> None:
    pause = reverse("pause-webhook", args=[cast.firm, hook])
    assert errors(owen.post(pause)) == [("Select yes if you want to pause it", "#answer")]
    owen.post(pause, {"answer": "no"})
    assert Webhook.objects.get().state == WebhookState.ACTIVE
    owen.post(pause, {"answer": "yes"})
    assert Webhook.objects.get().state == WebhookState.PAUSED
    do(cast.firm, CreateGroup(name="Team"))
    resume = reverse("resume-webhook", args=[cast.firm, hook])
    assert "3 changes wait." in text(owen.get(resume))
    owen.post(resume, {"answer": "new"})
    found = webhook_numbered(cast.firm, hook)
    assert found is not None
    assert (found.standing, found.behind) == (WebhookState.ACTIVE, 1)


def test_a_new_secret_leaves_the_one_before_for_a_day(cast: Cast, hook: int, owen: PageClient) -> None:
    before = text(owen.get(reverse("webhook-secret", args=[cast.firm, hook])))
    rotate = reverse("rotate-webhook", args=[cast.firm, hook])
    after = text(owen.post(rotate, {"answer": "yes"}, follow=True))
    assert "The secret before it signs as well until" in after
    assert "The secret before it signs as well until" not in before


def test_a_removed_webhook_is_not_there_and_its_number_not_given_again(
    cast: Cast, hook: int, owen: PageClient
) -> None:
    owen.post(reverse("remove-webhook", args=[cast.firm, hook]), {"answer": "yes"})
    assert "There are no webhooks yet." in text(owen.get(reverse("webhooks", args=[cast.firm])))
    assert owen.get(reverse("webhook", args=[cast.firm, hook])).status_code == 404
    assert Webhook.objects.get().secret == ""
    assert add_webhook(cast.firm, HERE, actor=Actor(OWEN)).number == hook + 1


def test_a_firm_has_so_many_webhooks_and_no_more(
    cast: Cast, hook: int, owen: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ringfence.access.webhooks.keeping.MOST_WEBHOOKS", 1)
    version = access.firm_state(cast.firm).version
    shown = owen.post(reverse("add-webhook", args=[cast.firm]), {"address": HERE, "parts": ["access"]})
    assert errors(shown)[0][1] == "#address"
    assert access.firm_state(cast.firm).version == version


def test_everything_that_is_told_is_of_a_part_that_one_can_choose() -> None:
    chosen = {word for _text, words in PARTS.values() for word in words}
    told = {name.split(".")[0] for name in COMMANDS | OTHER_ENTRIES}
    assert told <= chosen
    assert chosen == set(FAMILIES)


def test_every_state_and_fault_has_its_words() -> None:
    assert set(STATES) == set(WebhookState) - {WebhookState.REMOVED}
    assert set(FAULTS) == set(SendFault)
    assert set(UNFIT) == set(WhyUnfit)
