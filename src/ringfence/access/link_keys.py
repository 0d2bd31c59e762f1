"""The keys of links that are sent to people: a key opens one thing once, and its digest alone is kept."""

from __future__ import annotations

import secrets
from hashlib import sha256

from django.utils.crypto import constant_time_compare


def new_key() -> str:
    """A key that nobody guesses, of letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(24)


def digest(text: str) -> str:
    """What is kept of a key, or of an address that a link is for."""
    return sha256(text.encode()).hexdigest()


def opens(key: str, kept: str) -> bool:
    """Whether the key is the one of which the digest was kept; none was where it is empty."""
    return bool(kept) and constant_time_compare(digest(key), kept)
