"""Adding a provider, one question a page: which it is, what it goes by, the client's id and secret.

Answers wait in the session; the secret is the last one, so nothing secret ever waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import msgspec
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from ringfence.access.providers import (
    ASKED,
    MOST_PROVIDERS,
    NAMES,
    ProviderKind,
    TooManyProviders,
    add_provider,
    settings_from,
)
from ringfence.access.webhooks import UnfitAddress, fitting_address
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.providers import WHERE, WHERE_FAULTS, WHERE_HINTS, kind_name
from ringfence.wording.saying import gettext as _

SESSION = "new_provider"
LONGEST = 200
"""Characters of a client's id and secret."""


class NewProvider(msgspec.Struct, kw_only=True):
    """Empty where nothing was answered."""

    firm: int
    kind: str = ""
    where: str = ""
    client_id: str = ""

    @classmethod
    def of(cls, visit: Visit) -> Self:
        """Those of this session for the firm."""
        found = visit.request.session.get(SESSION)
        answers = msgspec.convert(found, cls) if found is not None else cls(firm=visit.firm.pk)
        return answers if answers.firm == visit.firm.pk else cls(firm=visit.firm.pk)

    def keep(self, request: HttpRequest) -> None:
        request.session[SESSION] = msgspec.to_builtins(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderKindPage(Page):
    chosen: str
    options: tuple[tuple[str, str], ...]
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPage(Page):
    """One question that is answered by a line of text."""

    caption: str
    field: str
    label: str
    hint: str
    lead: tuple[str, ...] = ()
    value: str
    error: str
    submit: str
    secret: bool = False


@needs(Capability.MANAGE, READS_AND_SENDS)
def kind(visit: Visit) -> HttpResponse:
    """Which provider it is."""
    answers = NewProvider.of(visit)
    chosen = visit.request.POST.get("kind", answers.kind)
    sent = visit.request.method == "POST"
    if sent and chosen in set(ProviderKind):
        if chosen != answers.kind:
            answers.where = ""
        answers.kind = chosen
        answers.keep(visit.request)
        return redirect("add-provider-where", firm=visit.firm.pk)
    error = _("Select your provider") if sent else ""
    page = ProviderKindPage(
        frame=frame_for(visit, "manage"),
        title=_("Which provider do your people sign in with?"),
        back=reverse("providers", args=[visit.firm.pk]),
        errors=_lines(error, "kind"),
        chosen=chosen,
        options=tuple((each.value, kind_name(each.value, NAMES.get(each, ""))) for each in ProviderKind),
        error=error,
    )
    return show(visit.request, "single_sign_on/kind.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def where(visit: Visit) -> HttpResponse:
    """What it goes by: the one thing that differs between firms."""
    answers = NewProvider.of(visit)
    if answers.kind not in set(ProviderKind):
        return redirect("add-provider", firm=visit.firm.pk)
    given = visit.request.POST.get("where", answers.where)
    error = ""
    if visit.request.method == "POST":
        error = where_fault(ProviderKind(answers.kind), given)
        if not error:
            answers.where = given.strip()
            answers.keep(visit.request)
            return redirect("add-provider-client", firm=visit.firm.pk)
    return _text(
        visit,
        where_page(visit, ProviderKind(answers.kind), given, error, back="add-provider"),
    )


def where_page(visit: Visit, kind: ProviderKind, given: str, error: str, *, back: str) -> TextPage:
    """The question for what a provider of the kind goes by; `back` is a route of the firm, or an address."""
    asked = ASKED[kind]
    return TextPage(
        frame=frame_for(visit, "manage"),
        title=str(WHERE[asked.field]),
        caption=kind_name(kind.value, NAMES.get(kind, "")),
        back=back if back.startswith("/") else reverse(back, args=[visit.firm.pk]),
        errors=_lines(error, "where"),
        field="where",
        label=str(WHERE[asked.field]),
        hint=str(WHERE_HINTS[asked.field]) % {"example": asked.example},
        value=showable(given),
        error=error,
        submit=_("Continue"),
    )


def where_fault(kind: ProviderKind, given: str) -> str:
    """What is wrong with what the provider is to go by; empty where nothing is."""
    try:
        fitting_address(settings_from(kind, given, "").issuer, settings.SIGN_IN_NETWORKS)
    except (ValueError, UnfitAddress):
        return str(WHERE_FAULTS[ASKED[kind].field]) % {"example": ASKED[kind].example}
    return ""


@needs(Capability.MANAGE, READS_AND_SENDS)
def client(visit: Visit) -> HttpResponse:
    """As whom Ringfence is known there."""
    answers = NewProvider.of(visit)
    if not answers.where:
        return redirect("add-provider-where", firm=visit.firm.pk)
    given = visit.request.POST.get("client", answers.client_id)
    error = client_fault(given) if visit.request.method == "POST" else ""
    if visit.request.method == "POST" and not error:
        answers.client_id = given.strip()
        answers.keep(visit.request)
        return redirect("add-provider-secret", firm=visit.firm.pk)
    return _text(
        visit,
        TextPage(
            frame=frame_for(visit, "manage"),
            title=_("What is the client id?"),
            caption=kind_name(answers.kind, NAMES.get(ProviderKind(answers.kind), "")),
            back=reverse("add-provider-where", args=[visit.firm.pk]),
            errors=_lines(error, "client"),
            field="client",
            label=_("Client id"),
            hint=_(
                "Register Ringfence with your provider as a web application: it gives it an id and a secret."
                " You get the addresses that it asks for once you have saved, and enter them there then."
            ),
            value=showable(given),
            error=error,
            submit=_("Continue"),
        ),
    )


def client_fault(given: str) -> str:
    """What is wrong with a client's id; empty where nothing is."""
    if not given.strip():
        return _("Enter the client id")
    if len(given.strip()) > LONGEST or not given.strip().isprintable():
        return _("Enter the client id as the provider shows it, of %(most)s characters at most") % {
            "most": LONGEST
        }
    return ""


@sensitive_post_parameters("secret")
@needs(Capability.MANAGE, READS_AND_SENDS)
def secret(visit: Visit) -> HttpResponse:
    """With what it proves that it is itself; then the provider is there, turned off."""
    answers = NewProvider.of(visit)
    if not answers.client_id or answers.kind not in set(ProviderKind):
        return redirect("add-provider-client", firm=visit.firm.pk)
    kind_chosen = ProviderKind(answers.kind)
    error = ""
    if visit.request.method == "POST":
        given = visit.request.POST.get("secret", "").strip()
        error = secret_fault(given)
        if not error:
            try:
                made = add_provider(
                    visit.firm.pk,
                    NAMES.get(kind_chosen, "") or _("Our identity provider"),
                    kind_chosen,
                    settings_from(kind_chosen, answers.where, answers.client_id),
                    secret=given,
                    actor=visit.actor,
                )
            except TooManyProviders:
                error = _("A firm has at most %(count)s providers: remove one first") % {
                    "count": MOST_PROVIDERS
                }
            else:
                del visit.request.session[SESSION]
                messages.success(
                    visit.request, _("The provider is added. Enter these addresses there, then test it.")
                )
                return redirect("provider-settings", firm=visit.firm.pk, provider=made.number)
    return _text(visit, secret_page(visit, reverse("add-provider-client", args=[visit.firm.pk]), error))


def secret_page(visit: Visit, back: str, error: str) -> TextPage:
    """The question for the client secret, which is shown to nobody again."""
    return TextPage(
        frame=frame_for(visit, "manage"),
        title=_("What is the client secret?"),
        caption="",
        back=back,
        errors=_lines(error, "secret"),
        field="secret",
        label=_("Client secret"),
        hint=_("It is kept sealed, and shown to nobody again."),
        value="",
        error=error,
        submit=_("Save"),
        secret=True,
    )


def secret_fault(given: str) -> str:
    """What is wrong with a client secret; empty where nothing is."""
    if not given:
        return _("Enter the client secret")
    return (
        _("Enter the client secret as the provider shows it, of %(most)s characters at most")
        % {"most": LONGEST}
        if len(given) > LONGEST
        else ""
    )


def _text(visit: Visit, page: TextPage) -> HttpResponse:
    return show(visit.request, "single_sign_on/text.html", page)


def _lines(error: str, field: str) -> tuple[ErrorLine, ...]:
    return (ErrorLine(text=error, href=f"#{field}"),) if error else ()
