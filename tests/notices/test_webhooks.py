"""The notice about a webhook that fails: to administrators, while it fails, and in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import override_settings

from ringfence.access import Actor
from ringfence.access.clock import clock
from ringfence.access.webhooks import WebhookState, add_webhook
from ringfence.access.webhooks.warning import WARNED_AFTER
from ringfence.firms.models import Firm, Notice, Webhook
from ringfence.jobs.webhooks import Webhooks
from tests.notices.people import everybody_came_in
from tests.support.jobs import do_waiting
from tests.web.cast import OWEN, make_cast


@pytest.fixture(autouse=True)
def mail_is_sent() -> Iterator[None]:
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


@pytest.fixture
def firm(db: None) -> int:
    found = make_cast().firm
    everybody_came_in()
    add_webhook(found, "https://documents.example/", actor=Actor(OWEN))
    return found


def fails(**columns: object) -> None:
    Webhook.objects.update(failing_since=clock() - WARNED_AFTER - 1, attempts=5, **columns)


def test_administrators_are_told_by_mail_once_and_nobody_else(firm: int) -> None:
    fails()
    for _ in range(2):
        Webhooks().warn()
        do_waiting()
    assert [row.member for row in Notice.objects.filter(firm=firm)] == [OWEN]
    (letter,) = mail.outbox
    assert letter.subject == "Events of Pike & Marlow do not arrive at documents.example"
    assert "tried again at least once an hour" in letter.body
    assert f"https://ringfence.example/firms/{firm}/manage/webhooks/1" in letter.body


def test_a_webhook_that_is_gone_is_told_as_such_in_the_readers_language(firm: int) -> None:
    Firm.objects.update(language="cy")
    fails(state=WebhookState.GONE)
    Webhooks().warn()
    do_waiting()
    (letter,) = mail.outbox
    assert letter.subject == "Ni chaiff digwyddiadau Pike & Marlow eu hanfon at documents.example mwyach"
    assert "wedi mynd am byth" in letter.body


def test_what_arrives_again_is_told_nobody(firm: int) -> None:
    fails()
    Webhooks().warn()
    Webhook.objects.update(failing_since=0, attempts=0)
    do_waiting()
    assert mail.outbox == []
