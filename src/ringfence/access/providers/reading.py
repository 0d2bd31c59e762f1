"""A firm's identity providers as they stand."""

from __future__ import annotations

from typing import Any

import msgspec

from ringfence.firms.models import FirmDomain, SignInProvider
from ringfence.firms.sealing import unseal

from .kinds import OpenIdSettings, Protocol, ProviderKind, ProviderState

PURPOSE = "provider"
"""For which secrets of providers are sealed."""


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """One provider of a firm."""

    firm: int
    firm_name: str
    number: int
    uid: str
    protocol: Protocol
    kind: ProviderKind
    name: str
    standing: ProviderState
    settings: dict[str, Any]
    """As its protocol reads them: for OpenID Connect, `openid`."""
    sealed: str

    @property
    def on(self) -> bool:
        """Whether people sign in with it."""
        return self.standing is ProviderState.ON

    @property
    def openid(self) -> OpenIdSettings:
        """What is known of a provider that speaks OpenID Connect."""
        return msgspec.convert(self.settings, OpenIdSettings)

    def secret(self) -> str:
        """The client secret; raises `Unsealable`."""
        return unseal(self.sealed, PURPOSE)


def who_it_is(settings: dict[str, Any]) -> str:
    """Who the provider says it is: its issuer, or its entity id."""
    return str(settings.get("issuer") or settings.get("entity_id") or "")


def providers(firm: int) -> list[Provider]:
    """The firm's providers by number, without those that were removed."""
    return [_read(row) for row in _rows().filter(firm=firm)]


def found_by_an_address() -> bool:
    """Whether any firm here signs in with a provider that the domain of an e-mail address leads to."""
    proved = FirmDomain.objects.filter(proved_at__gt=0).values("firm")
    return bool(SignInProvider.objects.filter(state=ProviderState.ON, firm__in=proved).exists())


def provider_numbered(firm: int, number: int) -> Provider | None:
    """One of them; None where there is none, or it was removed."""
    row = _rows().filter(firm=firm, number=number).first()
    return _read(row) if row is not None else None


def provider_of(uid: str) -> Provider | None:
    """The provider, on or off, at whose addresses somebody is; None where there is none."""
    row = _rows().filter(uid=uid).first()
    return _read(row) if row is not None else None


def _rows() -> Any:
    rows = SignInProvider.objects.select_related("firm").exclude(state=ProviderState.REMOVED)
    return rows.only(
        "firm__name", "number", "uid", "protocol", "kind", "name", "state", "settings", "secrets"
    ).order_by("number")


def _read(row: SignInProvider) -> Provider:
    return Provider(
        firm=row.firm_id,
        firm_name=row.firm.name,
        number=row.number,
        uid=row.uid,
        protocol=Protocol(row.protocol),
        kind=ProviderKind(row.kind),
        name=row.name,
        standing=ProviderState(row.state),
        settings=row.settings,
        sealed=row.secrets or "",
    )
