"""Confirming that it is you: by password or passkey, before something that asks for it is done."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from ringfence.access.security_log import SecurityKind
from ringfence.firms.models import User
from ringfence.web.shell.asking_again import OWN, ask_again, sends_on
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.proving import note_proof, proven, safe_address
from ringfence.web.shell.second_step import none_came, read_used_passkey
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _

from .frames import user_of

SENT_AGAIN = 307
"""Has the browser send the same form to where it was meant for."""


@in_lane(Lane.PASSWORDS, "POST")
@in_lane(Lane.WRITING, "GET", "HEAD")
@sensitive_post_parameters()
@open_to(Audience.SIGNED_IN, READS_AND_SENDS)
def prove(request: HttpRequest) -> HttpResponse:
    """Ask, and go on where it was asked for: with the form that was sent there, where one was."""
    user = user_of(request)
    named = request.POST.get(f"{OWN}next") or request.GET.get("next") or reverse("your-sign-in")
    after = safe_address(request, named)
    if request.method != "POST":
        return redirect(after) if proven(request) else ask_again(request, after)
    password = passkey = ""
    by = "passkey" if f"{OWN}credential" in request.POST else "password"
    if by == "passkey":
        used = read_used_passkey(request, user, f"{OWN}credential")
        passkey = "" if used else none_came(request, f"{OWN}credential") or _("The passkey was not accepted")
    else:
        password = password_fault(request, user, f"{OWN}password")
    if passkey:
        note_of(request, SecurityKind.CONFIRM_FAILED, user, by=by)
    if password or passkey:
        return ask_again(request, after, password=password, passkey=passkey)
    note_proof(request, "mfa" if by == "passkey" else "password")
    note_of(request, SecurityKind.CONFIRMED, user, by=by)
    response = redirect(after)
    if sends_on(request):
        response.status_code = SENT_AGAIN
    return response


def password_fault(request: HttpRequest, user: User, field: str) -> str:
    """What is wrong with the password in the field; empty for the user's own. Wrong ones are counted."""
    given = request.POST.get(field, "")
    if not given:
        return _("Enter your password")
    try:
        if get_adapter().authenticate(request, email=user.email, password=given) == user:
            return ""
        fault = _("The password is not right")
    except ValidationError:
        fault = _("There were too many attempts. Try again in a few minutes")
    note_of(request, SecurityKind.CONFIRM_FAILED, user, by="password")
    return fault
