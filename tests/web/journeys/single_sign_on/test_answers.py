"""What a provider answers: whatever is not exactly right signs nobody in, and signs nobody out."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from django.urls import reverse

from ringfence.access import OPERATOR
from ringfence.access.providers import (
    OpenIdSettings,
    ProviderKind,
    add_provider,
    asking,
    change_provider,
    turn_on,
)
from ringfence.access.providers.asking import AT_ONCE, waiting_for
from ringfence.access.providers.tokens import SKEW
from tests.web.cast import Cast
from tests.web.journeys.single_sign_on.firm_provider import FirmProvider
from tests.web.reading import heading, text

if TYPE_CHECKING:
    from tests.support.identity_provider import IdentityProvider
    from tests.web.checks import PageClient


def told(response: Any) -> str:
    """What whoever is refused is told."""
    assert (response.status_code, heading(response)) == (403, "You were not signed in")
    return text(response)


def name_of(spoil: dict[str, Any]) -> str:
    """A case by what is spoiled, without values: every process must call it the same, and the time moves."""
    return ", ".join(
        f"{kind} {told if isinstance(told, str) else ' '.join(told)}" for kind, told in spoil.items()
    )


@pytest.mark.parametrize(
    "spoil",
    [
        {"claims": {"nonce": "of another sign-in"}},
        {"remove": ["nonce"]},
        {"claims": {"iss": "https://elsewhere.example"}},
        {"claims": {"aud": "another-client"}},
        {"claims": {"exp": int(time.time()) - SKEW - 60}},
        {"remove": ["exp"]},
        {"claims": {"iat": int(time.time()) + 3600}},
        {"claims": {"sub": ""}},
        {"claims": {"at_hash": "of-another-token"}},
        {"key": "foreign"},
        {"alg": "none"},
        {"alg": "HS256"},
        {"userinfo": {"sub": "dilys"}},
    ],
    ids=name_of,
)
def test_a_token_that_is_not_right_signs_nobody_in(
    provider: FirmProvider, peer: IdentityProvider, visitor: PageClient, spoil: dict[str, Any]
) -> None:
    peer.change(spoil=spoil)
    answer = provider.come(visitor, "cai")
    assert "What Test directory answered is not right" in told(answer)
    assert not answer.wsgi_request.user.is_authenticated


def test_a_token_that_is_not_right_leaves_signed_in_who_is(
    cast: Cast, provider: FirmProvider, peer: IdentityProvider, visitor: PageClient
) -> None:
    provider.come(visitor, "cai")
    peer.change(spoil={"claims": {"nonce": "of another sign-in"}})
    told(provider.come(visitor, "dilys"))
    assert visitor.get(reverse("clients", args=[cast.firm])).status_code == 200


def test_a_clock_that_is_two_minutes_off_is_allowed_for(
    provider: FirmProvider, peer: IdentityProvider, visitor: PageClient
) -> None:
    late = int(time.time()) - SKEW + 30
    peer.change(spoil={"claims": {"exp": late, "iat": late - 60}})
    assert heading(provider.come(visitor, "cai")) == "Clients"


def test_a_provider_rotates_its_keys_and_nobody_notices(
    provider: FirmProvider, peer: IdentityProvider, visitor: PageClient
) -> None:
    provider.come(visitor, "cai")
    visitor.logout()
    peer.change(rotate=True)
    assert heading(provider.come(visitor, "cai")) == "Clients"


def test_a_sign_in_that_comes_back_from_another_issuer_is_refused(
    provider: FirmProvider, visitor: PageClient
) -> None:
    back = provider.back(visitor, "cai")
    assert "iss=" in back
    mixed = back[: back.index("iss=")] + "iss=https%3A%2F%2Felsewhere.example"
    assert "is not right" in told(visitor.get(mixed))


def test_a_sign_in_that_does_not_say_where_it_comes_from_is_refused_where_it_should(
    provider: FirmProvider, visitor: PageClient
) -> None:
    back = provider.back(visitor, "cai")
    assert "is not right" in told(visitor.get(back[: back.index("&iss=")]))


def test_a_forged_code_signs_nobody_in(provider: FirmProvider, visitor: PageClient) -> None:
    back = provider.back(visitor, "cai")
    code = back.partition("code=")[2].partition("&")[0]
    assert "is not right" in told(visitor.get(back.replace(code, code[::-1])))


def test_a_provider_that_names_itself_otherwise_is_not_believed(
    cast: Cast, provider: FirmProvider, visitor: PageClient, peer: IdentityProvider
) -> None:
    peer.change(spoil={"metadata": {"issuer": "https://elsewhere.example"}})
    assert "is not right" in told(visitor.get(reverse("provider-go", args=[provider.uid])))


def test_a_provider_without_protected_codes_is_not_used(
    provider: FirmProvider, visitor: PageClient, peer: IdentityProvider
) -> None:
    peer.change(spoil={"metadata": {"code_challenge_methods_supported": ["plain"]}})
    assert "is not right" in told(visitor.get(reverse("provider-go", args=[provider.uid])))


def test_a_provider_that_sends_us_to_an_address_of_our_own_network_is_not_followed(
    provider: FirmProvider, visitor: PageClient, peer: IdentityProvider
) -> None:
    peer.change(spoil={"metadata": {"token_endpoint": "http://169.254.169.254/latest"}})
    assert "is not right" in told(visitor.get(reverse("provider-go", args=[provider.uid])))


def test_a_provider_in_the_operators_network_is_asked_only_where_it_is_allowed(
    provider: FirmProvider, visitor: PageClient, settings: Any
) -> None:
    settings.SIGN_IN_NETWORKS = ()
    assert "is not right" in told(visitor.get(reverse("provider-go", args=[provider.uid])))


# --- A provider that is away, slow, or talks nonsense


@contextmanager
def talking(body: bytes, status: int = 200, after: float = 0) -> Iterator[str]:
    """A server that answers everything so, after some seconds; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(after)
            try:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def moved(provider: FirmProvider, issuer: str) -> str:
    """The way to the provider once it is said to be elsewhere."""
    elsewhere = OpenIdSettings(issuer=issuer, client_id="ringfence")
    change_provider(provider.firm, provider.number, settings=elsewhere, actor=OPERATOR)
    return reverse("provider-go", args=[provider.uid])


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b"\xff", b'{"issuer": 7}', b"[" * 100_000, b"x" * (asking.MOST_BYTES + 1)],
    ids=lambda body: repr(body[:12]),
)
def test_nonsense_is_no_provider(provider: FirmProvider, visitor: PageClient, body: bytes) -> None:
    with talking(body) as issuer:
        assert "is not right" in told(visitor.get(moved(provider, issuer)))


