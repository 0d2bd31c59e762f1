"""The way to a provider that speaks SAML, and which requests a browser has begun."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.providers import CheckFailed, Provider, SignInCheck, SignInFault
from ringfence.access.providers.saml import EXTRA, Ours, installed, request_to

LOGIN, TEST, CONFIRM = "login", "test", "confirm"
BEGUN = "saml_requests"
"""The session's key for the requests that this browser has begun, by their ids: provider, what for, where
to then, and when."""
MOST = 5
"""Of them that are remembered."""
LASTS = 600
"""Seconds for which one is."""


def ours(request: HttpRequest, uid: str) -> Ours:
    """Our addresses as the provider knows them."""
    return Ours(
        entity_id=request.build_absolute_uri(reverse("provider-metadata", args=[uid])),
        acs=request.build_absolute_uri(reverse("provider-answer", args=[uid])),
    )


def there(
    request: HttpRequest, provider: Provider, process: str, after: str, *, anew: bool = False
) -> HttpResponse:
    """To the provider; raises `CheckFailed` where SAML is not installed.

    `process` says what it is for, `after` where to then. With `anew` the provider asks for their password
    again whatever it knows of them.
    """
    if not installed():
        raise CheckFailed(SignInCheck.CAME_BACK, SignInFault.NOT_INSTALLED, extra=EXTRA)
    address, identity = request_to(provider, ours(request, provider.uid), anew=anew)
    begun = {key: kept for key, kept in begun_by(request).items() if kept[3] > time.time() - LASTS}
    begun[identity] = [provider.uid, process, after, int(time.time())]
    request.session[BEGUN] = dict(list(begun.items())[-MOST:])
    return redirect(address)


def begun_by(request: HttpRequest) -> dict[str, list[Any]]:
    """The requests that this browser has begun, by their ids."""
    found: dict[str, list[Any]] = request.session.get(BEGUN, {})
    return found
