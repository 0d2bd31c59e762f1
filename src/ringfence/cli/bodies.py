"""The body of a request, gathered whole before a thread is spent on it.

Whoever sends slowly waits in the event loop, at no cost to anybody else, and for `MOST_SECONDS` at most. What
does not arrive whole reaches no view. What a form means is the views' matter.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

MOST_SECONDS = 10.0
"""How long a body may take from its request's head to its last byte."""
MOST_BYTES = 2**20
"""How long the body of a form may be."""
ALL_BYTES = 64 * MOST_BYTES
"""How much of bodies a process holds at once; whoever comes then tries again."""
PATIENT_BYTES = 32 * MOST_BYTES
"""Up to here a body that is too long is heard to its end, so that a browser hears the answer."""
BODIED = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose requests must say how long their body is, even if it is empty."""


class Unfit(Exception):
    """The body cannot be taken; `status` says why: 400, 408, 411, 413 or 503."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Bodies:
    """The bodies that a process has in memory, from their first byte until their requests are answered."""

    def __init__(self) -> None:
        self.held = 0
        """Bytes of all of them."""

    @asynccontextmanager
    async def gathered(self, scope: Any, protocol: Any) -> AsyncIterator[bytes]:
        """The whole body of a request as granian's RSGI gives it; raises `Unfit`."""
        length = _length(scope)
        if length > PATIENT_BYTES:
            raise Unfit(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        parts: list[bytes] = []
        try:
            if length:
                await self._arrive(protocol, length, parts)
            yield b"".join(parts)
        finally:
            self.held -= sum(map(len, parts))

    async def _arrive(self, protocol: Any, length: int, parts: list[bytes]) -> None:
        """Fill `parts`; of a body that is too long none are kept."""
        arrived = 0
        try:
            async with asyncio.timeout(MOST_SECONDS):
                # The last part of a body that broke off is empty.
                async for part in protocol:
                    arrived += len(part)
                    if length <= MOST_BYTES:
                        parts.append(part)
                        self.held += len(part)
                    if self.held > ALL_BYTES:
                        raise Unfit(HTTPStatus.SERVICE_UNAVAILABLE)
                    if not part or arrived >= length:
                        break
        except TimeoutError:
            raise Unfit(HTTPStatus.REQUEST_TIMEOUT) from None
        if arrived != length:
            raise Unfit(HTTPStatus.BAD_REQUEST)
        if length > MOST_BYTES:
            raise Unfit(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


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
