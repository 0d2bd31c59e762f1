"""Who asks: the token of a request, which firm it is of, and whether it still stands there.

A token's row never changes but by its last use, so where it leads is kept; whether it stands is asked of the
firm's current state with every request, and a revoked one is refused by the very next (rules.md 5).
"""

import hashlib
import os
from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from ringfence.core.authority.tokens import standing_token
from ringfence.core.decision.moment import Moment
from ringfence.core.terms import Scope
from ringfence.core.values import Token
from ringfence.store.moved import key_moved_to
from ringfence.store.proving import Prover
from ringfence.store.token_text import bearer_digest
from ringfence.store.tokens import LastUses, TokenPlace, token_place

from .problems import NotAnswered, lacks, moved_away, unauthorised

SEEN = "ringfence.seen"
"""In a request's environ: its token, where that was looked up already."""
MOST_TOKENS = 10_000
"""Tokens of which is kept where they lead."""


class Seen(NamedTuple):
    """A token by where it leads."""

    place: TokenPlace
    digest: bytes


class Doorway:
    """The tokens that one process has seen. Safe for threads."""

    def __init__(self, uses: LastUses) -> None:
        self._uses = uses
        self._places: dict[bytes, Seen] = {}
        self._doubted: set[tuple[int, int]] = set()
        """Tokens, by firm and number, that did not stand when they were last used."""
        self._behind_proxy = os.environ.get("RINGFENCE_TLS", "").strip().lower() in {"1", "true", "yes", "on"}

    def seen(self, asked: Prover, environ: Mapping[str, Any]) -> Seen:
        """The token of a request; raises `NotAnswered` 401."""
        found: Seen = environ.get(SEEN) or self._known(environ) or self._looked_up(asked, environ)
        if found.place.networks and not found.place.takes(self._address(environ)):
            raise unauthorised("The token is not taken from this address. Ask from one that it was made for.")
        return found

    def knows(self, environ: dict[str, Any]) -> bool:
        """Whether the token of a request was seen here before and is not doubted; noted there if so."""
        found = self._known(environ)
        if found is None or self.doubted(found):
            return False
        environ[SEEN] = found
        return True

    def doubted(self, seen: Seen) -> bool:
        """Whether the token did not stand lately: then it is to be proved before a body is waited for."""
        return bool(self._doubted) and (seen.place.firm, seen.place.number) in self._doubted

    def standing(self, moment: Moment, seen: Seen) -> Token:
        """The token as it stands in its firm; raises `NotAnswered` 401."""
        place, token = seen.place, standing_token(moment, seen.place.number)
        # Of a database that another was put in place of, a number may be another token's.
        if token is None or token.digest != seen.digest:
            self._doubted.add((place.firm, place.number))
            raise _ended()
        if self._doubted:
            self._doubted.discard((place.firm, place.number))
        return token

    def used(self, seen: Seen) -> None:
        """The token was taken."""
        self._uses.note(seen.place.firm, seen.place.number)

    def _known(self, environ: Mapping[str, Any]) -> Seen | None:
        return self._places.get(_key(environ.get("HTTP_AUTHORIZATION", "")))

    def _looked_up(self, asked: Prover, environ: Mapping[str, Any]) -> Seen:
        header = environ.get("HTTP_AUTHORIZATION", "")
        if not header:
            raise _missing()
        digest = bearer_digest(header)
        if digest is None:
            raise unauthorised(
                "The Authorization header holds no token of ours. Write: Authorization: Bearer ringfence_…"
            )
        place = asked.found(partial(token_place, digest=digest))
        if place is None:
            moved = asked.found(partial(key_moved_to, digest=digest))
            raise moved_away(moved) if moved is not None else _ended()
        if len(self._places) >= MOST_TOKENS:
            self._places.clear()
        found = self._places[_key(header)] = Seen(place, digest)
        return found

    def _address(self, environ: Mapping[str, Any]) -> str:
        told = str(environ.get("HTTP_X_FORWARDED_FOR", "")) if self._behind_proxy else ""
        # The last one is what the proxy in front saw itself.
        return told.rpartition(",")[2].strip() or str(environ.get("REMOTE_ADDR", ""))


def entitled(token: Token, scope: Scope) -> None:
    """Raises `NotAnswered` 403 where a token that stands is not for this."""
    if scope not in token.scopes:
        raise lacks(str(scope.name).lower())


def _key(header: str) -> bytes:
    """Whoever reads this process's memory finds no token in it."""
    return hashlib.blake2b(header.encode("latin-1", "replace")).digest()


def _missing() -> NotAnswered:
    found = unauthorised("A token is missing. Send the header Authorization: Bearer ringfence_…")
    # Who sent none is told only how (RFC 6750, 3).
    found.headers = [("WWW-Authenticate", 'Bearer realm="ringfence"')]
    return found


def _ended() -> NotAnswered:
    return unauthorised("The token is not known here, was revoked or has expired. Have a new one made.")
