"""Signing out at the provider, begun here or there.

Begun here: whoever signed out of Ringfence is asked whether they want to be signed out there as well. Begun
there (back-channel logout): the provider says so itself, and every session that it had begun ends at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from ringfence.access.providers import CheckFailed, Protocol, provider_of
from ringfence.access.providers.asking import waiting_for
from ringfence.access.providers.sessions import end_sessions_from_there
from ringfence.access.providers.tokens import SKEW
from ringfence.web.shell.came_by import token_kept
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.visit import open_to
from ringfence.wording.saying import gettext as _

from .openid import logout_claims, sign_out_address


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOutPage(Page):
    provider: str
    go: str


@open_to(Audience.ANYONE)
def signed_out(request: HttpRequest, uid: str) -> HttpResponse:
    """Signed out of Ringfence: whether of the provider, too, is theirs to say."""
    provider = provider_of(uid)
    if provider is None:
        raise Http404
    page = SignedOutPage(
        frame=outer_frame(request),
        title=_("You are signed out of Ringfence"),
        provider=provider.name,
        go=reverse("provider-sign-out", args=[uid]),
    )
    return show(request, "single_sign_on/signed_out.html", page)


@in_lane(Lane.PROVIDERS, "GET", "HEAD")
@open_to(Audience.ANYONE)
def sign_out_there(request: HttpRequest, uid: str) -> HttpResponse:
    """To the provider's page of signing out; to our own page where it has none, or cannot be asked."""
    provider = provider_of(uid)
    if provider is None or provider.protocol is not Protocol.OIDC:
        raise Http404
    token = token_kept(request, provider.firm, provider.number)
    try:
        with waiting_for(provider.openid.issuer):
            address = sign_out_address(request, provider, token)
    except CheckFailed:
        address = ""
    return redirect(address or "account_login")


@csrf_exempt
@in_lane(Lane.PROVIDERS, "POST")
@open_to(Audience.ANYONE, ("POST",))
def signed_out_there(request: HttpRequest, uid: str) -> HttpResponse:
    """The provider says that somebody has signed out there (Back-Channel Logout 1.0).

    200 once no process has a session of theirs any more; 400 for what is no such message of the provider.
    """
    provider = provider_of(uid)
    if provider is None or provider.protocol is not Protocol.OIDC:
        raise Http404
    try:
        with waiting_for(provider.openid.issuer):
            claims = logout_claims(provider, request.POST.get("logout_token", ""))
    except CheckFailed as failed:
        return _refused(f"{failed.check.value}: {failed.fault.value}")
    used = f"logout token {uid} {claims['jti']}"
    if cache.get(used):
        return _refused("this token was used before")
    end_sessions_from_there(
        provider.firm, provider.number, subject=claims.get("sub") or "", theirs=claims.get("sid") or ""
    )
    cache.set(used, 1, timeout=max(claims["exp"] - time.time() + SKEW, 1))
    return HttpResponse()


def _refused(why: str) -> JsonResponse:
    told = {"error": "invalid_request", "error_description": why}
    return JsonResponse(told, status=400)
