"""What DNS says of a domain: the TXT records by which its holder proves it. Asks the network, no database.

The record stands at a name of its own, so that it disturbs nobody else's (`_ringfence.example.com`).
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import dns.exception
import dns.name
import dns.nameserver
import dns.rdatatype
import dns.resolver

LABEL = "_ringfence"
PREFIX = "ringfence="
SECONDS = 6.0
"""For the whole answer, however many servers are asked."""
SHOWN = 5
"""Records of others that are told of, where the right one is not among them."""

Server = tuple[str, int]
"""Address and port of a name server."""


class RecordFound(StrEnum):
    """What came of asking."""

    THERE = "there"
    ABSENT = "absent"
    """There is no such name, or it has no TXT record."""
    OTHER = "other"
    """There are TXT records, none of them the right one."""
    NO_ANSWER = "no_answer"
    """No name server said anything that could be used: nothing is known."""


class Looked(NamedTuple):
    """The outcome, and what TXT records were there instead."""

    found: RecordFound
    records: tuple[str, ...] = ()


def record_name(domain: str) -> str:
    """Where the record stands."""
    return f"{LABEL}.{domain}"


def record_text(token: str) -> str:
    """What it has to say."""
    return f"{PREFIX}{token}"


def look(domain: str, token: str, asked: Sequence[Server]) -> Looked:
    """Whether the domain's record says the token now. `asked` are name servers; none means the machine's."""
    try:
        resolver = _resolver(asked)
        # Fully qualified, so that nothing of this machine's own domain is put behind it.
        name = dns.name.from_text(record_name(domain) + ".")
        answer = resolver.resolve(name, dns.rdatatype.TXT, search=False, lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return Looked(RecordFound.ABSENT)
    except (dns.exception.DNSException, OSError):
        return Looked(RecordFound.NO_ANSWER)
    records = [
        b"".join(record.strings).decode("utf-8", "replace").strip().strip('"').strip() for record in answer
    ]
    if record_text(token) in records:
        return Looked(RecordFound.THERE)
    return Looked(RecordFound.OTHER, tuple(each[:200] for each in records[:SHOWN]))


def _resolver(asked: Sequence[Server]) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=not asked)
    if asked:
        resolver.nameservers = [dns.nameserver.Do53Nameserver(host, port) for host, port in asked]
    # What was asked a moment ago is asked anew: the record may have been set since.
    resolver.cache = None
    resolver.timeout = 2.0
    return resolver
