"""Signing in and out, setting the first password, the language, and which firm."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.forms import (
    LoginForm,
    ResetPasswordKeyForm,
    UserTokenForm,
    default_token_generator,
)
from allauth.account.internal import flows
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from ringfence.firms.models import User
from ringfence.web.shell.capability import Audience, Capability
from ringfence.web.shell.page import Link, Page, Problem
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.visit import Visit, memberships, needs, open_to
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    email: str
    email_error: str = ""
    password_error: str = ""
    after: str
    """Where to go once signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordPage(Page):
    email: str
    password1_error: str = ""
    password2_error: str = ""
    least: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmsPage(Page):
    firms: tuple[Link, ...]


def setup_path(user: User) -> str:
    """The address at which the user sets a password, once, within `PASSWORD_RESET_TIMEOUT` seconds."""
    key = default_token_generator.make_token(user)
    return reverse("set-password", args=[user_pk_to_url_str(user), key])


@sensitive_post_parameters("password")
@open_to(Audience.ANYONE)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with e-mail and password."""
    after = _safe(request, request.POST.get("next") or request.GET.get("next") or "/")
    if request.user.is_authenticated:
        return redirect(after)
    if request.method != "POST":
        return show(request, "accounts/sign_in.html", _sign_in_page(request, after))
    form = LoginForm(request.POST, request=request)
    if form.is_valid():
        response: HttpResponse = form.login(request, redirect_url=after)
        _remember_language(request, response)
        return response
    return show(request, "accounts/sign_in.html", _sign_in_page(request, after, form))


def _sign_in_page(request: HttpRequest, after: str, form: Form | None = None) -> SignInPage:
    errors, email, email_error, password_error = [], "", "", ""
    if form is not None:
        email = request.POST.get("login", "")
        codes = {field: found[0].code for field, found in form.errors.as_data().items()}
        if "login" in codes:
            email_error = _("Enter your e-mail address, like name@example.com")
        if "password" in codes:
            password_error = _("Enter your password")
        if "__all__" in codes:
            email_error = (
                _("There were too many attempts to sign in. Try again in a few minutes")
                if codes["__all__"] == "too_many_login_attempts"
                else _("The e-mail address or the password is not right")
            )
        errors += [Problem(text=email_error, href="#login")] if email_error else []
        errors += [Problem(text=password_error, href="#password")] if password_error else []
    return SignInPage(
        frame=outer_frame(request),
        title=_("Sign in"),
        errors=tuple(errors),
        email=email,
        email_error=email_error,
        password_error=password_error,
        after=after,
    )


@require_POST
@open_to(Audience.ANYONE)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; also of a session that has ended already."""
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("account_login")


@sensitive_post_parameters("password1", "password2")
@open_to(Audience.ANYONE)
def set_password(request: HttpRequest, uid: str, key: str) -> HttpResponse:
    """Set a password with a link that was made by `setup_path`."""
    token = UserTokenForm(data={"uidb36": uid, "key": key})
    if not token.is_valid():
        page = Page(frame=outer_frame(request), title=_("This link cannot be used any more"))
        return show(request, "accounts/link_used.html", page, status=404)
    user = token.reset_user
    form = ResetPasswordKeyForm(request.POST, user=user) if request.method == "POST" else None
    if form is not None and form.is_valid():
        if request.user.is_authenticated:
            logout(request)
        form.save()
        flows.password_reset.finalize_password_reset(request, user)
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("account_login")
    return show(request, "accounts/set_password.html", _password_page(request, user, form))


def _password_page(request: HttpRequest, user: User, form: Form | None) -> PasswordPage:
    faults = form.errors.as_data() if form is not None else {}
    first, second = (_password_error(faults.get(field, [])) for field in ("password1", "password2"))
    if second:
        # One fault at a time: two empty fields are not told twice.
        second = "" if first else _("Type the same password in both fields")
    errors = [Problem(text=first, href="#password1")] if first else []
    errors += [Problem(text=second, href="#password2")] if second else []
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


@require_POST
@open_to(Audience.ANYONE)
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages; remembered for the user, else in a cookie."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and language in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=language)
    response = django_set_language(request)
    assert isinstance(response, HttpResponse)
    return response


@open_to(Audience.SIGNED_IN)
def choose_firm(request: HttpRequest) -> HttpResponse:
    """The user's firms; who has one goes straight to it."""
    assert isinstance(request.user, User)
    places = memberships(request.user)
    if len(places) == 1:
        return redirect("firm-home", firm=places[0].firm_id)
    links = tuple(
        Link(text=place.firm.name, href=reverse("firm-home", args=[place.firm_id])) for place in places
    )
    title = _("Choose a firm") if places else _("You have no place in a firm")
    return show(
        request,
        "accounts/choose_firm.html",
        FirmsPage(frame=outer_frame(request), title=title, firms=links),
    )


@needs(Capability.MEMBER)
def firm_home(visit: Visit) -> HttpResponse:
    """The start page of a firm: clients for those who work with them, the control side for auditors."""
    return redirect("clients" if visit.everyday else "manage", firm=visit.firm.pk)


def _safe(request: HttpRequest, address: str) -> str:
    hosts = {request.get_host()}
    good = url_has_allowed_host_and_scheme(address, allowed_hosts=hosts, require_https=request.is_secure())
    return address if good else "/"


def _remember_language(request: HttpRequest, response: HttpResponse) -> None:
    user = request.user
    if isinstance(user, User) and user.language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
