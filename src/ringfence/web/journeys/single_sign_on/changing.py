"""Changing one thing of a provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from ringfence.access import Refused
from ringfence.access.providers import Protocol, Provider, StillRequired, change_provider, settings_from
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.providers import REQUIRED
from ringfence.wording.saying import gettext as _

from .adding import TextPage, client_fault, secret_fault, secret_page, where_fault, where_page
from .finding import found

CLAIM = 100
"""Characters of a claim's name."""
CLAIMS = ("email_claim", "name_claim", "external_claim", "groups_claim")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedPage(Page):
    caption: str
    chosen: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriesPage(Page):
    caption: str
    carries: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsPage(Page):
    caption: str
    rows: tuple[tuple[str, str, str, str, str], ...]
    """Of each: field, label, hint, value, error."""


@sensitive_post_parameters("secret")
@needs(Capability.MANAGE, READS_AND_SENDS)
def change(visit: Visit, provider: int, part: str) -> HttpResponse:
    """The page for what is to be changed."""
    kept = found(visit, provider)
    if kept.protocol is not Protocol.OIDC or part not in _PAGES:
        raise Http404
    return _PAGES[part](visit, kept)


def _name(visit: Visit, kept: Provider) -> HttpResponse:
    given = visit.request.POST.get("name", kept.name)
    error = ""
    if visit.request.method == "POST":
        try:
            change_provider(kept.firm, kept.number, actor=visit.actor, name=given)
        except Refused as refused:
            error = problem_sentence(refused)
        else:
            return _changed(visit, kept)
    page = TextPage(
        frame=frame_for(visit, "manage"),
        title=_("What do your people call it?"),
        caption=kept.name,
        back=_back(kept),
        errors=_lines(error, "name"),
        field="name",
        label=_("Name"),
        hint=_("It stands on the button with which they sign in."),
        value=showable(given),
        error=error,
        submit=_("Save"),
    )
    return show(visit.request, "single_sign_on/text.html", page)


def _where(visit: Visit, kept: Provider) -> HttpResponse:
    given = visit.request.POST.get("where", "")
    error = ""
    if visit.request.method == "POST":
        error = where_fault(kept.kind, given)
        if not error:
            fresh = settings_from(kept.kind, given, "")
            settings = msgspec.structs.replace(
                kept.openid, issuer=fresh.issuer, hosted_domain=fresh.hosted_domain
            )
            try:
                change_provider(kept.firm, kept.number, actor=visit.actor, settings=settings)
            except StillRequired:
                error = str(REQUIRED)
            else:
                return _changed(visit, kept)
    page = where_page(visit, kept.kind, given, error, back=_back(kept))
    lead = (
        _(
            "With another issuer nobody is known by the provider any more. Everybody is linked anew, by their"
            " verified e-mail address."
        ),
    )
    return show(visit.request, "single_sign_on/text.html", replace(page, lead=lead))


def _client(visit: Visit, kept: Provider) -> HttpResponse:
    given = visit.request.POST.get("client", kept.openid.client_id)
    error = client_fault(given) if visit.request.method == "POST" else ""
    if visit.request.method == "POST" and not error:
        settings = msgspec.structs.replace(kept.openid, client_id=given.strip())
        change_provider(kept.firm, kept.number, actor=visit.actor, settings=settings)
        return _changed(visit, kept)
    page = TextPage(
        frame=frame_for(visit, "manage"),
        title=_("What is the client id?"),
        caption=kept.name,
        back=_back(kept),
        errors=_lines(error, "client"),
        field="client",
        label=_("Client id"),
        hint="",
        value=showable(given),
        error=error,
        submit=_("Save"),
    )
    return show(visit.request, "single_sign_on/text.html", page)


