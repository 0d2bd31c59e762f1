"""Signing in and out, and the language of the pages."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from allauth.account.forms import LoginForm
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.i18n import set_language as django_set_language

from ringfence.access.domains import proved_firm
from ringfence.access.founding import no_firm_yet
from ringfence.access.password_links import user_of_address
from ringfence.access.providers import found_by_an_address, provider_numbered, providers
from ringfence.access.security_log import SecurityKind
from ringfence.access.sign_in_only import required_of
from ringfence.firms.models import User
from ringfence.web.shell.came_by import came_by, keep_token
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.proving import safe_address
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.second_step import passkeys_work_here
from ringfence.web.shell.security_noting import note_of
from ringfence.web.shell.sign_ins import forget_sign_in
from ringfence.web.shell.signed_in import signed_in
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _

OWN_PASSWORD = "password"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    email: str
    email_error: str = ""
    password_error: str = ""
    passkeys: bool
    """Whether browsers offer them at this address."""
    providers: bool
    """Whether an e-mail address may lead to a firm's provider."""
    elsewhere: tuple[str, ...]
    """Where people sign in to the firms of other databases."""
    after: str
    """Where to go once signed in."""
    empty: bool
    """Whether there is no firm yet, so that nobody can sign in."""
    way: str
    """`OWN_PASSWORD` where they said that it is their password that they want to use."""


@in_lane(Lane.PASSWORDS, "POST")
@sensitive_post_parameters("password")
@open_to(Audience.ANYONE, READS_AND_SENDS)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with e-mail and password."""
    after = safe_address(request, request.POST.get("next") or request.GET.get("next") or "/")
    if request.user.is_authenticated:
        return redirect(after)
    if request.method != "POST":
        return show(request, "sign_in/sign_in.html", _sign_in_page(request, after))
    if (led := _led_to_the_firms(request, after)) is not None:
        return led
    form = LoginForm(request.POST, request=request)
    if form.is_valid():
        response: HttpResponse = form.login(request, redirect_url=after)
        # Whoever has a second step is not signed in yet.
        return signed_in(request, response)
    _note_failure(request, form)
    return show(request, "sign_in/sign_in.html", _sign_in_page(request, after, form))


def _led_to_the_firms(request: HttpRequest, after: str) -> HttpResponse | None:
    """To the sign-in of the firm whose domain the address is in, whether the address is known or not.

    Where the firm lets people in by that alone, or nobody has entered a password. Who keeps one for when it
    is down says so; what a password opens is decided where the firm is entered (`web.shell.only_provider`).
    """
    email = request.POST.get("login", "").strip()
    firm = proved_firm(email)
    if firm is None or request.POST.get("way") == OWN_PASSWORD:
        return None
    required = required_of(firm)
    ways = [each for each in providers(firm) if each.on]
    if required is not None and required.on:
        ways = [required]
    elif request.POST.get("password") or not ways:
        return None
    if len(ways) > 1:
        return redirect(f"{reverse('find-provider')}?{urlencode({'next': after})}")
    asked = urlencode({"next": after, "as": email})
    return redirect(f"{reverse('provider', args=[ways[0].uid])}?{asked}")


def _note_failure(request: HttpRequest, form: Form) -> None:
    """Whether somebody signs in with the address or not, as much is written."""
    for found in form.errors.as_data().get("__all__", ()):
        limited = found.code == "too_many_login_attempts"
        kind = SecurityKind.SIGN_IN_LIMITED if limited else SecurityKind.SIGN_IN_FAILED
        note_of(request, kind, user_of_address(request.POST.get("login", "")))


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
        errors += [ErrorLine(text=email_error, href="#login")] if email_error else []
        errors += [ErrorLine(text=password_error, href="#password")] if password_error else []
    return SignInPage(
        frame=outer_frame(request),
        title=_("Sign in"),
        errors=tuple(errors),
        email=email,
        email_error=email_error,
        password_error=password_error,
        passkeys=passkeys_work_here(request),
        providers=found_by_an_address(),
        elsewhere=tuple(
            address for name, address in settings.OTHER_ADDRESSES.items() if name != settings.DATABASE_NAME
        ),
        after=after,
        empty=no_firm_yet(),
        way=OWN_PASSWORD if OWN_PASSWORD in (request.POST.get("way"), request.GET.get("way")) else "",
    )


@open_to(Audience.ANYONE, ("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; also of a session that has ended already."""
    came = came_by(request) if request.user.is_authenticated else None
    provider = provider_numbered(came.firm, came.number) if came is not None else None
    forget_sign_in(request)
    if isinstance(request.user, User):
        note_of(request, SecurityKind.SIGN_OUT, request.user)
    logout(request)
    if came is not None and provider is not None:
        keep_token(request, came)
        return redirect("provider-signed-out", uid=provider.uid)
    messages.success(request, _("You are signed out."))
    return redirect("account_login")


@open_to(Audience.ANYONE, ("POST",))
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages; remembered for the user, else in a cookie."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and language in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=language)
    response = django_set_language(request)
    assert isinstance(response, HttpResponse)
    return response
