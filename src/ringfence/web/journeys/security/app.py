"""An app that shows codes, as the second step: set up with a picture or a key, and removed."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import flows
from allauth.mfa.totp.internal.auth import get_totp_secret
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.security_log import SecurityKind
from ringfence.firms.models import User
from ringfence.web.shell.asking_again import proves
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.proving import note_proof
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _

from .asked import kept_for_a_firm
from .frames import sure, user_of
from .recovery import show_codes_next


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPage(Page):
    picture: str
    """The QR code, as an address that holds it whole."""
    key: str
    """The same to be typed, in fours."""
    code_error: str


@in_lane(Lane.WRITING, "GET", "HEAD")
@open_to(Audience.SIGNED_IN, READS_AND_SENDS)
@proves
def add(request: HttpRequest) -> HttpResponse:
    """Show the key to the app, and have it prove itself by a code."""
    user = user_of(request)
    if _app_of(user) is not None:
        return redirect("remove-app")
    error = ""
    if request.method == "POST":
        form = ActivateTOTPForm(request.POST, user=user)
        if form.is_valid():
            return _added(request, user, form)
        error = _fault(form.errors.as_data()["code"][0].code)
    secret = get_totp_secret()
    picture = get_adapter().build_totp_svg(get_adapter().build_totp_url(user, secret))
    page = AppPage(
        frame=outer_frame(request),
        title=_("Set up an app with codes"),
        back=reverse("your-sign-in"),
        errors=(ErrorLine(text=error, href="#code"),) if error else (),
        picture=f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}",
        key=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        code_error=error,
    )
    return show(request, "security/app.html", page)


def _added(request: HttpRequest, user: User, form: ActivateTOTPForm) -> HttpResponse:
    try:
        _app, codes = flows.activate_totp(request, form)
    except IntegrityError:
        # Sent twice: the first one has set it up.
        return redirect("your-sign-in")
    note_of(request, SecurityKind.FACTOR_ADDED, user, what="app")
    note_proof(request, "mfa")
    messages.success(request, _("The app is set up. You are asked for a code from it when you sign in."))
    return show_codes_next(request) if codes is not None else redirect("your-sign-in")


def _app_of(user: User) -> Authenticator | None:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()


def _fault(code: str) -> str:
    match code:
        case "required":
            return _("Enter the code that the app shows")
        case "rate_limited":
            return _("There were too many attempts. Try again in a few minutes")
        case _:
            return _("The code is not right. Enter the one that the app shows now")


@open_to(Audience.SIGNED_IN, READS_AND_SENDS)
@proves
def remove(request: HttpRequest) -> HttpResponse:
    """Take the app away."""
    user = user_of(request)
    app = _app_of(user)
    if app is None:
        return redirect("your-sign-in")
    if (refused := kept_for_a_firm(request, user, app)) is not None:
        return refused
    if request.method == "POST":
        flows.deactivate_totp(request, app)
        note_of(request, SecurityKind.FACTOR_REMOVED, user, what="app")
        messages.success(request, _("The app is removed. Delete its entry for Ringfence on your phone, too."))
        return redirect("your-sign-in")
    return sure(
        request,
        _("Remove the app with codes"),
        (
            _("Codes from it are not taken any more."),
            _("Without a passkey you sign in with your password alone then. Your recovery codes are void."),
        ),
        _("Remove the app"),
    )
