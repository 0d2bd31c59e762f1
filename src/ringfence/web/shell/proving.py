"""Whether somebody has just shown that it is them, which is asked before how they sign in is changed.

Signing in counts: nobody types their password twice within five minutes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

View = Callable[..., HttpResponse]


def proven(request: HttpRequest) -> bool:
    """Whether the one who is signed in gave their password or second step within the last five minutes."""
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    return any(each["at"] > since for each in get_authentication_records(request, request.user))


def note_proof(request: HttpRequest) -> None:
    """They have just given their password."""
    record_authentication(request, request.user, method="password", reauthenticated=True)


def proves(view: View) -> View:
    """Ask for the password first, where that was not done lately; to stand below `open_to`.

    What a form held is not kept: whoever sent it comes back to the empty one.
    """

    @wraps(view)
    def proved(request: HttpRequest, **kwargs: object) -> HttpResponse:
        if proven(request):
            return view(request, **kwargs)
        return redirect(f"{reverse('prove')}?{urlencode({'next': request.path})}")

    return proved


def safe_address(request: HttpRequest, address: str) -> str:
    """The address where it is one of ours, else the root."""
    good = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if good else "/"
