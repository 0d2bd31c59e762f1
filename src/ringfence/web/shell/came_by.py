"""By which provider a session began, if by one: it opens that provider's firm, and no other.

What a firm's provider proves is that firm's word alone. So whoever came by it is not let into other firms,
and what is their own beside firms (password, address, second step) is not changed by them either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ringfence.firms.sealing import Unsealable, seal, unseal

if TYPE_CHECKING:
    from django.http import HttpRequest

CAME_BY = "came_by"
"""The session's key, and the request's once its session has ended by itself."""
_PURPOSE = "provider"


class CameBy(msgspec.Struct, frozen=True, array_like=True):
    """The firm and the number of its provider, with what signing out there needs."""

    firm: int
    number: int
    sealed_token: str = ""
    """The ID token, sealed."""

    @property
    def token(self) -> str:
        """The ID token; empty where there is none that can be opened."""
        try:
            return unseal(self.sealed_token, _PURPOSE) if self.sealed_token else ""
        except Unsealable:
            return ""


def came_by(request: HttpRequest) -> CameBy | None:
    """The provider; None for who signed in with what is their own."""
    # Whoever has just been found idle is somebody else's session by now.
    kept = request.session.get(CAME_BY) or request.META.get(CAME_BY)
    return None if kept is None else msgspec.convert(kept, CameBy)


def note_came_by(request: HttpRequest, firm: int, number: int, token: str) -> None:
    """Bind the session to the provider's firm."""
    sealed = seal(token, _PURPOSE) if token else ""
    request.session[CAME_BY] = [firm, number, sealed]


def opens(request: HttpRequest, firm: int) -> bool:
    """Whether the session may open the firm, as far as how it began goes."""
    found = came_by(request)
    return found is None or found.firm == firm


SIGNING_OUT = "signing_out"
"""The key of the session after that session, for what signing out at the provider needs."""


def keep_token(request: HttpRequest, came: CameBy) -> None:
    """Keep what signing out at the provider needs, in the session that follows the one that has ended."""
    request.session[SIGNING_OUT] = [came.firm, came.number, came.sealed_token]


def token_kept(request: HttpRequest, firm: int, number: int) -> str:
    """The ID token of the session that has just ended, once; empty where there is none of this provider."""
    kept = request.session.pop(SIGNING_OUT, None)
    found = msgspec.convert(kept, CameBy) if kept is not None else None
    return found.token if found is not None and (found.firm, found.number) == (firm, number) else ""
