"""The second step of signing in, for who has set one up: a code of their app, a recovery code, a passkey."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.stages import LoginStageController
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.security_log import SecurityKind
from ringfence.firms.models import User
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.second_step import (
    CodeForm,
    none_came,
    options_to_use,
    passkeys_of,
    passkeys_work_here,
    read_used_passkey,
)
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.signed_in import signed_in
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStepPage(Page):
    app: bool
    """Whether the user has an app; a recovery code is asked for alone where not."""
    code_error: str = ""
    passkey: str
    """What the browser needs to use a passkey; empty where there is none, or none works here."""
    passkey_error: str = ""


@in_lane(Lane.WRITING, "GET", "HEAD")
@open_to(Audience.ANYONE, READS_AND_SENDS)
def second_step(request: HttpRequest) -> HttpResponse:
    """For who has just given the right password."""
    if request.user.is_authenticated:
        return redirect("choose-firm")
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None or not isinstance(stage.login.user, User):
        messages.info(request, _("Sign in again: the second step waits for fifteen minutes."))
        return redirect("account_login")
    user = stage.login.user
    if request.method != "POST":
        return _page(request, user)
    form: Any
    if "credential" in request.POST:
        form = read_used_passkey(request, user)
        if form is None:
            note_of(request, SecurityKind.SECOND_STEP_FAILED, user, second="passkey")
            refused = _("The passkey was not accepted. Try again, or use a code")
            return _page(request, user, passkey=none_came(request) or refused)
    else:
        form = CodeForm(request.POST, user=user)
        if not form.is_valid():
            note_of(request, SecurityKind.SECOND_STEP_FAILED, user)
            return _page(request, user, code=_code_fault(form))
    form.save()
    response: HttpResponse = stage.exit()
    _say_how_many_are_left(request, form)
    return signed_in(request, response)


def _code_fault(form: Form) -> str:
    match form.errors.as_data()["code"][0].code:
        case "required":
            return _("Enter the code")
        case "too_many_login_attempts":
            return _("There were too many attempts. Try again in a few minutes")
        case _:
            return _("The code is not right, or was used already. Enter the one that is shown now")


def _say_how_many_are_left(request: HttpRequest, form: Form) -> None:
    """After a recovery code: so many are left."""
    used = getattr(form, "authenticator", None)
    if used is None or used.type != Authenticator.Type.RECOVERY_CODES:
        return
    note_of(request, SecurityKind.CODE_USED, used.user)
    fresh = Authenticator.objects.get(pk=used.pk)
    left = len(fresh.wrap().get_unused_codes())
    text = ngettext(
        "You used a recovery code. %(left)s is left.", "You used a recovery code. %(left)s are left.", left
    )
    messages.info(request, text % {"left": left})


def _page(request: HttpRequest, user: User, *, code: str = "", passkey: str = "") -> HttpResponse:
    offered = bool(passkeys_of(user)) and passkeys_work_here(request)
    errors = [ErrorLine(text=code, href="#code")] if code else []
    errors += [ErrorLine(text=passkey, href="#use-passkey" if offered else "#code")] if passkey else []
    page = SecondStepPage(
        frame=outer_frame(request),
        title=_("Second step"),
        back=reverse("account_login"),
        errors=tuple(errors),
        app=Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
        code_error=code,
        passkey=options_to_use(user) if offered else "",
        passkey_error=passkey,
    )
    return show(request, "sign_in/second_step.html", page)
