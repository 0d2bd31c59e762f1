"""The statements of one change as one message to PostgreSQL, which answers them together.

A round trip costs more than most of them. On SQLite, which has none, each runs at once.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection


class _Held(threading.local):
    """What this thread's change has not sent yet; None where none is gathered."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, Sequence[Any]]] | None = None


_HELD = _Held()


@contextmanager
def gathered() -> Iterator[None]:
    """Within a transaction: what `bulk` writes in here goes out at the end, or before anything else is asked.

    For changes of a few rows: all that they write is kept in memory. What the database refuses is raised by
    whatever sends it, so whoever calls undoes all of it.
    """
    if connection.vendor != "postgresql" or _HELD.statements is not None:
        yield
        return
    _HELD.statements = []
    try:
        with connection.execute_wrapper(_after_what_is_held):
            yield
            send()
    finally:
        _HELD.statements = None


def hold(statement: str, parameters: Sequence[Any]) -> bool:
    """Whether the statement, whose answer nobody needs, goes out with others; else the caller runs it."""
    if _HELD.statements is None:
        return False
    _HELD.statements.append((statement, parameters))
    return True


def send() -> None:
    """Send what is held."""
    if not _HELD.statements:
        return
    held, _HELD.statements[:] = list(_HELD.statements), ()
    with connection.cursor() as cursor:
        # With its values in place, so that the driver takes all of it for one message.
        cursor.execute(";".join([cursor.mogrify(*each) for each in held]))


def _after_what_is_held(execute: Callable[..., Any], *asked: Any) -> Any:
    send()
    return execute(*asked)
