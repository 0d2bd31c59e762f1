"""What the store asks of a database: a consistent reading, plain rows, and numbers packed by the thousand.

One class per database does it (`sqlite.py`, `postgresql.py`) over a connection that somebody else opened.
Which questions are asked is said in `loading.py`, `freshness.py` and `name_index.py`.
"""

import sqlite3
import sys
from array import array
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from ringfence.core.terms import Instant

if TYPE_CHECKING:
    import psycopg

Connection: TypeAlias = "sqlite3.Connection | psycopg.Connection[Any]"
"""An open connection of the plain driver, in autocommit or inside a transaction of its owner."""


def driver_errors() -> tuple[type[Exception], ...]:
    """What either driver raises. One that was never loaded, which takes long, has raised nothing."""
    server = sys.modules.get("psycopg")
    return (sqlite3.Error,) if server is None else (sqlite3.Error, server.Error)


class StateUnavailable(Exception):
    """The firm's current state cannot be read. Whoever asked gets an error, never "allowed" (rules.md 2)."""


def no_answers() -> tuple[type[Exception], ...]:
    """Whatever says that the database gives no answer, from a driver or from the store."""
    return (*driver_errors(), StateUnavailable)


class FirmUnknown(LookupError):
    """There is no firm of that id."""


class Mark(NamedTuple):
    """Where a firm's ledger stands."""

    version: int
    """The number of the last entry."""
    head: bytes
    """The hash of the last entry."""
    at: Instant
    """The time of the last entry: no answer is of an earlier instant."""


class Source(Protocol):
    """One connection as the store uses it. Statements are written with ``?`` for parameters."""

    @property
    def in_transaction(self) -> bool:
        """Whether the connection's owner has a transaction open, and with it a view of its own."""

    def reading(self) -> AbstractContextManager[None]:
        """A transaction in which all statements see the same state; the owner's own where one is open."""

    def prove_in_place(self) -> None:
        """Raises `StateUnavailable` where what is open here is not what others open any more."""

    def rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        """All rows of the answer."""

    def row_of(self, statement: str, number: int) -> tuple[Any, ...] | None:
        """The one row of a statement whose parameter is a whole number, by the shortest way there is.

        Its columns are whole numbers or bytes. For what is asked before every answer: raises what
        `prove_in_place` does.
        """

    def stream(self, statement: str, *parameters: object, at_a_time: int) -> Iterator[list[tuple[Any, ...]]]:
        """All rows, so many at a time. Only within `reading`, one stream at a time."""

    def packed(self, column: str, condition: str = "") -> str:
        """SQL for all numbers of `column` in a group in one value, those that meet `condition` only."""

    def unpacked(self, value: Any) -> "array[int]":
        """The numbers in a value of `packed`; none for NULL."""


MARK = "SELECT version, head, changed_at FROM firms_firm WHERE id = ?"
"""What is read before every answer."""


def mark_of(row: tuple[Any, ...]) -> Mark:
    """The answer to `MARK`."""
    version, head, at = row
    return Mark(version, bytes(head), Instant(at))


def read_mark(source: Source, firm: int) -> Mark:
    """Where the firm's ledger stands now: the one read before any answer.

    Raises `FirmUnknown`, and `StateUnavailable` where the database is not in its place any more.
    """
    found = source.row_of(MARK, firm)
    if found is None:
        raise FirmUnknown(f"no firm has the id {firm}")
    return Mark._make(found)
