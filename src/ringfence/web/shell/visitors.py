"""Where a request comes from: the address it is counted by, and whether its browser has signed in before.

A known browser is told by a signed cookie, which opens nothing: whoever holds it still needs the password.
"""

from __future__ import annotations

import logging
import secrets
from functools import cache
from ipaddress import IPv6Address, ip_address
from typing import cast

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from ringfence.core.directory import unique_key

LOG = logging.getLogger(__name__)

COOKIE, SALT = f"{settings.HOST_COOKIE}known", "known"
LASTS = 400 * 24 * 3600
"""Seconds for which a browser stays known after it has signed in; browsers keep no cookie for longer."""
ACCOUNTS = 5
"""Of so many accounts a browser is known, those that signed in last."""


def plain_address(address: str) -> str:
    """An IPv4 address that came in the form of IPv6 (``::ffff:192.0.2.1``) as IPv4; any other as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    plain = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(plain or found)


def look_for_a_proxy(request: HttpRequest) -> None:
    """Say once in the log that a proxy tells addresses and nobody heeds them: all visitors count as one."""
    told = "X-Forwarded-For" in request.headers
    if told and not settings.BEHIND_TLS and _is_near(request.META.get("REMOTE_ADDR", "")):
        _say_that_a_proxy_is_not_heeded()


def _is_near(address: str) -> bool:
    try:
        return ip_address(address).is_private
    except ValueError:
        return False


@cache
def _say_that_a_proxy_is_not_heeded() -> None:
    LOG.warning(
        "X-Forwarded-For is not heeded, so attempts to sign in count for all visitors together:"
        " set RINGFENCE_TLS=1 where a proxy that speaks TLS sets it"
    )


def known_browser(request: HttpRequest, email: str) -> str:
    """What the browser is known by, if the account has signed in with it before; else empty."""
    browser, accounts = _read(request)
    return browser if _name(email) in accounts else ""


def remember_browser(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Have the browser known as one with which the account has signed in."""
    browser, accounts = _read(request)
    name = _name(email)
    accounts = [name, *(each for each in accounts if each != name)][:ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps([browser or secrets.token_hex(8), accounts], salt=SALT),
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return "", []
    return cast(tuple[str, list[str]], tuple(found))


def _name(email: str) -> str:
    # The cookie tells nobody who signs in with the browser.
    return salted_hmac(SALT, unique_key(email)).hexdigest()[:16]
