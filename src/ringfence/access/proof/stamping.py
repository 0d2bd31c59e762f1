"""Asking an authority for a time stamp (RFC 3161) of a checkpoint: that it was there at that time.

It is an extra, `ringfence[timestamps]`: the library makes the question and reads and proves the answer.
"""

from __future__ import annotations

import http.client
from ipaddress import ip_network
from pathlib import Path

from ringfence.access.outgoing import TooLong, exchange
from ringfence.proof.stamps import NoStamp, Stamped, question, read_stamp

SECONDS = 20.0
LONGEST = 100_000
"""Bytes of an answer; one with its certificates has some thousands."""
ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
"""The operator names the authority, so it may be anywhere."""

__all__ = ["NoStamp", "Stamped", "ask_stamp", "read_stamp"]


def ask_stamp(address: str, content: bytes, roots: Path | None) -> bytes:
    """The authority's answer about these bytes, looked at; with `roots`, a file of certificates, proved.

    Raises `NoStamp`, whose message says why there is none.
    """
    asked = question(content)
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        answer = exchange(
            "POST", address, headers, asked.encoded, own=ANYWHERE, seconds=SECONDS, most=LONGEST
        )
    except (TooLong, OSError, http.client.HTTPException, ValueError) as problem:
        raise NoStamp(f"the authority at {address} did not answer: {type(problem).__name__}") from problem
    if answer.status != http.client.OK:
        raise NoStamp(f"the authority at {address} answered with status {answer.status}")
    read_stamp(answer.body, content, roots=roots, nonce=asked.nonce)
    return answer.body
