"""Signing out of the provider: begun here, and begun there."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from django.urls import reverse

from ringfence.access import OPERATOR
from ringfence.access.providers import remove_provider, turn_off
from ringfence.firms.models import ProviderSession, User
from tests.support.identity_provider import Browser, client
from tests.web.cast import Cast
from tests.web.checks import PageClient
from tests.web.journeys.single_sign_on.firm_provider import ROOT, SECRET, FirmProvider, firm_provider, here
from tests.web.reading import heading, link

if TYPE_CHECKING:
    from tests.support.identity_provider import IdentityProvider


def signed_in(client: PageClient) -> bool:
    return bool(client.get(reverse("your-sign-in")).status_code == 200)


# --- Begun here


def test_signing_out_leads_on_to_the_provider_which_leads_back(
    provider: FirmProvider, visitor: PageClient, peer: IdentityProvider
) -> None:
    away = visitor.get(reverse("provider-go", args=[provider.uid]))["Location"]
    browser = peer.browser()
    visitor.get(here(browser.sign_in(away, "cai")))
    out = visitor.post(reverse("account_logout"), follow=True)
    assert heading(out) == "You are signed out of Ringfence"
    assert not signed_in(visitor)
    there = visitor.get(link(out, "Sign out of Test directory"))["Location"]
    assert browser.sign_out(there) == ROOT + reverse("account_login")
    # Nobody is signed in there any more: they are asked who they are.
    seen = len(browser.pages)
    browser.sign_in(visitor.get(reverse("provider-go", args=[provider.uid]))["Location"], "cai")
    assert "Sign in to Ringfence as" in "".join(browser.pages[seen:])


def test_signing_out_works_while_the_provider_is_away(
    provider: FirmProvider, visitor: PageClient, settings: Any
) -> None:
    from ringfence.access.providers import asking

    provider.come(visitor, "cai")
    asking._METADATA.clear()
    settings.SIGN_IN_NETWORKS = ()
    out = visitor.post(reverse("account_logout"), follow=True)
    assert not signed_in(visitor)
    assert visitor.get(link(out, "Sign out of Test directory"))["Location"] == reverse("account_login")


def test_the_id_token_does_not_lie_open_in_the_session(provider: FirmProvider, visitor: PageClient) -> None:
    provider.come(visitor, "cai")
    assert "eyJ" not in str(dict(visitor.session))


# --- Begun there


@contextmanager
def told_by(peer: IdentityProvider, provider: FirmProvider) -> Iterator[list[str]]:
    """The logout tokens that the provider sends: to a server that stands in for the network between us."""
    tokens: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            tokens.append(parse_qs(body)["logout_token"][0])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    known = client(
        "ringfence",
        ROOT,
        back=reverse("provider-callback", args=[provider.uid]),
        signed_out="/sign-in",
        secret=SECRET,
    )
    known |= {
        "backchannel_logout_uri": f"http://127.0.0.1:{server.server_address[1]}/",
        "backchannel_logout_session_required": True,
    }
    peer.change(clients=[known])
    try:
        yield tokens
    finally:
        server.shutdown()
        server.server_close()


def signed_out_there(browser: Browser, peer: IdentityProvider, tokens: list[str]) -> str:
    """The logout token that the provider sends once the person signs out there."""
    browser.sign_out(f"{peer.issuer}/session/end")
    return tokens.pop()


def come(visitor: PageClient, provider: FirmProvider, browser: Browser, sub: str) -> None:
    away = visitor.get(reverse("provider-go", args=[provider.uid]))["Location"]
    visitor.get(here(browser.sign_in(away, sub)))
    assert signed_in(visitor)


def tell(provider: FirmProvider, token: str) -> Any:
    """The provider's request, which comes from no browser and has no cookie."""
    return PageClient(enforce_csrf_checks=True).post(
        reverse("provider-back-channel", args=[provider.uid]), {"logout_token": token}
    )


def test_signing_out_at_the_provider_ends_the_session_here(
    provider: FirmProvider, visitor: PageClient, peer: IdentityProvider
) -> None:
    other, elsewhere = PageClient(), PageClient()
    with told_by(peer, provider) as tokens:
        browser, another = peer.browser(), peer.browser()
        come(visitor, provider, browser, "cai")
        come(other, provider, browser, "cai")
        come(elsewhere, provider, another, "cai")
        answer = tell(provider, signed_out_there(browser, peer, tokens))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert not signed_in(visitor)
    assert not signed_in(other)
    # The same person's session of another browser there goes on.
    assert signed_in(elsewhere)


def test_a_logout_token_counts_once_and_as_none_of_anybody_else(
    provider: FirmProvider, visitor: PageClient, peer: IdentityProvider
) -> None:
    colleague = PageClient()
    with told_by(peer, provider) as tokens:
        browser = peer.browser()
        come(visitor, provider, browser, "cai")
        come(colleague, provider, peer.browser(), "dilys")
        token = signed_out_there(browser, peer, tokens)
        assert tell(provider, token).status_code == 200
        again = tell(provider, token)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")
    assert signed_in(colleague)


def test_an_id_token_signs_nobody_out(
    provider: FirmProvider, visitor: PageClient, peer: IdentityProvider
) -> None:
    from ringfence.firms.sealing import unseal
    from ringfence.web.shell.came_by import CAME_BY

    provider.come(visitor, "cai")
    token = unseal(visitor.session[CAME_BY][2], "provider")
    assert tell(provider, token).status_code == 400
    assert signed_in(visitor)


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c"])
def test_nonsense_signs_nobody_out(provider: FirmProvider, token: str) -> None:
    assert tell(provider, token).status_code == 400


def test_one_firms_provider_signs_nobody_of_another_firm_out(
    cast: Cast, provider: FirmProvider, visitor: PageClient, peer: IdentityProvider, settings: Any
) -> None:
    with told_by(peer, provider) as tokens:
        browser = peer.browser()
        come(visitor, provider, browser, "cai")
        token = signed_out_there(browser, peer, tokens)
    with firm_provider(cast.other, "larks.example", peer, settings, client_id="larks") as theirs:
        assert tell(theirs, token).status_code == 400
    assert signed_in(visitor)


def test_a_session_that_began_with_a_password_is_not_the_providers_to_end(
    cast: Cast, provider: FirmProvider, visitor: PageClient, cai: PageClient, peer: IdentityProvider
) -> None:
    with told_by(peer, provider) as tokens:
        browser = peer.browser()
        come(visitor, provider, browser, "cai")
        cast.users["Cai"].refresh_from_db()
        cai.force_login(cast.users["Cai"])
        tell(provider, signed_out_there(browser, peer, tokens))
    assert signed_in(cai)


@pytest.mark.parametrize("end", [turn_off, remove_provider])
def test_a_provider_that_is_turned_off_or_removed_ends_what_it_had_signed_in(
    provider: FirmProvider, visitor: PageClient, end: Any
) -> None:
    provider.come(visitor, "cai")
    end(provider.firm, provider.number, actor=OPERATOR)
    assert not signed_in(visitor)
    assert not ProviderSession.objects.exists()


def test_a_session_that_goes_on_under_another_key_is_still_the_providers_to_end(
    provider: FirmProvider, visitor: PageClient
) -> None:
    from ringfence.web.shell.sign_ins import keep_this_session

    provider.come(visitor, "cai")
    request = visitor.get(reverse("your-sign-in")).wsgi_request
    before = request.session.session_key
    assert isinstance(request.user, User)
    keep_this_session(request, request.user)
    request.session.save()
    assert ProviderSession.objects.get().session == request.session.session_key != before
