"""Passkeys as the second step: added with the browser's help, which needs scripts, and removed."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import flows
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.security_log import SecurityKind
from ringfence.web.shell.asking_again import proves
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.proving import note_proof
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.second_step import (
    NAME,
    none_came,
    options_to_add,
    passkeys_work_here,
    read_new_passkey,
)
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _

from .asked import kept_for_a_firm
from .frames import sure, user_of
from .recovery import show_codes_next


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyPage(Page):
    options: str
    """What the browser needs to make one; empty where none works at this address."""
    name: str
    most: int
    error: str = ""


@in_lane(Lane.WRITING, "GET", "HEAD")
@open_to(Audience.SIGNED_IN, READS_AND_SENDS)
@proves
def add(request: HttpRequest) -> HttpResponse:
    """Have the browser make a passkey."""
    user = user_of(request)
    works, error = passkeys_work_here(request), ""
    if request.method == "POST" and works:
        form = read_new_passkey(request, user)
        if form is not None:
            name = showable(request.POST.get("name", "").strip())[:NAME] or _("Passkey")
            _key, codes = flows.add_authenticator(
                request, name=name, credential=form.cleaned_data["credential"]
            )
            note_of(request, SecurityKind.FACTOR_ADDED, user, what="passkey")
            note_proof(request, "mfa")
            messages.success(request, _("The passkey is added. You can use it when you sign in."))
            return show_codes_next(request) if codes is not None else redirect("your-sign-in")
        error = none_came(request) or _("The passkey was not accepted. Try again")
    page = PasskeyPage(
        frame=outer_frame(request),
        title=_("Add a passkey"),
        back=reverse("your-sign-in"),
        errors=(ErrorLine(text=error, href="#passkey"),) if error else (),
        options=options_to_add(user) if works else "",
        name=showable(request.POST.get("name", ""))[:NAME],
        most=NAME,
        error=error,
    )
    return show(request, "security/passkey.html", page)


@open_to(Audience.SIGNED_IN, READS_AND_SENDS)
@proves
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take one away."""
    user = user_of(request)
    found = Authenticator.objects.filter(user=user, pk=number, type=Authenticator.Type.WEBAUTHN).first()
    if found is None:
        raise Http404
    if (refused := kept_for_a_firm(request, user, found)) is not None:
        return refused
    if request.method == "POST":
        flows.remove_authenticator(request, found)
        note_of(request, SecurityKind.FACTOR_REMOVED, user, what="passkey")
        messages.success(request, _("The passkey is removed."))
        return redirect("your-sign-in")
    return sure(
        request,
        _("Remove the passkey %(name)s") % {"name": found.wrap().name},
        (
            _("It is not taken any more when you sign in."),
            _(
                "Without another passkey or an app you sign in with your password alone then. Your recovery"
                " codes are void."
            ),
        ),
        _("Remove the passkey"),
    )
