"""The rules for names, references and other texts that a command brings (rules.md 5, "Names")."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Sequence

from ringfence.core.directory import shows

from .refusals import Problem, invalid

GROUP_NAME = 50
SERVICE_NAME = 50
WALL_NAME = 50
POLICY_NAME = 100
POLICY_TEXT = 20_000
"""Characters of a policy as it was written."""
REVIEW_NAME = 80
MEMBER_NAME = 100
TOKEN_NAME = 50
SOFTWARE_NAME = 100
CLIENT_NAME = 200
CLIENT_KIND = 50
REFERENCE = 80
EMAIL = 254
EXTERNAL = 100
USER_NAME = 254
"""Characters of what other software calls a member."""
REASON = 500
ADDRESSES = 50
"""Addresses that one token can be limited to."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def clean(text: str, field: str, *, most: int, row: int | None = None) -> str:
    """The text trimmed: 1 to `most` characters, one of them seen and none a control character."""
    trimmed = clean_optional(text, field, most=most, row=row)
    return trimmed or invalid(Problem.TEXT_EMPTY, field, row=row)


def clean_optional(text: str, field: str, *, most: int, row: int | None = None) -> str:
    """As `clean`, and may be empty, which is also a text of which nothing can be seen."""
    trimmed = text.strip()
    if not trimmed.isprintable() and any(map(steers, trimmed)):
        invalid(Problem.TEXT_CONTROL, field, row=row)
    if len(trimmed) > most:
        invalid(Problem.TEXT_TOO_LONG, field, row=row, limit=most)
    return trimmed if shows(trimmed) else ""


def odd_ones(texts: Sequence[str], *, most: int) -> list[int]:
    """The places of the texts that `clean_optional` might not leave as they are; of many, in few looks."""
    if _as_they_are(texts, most):
        return []
    plain = [text for text in texts if text.isascii()]
    if len(plain) < len(texts) and _as_they_are(plain, most):
        return [place for place, text in enumerate(texts) if not text.isascii()]
    return [place for place, text in enumerate(texts) if not _as_they_are([text], most)]


def _as_they_are(texts: Sequence[str], most: int) -> bool:
    """Whether these are surely trimmed, of signs that are seen, and short enough; "" is."""
    lines = "\n".join(texts)
    return (
        lines.isascii()
        and lines.count("\n") == len(texts) - 1
        and lines.replace("\n", "").isprintable()
        and "\n " not in lines
        and " \n" not in lines
        and not lines.startswith(" ")
        and not lines.endswith(" ")
        and max(map(len, texts)) <= most
    )


def clean_email(text: str, field: str = "email") -> str:
    """An e-mail address that could be written to, or empty."""
    address = clean_optional(text, field, most=EMAIL)
    if address and not is_email(address):
        invalid(Problem.EMAIL_MALFORMED, field)
    return address


def is_email(text: str) -> bool:
    """Whether a trimmed text has the form of an address that could be written to."""
    return _EMAIL.fullmatch(text) is not None


def clean_addresses(texts: Iterable[str], field: str) -> tuple[str, ...]:
    """IP addresses and networks, each once and in the one form in which it is written; IPv4 first.

    A network whose address has bits beyond its length is refused, since one of the two is a slip.
    """
    found = {_network(text.strip(), field) for text in texts}
    if len(found) > ADDRESSES:
        invalid(Problem.TOO_MANY, field, limit=ADDRESSES)
    ordered = sorted(found, key=lambda each: (each.version, int(each.network_address), each.prefixlen))
    return tuple(_address_text(each) for each in ordered)


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(text: str, field: str) -> Network:
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        return invalid(Problem.ADDRESS_MALFORMED, field)
    if "%" in text:
        # A zone is a matter of the one machine that it is written on.
        invalid(Problem.ADDRESS_MALFORMED, field)
    return network


def _address_text(network: Network) -> str:
    return str(network.network_address if network.num_addresses == 1 else network)


def clean_reason(text: str, field: str = "reason") -> str:
    """A free text of up to 500 characters that may have lines."""
    return clean_lines(text, field, most=REASON)


def clean_lines(text: str, field: str, *, most: int) -> str:
    """A free text that may have lines and may be empty, trimmed."""
    trimmed = text.strip()
    if any(steers(letter) and letter not in "\r\n\t" for letter in trimmed):
        invalid(Problem.TEXT_CONTROL, field)
    if len(trimmed) > most:
        invalid(Problem.TEXT_TOO_LONG, field, limit=most)
    return trimmed


def steers(letter: str) -> bool:
    """Control characters, half surrogates, and the marks that turn the direction of writing round."""
    return unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} or letter in "\u202a\u202b\u202d\u202e"
