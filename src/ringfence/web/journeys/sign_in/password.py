"""Setting a password with a link that `ringfence.access.password_links` made."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.forms import ResetPasswordKeyForm, UserTokenForm
from allauth.account.internal import flows
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters

from ringfence.firms.models import User
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _

LINK = "password_link"
"""The session's key for the link that was opened: whose it is, and its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPage(Page):
    email: str
    password1_error: str = ""
    password2_error: str = ""
    least: int


@in_lane(Lane.WRITING, "GET", "HEAD")
@open_to(Audience.ANYONE)
def open_link(request: HttpRequest, uid: str, key: str) -> HttpResponse:
    """Take the key of a link out of the address, where others could read it, into the session."""
    if _owner(uid, key) is None:
        return _used(request)
    request.session[LINK] = [uid, key]
    return redirect("choose-password")


@in_lane(Lane.PASSWORDS, "POST")
@sensitive_post_parameters("password1", "password2")
@open_to(Audience.ANYONE, READS_AND_SENDS)
def choose_password(request: HttpRequest) -> HttpResponse:
    """Set a password with the link that was opened, once."""
    user = _owner(*request.session.get(LINK, ("", "")))
    if user is None:
        return _used(request)
    form = ResetPasswordKeyForm(request.POST, user=user) if request.method == "POST" else None
    if form is not None and form.is_valid():
        if request.user.is_authenticated:
            logout(request)
        request.session.pop(LINK, None)
        form.save()
        flows.password_reset.finalize_password_reset(request, user)
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("account_login")
    return show(request, "sign_in/set_password.html", _password_page(request, user, form))


def _owner(uid: str, key: str) -> User | None:
    """Whose link it is, while it is good: not used, not too old, and theirs a place in some firm."""
    token = UserTokenForm(data={"uidb36": uid, "key": key})
    if not token.is_valid():
        return None
    user: User = token.reset_user
    return user if user.is_active else None


def _used(request: HttpRequest) -> HttpResponse:
    page = Page(frame=outer_frame(request), title=_("This link cannot be used any more"))
    return show(request, "sign_in/link_used.html", page, status=404)


def _password_page(request: HttpRequest, user: User, form: Form | None) -> PasswordPage:
    faults = form.errors.as_data() if form is not None else {}
    first, second = (_password_error(faults.get(field, [])) for field in ("password1", "password2"))
    if second:
        # One fault at a time: two empty fields are not told twice.
        second = "" if first else _("Type the same password in both fields")
    errors = [ErrorLine(text=first, href="#password1")] if first else []
    errors += [ErrorLine(text=second, href="#password2")] if second else []
    return PasswordPage(
        frame=outer_frame(request),
        title=_("Set your password"),
        errors=tuple(errors),
        email=user.email,
        password1_error=first,
        password2_error=second,
        least=_least_length(),
    )


def _password_error(faults: list[ValidationError]) -> str:
    if not faults:
        return ""
    match faults[0].code:
        case "password_too_short":
            least = _least_length()
            return _("The password must have at least %(least)s characters") % {"least": least}
        case "password_too_common":
            return _("This password is too common: choose one that nobody would guess")
        case "password_too_similar":
            return _("The password is too like your name or e-mail address")
        case _:
            return _("Enter a password")


def _least_length() -> int:
    validators = get_default_password_validators()
    return next(each.min_length for each in validators if isinstance(each, MinimumLengthValidator))
