"""Asking a provider over HTTP: what it says of itself, its keys, and JSON as allauth wants it.

What it says of itself and its keys are kept for ten minutes; keys are asked for again before that where a
token names one that is not among them. A slow provider keeps a few threads busy at most, for a few seconds.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
import requests
from requests.structures import CaseInsensitiveDict

from ringfence import __version__
from ringfence.access.outgoing import Received, TooLong, exchange
from ringfence.access.webhooks.addresses import Network, UnfitAddress, WhyUnfit, fitting_address

from .checks import CheckFailed, SignInCheck, SignInFault

SECONDS = 6.0
"""For each exchange, from looking up the name to the last byte."""
MOST_BYTES = 2**18
"""Of an answer."""
METADATA_LASTS = 600.0
"""Seconds for which what a provider says of itself is kept, and its keys."""
REFRESHES = 5
"""How often in a minute keys are read anew because a token names one that is not known."""
AT_ONCE = 2
"""Sign-ins of one provider that one process waits for at once; whoever comes then tries again."""
WELL_KNOWN = "/.well-known/openid-configuration"


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider says of itself (OpenID Connect Discovery 1.0, 3), as far as it matters here."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


_METADATA: dict[str, tuple[float, Metadata]] = {}
_KEYS: dict[str, tuple[float, list[dict[str, Any]]]] = {}
_REFRESHED: dict[str, list[float]] = defaultdict(list)
_WAITING: dict[str, threading.BoundedSemaphore] = defaultdict(lambda: threading.BoundedSemaphore(AT_ONCE))


@contextmanager
def waiting_for(issuer: str) -> Iterator[None]:
    """Be one of the few who wait for this provider; raises `CheckFailed` where there are enough."""
    place = _WAITING[issuer]
    if not place.acquire(blocking=False):
        raise CheckFailed(SignInCheck.REACHED, SignInFault.BUSY)
    try:
        yield
    finally:
        place.release()


def metadata_of(issuer: str, own: Iterable[Network], *, anew: bool = False) -> Metadata:
    """What the provider says of itself, checked; raises `CheckFailed`. `anew` asks it whatever is kept."""
    until, kept = _METADATA.get(issuer, (0.0, None))
    if kept is not None and until > time.monotonic() and not anew:
        return kept
    networks = tuple(own)
    told = got(issuer.rstrip("/") + WELL_KNOWN, networks, SignInCheck.REACHED)
    found = _read(told, issuer, networks)
    _METADATA[issuer] = (time.monotonic() + METADATA_LASTS, found)
    return found


def _read(told: dict[str, Any], issuer: str, own: tuple[Network, ...]) -> Metadata:
    try:
        found = msgspec.convert({name: told[name] for name in told if told[name] is not None}, Metadata)
    except msgspec.ValidationError as unfit:
        raise CheckFailed(SignInCheck.METADATA, SignInFault.MISSING, what=str(unfit)) from unfit
    if found.issuer != issuer:
        raise CheckFailed(SignInCheck.ISSUER, SignInFault.OTHER_ISSUER, told=found.issuer, entered=issuer)
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
        address = getattr(found, name)
        if address:
            _look_at(address, name, own)
    if found.end_session_endpoint:
        _look_at(found.end_session_endpoint, "end_session_endpoint", own)
    if "S256" not in found.code_challenge_methods_supported:
        raise CheckFailed(SignInCheck.PKCE, SignInFault.NO_PKCE)
    return found


def _look_at(address: str, name: str, own: tuple[Network, ...]) -> None:
    try:
        fitting_address(address, own)
    except UnfitAddress as unfit:
        raise CheckFailed(SignInCheck.METADATA, SignInFault.ENDPOINT, name=name, address=address) from unfit


def keys_of(address: str, own: Iterable[Network], *, anew: bool = False) -> list[dict[str, Any]]:
    """The provider's public keys as JWKs; raises `CheckFailed`.

    `anew` reads them again for a token whose key is not among those kept, but not as often as anybody likes.
    """
    until, kept = _KEYS.get(address, (0.0, []))
    if until > time.monotonic() and not (anew and _may_refresh(address)):
        return kept
    told = got(address, own, SignInCheck.SIGNATURE)
    keys = told.get("keys")
    if not isinstance(keys, list):
        raise CheckFailed(SignInCheck.SIGNATURE, SignInFault.MISSING, what="keys")
    found = [key for key in keys if isinstance(key, dict)]
    _KEYS[address] = (time.monotonic() + METADATA_LASTS, found)
    return found


def _may_refresh(address: str) -> bool:
    now = time.monotonic()
    lately = _REFRESHED[address] = [at for at in _REFRESHED[address] if at > now - 60]
    if len(lately) >= REFRESHES:
        return False
    lately.append(now)
    return True


def got(
    address: str, own: Iterable[Network], check: SignInCheck, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The JSON object at an address; raises `CheckFailed` at the check."""
    answer = asked("GET", address, dict(headers or {}), None, own, check)
    if answer.status != http.HTTPStatus.OK:
        raise CheckFailed(check, SignInFault.STATUS, status=str(answer.status), address=address)
    return decoded(answer.body, check, address)


