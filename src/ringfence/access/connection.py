"""Django's connection as the store wants it, a clock, and readings that block nobody.

Errors of a database that does not answer become `StateUnavailable` here, so that no caller can take them for
an answer.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError, connection

from ringfence.core.terms import Instant
from ringfence.store.sources import Connection, StateUnavailable


def plain() -> Connection:
    """The driver's own connection under Django's, opened where it is not yet."""
    connection.ensure_connection()
    found: Connection = connection.connection
    return found


def clock() -> Instant:
    """The present instant."""
    return Instant(time.time_ns() // 1000)


@contextmanager
def answering() -> Iterator[None]:
    """Turn the failure of the database itself into `StateUnavailable`; but not a broken constraint."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise StateUnavailable(f"the database does not answer: {error}") from error


@contextmanager
def reading() -> Iterator[None]:
    """One consistent view for everything read inside, without keeping writers waiting.

    Django's own transactions would take SQLite's write lock at once, and on PostgreSQL see what others commit
    meanwhile. Inside a transaction that is open already, it is that one's view.
    """
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
