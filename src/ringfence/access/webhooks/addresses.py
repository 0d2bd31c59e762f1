"""To which addresses events may be sent: over HTTPS to public ones, or to networks that the operator names.

Whoever adds a webhook chooses where this server sends to, so it must not be led to what only it can reach.
The name is looked up again for each attempt, and the very address that was looked at is connected to
(`jobs.webhooks`).
"""

import ipaddress
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LONGEST = 1000
"""Characters of an address."""
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses that lead to IPv4 ones (RFC 6052), private ones too."""


class WhyUnfit(StrEnum):
    """What is wrong with an address."""

    MALFORMED = "malformed"
    SECRETS = "secrets"
    """It holds a user name or a password."""
    NOT_HTTPS = "not_https"
    PRIVATE = "private"


class UnfitAddress(ValueError):
    """Nothing is sent there."""

    def __init__(self, why: WhyUnfit) -> None:
        super().__init__(why.value)
        self.why = why


def own_networks(text: str) -> tuple[Network, ...]:
    """The operator's networks to which events may be sent, from a list with commas; raises `ValueError`."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def fitting_address(text: str, own: Iterable[Network]) -> str:
    """The address as it is kept; raises `UnfitAddress`. What a name leads to is looked at when it is sent to.

    Over plain HTTP it is taken only where `own` networks are named: whether it leads there shows then.
    """
    address = text.strip()
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError as malformed:
        raise UnfitAddress(WhyUnfit.MALFORMED) from malformed
    if len(address) > LONGEST or parts.scheme not in {"http", "https"} or not host or parts.fragment:
        raise UnfitAddress(WhyUnfit.MALFORMED)
    if not address.isascii() or any(
        sign <= " " or sign == "\x7f" or sign in '\\"<>^`{|}' for sign in address
    ):
        raise UnfitAddress(WhyUnfit.MALFORMED)
    if parts.username is not None or parts.password is not None:
        raise UnfitAddress(WhyUnfit.SECRETS)
    networks = tuple(own)
    if parts.scheme == "http" and not networks:
        raise UnfitAddress(WhyUnfit.NOT_HTTPS)
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        literal = None
    if literal is not None:
        look_at(str(literal), parts.scheme, networks)
    elif host == "localhost" and not networks:
        raise UnfitAddress(WhyUnfit.PRIVATE)
    return address


def look_at(ip: str, scheme: str, own: Iterable[Network]) -> None:
    """Raises `UnfitAddress` where nothing is to be sent to this IP address."""
    found = ipaddress.ip_address(ip.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if any(found in network for network in own):
        return
    if not public(found):
        raise UnfitAddress(WhyUnfit.PRIVATE)
    if scheme != "https":
        raise UnfitAddress(WhyUnfit.NOT_HTTPS)


def public(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether it is an address on the internet that cannot lead into a private network."""
    if isinstance(ip, ipaddress.IPv6Address) and (ip.sixtofour or ip.teredo or ip in _TRANSLATED):
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local:
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
