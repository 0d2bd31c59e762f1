"""The hash chain: what proves that an entry, and each text beside it, is what was once written.

Bytes in, bytes out; the rows are read and written elsewhere. The body of an entry is `store.body`.

An entry's hash is SHA-256 over one line of JSON, a line feed and the body. The line holds: the previous
hash, the firm's uid, the entry's number, its time, the kind of actor and the actor, the command, the
self-access mark. A text's digest is SHA-256 over its salt and the JSON of thing, number and member, and of
its fields. The salt lies with the words and is erased with them: afterwards nobody can even test a guess.
A user's digest is SHA-256 over the firm's uid and the user's number.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from ringfence.core.terms import Instant, Thing

HASH = 32
"""Bytes of a hash."""
SALT = 16
"""Bytes of a text's salt."""

FIRST = b""
"""What the first entry of a firm has for a previous hash."""

_JSON = msgspec.json.Encoder(order="deterministic")
_FIELDS = msgspec.json.Decoder(dict[str, str])


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """All of an entry but its body and its own hash."""

    previous: bytes
    firm: UUID
    number: int
    at: Instant
    actor_kind: str
    actor: int | None
    command: str
    self_access: bool


def entry_hash(head: Head, body: bytes) -> bytes:
    """The 32 bytes that the next entry takes as its previous hash."""
    line = [
        head.previous.hex(),
        str(head.firm),
        head.number,
        head.at,
        head.actor_kind,
        head.actor,
        head.command,
        head.self_access,
    ]
    return hashlib.sha256(_JSON.encode(line) + b"\n" + body).digest()


def new_salts(count: int) -> list[bytes]:
    """One for each text, unlike any other."""
    found = os.urandom(SALT * count)
    return [found[start : start + SALT] for start in range(0, len(found), SALT)]


def encode_fields(fields: dict[str, str]) -> bytes:
    """The words of a text as they are stored: canonical JSON."""
    return _JSON.encode(fields)


def encode_columns(columns: Mapping[str, Sequence[str]]) -> list[bytes]:
    """`encode_fields` of each of many texts, of which each column states a field; "" states nothing.

    The columns are in order of their names.
    """
    rows = list(zip(*columns.values(), strict=True))
    together = "".join(map("".join, rows))
    escapes = '"' in together or "\\" in together or not together.isprintable()
    if escapes or not all(map(all, columns.values())):
        return [
            encode_fields({name: text for name, text in zip(columns, row, strict=True) if text})
            for row in rows
        ]
    form = encode_fields(dict.fromkeys(columns, "%s")).decode()
    return "\n".join([form % row for row in rows]).encode().split(b"\n")


def decode_fields(stored: str) -> dict[str, str]:
    """The words that `encode_fields` wrote; raises `msgspec.DecodeError` or `msgspec.ValidationError`."""
    return _FIELDS.decode(stored)


def text_digest(salt: bytes, thing: Thing, number: int, member: int, fields: bytes) -> bytes:
    """The 32 bytes that stand in the entry's body for a text with these encoded `fields`."""
    place = _JSON.encode([thing, number, member])
    return hashlib.sha256(salt + place + fields).digest()


def text_digest_of(salt: bytes, thing: str, number: int, member: int, fields: str) -> bytes:
    """The same of words as they stand in a file, whatever they claim to be about."""
    return hashlib.sha256(salt + _JSON.encode([thing, number, member]) + fields.encode()).digest()


def digests_of(
    thing: Thing, numbers: Iterable[int], salts: Iterable[bytes], fields: Iterable[bytes]
) -> list[bytes]:
    """The same for many things of one kind, whose member is 0."""
    all_numbers, sha256 = tuple(numbers), hashlib.sha256
    places = (f'["{thing.value}",%d,0]\n' * len(all_numbers) % all_numbers).encode().splitlines()
    return [
        sha256(salt + place + words).digest()
        for place, salt, words in zip(places, salts, fields, strict=True)
    ]


def user_digest(firm: UUID, user: int) -> bytes:
    """The 32 bytes that stand in an event for the user who was given a member's place."""
    return hashlib.sha256(_JSON.encode(["user", str(firm), user])).digest()
