"""Whether somebody has just shown that it is them, which is asked before how they sign in is changed, and
before a change that raises what somebody may do (`core.authority.raising`). How it is asked: `asking_again`.

Signing in counts: nobody types their password twice within a quarter of an hour.
"""

from __future__ import annotations

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

BY_PROVIDER = "socialaccount"
"""How the library calls it that somebody came by a provider."""


def proven(request: HttpRequest, *, in_firm: bool = False) -> bool:
    """Whether the one who is signed in has shown within the last quarter of an hour that it is them.

    What they showed their firm's provider counts for what they do `in_firm`, which is the one firm that such
    a session opens; for what is their own it proves nothing.
    """
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return any(each["at"] > since and (in_firm or each["method"] != BY_PROVIDER) for each in records)


def note_proof(request: HttpRequest, method: str = "password") -> None:
    """They have just shown it: by their password, a passkey (``mfa``) or their provider."""
    record_authentication(request, request.user, method=method, reauthenticated=True)


def safe_address(request: HttpRequest, address: str) -> str:
    """The address where it is one of ours, else the root."""
    good = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if good else "/"
