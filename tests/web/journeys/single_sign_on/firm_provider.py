"""A firm's provider that is the real one: made by commands, known to it as a client, and walked through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.urls import reverse

from ringfence.access import OPERATOR
from ringfence.access.domains import vouch_for_domain
from ringfence.access.providers import OpenIdSettings, Provider, ProviderKind, add_provider, asking, turn_on
from tests.support.identity_provider import IdentityProvider, client

if TYPE_CHECKING:
    from tests.web.checks import PageClient

ROOT = "http://testserver"
SECRET = "very-secret"


@dataclass(frozen=True)
class FirmProvider:
    """The provider as the firm keeps it, and the real one behind it."""

    firm: int
    number: int
    uid: str
    peer: IdentityProvider

    def come(self, visitor: PageClient, sub: str, *, follow: bool = True, go: str = "") -> Any:
        """Walk a person's browser to the provider, sign in there as `sub`, and come back."""
        back = self.back(visitor, sub, go=go)
        return visitor.get(back, follow=follow)

    def back(self, visitor: PageClient, sub: str, *, go: str = "") -> str:
        """The address at which the provider sends the person back, not gone to yet."""
        away = visitor.get(go or reverse("provider-go", args=[self.uid]))
        assert away.status_code == 302, away.content.decode()
        return here(self.peer.browser().sign_in(away["Location"], sub))


def here(address: str) -> str:
    """The address without its host, as the test client asks for it."""
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == ROOT
    return parts.path + (f"?{parts.query}" if parts.query else "")


@contextmanager
def firm_provider(
    firm: int, domain: str, peer: IdentityProvider, settings: Any, *, client_id: str = "ringfence"
) -> Iterator[FirmProvider]:
    """The real provider as the firm's, turned on, with the domain proved."""
    settings.SIGN_IN_NETWORKS = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    prove(firm, domain)
    kept = add_provider(
        firm,
        "Test directory",
        ProviderKind.OTHER,
        OpenIdSettings(issuer=peer.issuer, client_id=client_id),
        secret=SECRET,
        actor=OPERATOR,
    )
    turn_on(firm, kept.number, actor=OPERATOR)
    know(peer, kept, client_id)
    try:
        yield FirmProvider(firm, kept.number, kept.uid, peer)
    finally:
        peer.change(spoil={}, people=peer.people)
        forget_what_is_kept()


_CLIENTS: dict[str, list[dict[str, Any]]] = {}


def know(peer: IdentityProvider, kept: Provider, client_id: str) -> None:
    """Make Ringfence known to the provider as this client, beside those of other firms."""
    made = client(
        client_id,
        ROOT,
        back=reverse("provider-callback", args=[kept.uid]),
        signed_out=reverse("account_login"),
        secret=SECRET,
    )
    others = [each for each in _CLIENTS.get(peer.issuer, []) if each["client_id"] != client_id]
    _CLIENTS[peer.issuer] = [*others, made]
    peer.change(clients=_CLIENTS[peer.issuer])


def forget_what_is_kept() -> None:
    """As in a process that has just begun."""
    asking._METADATA.clear()
    asking._KEYS.clear()
    asking._REFRESHED.clear()


def prove(firm: int, domain: str) -> None:
    """The operator says that the domain is the firm's."""
    vouch_for_domain(firm, domain)