def test_a_provider_that_is_away_leaves_signed_in_who_is(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    provider.come(visitor, "cai")
    with socket.create_server(("127.0.0.1", 0)) as heard:
        # Nobody listens there any more.
        issuer = f"http://127.0.0.1:{heard.getsockname()[1]}"
    add = OpenIdSettings(issuer=issuer, client_id="ringfence")
    away = add_provider(cast.firm, "Away", ProviderKind.OTHER, add, secret="s", actor=OPERATOR)
    turn_on(cast.firm, away.number, actor=OPERATOR)
    answer = visitor.get(reverse("provider-go", args=[away.uid]))
    assert "Away cannot be reached at the moment" in told(answer)
    assert "Whoever is signed in stays signed in" in text(answer)
    assert visitor.get(reverse("clients", args=[cast.firm])).status_code == 200


def test_a_provider_that_fails_is_told_apart_from_one_that_talks_nonsense(
    provider: FirmProvider, visitor: PageClient
) -> None:
    with talking(b"oops", status=503) as issuer:
        assert "cannot be reached at the moment" in told(visitor.get(moved(provider, issuer)))


def test_a_slow_provider_is_not_waited_for(provider: FirmProvider, visitor: PageClient) -> None:
    with talking(b"{}", after=1) as issuer, patch.object(asking, "SECONDS", 0.2):
        began = time.monotonic()
        assert "cannot be reached at the moment" in told(visitor.get(moved(provider, issuer)))
        assert time.monotonic() - began < 1


def test_only_a_few_wait_for_one_provider_at_once(provider: FirmProvider, visitor: PageClient) -> None:
    waiting = [waiting_for(provider.peer.issuer) for _ in range(AT_ONCE)]
    for each in waiting:
        each.__enter__()
    try:
        assert "cannot be reached" in told(visitor.get(reverse("provider-go", args=[provider.uid])))
    finally:
        for each in waiting:
            each.__exit__(None, None, None)
    assert visitor.get(reverse("provider-go", args=[provider.uid])).status_code == 302


def test_whoever_was_refused_reads_the_same_reason_in_the_other_language(
    provider: FirmProvider, peer: IdentityProvider, visitor: PageClient
) -> None:
    peer.change(spoil={"claims": {"aud": "another-client"}})
    answer = provider.come(visitor, "cai")
    said = re.search(r'name="next" value="([^"]+)"', answer.content.decode())
    assert said is not None
    again = visitor.get(said[1])
    assert told(again) == told(answer)
    in_welsh = visitor.post(reverse("set_language"), {"language": "cy", "next": said[1]}, follow=True)
    assert in_welsh.status_code == 403
    assert "Test directory" in text(in_welsh)
    assert visitor.get(f"{said[1]}x").status_code == 404