def decoded(body: bytes, check: SignInCheck, address: str) -> dict[str, Any]:
    """The JSON object that the bytes are; raises `CheckFailed` at the check."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as nonsense:
        raise CheckFailed(check, SignInFault.NO_JSON, address=address) from nonsense


_UNFIT = {WhyUnfit.PRIVATE: SignInFault.PRIVATE, WhyUnfit.NOT_HTTPS: SignInFault.NOT_HTTPS}


def asked(
    method: str,
    address: str,
    headers: dict[str, str],
    body: bytes | None,
    own: Iterable[Network],
    check: SignInCheck = SignInCheck.CODE,
) -> Received:
    """What the provider answers, whatever its status; raises `CheckFailed` where nothing came."""
    sent = {"Accept": "application/json", "User-Agent": f"Ringfence/{__version__}", **headers}
    networks = tuple(own)
    try:
        fitting = fitting_address(address, networks)
        return exchange(method, fitting, sent, body, own=networks, seconds=SECONDS, most=MOST_BYTES)
    except UnfitAddress as unfit:
        raise CheckFailed(check, _UNFIT.get(unfit.why, SignInFault.ENDPOINT), address=address) from unfit
    except TooLong as long:
        raise CheckFailed(check, SignInFault.TOO_LONG, address=address) from long
    except TimeoutError as late:
        raise CheckFailed(check, SignInFault.TIMEOUT, address=address) from late
    except socket.gaierror as unknown:
        raise CheckFailed(check, SignInFault.NAME, address=address) from unknown
    except ssl.SSLError as untrusted:
        raise CheckFailed(check, SignInFault.CERTIFICATE, address=address) from untrusted
    except (http.client.HTTPException, OSError) as away:
        raise CheckFailed(check, SignInFault.CONNECTION, address=address) from away


class GuardedSession:
    """What allauth asks providers through, in the form of a session of `requests`: guarded exchanges."""

    def __init__(self, own: Iterable[Network]) -> None:
        self._own = tuple(own)

    def __enter__(self) -> GuardedSession:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to close."""

    def get(self, url: str, **asked: Any) -> requests.Response:
        return self.request("GET", url, **asked)

    def post(self, url: str, **asked: Any) -> requests.Response:
        return self.request("POST", url, **asked)

    def request(self, method: str, url: str, **told: Any) -> requests.Response:
        """The answer, read whole; raises `CheckFailed`. Timeouts of the caller are not asked for."""
        told.pop("timeout", None)
        prepared = requests.Request(method, url, **told).prepare()
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
        assert prepared.url is not None
        assert body is None or isinstance(body, bytes)
        headers = {name: str(value) for name, value in prepared.headers.items()}
        answer = asked(method, prepared.url, headers, body, self._own)
        response = requests.Response()
        response.status_code, response.url = answer.status, prepared.url
        response.headers = CaseInsensitiveDict(answer.headers.items())
        response._content = answer.body
        return response
