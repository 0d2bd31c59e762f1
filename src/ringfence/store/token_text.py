"""The text of a token: how it is made, and whether a text can be one, for which no database is asked.

`ringfence_`, 43 characters for 32 random bytes, 6 for a CRC-32 of all before them, in letters and digits. So
a scanner for secrets knows one by its looks, and a slip of the pen is told from a token that was revoked.
"""

import hashlib
import re
import secrets
import zlib

PREFIX = "ringfence_"
RANDOM = 32
"""Bytes by chance."""
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BODY, _CHECK = 43, 6
"""Characters that 32 bytes, and the four of the check, need in base 62."""
PATTERN = re.compile(f"{PREFIX}[0-9A-Za-z]{{{_BODY + _CHECK}}}")
"""What a scanner for secrets looks for."""
SHOWN = len(PREFIX) + 4
"""Characters of a text that may be shown for good: of 256 random bits they tell fewer than 24."""


def new_token_text() -> str:
    """A text that nobody has seen. Show it once and keep its digest alone."""
    said = PREFIX + _base62(int.from_bytes(secrets.token_bytes(RANDOM)), _BODY)
    return said + _check(said)


def token_digest(text: str) -> bytes | None:
    """The SHA-256 under which a token is kept; None for a text that is none."""
    if PATTERN.fullmatch(text) is None or _check(text[:-_CHECK]) != text[-_CHECK:]:
        return None
    return hashlib.sha256(text.encode()).digest()


def bearer_digest(header: str) -> bytes | None:
    """The digest of the token in an ``Authorization: Bearer`` header; None where it holds none."""
    scheme, _, text = header.strip().partition(" ")
    return token_digest(text.strip()) if scheme.lower() == "bearer" else None


def _check(said: str) -> str:
    return _base62(zlib.crc32(said.encode()), _CHECK)


def _base62(number: int, length: int) -> str:
    letters = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        letters.append(_DIGITS[digit])
    return "".join(reversed(letters))
