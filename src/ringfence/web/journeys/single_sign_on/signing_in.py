"""The way to a firm's provider and back, for people: the page that offers it, and what refuses somebody.

Whoever is refused is told a sentence that says who can help, and nothing of who is known. What administrators
test comes back here, too, and goes on to their page (`testing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.domains import proved_firm
from ringfence.access.providers import CheckFailed, Protocol, Provider, SignInFault, provider_of, providers
from ringfence.access.providers.asking import waiting_for
from ringfence.core.texts import is_email
from ringfence.firms.models import User
from ringfence.web.shell.came_by import came_by
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.provider_sign_in import confirm, finish
from ringfence.web.shell.proving import safe_address
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, open_to
from ringfence.wording.saying import gettext as _

from . import saml_way
from .openid import SignInAt
from .refusing import refused, say_why, way_to
from .testing import keep_result, result_of

LOGIN, TEST, CONFIRM = "login", "test", "confirm"
"""What a way to the provider is for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderPage(Page):
    provider: str
    firm: str
    go: str
    """Where the way to the provider begins; empty while it is off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPage(Page):
    email: str
    email_error: str
    found: tuple[Link, ...]
    nothing: str
    """Why there is nothing to choose; empty while nobody has asked."""


@open_to(Audience.ANYONE)
def offered(request: HttpRequest, uid: str) -> HttpResponse:
    """The firm's own page of signing in: the address that it gives its people."""
    provider = _found(uid)
    after = safe_address(request, request.GET.get("next", "/"))
    page = ProviderPage(
        frame=outer_frame(request),
        title=_("Sign in to %(firm)s") % {"firm": provider.firm_name},
        provider=provider.name,
        firm=provider.firm_name,
        go=way_to(provider, after, request.GET.get("as", "")) if provider.on else "",
    )
    return show(request, "single_sign_on/provider.html", page)


@open_to(Audience.ANYONE, READS_AND_SENDS)
def find(request: HttpRequest) -> HttpResponse:
    """By the domain of an e-mail address to its firm's provider; whether the address is known is not told."""
    email = request.POST.get("email", "").strip()
    after = safe_address(request, request.POST.get("next") or request.GET.get("next") or "/")
    sent = request.method == "POST"
    error = _("Enter an e-mail address, like name@example.com") if sent and not is_email(email) else ""
    found = providers_for(email) if sent and not error else []
    if len(found) == 1:
        asked = urlencode({"next": after, "as": email})
        return redirect(f"{reverse('provider', args=[found[0].uid])}?{asked}")
    page = FindPage(
        frame=outer_frame(request),
        title=_("Sign in with your firm’s account"),
        back=reverse("account_login"),
        errors=(ErrorLine(text=error, href="#email"),) if error else (),
        email=showable(email),
        email_error=error,
        found=tuple(Link(text=each.name, href=way_to(each, after, email)) for each in found),
        nothing=_nothing(email) if sent and not error and not found else "",
    )
    return show(request, "single_sign_on/find.html", page)


def providers_for(email: str) -> list[Provider]:
    """The providers with which people of the address' domain sign in; none where no firm has it."""
    firm = proved_firm(email)
    return [each for each in providers(firm) if each.on] if firm is not None else []


def _nothing(email: str) -> str:
    return _(
        "No firm here signs in with addresses that end in %(domain)s. Sign in with your password, or ask an"
        " administrator of your firm."
    ) % {"domain": showable(email.rpartition("@")[2])}


@in_lane(Lane.PROVIDERS, "GET", "HEAD")
@open_to(Audience.ANYONE)
def go(request: HttpRequest, uid: str) -> HttpResponse:
    """To the provider."""
    provider = _found(uid)
    if not provider.on:
        raise Http404
    after = safe_address(request, request.GET.get("next", "/"))
    hint = request.GET.get("as", "")
    try:
        if provider.protocol is Protocol.SAML:
            return saml_way.there(request, provider, LOGIN, after)
        with waiting_for(provider.openid.issuer):
            return SignInAt(request, provider).there(LOGIN, after, hint=hint if is_email(hint) else "")
    except CheckFailed as failed:
        return refused(request, provider, failed)


@open_to(Audience.ANYONE)
def refused_before(request: HttpRequest, uid: str, why: str) -> HttpResponse:
    """Why somebody was refused, said once more: the address says what it was, and nothing is checked."""
    provider = _found(uid)
    try:
        fault = SignInFault(why)
    except ValueError:
        raise Http404 from None
    return say_why(request, provider, fault)


@in_lane(Lane.PROVIDERS, "GET", "HEAD")
@open_to(Audience.SIGNED_IN)
def confirm_again(request: HttpRequest) -> HttpResponse:
    """To the provider by which the session began, which asks for their password anew; then back to `next`."""
    assert isinstance(request.user, User)
    came = came_by(request)
    after = safe_address(request, request.GET.get("next", "/"))
    provider = (
        next((each for each in providers(came.firm) if each.number == came.number), None) if came else None
    )
    if provider is None or not provider.on:
        raise Http404
    try:
        if provider.protocol is Protocol.SAML:
            return saml_way.there(request, provider, CONFIRM, after, anew=True)
        with waiting_for(provider.openid.issuer):
            return SignInAt(request, provider).there(CONFIRM, after, anew=True, hint=request.user.email)
    except CheckFailed as failed:
        return refused(request, provider, failed)


@in_lane(Lane.PROVIDERS, "GET", "HEAD")
@open_to(Audience.ANYONE)
def callback(request: HttpRequest, uid: str) -> HttpResponse:
    """Where the provider sends people back to."""
    provider = _found(uid)
    if provider.protocol is not Protocol.OIDC:
        raise Http404
    sign_in, process, arrival = None, LOGIN, None
    try:
        sign_in = SignInAt(request, provider)
        state = sign_in.came_back()
        process = state["process"]
        if process != TEST and not provider.on:
            raise Http404
        with waiting_for(provider.openid.issuer):
            arrival = sign_in.arrival(state)
        if process == TEST:
            keep_result(request, result_of(provider, sign_in.seen, arrival))
            return redirect("provider-test", firm=provider.firm, provider=provider.number)
        if process == CONFIRM:
            confirm(request, provider, arrival)
            return redirect(safe_address(request, state.get("next", "/")))
        return finish(request, provider, arrival, after=state.get("next", "/"))
    except CheckFailed as failed:
        if process == TEST:
            seen = sign_in.seen if sign_in is not None else {}
            keep_result(request, result_of(provider, seen, None, failed))
            return redirect("provider-test", firm=provider.firm, provider=provider.number)
        return refused(request, provider, failed)


def _found(uid: str) -> Provider:
    found = provider_of(uid)
    if found is None:
        raise Http404
    return found
