"""Where a firm is that has left this database, for whoever still comes here and brings something of it.

A number alone tells nothing: numbers can be counted up.
"""

from hashlib import sha256

from ringfence.store.engines import source_for
from ringfence.store.moved import FirmMoved, key_moved_to, moved_to

from .connection import answering, plain


def firm_moved(firm: int) -> FirmMoved | None:
    """Where the firm of that number is; None where it has not left. Raises `StateUnavailable`."""
    with answering():
        return moved_to(source_for(plain()), firm)


def key_moved(digest: bytes) -> FirmMoved | None:
    """The same for the firm whose token, invitation or provider has this digest."""
    with answering():
        return key_moved_to(source_for(plain()), digest)


def key_digest(word: str) -> bytes:
    """Of what somebody comes with: the key of an invitation, the id of a provider."""
    return sha256(word.encode()).digest()


def session_digest(session: str, firm: int | None = None) -> bytes:
    """Of a session in which a member of the firm was signed in; without a firm, of any that has left."""
    return key_digest(f"session {session}" if firm is None else f"session {session} of firm {firm}")


def user_digest(user: int, firm: int) -> bytes:
    """Of an account that stayed, as its user is in another firm here."""
    return key_digest(f"user {user} of firm {firm}")
