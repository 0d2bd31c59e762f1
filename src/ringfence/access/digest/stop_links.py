"""The link in a digest that stops it without signing in: signed, for one member of one firm alone.

It holds two numbers, is known to nobody but who has the mail, and goes on working: who wants no more mail
must not be told that a link is too old.
"""

from typing import NamedTuple

from django.core.signing import BadSignature, Signer

_SALT = "ringfence.digest.stop"


class StopPlace(NamedTuple):
    """Whose digest a link stops."""

    firm: int
    member: int


def stop_key(firm: int, member: int) -> str:
    """What stands in the link: letters, digits, ``-``, ``_`` and ``:``."""
    return Signer(salt=_SALT).sign(f"{firm}:{member}")


def place_of(key: str) -> StopPlace | None:
    """Whose it is; None for what we did not sign."""
    try:
        firm, member = Signer(salt=_SALT).unsign(key).split(":")
        return StopPlace(int(firm), int(member))
    except (BadSignature, ValueError):
        return None
