"""Confirming that it is you: the password once more, before how you sign in is changed."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from ringfence.access.security_log import SecurityKind
from ringfence.firms.models import User
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.proving import note_proof, proven, safe_address
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _

from .frames import user_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvePage(Page):
    email: str
    after: str
    password_error: str = ""


@in_lane(Lane.PASSWORDS, "POST")
@sensitive_post_parameters("password")
@open_to(Audience.SIGNED_IN, READS_AND_SENDS)
def prove(request: HttpRequest) -> HttpResponse:
    """Ask for the password, and go on where it was asked for."""
    user = user_of(request)
    after = safe_address(
        request, request.POST.get("next") or request.GET.get("next") or reverse("your-sign-in")
    )
    error = ""
    if request.method == "POST":
        error = password_fault(request, user, "password")
        if not error:
            note_proof(request)
            note_of(request, SecurityKind.CONFIRMED, user)
    if proven(request):
        return redirect(after)
    page = ProvePage(
        frame=outer_frame(request),
        title=_("Confirm that it is you"),
        back=reverse("your-sign-in"),
        errors=(ErrorLine(text=error, href="#password"),) if error else (),
        email=user.email,
        after=after,
        password_error=error,
    )
    return show(request, "security/prove.html", page)


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
    note_of(request, SecurityKind.CONFIRM_FAILED, user)
    return fault
