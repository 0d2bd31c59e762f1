"""Changing one's password, with the one of before. Every other session ends with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from ringfence.access.address_changes import forget_address
from ringfence.access.linking import has_own_password
from ringfence.access.security_log import SecurityKind
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.new_passwords import NewPassword, read_new_password
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.proving import note_proof
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.sign_ins import keep_this_session
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _

from .frames import user_of
from .prove import password_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage(Page):
    email: str
    has_one: bool
    """Whether there is one to be changed; who came by a firm's provider has set none."""
    present_error: str
    password: NewPassword


@in_lane(Lane.PASSWORDS, "POST")
@sensitive_post_parameters("present", "password1", "password2")
@open_to(Audience.SIGNED_IN, READS_AND_SENDS)
def change(request: HttpRequest) -> HttpResponse:
    """Set another password."""
    user = user_of(request)
    present, password, has_one = "", NewPassword(), has_own_password(user)
    if request.method == "POST" and has_one:
        # The new one first: what is wrong with it costs no attempt.
        password = read_new_password(request, user)
        present = "" if password.errors else password_fault(request, user, "present")
        if password.good and not present:
            with transaction.atomic():
                user.set_password(password.value)
                user.save(update_fields=["password"])
                # Whoever else was signed in may have asked for an address of their own.
                forget_address(user)
            keep_this_session(request, user)
            note_proof(request)
            note_of(request, SecurityKind.PASSWORD_CHANGED, user)
            messages.success(request, _("Your password is changed. You are signed out everywhere else."))
            return redirect("your-sign-in")
    page = ChangePage(
        frame=outer_frame(request),
        title=_("Change your password"),
        back=reverse("your-sign-in"),
        errors=(*((ErrorLine(text=present, href="#present"),) if present else ()), *password.errors),
        email=user.email,
        has_one=has_one,
        present_error=present,
        password=password,
    )
    return show(request, "security/password.html", page)
