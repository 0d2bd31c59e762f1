"""Time stamps by an authority (RFC 3161): the question, and what an answer proves, offline.

The library is an extra of the package; whoever calls this without it is told so.
"""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography import x509


class NoStamp(ValueError):
    """There is no time stamp, or it proves nothing; the message says why."""


class StampUnproved(NoStamp):
    """It is a time stamp, and not of what it was held against, or by nobody who is trusted."""


class StampQuestion(NamedTuple):
    """What an authority is sent."""

    encoded: bytes
    nonce: int | None


class Stamped(NamedTuple):
    """What a time stamp says."""

    at: datetime
    """An aware time in UTC."""
    proved: bool
    """Whether it was proved by a certificate that is trusted; else it was only read."""


def question(content: bytes) -> StampQuestion:
    """What to ask about these bytes. Raises `NoStamp` without the library."""
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
    except ImportError as problem:
        raise NoStamp("time stamps need an extra: pip install 'ringfence[timestamps]'") from problem
    asked = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).nonce().build()
    return StampQuestion(asked.as_bytes(), asked.nonce)


def read_stamp(
    answer: bytes, content: bytes, *, roots: Path | None = None, nonce: int | None = None
) -> Stamped:
    """What the answer says of these bytes; with `roots`, a file of certificates (PEM), proved by one of them.

    Raises `NoStamp`, of which `StampUnproved` is the one kind that somebody's stamp, not a mistake, explains.
    """
    try:
        from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response
    except ImportError as problem:
        raise NoStamp("time stamps need an extra: pip install 'ringfence[timestamps]'") from problem
    try:
        found = decode_timestamp_response(answer)
        at = found.tst_info.gen_time
    except (ValueError, TypeError) as problem:
        raise NoStamp("the answer is no time stamp") from problem
    if roots is None:
        if found.tst_info.message_imprint.message != hashlib.sha256(content).digest():
            raise StampUnproved("the time stamp is of something else")
        if nonce is not None and found.tst_info.nonce != nonce:
            raise StampUnproved("the answer is to another question")
        return Stamped(at, proved=False)
    builder = VerifierBuilder(nonce=nonce)
    for each in _certificates(roots):
        by_itself = each.issuer == each.subject
        builder = (builder.add_root_certificate if by_itself else builder.add_intermediate_certificate)(each)
    try:
        builder.build().verify_message(found, content)
    except VerificationError as problem:
        raise StampUnproved(f"the time stamp is not proved: {problem}") from problem
    except ValueError as problem:
        raise NoStamp(f"{roots}: {problem}") from problem
    return Stamped(at, proved=True)


def _certificates(roots: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(roots.read_bytes())
    except OSError as problem:
        raise NoStamp(f"{roots} cannot be read: {problem.strerror}") from problem
    except ValueError as problem:
        raise NoStamp(f"{roots} holds no certificates (PEM)") from problem