def _secret(visit: Visit, kept: Provider) -> HttpResponse:
    given = visit.request.POST.get("secret", "").strip()
    error = secret_fault(given) if visit.request.method == "POST" else ""
    if visit.request.method == "POST" and not error:
        change_provider(kept.firm, kept.number, actor=visit.actor, secret=given)
        return _changed(visit, kept)
    return show(visit.request, "single_sign_on/text.html", secret_page(visit, _back(kept), error))


def _verified(visit: Visit, kept: Provider) -> HttpResponse:
    answer = visit.request.POST.get("verified", "all" if kept.openid.vouches else "said")
    sent = visit.request.method == "POST"
    error = _("Select which addresses count as verified") if sent and answer not in ("all", "said") else ""
    if sent and not error:
        settings = msgspec.structs.replace(kept.openid, vouches=answer == "all")
        change_provider(kept.firm, kept.number, actor=visit.actor, settings=settings)
        return _changed(visit, kept)
    page = VerifiedPage(
        frame=frame_for(visit, "manage"),
        title=_("Which e-mail addresses count as verified?"),
        back=_back(kept),
        caption=kept.name,
        errors=_lines(error, "verified"),
        chosen=answer,
        error=error,
    )
    return show(visit.request, "single_sign_on/verified.html", page)


def _claims(visit: Visit, kept: Provider) -> HttpResponse:
    post = visit.request.POST
    given = {name: post.get(name, getattr(kept.openid, name)).strip() for name in CLAIMS}
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        for name, value in given.items():
            if len(value) > CLAIM or not value.isprintable() or (name == "email_claim" and not value):
                errors[name] = _("Enter the name of a claim, like %(claim)s") % {"claim": "email"}
        if not errors:
            settings = msgspec.structs.replace(kept.openid, **given)
            change_provider(kept.firm, kept.number, actor=visit.actor, settings=settings)
            return _changed(visit, kept)
    told = {
        "email_claim": (_("E-mail address"), ""),
        "name_claim": (_("Name"), _("Leave it empty where there is none.")),
        "external_claim": (
            _("External id"),
            _("What your other software calls the person. Leave it empty where there is none."),
        ),
        "groups_claim": (_("[Groups]"), _("Leave it empty where there is none.")),
    }
    page = ClaimsPage(
        frame=frame_for(visit, "manage"),
        title=_("In which claims does the provider tell of the person?"),
        back=_back(kept),
        caption=kept.name,
        errors=tuple(ErrorLine(text=text, href=f"#{name}") for name, text in errors.items()),
        rows=tuple((name, *told[name], showable(given[name]), errors.get(name, "")) for name in CLAIMS),
    )
    return show(visit.request, "single_sign_on/claims.html", page)


def _carries(visit: Visit, kept: Provider) -> HttpResponse:
    if visit.request.method == "POST":
        settings = msgspec.structs.replace(kept.openid, carries=visit.request.POST.get("carries") == "yes")
        change_provider(kept.firm, kept.number, actor=visit.actor, settings=settings)
        return _changed(visit, kept)
    page = CarriesPage(
        frame=frame_for(visit, "manage"),
        title=_("Should what the provider tells change the [member]?"),
        back=_back(kept),
        caption=kept.name,
        carries=kept.openid.carries,
    )
    return show(visit.request, "single_sign_on/carries.html", page)


_PAGES: dict[str, Callable[[Visit, Provider], HttpResponse]] = {
    "name": _name,
    "where": _where,
    "client": _client,
    "secret": _secret,
    "verified": _verified,
    "claims": _claims,
    "carries": _carries,
}


def _changed(visit: Visit, kept: Provider) -> HttpResponse:
    messages.success(visit.request, _("The provider is changed. Test it again."))
    return redirect("provider-settings", firm=kept.firm, provider=kept.number)


def _back(kept: Provider) -> str:
    return reverse("provider-settings", args=[kept.firm, kept.number])


def _lines(error: str, field: str) -> tuple[ErrorLine, ...]:
    return (ErrorLine(text=error, href=f"#{field}"),) if error else ()
