"""Whom a process asks before each answer where a firm's ledger stands, and where it reads the rest.

`OneDatabase` asks the one database that there is. A process with a standby has `witnesses.Witnesses` instead.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, TypeVar

from .engines import source_for
from .sources import Connection, Mark, Source, StateUnavailable, driver_errors, read_mark

T = TypeVar("T")


class NotProved(StateUnavailable):
    """It cannot be known whether what could be read is current."""


class Prover(Protocol):
    """For one thread. What is read is read from `source`, over `connection`, which `mark` sets."""

    seconds_alone: float
    """For how long after its last proof an answer may be given without one, to whoever accepts that."""

    @property
    def connection(self) -> Connection:
        """Raises `StateUnavailable`."""

    @property
    def source(self) -> Source:
        """Raises `StateUnavailable`."""

    def mark(self, firm: int) -> Mark:
        """Where the firm's ledger stands, no older than the question; `source` has all of it.

        Raises `FirmUnknown`, `NotProved`, `StateUnavailable`, and the driver's errors.
        """

    def mark_alone(self, firm: int) -> Mark:
        """Where it stands at whoever answers; perhaps older than the question. Raises the same."""

    def proved_before(self, firm: int) -> tuple[float, Mark] | None:
        """How many seconds ago `mark` was asked last and could answer, and what that was; None for never."""

    def found(self, ask: Callable[[Source], T | None]) -> T | None:
        """What any of those knows who are asked; None where none of them does."""

    def able(self) -> bool:
        """Whether `mark` could give an answer now."""

    def let_go(self) -> bool:
        """Give up what is broken; whether the next question has what works."""

    def close(self) -> None:
        """Give up everything."""


class OneDatabase:
    """One database that knows everything."""

    seconds_alone = 0.0

    def __init__(self, connect: Callable[[], Connection]) -> None:
        """Raises `StateUnavailable`."""
        self.connection = connect()
        self.source = source_for(self.connection)

    def mark(self, firm: int) -> Mark:
        return read_mark(self.source, firm)

    def mark_alone(self, firm: int) -> Mark:
        raise NotProved("there is one database, and it does not answer")

    def proved_before(self, firm: int) -> tuple[float, Mark] | None:
        return None

    def found(self, ask: Callable[[Source], T | None]) -> T | None:
        return ask(self.source)

    def able(self) -> bool:
        return True

    def let_go(self) -> bool:
        self.close()
        return False

    def close(self) -> None:
        with suppress(*driver_errors()):
            self.connection.close()
