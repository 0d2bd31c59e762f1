"""Tokens inside Django: made with a text that is shown once, and taken from a request's header.

What a token may is the core's matter (`core.authority.tokens`); which one a text is, the store's.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import msgspec
from django.db import DatabaseError, connection

from ringfence.core.authority.tokens import standing_token
from ringfence.core.commands.definitions import AddToken
from ringfence.core.events import TokenAdded
from ringfence.core.terms import Instant, Scope
from ringfence.core.values import Token
from ringfence.store.engines import source_for
from ringfence.store.sources import FirmUnknown, StateUnavailable
from ringfence.store.token_text import SHOWN, bearer_digest, new_token_text, token_digest
from ringfence.store.tokens import LastUses, TokenPlace, note_tokens_used, token_place

from .actor import Actor
from .clock import clock
from .connection import answering, has_answered, plain
from .door import Committed, execute, firm_state
from .firm_now import FirmNow
from .moved import key_moved

LAST_USES = LastUses()
"""The tokens that this process has taken and not written down yet."""


class MadeToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token that was made. Its text is nowhere else: show it once."""

    text: str
    number: int
    committed: Committed


def make_token(
    firm: int,
    *,
    actor: Actor,
    name: str,
    scopes: Scope,
    member: int | None = None,
    expires: Instant | None = None,
    addresses: tuple[str, ...] = (),
    reason: str = "",
) -> MadeToken:
    """Make a token that acts as `member`, the actor where none is named. Raises as `execute` does."""
    text = new_token_text()
    command = adding(
        text, name=name, scopes=scopes, member=member, expires=expires, addresses=addresses, reason=reason
    )
    committed = execute(firm, command, actor=actor)
    (number,) = (event.token for event in committed.change.events if isinstance(event, TokenAdded))
    return MadeToken(text=text, number=number, committed=committed)


def adding(
    text: str,
    *,
    name: str,
    scopes: Scope,
    member: int | None = None,
    expires: Instant | None = None,
    addresses: tuple[str, ...] = (),
    reason: str = "",
) -> AddToken:
    """The command that makes the token of this text."""
    digest = token_digest(text)
    assert digest is not None
    return AddToken(
        name=name,
        scopes=scopes,
        digest=digest,
        beginning=text[:SHOWN],
        member=member,
        expires=expires,
        addresses=addresses,
        reason=reason,
    )


class ActingToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token that stands, and the firm as it is now."""

    number: int
    token: Token
    now: FirmNow

    @property
    def firm(self) -> int:
        return self.now.firm

    @property
    def actor(self) -> Actor:
        """Whoever gives commands with it: its member, and the ledger names the token."""
        return Actor(self.token.member, self.number)

    @property
    def provisioner(self) -> Actor:
        """Whoever keeps members and groups with it, as the firm's directory says."""
        return Actor(self.token.member, self.number, Scope.PROVISION)


def acting_token(header: str, address: str) -> ActingToken | None:
    """The token in an ``Authorization`` header, taken from an IP address; None where it lets nobody in.

    As good as the firm is now: what was revoked before this call is not taken. A text that is no token, one
    that is not known, revoked, expired or sent from elsewhere are all the same. Whether it has the scope is
    for the caller to ask. Raises `StateUnavailable`, and `FirmMoved` for a token of a firm that has left.
    """
    digest = bearer_digest(header)
    if digest is None:
        return None
    place = place_of(digest)
    if place is None:
        need_not_moved(digest)
        return None
    if not place.takes(address):
        return None
    try:
        now = firm_state(place.firm)
    except FirmUnknown:
        # It has left since the token was looked up.
        need_not_moved(digest)
        raise
    token = standing_token(now.moment, place.number)
    if token is None or token.digest != digest:
        return None
    LAST_USES.note(place.firm, place.number)
    return ActingToken(number=place.number, token=token, now=now)


def place_of(digest: bytes) -> TokenPlace | None:
    """Which firm's token it is, revoked ones too. Raises `StateUnavailable`."""
    with answering():
        found = token_place(source_for(plain()), digest)
    has_answered()
    return found


def need_not_moved(digest: bytes) -> None:
    """Raises `FirmMoved` where the token is of a firm that has left, and `StateUnavailable`."""
    if (moved := key_moved(digest)) is not None:
        raise moved


def write_last_uses(used: Iterable[tuple[int, int]]) -> None:
    """Write down which tokens were used just now; what a database that is away does not take is lost."""
    with suppress(DatabaseError, StateUnavailable), answering():
        note_tokens_used(source_for(plain()), used, clock())
    connection.close()
