"""The body of a request, gathered whole before a thread is spent on it.

Whoever sends slowly waits in the event loop, at no cost to anybody else, and for `MOST_SECONDS` at most. What
does not arrive whole reaches no view. What a form means is the views' matter.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, NamedTuple

MOST_SECONDS = 10.0
"""How long a body may take from its request's head to its last byte."""
MOST_BYTES = 2**20
"""How long the body of a form may be."""
ALL_BYTES = 64 * MOST_BYTES
"""How much of bodies a process holds at once; whoever comes then tries again."""
PATIENT_BYTES = 32 * MOST_BYTES
"""Up to here a body that is too long is heard to its end, so that a browser hears the answer."""
FILE_SECONDS = 120.0
"""The same as `MOST_SECONDS` for a form with a file."""
FILE_PATIENT_BYTES = 128 * MOST_BYTES
FILES_AT_ONCE = 2
"""Files that a process takes at once, beside all other bodies: whoever sends files keeps no form waiting."""
AROUND_FILE = 2**16
"""Bytes of a form around its file."""


class Unfit(Exception):
    """The body cannot be taken; `status` says why: 400, 408, 411, 413 or 503."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Limits(NamedTuple):
    """What a body may be."""

    most: int = MOST_BYTES
    seconds: float | None = None
    """None for `MOST_SECONDS`."""
    patient: int = PATIENT_BYTES
    is_file: bool = False

    @classmethod
    def of_file(cls, most: int) -> "Limits":
        """For a form with a file of up to `most` bytes."""
        return cls(most + AROUND_FILE, FILE_SECONDS, FILE_PATIENT_BYTES, True)


SHORT = Limits()


class Bodies:
    """The bodies that a process has in memory, from their first byte until their requests are answered."""

    def __init__(self) -> None:
        self.held = 0
        """Bytes of all of them but files."""
        self.files = 0
        """Files among them."""

    @asynccontextmanager
    async def gathered(self, scope: Any, protocol: Any, limits: Limits = SHORT) -> AsyncIterator[bytes]:
        """The whole body of a request as granian's RSGI gives it; raises `Unfit`."""
        length = _length(scope)
        if length <= MOST_BYTES:
            limits = limits._replace(is_file=False)
        if length > limits.patient:
            raise Unfit(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if limits.is_file and self.files >= FILES_AT_ONCE:
            raise Unfit(HTTPStatus.SERVICE_UNAVAILABLE)
        parts: list[bytes] = []
        self.files += limits.is_file
        try:
            if length:
                await self._arrive(protocol, length, parts, limits)
            yield b"".join(parts)
        finally:
            self.files -= limits.is_file
            if not limits.is_file:
                self.held -= sum(map(len, parts))

    async def _arrive(self, protocol: Any, length: int, parts: list[bytes], limits: Limits) -> None:
        """Fill `parts`; of a body that is too long none are kept."""
        arrived = 0
        try:
            async with asyncio.timeout(limits.seconds or MOST_SECONDS):
                # The last part of a body that broke off is empty.
                async for part in protocol:
                    arrived += len(part)
                    if length <= limits.most:
                        parts.append(part)
                        self.held += 0 if limits.is_file else len(part)
                    if self.held > ALL_BYTES:
                        raise Unfit(HTTPStatus.SERVICE_UNAVAILABLE)
                    if not part or arrived >= length:
                        break
        except TimeoutError:
            raise Unfit(HTTPStatus.REQUEST_TIMEOUT) from None
        if arrived != length:
            raise Unfit(HTTPStatus.BAD_REQUEST)
        if length > limits.most:
            raise Unfit(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _length(scope: Any) -> int:
    """How long the body is said to be; raises `Unfit` where it comes in chunks."""
    if "transfer-encoding" in scope.headers:
        raise Unfit(HTTPStatus.LENGTH_REQUIRED)
    said = scope.headers.get("content-length")
    if said is None:
        # A request without either header has no body (RFC 9112, 6.3): curl sends such a POST.
        return 0
    if not (said.isascii() and said.isdecimal()):
        raise Unfit(HTTPStatus.BAD_REQUEST)
    return int(said)
