"""Showing once more at the provider that it is them, before what raises somebody's power in the firm."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.urls import reverse

from ringfence.access.providers import provider_numbered
from tests.support.identity_provider import Browser
from tests.web.cast import Cast
from tests.web.journeys.single_sign_on.firm_provider import FirmProvider, here
from tests.web.reading import heading, link, text

if TYPE_CHECKING:
    from tests.support.identity_provider import IdentityProvider
    from tests.web.checks import PageClient

LONG_AGO = 16 * 60


def come(visitor: PageClient, provider: FirmProvider, browser: Browser, sub: str) -> None:
    away = visitor.get(reverse("provider-go", args=[provider.uid]))["Location"]
    visitor.get(here(browser.sign_in(away, sub)))


def wait(visitor: PageClient, seconds: float = LONG_AGO) -> None:
    """As though what was proved had been proved so much earlier."""
    session = visitor.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {**each, "at": each["at"] - seconds} for each in session[AUTHENTICATION_METHODS_SESSION_KEY]
    ]
    session.save()


def test_who_came_by_the_provider_confirms_there(
    cast: Cast, provider: FirmProvider, visitor: PageClient, peer: IdentityProvider
) -> None:
    browser = peer.browser()
    come(visitor, provider, browser, "owen")
    wait(visitor)
    after = reverse("turn-off-provider", args=[cast.firm, provider.number])
    asked = visitor.post(after, {"answer": "yes"})
    assert heading(asked) == "Confirm that it is you"
    away = visitor.get(link(asked, "Confirm it where you signed in"))["Location"]
    assert "prompt=login" in away
    seen = len(browser.pages)
    back = visitor.get(here(browser.sign_in(away, "owen")))
    assert "Sign in to Ringfence as" in "".join(browser.pages[seen:])
    assert back["Location"] == after
    assert visitor.post(after, {"answer": "yes"}).status_code == 302
    kept = provider_numbered(cast.firm, provider.number)
    assert kept is not None
    assert not kept.on


def test_a_provider_that_did_not_ask_again_confirms_nothing(
    provider: FirmProvider, visitor: PageClient, peer: IdentityProvider
) -> None:
    browser = peer.browser()
    come(visitor, provider, browser, "owen")
    wait(visitor)
    away = visitor.get(f"{reverse('confirm-at-provider')}?next=/firms/1")["Location"]
    peer.change(spoil={"claims": {"auth_time": int(time.time()) - 3600}})
    assert "did not ask for your password again" in text(visitor.get(here(browser.sign_in(away, "owen"))))
    peer.change(spoil={"remove": ["auth_time"]})
    away = visitor.get(f"{reverse('confirm-at-provider')}?next=/firms/1")["Location"]
    assert "did not ask for your password again" in text(visitor.get(here(browser.sign_in(away, "owen"))))


def test_somebody_else_confirms_nothing(
    cast: Cast, provider: FirmProvider, visitor: PageClient, peer: IdentityProvider
) -> None:
    come(visitor, provider, peer.browser(), "owen")
    wait(visitor)
    away = visitor.get(f"{reverse('confirm-at-provider')}?next=/firms/1")["Location"]
    answer = visitor.get(here(peer.browser().sign_in(away, "cai")))
    assert "You came back as somebody else" in text(answer)
    assert answer.wsgi_request.user == cast.users["Owen"]


def test_what_was_proved_at_the_provider_long_before_was_not_proved_just_now(
    cast: Cast, provider: FirmProvider, visitor: PageClient, peer: IdentityProvider
) -> None:
    peer.change(spoil={"claims": {"auth_time": int(time.time()) - LONG_AGO}})
    come(visitor, provider, peer.browser(), "owen")
    asked = visitor.post(reverse("turn-off-provider", args=[cast.firm, provider.number]), {"answer": "yes"})
    assert heading(asked) == "Confirm that it is you"
