"""A signed checkpoint: where a ledger stood, in the form of transparency logs (c2sp.org/tlog-checkpoint).

Three lines, signed as a note: the origin, which is one firm's ledger; the number of its last entry; the hash
of that entry, which stands for all entries up to it. Logs that are trees have the root of the tree there.
"""

import base64
import binascii
import re
from collections.abc import Iterable

import msgspec

from .chain import HASH
from .notes import BadNote, SigningKey, VerifierKey, open_note, parts_of

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


class LedgerHead(msgspec.Struct, frozen=True, kw_only=True):
    """Where a ledger stood."""

    origin: str
    """Which ledger it is: the name of the firm's key, which ends with the firm's uid."""
    entry: int
    """The number of its last entry, from 1."""
    hash: bytes
    """The hash of that entry."""

    @property
    def uid(self) -> str:
        """The firm's, as it stands in its ledger."""
        return self.origin.rpartition("/")[2]


def sign_head(head: LedgerHead, key: SigningKey) -> str:
    """The signed checkpoint, as it is published."""
    return key.sign(f"{head.origin}\n{head.entry}\n{base64.b64encode(head.hash).decode()}\n")


def open_checkpoint(note: str, keys: Iterable[VerifierKey]) -> LedgerHead:
    """What a checkpoint says that a key of its own origin has signed. Raises `BadNote`."""
    head = unproved_head(note)
    own = [key for key in keys if key.name == head.origin]
    if not own:
        raise BadNote(f"it is of {head.origin}, and none of the public keys given is: it is another ledger's")
    open_note(note, own)
    return head


def unproved_head(note: str) -> LedgerHead:
    """What a checkpoint says, whoever wrote it: to look up whose it is. Raises `BadNote`."""
    text, _ = parts_of(note)
    lines = text.split("\n")[:-1]
    if len(lines) < 3 or "" in lines or not _NUMBER.fullmatch(lines[1]):
        raise BadNote("it is a signed note, and no checkpoint: origin, number and hash are missing")
    try:
        head = base64.b64decode(lines[2], validate=True)
    except (binascii.Error, ValueError):
        head = b""
    if len(head) != HASH:
        raise BadNote("its third line is no hash")
    return LedgerHead(origin=lines[0], entry=int(lines[1]), hash=head)
