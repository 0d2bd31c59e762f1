"""How often a token may ask, and from where: counted in each process by itself, a minute at a time.

The headers are those of the IETF's draft on rate limits (`RateLimit-Policy`, `RateLimit`).
"""

from __future__ import annotations

import time
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest

WINDOW = 60
"""Seconds."""
MOST_TOKENS = 10_000
"""Tokens that a process counts at once: those of the present minute."""


class Rate(NamedTuple):
    """What is left to a token."""

    limit: int
    left: int
    """Below zero once it has asked too often."""
    reset: int
    """Seconds until it is counted anew."""

    @property
    def exceeded(self) -> bool:
        return self.left < 0

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"minute";q={self.limit};w={WINDOW}',
            "RateLimit": f'"minute";r={max(0, self.left)};t={self.reset}',
        }


class Rates:
    """The counts of this process. Threads may lose one of each other's counts, which lets nobody in."""

    def __init__(self) -> None:
        self._minute = 0
        self._counts: dict[tuple[int, int], int] = {}

    def count(self, firm: int, token: int, limit: int | None = None) -> Rate:
        """Count one more request of the token; `limit` is what it may ask in a minute, else the API's."""
        now = time.monotonic()
        minute = int(now // WINDOW)
        if minute != self._minute or len(self._counts) > MOST_TOKENS:
            self._minute, self._counts = minute, {}
        counts, key = self._counts, (firm, token)
        counts[key] = counts.get(key, 0) + 1
        limit = settings.API_PER_MINUTE if limit is None else limit
        return Rate(limit, limit - counts[key], max(1, WINDOW - int(now % WINDOW)))


RATES = Rates()


def address_of(request: HttpRequest) -> str:
    """Where the request comes from: behind a proxy, the address that the proxy tells last."""
    if settings.BEHIND_TLS and (told := request.headers.get("X-Forwarded-For", "")):
        return told.rpartition(",")[2].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
