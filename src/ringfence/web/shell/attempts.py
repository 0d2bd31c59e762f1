"""The store in which attempts are counted: a plain table of JSON, for all processes and over restarts.

It is Django's cache to allauth, which counts in it. What cannot be counted is an error, never an attempt that
is passed over. Of a key, which may name an address or account, its digest alone is kept.
"""

from __future__ import annotations

import json
import time
from hashlib import sha256
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from django.db.models import Q, QuerySet

from ringfence.firms.models import Attempt

_WRITE = (
    "INSERT INTO firms_attempt (key, value, expires) VALUES (%s, %s, %s)"
    " ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
)
_UNLESS_THERE = f"{_WRITE} WHERE firms_attempt.expires <= %s OR firms_attempt.expires > %s"

LONGEST = 25 * 3600
"""Seconds for which anything is counted. What lies further ahead was written by a clock that was ahead."""


class Attempts(BaseCache):
    """Raises `django.db.DatabaseError` where the database cannot write, `TypeError` for what is no JSON."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set it unless it is there; whether it was set. Of two who add at once, one does."""
        row = self._row(key, value, timeout, version)
        with connection.cursor() as cursor:
            cursor.execute(_UNLESS_THERE, [*row, time.time(), time.time() + LONGEST])
            return bool(cursor.rowcount)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value that was set, until its time is over."""
        value = self._there(key, version).values_list("value", flat=True).first()
        return default if value is None else json.loads(value)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        row = self._row(key, value, timeout, version)
        # Whatever is written makes room first, so the table holds no more than one hour brings.
        now = time.time()
        Attempt.objects.filter(Q(expires__lte=now) | Q(expires__gt=now + LONGEST)).delete()
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, row)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Let it last anew; whether it is there."""
        return bool(self._there(key, version).update(expires=self._end(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Whether it was there."""
        return bool(Attempt.objects.filter(key=self._key(key, version)).delete()[0])

    def clear(self) -> None:
        Attempt.objects.all().delete()

    def _there(self, key: str, version: int | None) -> QuerySet[Attempt]:
        now = time.time()
        return Attempt.objects.filter(
            key=self._key(key, version), expires__gt=now, expires__lte=now + LONGEST
        )

    def _key(self, key: str, version: int | None) -> str:
        return sha256(self.make_key(key, version=version).encode()).hexdigest()

    def _row(self, key: str, value: Any, timeout: Any, version: int | None) -> tuple[str, str, float]:
        return self._key(key, version), json.dumps(value), self._end(timeout)

    def _end(self, timeout: Any) -> float:
        end, longest = self.get_backend_timeout(timeout), time.time() + LONGEST
        return longest if end is None else min(float(end), longest)
