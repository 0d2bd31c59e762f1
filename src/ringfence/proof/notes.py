"""Signed notes (c2sp.org/signed-note): a text with Ed25519 signatures, and keys as a line that is passed on.

What a text says is for whoever signs it; this knows its form and its signatures alone.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
"""The type of signature: the byte before a public key."""
SEED, PUBLIC, ID, SIGNATURE = 32, 32, 4, 64
"""Bytes."""
LONGEST = 100_000
"""Characters of a note; a checkpoint has some hundreds."""
MOST_SIGNATURES = 100
_LINE = re.compile(r"— ([^ +]+) ([A-Za-z0-9+/]+={0,2})")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadKey(ValueError):
    """A line that is no verifier key."""


class BadNote(ValueError):
    """What is no signed note, or is not signed by a key that is trusted; the message says which."""


class VerifierKey(NamedTuple):
    """The public half of a key, with the name that stands in its signatures."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before its signatures."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:ID]

    def __str__(self) -> str:
        """``name+0123abcd+base64``, as `read_key` reads it."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"


class SigningKey:
    """Both halves of a key."""

    def __init__(self, name: str, seed: bytes) -> None:
        """Raises `BadKey` for a name that no key may have."""
        if not fits_as_name(name):
            raise BadKey(f"{name!r} is no name of a key: it may hold neither spaces nor a plus sign")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = VerifierKey(name, self._key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The note: the text, which ends with a line feed, and its signature. Raises `BadNote`."""
        if not text.endswith("\n") or _CONTROLS.search(text):
            raise BadNote("a note ends with a line feed and holds no other control characters")
        signed = base64.b64encode(self.verifier.id + self._key.sign(text.encode())).decode()
        return f"{text}\n— {self.verifier.name} {signed}\n"


def fits_as_name(name: str) -> bool:
    """Whether a key may be called so."""
    return bool(name) and "+" not in name and not any(each.isspace() or each < " " for each in name)


def read_key(line: str) -> VerifierKey:
    """The key of a line like ``example.com/ledger+0123abcd+base64``; raises `BadKey`."""
    name, _, rest = line.strip().partition("+")
    id_, _, packed = rest.partition("+")
    try:
        key = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if key[:1] != ED25519 or len(key) != 1 + PUBLIC or not fits_as_name(name):
        raise BadKey(f"{line.strip()[:200]!r} is no public key: it looks like name+0123abcd+AW…=")
    found = VerifierKey(name, key[1:])
    if found.id.hex() != id_:
        raise BadKey(f"The public key of {name} is damaged: its name, number and key do not fit together")
    return found


def open_note(note: str, keys: Iterable[VerifierKey]) -> str:
    """The text of a note that one of the keys has signed. Signatures by others are passed over.

    Raises `BadNote`, also where one of the keys is named and its signature does not fit.
    """
    text, lines = parts_of(note)
    known = {(key.name, key.id): key for key in keys}
    good = 0
    for line in lines:
        found = _LINE.fullmatch(line)
        signature = _unpacked(found[2]) if found else b""
        if found is None or len(signature) <= ID:
            raise BadNote("it has a line among its signatures that is none")
        key = known.get((found[1], signature[:ID]))
        if key is None:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature[ID:], text.encode())
        except InvalidSignature as problem:
            raise BadNote(f"the signature of {key.name} does not fit: it was changed") from problem
        good += 1
    if not good:
        raise BadNote("none of the public keys given has signed it")
    return text


def parts_of(note: str) -> tuple[str, list[str]]:
    """Its text, and the lines of its signatures; nobody has looked whether they fit. Raises `BadNote`."""
    text, blank, signatures = note.rpartition("\n\n")
    if len(note) > LONGEST or not blank or not signatures.endswith("\n") or _CONTROLS.search(note):
        raise BadNote("it is no signed note")
    lines = signatures[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadNote("it has too many signatures")
    return text + "\n", lines


def _unpacked(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
