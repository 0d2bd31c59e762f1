"""A link to set a password goes to the address that signs in, and tells nobody which addresses are known."""

from __future__ import annotations

import re
from smtplib import SMTPRecipientsRefused
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.core import mail
from django.urls import reverse

from ringfence.firms.models import User
from ringfence.web.shell.mail import SENDER
from tests.web.cast import Cast
from tests.web.reading import errors, heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def ask(client: PageClient, email: str) -> str:
    return text(client.post(reverse("password-link"), {"email": email}))


def test_the_link_in_the_mail_sets_a_password(cast: Cast, visitor: PageClient) -> None:
    ask(visitor, "Dilys@Pike.example")
    assert [message.to for message in mail.outbox] == [["dilys@pike.example"]]
    found = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert found is not None
    assert heading(visitor.get(found.group(1))) == "Set your password"


def test_an_unknown_address_gets_the_same_answer_and_no_mail(cast: Cast, visitor: PageClient) -> None:
    assert ask(visitor, "nobody@pike.example") == ask(visitor, "dilys@pike.example")
    assert len(mail.outbox) == 1


def test_a_mail_that_cannot_be_sent_gets_the_same_answer_and_a_line_in_the_log(
    cast: Cast, visitor: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = ask(visitor, "nobody@pike.example")
    refused = SMTPRecipientsRefused({"dilys@pike.example": (550, b"no")})
    with patch("ringfence.web.journeys.sign_in.password_link.send_mail", side_effect=refused):
        assert ask(visitor, "dilys@pike.example") == usual
    said = capsys.readouterr().err
    assert "A mail could not be sent" in said
    assert "dilys" not in said


def test_nobody_is_looked_for_before_the_page_answers(cast: Cast, visitor: PageClient) -> None:
    with patch.object(SENDER, "hand_over") as handed, patch.object(User, "objects") as looked:
        ask(visitor, "dilys@pike.example")
        ask(visitor, "nobody@pike.example")
    assert handed.call_count == 2
    assert looked.mock_calls == []


def test_a_malformed_address_is_refused(visitor: PageClient) -> None:
    response = visitor.post(reverse("password-link"), {"email": "dilys"})
    assert errors(response) == [("Enter your e-mail address, like name@example.com", "#email")]


def test_asking_again_and_again_is_stopped(cast: Cast, visitor: PageClient) -> None:
    for _time in range(7):
        ask(visitor, "dilys@pike.example")
    assert len(mail.outbox) == 5


def test_the_mail_is_in_the_users_language(cast: Cast, visitor: PageClient) -> None:
    dilys = cast.users["Dilys"]
    dilys.language = "cy"
    dilys.save()
    ask(visitor, "dilys@pike.example")
    assert mail.outbox[0].subject == "Gosod eich cyfrinair ar gyfer Ringfence"
