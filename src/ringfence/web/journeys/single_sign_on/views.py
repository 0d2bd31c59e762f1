"""The firm's providers: the list, and one with what is entered there and here."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.providers import NAMES, Protocol, Provider, ProviderKind, providers
from ringfence.access.providers.saml import settings_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.providers import kind_name
from ringfence.wording.saying import gettext as _

from .finding import found, our_addresses
from .saml_way import ours


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    name: str
    href: str
    kind: str
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidersPage(Page):
    rows: tuple[ProviderRow, ...]
    add: str
    saml: str
    """Both empty for who may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFact:
    """A line of facts; `change` is empty for who may not, and where there is nothing to change."""

    key: str
    value: str
    change: str = ""
    code: bool = False
    """Whether it is something to be copied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneProviderPage(Page):
    on: bool
    there: tuple[ProviderFact, ...]
    """What is entered at the provider."""
    here: tuple[ProviderFact, ...]
    turn: Link | None
    test: str
    links: tuple[Link, ...]


@needs(Capability.READ_CONTROL)
def listing(visit: Visit) -> HttpResponse:
    """All of them, with whether people sign in with them."""
    firm = visit.firm.pk
    page = ProvidersPage(
        frame=frame_for(visit, "manage"),
        title=_("Single sign-on"),
        back=reverse("manage", args=[firm]),
        rows=tuple(
            ProviderRow(
                name=each.name,
                href=reverse("provider-settings", args=[firm, each.number]),
                kind=kind_text(each),
                on=each.on,
            )
            for each in providers(firm)
        ),
        add=reverse("add-provider", args=[firm]) if visit.can(Capability.MANAGE) else "",
        saml=reverse("add-saml-provider", args=[firm]) if visit.can(Capability.MANAGE) else "",
    )
    return show(visit.request, "single_sign_on/list.html", page)


@needs(Capability.READ_CONTROL)
def one(visit: Visit, provider: int) -> HttpResponse:
    """One provider."""
    kept, firm, manages = found(visit, provider), visit.firm.pk, visit.can(Capability.MANAGE)
    oidc = kept.protocol is Protocol.OIDC
    turn = Link(text=_("Turn it on"), href=reverse("turn-on-provider", args=[firm, provider]))
    if kept.on:
        turn = Link(text=_("Turn it off"), href=reverse("turn-off-provider", args=[firm, provider]))
    remove = Link(text=_("Remove it"), href=reverse("remove-provider", args=[firm, provider]))
    page = OneProviderPage(
        frame=frame_for(visit, "manage"),
        title=kept.name,
        back=reverse("providers", args=[firm]),
        on=kept.on,
        there=_there(visit, kept) if oidc else saml_there(visit, kept),
        here=_here(visit, kept, manages) if oidc else saml_here(visit, kept, manages),
        turn=turn if manages else None,
        test=reverse("provider-test", args=[firm, provider]) if manages else "",
        links=(remove,) if manages else (),
    )
    return show(visit.request, "single_sign_on/one.html", page)


def kind_text(provider: Provider) -> str:
    """Which provider it is, with how it is spoken to where that is not OpenID Connect."""
    name = kind_name(provider.kind.value, NAMES.get(provider.kind, ""))
    return f"{name} (SAML)" if provider.protocol is Protocol.SAML else name


def saml_there(visit: Visit, kept: Provider) -> tuple[ProviderFact, ...]:
    """What is entered at a provider that speaks SAML."""
    known = ours(visit.request, kept.uid)
    return (
        ProviderFact(key=_("Metadata of Ringfence, and its entity id"), value=known.entity_id, code=True),
        ProviderFact(key=_("Address for answers (ACS, by POST)"), value=known.acs, code=True),
    )


def saml_here(visit: Visit, kept: Provider, manages: bool) -> tuple[ProviderFact, ...]:
    """What is known of a provider that speaks SAML."""
    found = settings_of(kept)
    anew = reverse("change-saml-metadata", args=[visit.firm.pk, kept.number]) if manages else ""
    return (
        ProviderFact(key=_("Name"), value=kept.name),
        ProviderFact(key=_("Provider"), value=kind_text(kept)),
        ProviderFact(key=_("Entity id"), value=found.entity_id, change=anew, code=True),
        ProviderFact(key=_("Where people sign in"), value=found.sso_url, code=True),
        ProviderFact(key=_("Certificates with which it signs"), value=figure(len(found.certificates))),
        ProviderFact(
            key=_("Page for your people"), value=our_addresses(visit.request, kept.uid)["page"], code=True
        ),
    )


def _there(visit: Visit, kept: Provider) -> tuple[ProviderFact, ...]:
    ours = our_addresses(visit.request, kept.uid)
    return (
        ProviderFact(key=_("Redirect URI"), value=ours["back"], code=True),
        ProviderFact(key=_("Redirect URI after signing out"), value=ours["signed_out"], code=True),
        ProviderFact(key=_("Back-channel logout URI"), value=ours["logout"], code=True),
    )


def _here(visit: Visit, kept: Provider, manages: bool) -> tuple[ProviderFact, ...]:
    found = kept.openid

    def change(what: str) -> str:
        return reverse("change-provider", args=[visit.firm.pk, kept.number, what]) if manages else ""

    facts = [
        ProviderFact(key=_("Name"), value=kept.name, change=change("name")),
        ProviderFact(key=_("Provider"), value=kind_text(kept)),
        ProviderFact(key=_("Issuer"), value=found.issuer, change=change("where"), code=True),
        ProviderFact(key=_("Client id"), value=found.client_id, change=change("client"), code=True),
        ProviderFact(key=_("Client secret"), value=_("Set"), change=change("secret")),
        ProviderFact(
            key=_("E-mail addresses"),
            value=_("All that the provider sends count as verified")
            if found.vouches
            else _("Only those that the provider says are verified"),
            change=change("verified"),
        ),
        ProviderFact(key=_("Claims"), value=claims_text(kept), change=change("claims")),
        ProviderFact(
            key=_("At each sign-in"),
            value=_("Name, external id and the directory’s [groups] become what the provider tells")
            if found.carries
            else _("Nothing of the [member] is changed"),
            change=change("carries"),
        ),
        ProviderFact(
            key=_("Page for your people"),
            value=our_addresses(visit.request, kept.uid)["page"],
            code=True,
        ),
    ]
    if kept.kind is ProviderKind.GOOGLE:
        facts.insert(3, ProviderFact(key=_("Workspace domain"), value=found.hosted_domain, code=True))
    return tuple(facts)


def claims_text(kept: Provider) -> str:
    """Which claim is read for what."""
    found = kept.openid
    parts = (
        (_("e-mail address: %(claim)s"), found.email_claim),
        (_("name: %(claim)s"), found.name_claim),
        (_("external id: %(claim)s"), found.external_claim),
        (_("[groups]: %(claim)s"), found.groups_claim),
    )
    return "; ".join(text % {"claim": claim} for text, claim in parts if claim)
