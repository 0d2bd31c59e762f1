"""The body of a request, gathered whole before a thread is spent on it.

Whoever sends slowly waits in the event loop, at no cost to anybody else, and for `MOST_SECONDS` at most. What
does not arrive whole reaches no view. What a form means is the views' matter.
"""

import asyncio
from http import HTTPStatus
from typing import Any

MOST_SECONDS = 10.0
"""How long a body may take from its request's head to its last byte."""
MOST_BYTES = 2**20
"""How long the body of a form may be."""
PATIENT_BYTES = 32 * MOST_BYTES
"""Up to here a body that is too long is heard to its end, so that a browser hears the answer."""
BODIED = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose requests must say how long their body is, even if it is empty."""


class Unfit(Exception):
    """The body cannot be taken; `status` says why: 400, 408, 411 or 413."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


async def gathered(scope: Any, protocol: Any) -> bytes:
    """The whole body of a request as granian's RSGI gives it; raises `Unfit`."""
    length = _length(scope)
    if length == 0:
        return b""
    if length > PATIENT_BYTES:
        raise Unfit(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    parts, arrived = [], 0
    try:
        async with asyncio.timeout(MOST_SECONDS):
            # The last part of a body that broke off is empty.
            async for part in protocol:
                arrived += len(part)
                if length <= MOST_BYTES:
                    parts.append(part)
                if not part or arrived >= length:
                    break
    except TimeoutError:
        raise Unfit(HTTPStatus.REQUEST_TIMEOUT) from None
    if arrived != length:
        raise Unfit(HTTPStatus.BAD_REQUEST)
    if length > MOST_BYTES:
        raise Unfit(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return b"".join(parts)


def _length(scope: Any) -> int:
    """How long the body is said to be; raises `Unfit` where it must be said and is not."""
    if "transfer-encoding" in scope.headers:
        raise Unfit(HTTPStatus.LENGTH_REQUIRED)
    said = scope.headers.get("content-length")
    if said is None:
        if scope.method in BODIED:
            raise Unfit(HTTPStatus.LENGTH_REQUIRED)
        return 0
    if not (said.isascii() and said.isdecimal()):
        raise Unfit(HTTPStatus.BAD_REQUEST)
    return int(said)
