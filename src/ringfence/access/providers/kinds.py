"""What identity providers there are, and what is known of each before anybody has entered anything.

Entra, Okta, Google and Keycloak speak OpenID Connect alike; where they differ, it is said here and nowhere
else.
"""

import re
from enum import StrEnum

import msgspec


class Protocol(StrEnum):
    """How a provider is spoken to."""

    OIDC = "oidc"
    """OpenID Connect."""
    SAML = "saml"


class ProviderKind(StrEnum):
    """Which provider it is, as far as that is known."""

    ENTRA = "entra"
    OKTA = "okta"
    GOOGLE = "google"
    KEYCLOAK = "keycloak"
    OTHER = "other"


class ProviderState(StrEnum):
    """Whether people sign in with it."""

    OFF = "off"
    ON = "on"
    REMOVED = "removed"
    """No longer shown; its row keeps the number."""


class OpenIdSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a provider that speaks OpenID Connect, none of it secret."""

    issuer: str
    """As the provider names itself in its tokens, to the letter."""
    client_id: str
    vouches: bool = False
    """Whether every address that it sends counts as verified, although it does not say so."""
    hosted_domain: str = ""
    """With Google: the Workspace domain that its tokens must name; anybody may have an account there."""
    email_claim: str = "email"
    name_claim: str = "name"
    external_claim: str = ""
    """The claim with what the firm's other software calls the person; empty for none."""
    groups_claim: str = "groups"
    carries: bool = False
    """Whether what it tells of who signs in changes their place in the firm (`access.claims`)."""


class WhereAsked(msgspec.Struct, frozen=True):
    """What is asked of an administrator in place of the issuer."""

    field: str
    example: str


ASKED: dict[ProviderKind, WhereAsked] = {
    ProviderKind.ENTRA: WhereAsked("tenant", "72f988bf-86f1-41af-91ab-2d7cd011db47"),
    ProviderKind.OKTA: WhereAsked("okta_domain", "example.okta.com"),
    ProviderKind.GOOGLE: WhereAsked("hosted_domain", "example.com"),
    ProviderKind.KEYCLOAK: WhereAsked("realm", "https://id.example.com/realms/staff"),
    ProviderKind.OTHER: WhereAsked("issuer", "https://id.example.com"),
}
NAMES = {
    ProviderKind.ENTRA: "Microsoft Entra",
    ProviderKind.OKTA: "Okta",
    ProviderKind.GOOGLE: "Google",
    ProviderKind.KEYCLOAK: "Keycloak",
}
"""Names of products, the same in every language."""

_TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
GOOGLE = "https://accounts.google.com"


def settings_from(kind: ProviderKind, answer: str, client_id: str) -> OpenIdSettings:
    """What a provider's settings are once its one question is answered; raises `ValueError`.

    Whether an issuer that somebody typed may be asked is looked at each time that it is (`asking`).
    """
    given = answer.strip().rstrip("/") if kind is not ProviderKind.OTHER else answer.strip()
    if kind is ProviderKind.ENTRA:
        tenant = given.lower()
        if not _TENANT.fullmatch(tenant):
            raise ValueError(answer)
        issuer = f"https://login.microsoftonline.com/{tenant}/v2.0"
        return OpenIdSettings(issuer=issuer, client_id=client_id, external_claim="oid")
    if kind is ProviderKind.OKTA:
        return OpenIdSettings(issuer=f"https://{_domain(given)}", client_id=client_id)
    if kind is ProviderKind.GOOGLE:
        return OpenIdSettings(issuer=GOOGLE, client_id=client_id, hosted_domain=_domain(given))
    return OpenIdSettings(issuer=given, client_id=client_id)


def _domain(text: str) -> str:
    domain = text.lower().removeprefix("https://")
    if not _DOMAIN.fullmatch(domain):
        raise ValueError(text)
    return domain
