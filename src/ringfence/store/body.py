"""The body of a ledger entry: what happened, and a digest of each text that lies beside the chain.

Whoever writes entries and whoever reads them share this form. Hashing entries and keeping texts are done
elsewhere.
"""

import msgspec

from ringfence.core.events import Event, decode_events, encode_events

DIGEST = 32
"""Bytes of one text's digest (SHA-256)."""


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What one entry says."""

    events: tuple[Event, ...]
    digests: tuple[bytes, ...] = ()
    """One of `DIGEST` bytes for each text of the entry, in the order of the texts."""


class _Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    digests: bytes
    events: msgspec.Raw


def encode_body(body: Body) -> bytes:
    """Canonical JSON, the digests in a row as base64: equal bodies give equal bytes."""
    events = msgspec.Raw(encode_events(body.events))
    return msgspec.json.encode(_Form(digests=b"".join(body.digests), events=events))


def decode_body(data: bytes) -> Body:
    """The body that `encode_body` wrote; raises `msgspec.ValidationError` or `msgspec.DecodeError`."""
    events, digests = decode_parts(data)
    parts = range(0, len(digests), DIGEST)
    return Body(events=events, digests=tuple(digests[start : start + DIGEST] for start in parts))


def decode_digests(data: bytes) -> bytes:
    """The digests in a row; what happened is not looked at. Raises as `decode_body`."""
    return _form(data).digests


def decode_parts(data: bytes) -> tuple[tuple[Event, ...], bytes]:
    """The same, with the digests in a row: for who does not look at each."""
    form = _form(data)
    return decode_events(bytes(form.events)), form.digests


def _form(data: bytes) -> _Form:
    form = msgspec.json.decode(data, type=_Form)
    if len(form.digests) % DIGEST:
        raise msgspec.ValidationError(f"digests of {len(form.digests)} bytes are not whole")
    return form
