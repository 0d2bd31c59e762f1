"""A sign-in with a browser that is not known is told by mail: once a browser, and not the very first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.test import override_settings
from django.urls import reverse

from tests.support.jobs import do_waiting
from tests.web.journeys.security.cai import EMAIL, PASSWORD

if TYPE_CHECKING:
    from ringfence.firms.models import User
    from tests.web.checks import PageClient

TOLD = "You signed in to Ringfence with a new browser"


@pytest.fixture(autouse=True)
def mail_is_sent() -> Iterator[None]:
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


def told() -> list[str]:
    do_waiting()
    return [str(each.subject) for each in mail.outbox]


def test_the_first_sign_in_ever_is_not_told(user: User, here: PageClient) -> None:
    assert told() == []


def test_another_browser_is_told_with_what_it_is(here: PageClient, elsewhere: PageClient) -> None:
    assert told() == [TOLD]
    (sent,) = mail.outbox
    assert sent.to == [EMAIL]
    assert "iPhone" in sent.body


def test_a_known_browser_is_told_no_more(here: PageClient, elsewhere: PageClient) -> None:
    elsewhere.post(reverse("account_logout"))
    elsewhere.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    assert told() == [TOLD]


def test_a_cookie_that_somebody_made_up_is_no_known_browser(here: PageClient, user: User) -> None:
    other = here.__class__()
    other.cookies["known"] = "made-up"
    other.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    assert told() == [TOLD]
