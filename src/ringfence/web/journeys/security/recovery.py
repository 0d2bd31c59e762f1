"""Recovery codes: ten, each good once, for when neither app nor passkey is at hand. Shown once."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ringfence.access.security_log import SecurityKind
from ringfence.web.shell.asking_again import proves
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.second_step import has_second_step
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _

from .frames import sure, user_of

SHOWING = "recovery_codes"
"""The session's key for: these codes are new, and shown until their user says that they keep them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesPage(Page):
    codes: tuple[str, ...]
    download: str
    """The codes as a file, in an address that holds it whole."""


def show_codes_next(request: HttpRequest) -> HttpResponse:
    """Lead to the new codes."""
    request.session[SHOWING] = True
    return redirect("recovery-codes")


@open_to(Audience.SIGNED_IN, READS_AND_SENDS)
def codes(request: HttpRequest) -> HttpResponse:
    """The new codes, until their user says that they keep them: then never again."""
    user = user_of(request)
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if kept is None or not request.session.get(SHOWING):
        return redirect("your-sign-in")
    if request.method == "POST":
        del request.session[SHOWING]
        messages.success(request, _("Your recovery codes are not shown any more."))
        return redirect("your-sign-in")
    found = tuple(kept.wrap().get_unused_codes())
    heading = _("Recovery codes for Ringfence, %(email)s") % {"email": user.email}
    page = CodesPage(
        frame=outer_frame(request),
        title=_("Your recovery codes"),
        codes=found,
        download=f"data:text/plain;charset=utf-8,{quote(chr(10).join((heading, '', *found, '')))}",
    )
    return show(request, "security/codes.html", page)


@open_to(Audience.SIGNED_IN, READS_AND_SENDS)
@proves
def new(request: HttpRequest) -> HttpResponse:
    """Make new ones; those of before are void."""
    user = user_of(request)
    if not has_second_step(user):
        return redirect("your-sign-in")
    if request.method == "POST":
        flows.generate_recovery_codes(request)
        note_of(request, SecurityKind.CODES_MADE, user)
        return show_codes_next(request)
    return sure(
        request,
        _("Make new recovery codes"),
        (_("The codes that you have are void then. The new ones are shown to you once."),),
        _("Make new codes"),
    )
