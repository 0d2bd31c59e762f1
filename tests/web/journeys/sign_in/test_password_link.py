"""A link to set a password goes to the address that signs in, and tells nobody which addresses are known."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.jobs import do_waiting, waiting
from tests.web.cast import Cast
from tests.web.reading import errors, heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


@pytest.fixture(autouse=True)
def mail_is_sent() -> Iterator[None]:
    """As with a mail server."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


def ask(client: PageClient, email: str) -> str:
    """What the page says, once the mail that it hands over is sent."""
    said = text(client.post(reverse("password-link"), {"email": email}))
    do_waiting()
    return said


def test_the_link_in_the_mail_sets_a_password(cast: Cast, visitor: PageClient) -> None:
    ask(visitor, "Dilys@Pike.example")
    assert [message.to for message in mail.outbox] == [["dilys@pike.example"]]
    found = re.search(r"https://ringfence.example(\S+)", str(mail.outbox[0].body))
    assert found is not None
    assert heading(visitor.get(found.group(1), follow=True)) == "Set your password"


def test_the_link_leads_to_ringfence_whatever_host_was_asked_for(cast: Cast, visitor: PageClient) -> None:
    form = {"email": "dilys@pike.example"}
    visitor.post(reverse("password-link"), form, headers={"host": "localhost:4711"})
    do_waiting()
    assert "https://ringfence.example/set-password/" in str(mail.outbox[0].body)
    assert "localhost" not in str(mail.outbox[0].body)


def test_without_a_mail_server_nothing_is_sent_and_the_page_says_who_gives_a_link(
    cast: Cast, visitor: PageClient
) -> None:
    with override_settings(SENDS_MAIL=False):
        for response in (
            visitor.get(reverse("password-link")),
            visitor.post(reverse("password-link"), {"email": "dilys@pike.example"}),
        ):
            assert "Ask whoever runs Ringfence for your firm: they can give you a link" in text(response)
    assert mail.outbox == []


def test_an_unknown_address_gets_the_same_answer_and_no_mail(cast: Cast, visitor: PageClient) -> None:
    assert ask(visitor, "nobody@pike.example") == ask(visitor, "dilys@pike.example")
    assert len(mail.outbox) == 1


def test_an_unknown_address_is_asked_for_in_the_same_steps(cast: Cast, visitor: PageClient) -> None:
    steps = []
    # The first begins to count what comes from this address.
    visitor.post(reverse("password-link"), {"email": "somebody@pike.example"})
    for email in ("dilys@pike.example", "nobody@pike.example"):
        with CaptureQueriesContext(connection) as asked:
            visitor.post(reverse("password-link"), {"email": email})
        steps.append([query["sql"].split()[0] for query in asked])
    assert steps[0] == steps[1]
    assert waiting()[1:] == [
        ("send_password_link", [cast.users["Dilys"].pk, 0]),
        ("send_password_link", [0, 0]),
    ]


def test_a_malformed_address_is_refused(visitor: PageClient) -> None:
    response = visitor.post(reverse("password-link"), {"email": "dilys"})
    assert errors(response) == [("Enter your e-mail address, like name@example.com", "#email")]


def test_at_most_five_links_an_hour_go_to_one_address(cast: Cast, visitor: PageClient) -> None:
    for minutes in range(0, 60, 10):
        with patch("time.time", return_value=time.time() + minutes * 60):
            ask(visitor, "dilys@pike.example")
    assert len(mail.outbox) == 5
    with patch("time.time", return_value=time.time() + 3700):
        ask(visitor, "dilys@pike.example")
    assert len(mail.outbox) == 6


def test_the_mail_is_in_the_users_language(cast: Cast, visitor: PageClient) -> None:
    dilys = cast.users["Dilys"]
    dilys.language = "cy"
    dilys.save()
    ask(visitor, "dilys@pike.example")
    assert mail.outbox[0].subject == "Gosod eich cyfrinair ar gyfer Ringfence"
