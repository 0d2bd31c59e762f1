"""Signing in with a passkey alone: which the browser offers, and unlocks as it does the device.

That is two things at once, what they have and what they know or are, so no second step is asked for. The
browser is asked to make sure of its user; a passkey that did not is refused.
"""

from __future__ import annotations

import json

from allauth.account.models import Login
from allauth.mfa.webauthn.internal import flows
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from ringfence.web.shell.capability import Audience
from ringfence.web.shell.proving import safe_address
from ringfence.web.shell.second_step import none_came, options_for_anybody, read_passkey_of_anybody
from ringfence.web.shell.signed_in import signed_in
from ringfence.web.shell.visit import open_to
from ringfence.wording.saying import gettext as _


@open_to(Audience.ANYONE, ("POST",))
def passkey(request: HttpRequest) -> HttpResponse:
    """What the browser needs to use one, where a script asks; else sign in with the one that it used."""
    after = safe_address(request, request.POST.get("next") or "/")
    if request.user.is_authenticated:
        return redirect(after)
    if request.POST.get("go") == "ask":
        return JsonResponse(json.loads(options_for_anybody()))
    used = read_passkey_of_anybody(request)
    if used is None:
        refused = _("The passkey was not accepted. Try again, or sign in with your password")
        messages.error(request, none_came(request) or refused)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': after})}")
    login = Login(user=used.user, redirect_url=after)
    response: HttpResponse = flows.perform_passwordless_login(request, used, login)
    return signed_in(request, response)
