"""The log of decisions, where a firm has it on: who asked what, the answer and its reason, in packed blocks.

Whoever answers puts one tuple into a queue; a thread with a connection of its own writes them once a second,
so no answer waits for a log. The queue is bounded: what does not fit is counted, in metrics, in the log of
the process and in the next block, and never passed over in silence. Entries hold numbers and our own words.
"""

import logging
import secrets
import threading
import time
import zlib
from collections import Counter as Tally
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import NamedTuple

import msgspec

from ringfence.core.terms import Instant
from ringfence.telemetry.counts import Counter, Gauge

from .engines import source_for
from .sources import Connection, Source, StateUnavailable, driver_errors

LOG = logging.getLogger(__name__)

MOST_WAITING = 100_000
"""Entries that a process keeps until they are written: some seconds of all that it can answer."""
MOST_IN_BLOCK = 20_000
EVERY_SECONDS = 1.0
"""How often what waits is written."""
LOOK_SECONDS = 2.0
"""How often it is asked which firms have the log on."""
TOLD_SECONDS = 60.0
"""How often it is said that entries were lost."""

KEPT = Counter("ringfence_decisions_logged_total", "Decisions written to the logs of firms.")
LOST = Counter("ringfence_decisions_not_logged_total", "Decisions that a log could not take.", ["why"])
WAITING = Gauge("ringfence_decisions_waiting", "Decisions that wait to be written to a log.")


def _away() -> tuple[type[Exception], ...]:
    """What says that the database cannot be written now."""
    return (*driver_errors(), StateUnavailable, OSError)


class Logged(NamedTuple):
    """One question that was answered. What the firm does not have is 0 where it was asked for."""

    at: Instant
    kind: str
    """`evaluation`, or `subject`, `resource`, `action` of a search."""
    token: int
    """The number of the token that asked."""
    member: int
    client: int
    engagement: int
    """0 where the client as a whole was asked for."""
    action: str
    answer: int
    """Of an evaluation 1 for yes; of a search how many were found."""
    reason: str
    """`core.terms.Reason`, empty for a search."""
    version: int
    """The firm's version that answered."""


def packed(entries: Iterable[tuple[object, ...]]) -> bytes:
    """Entries as they lie in a block."""
    return zlib.compress(msgspec.msgpack.encode([tuple(each) for each in entries]), 1)


def unpacked(body: bytes) -> list[Logged]:
    """The entries of a block."""
    found: list[Logged] = msgspec.msgpack.decode(zlib.decompress(body), type=list[Logged])
    return found


class DecisionLog:
    """The log of one process. Safe for threads."""

    def __init__(self, connect: Callable[[], Connection], *, most: int = MOST_WAITING) -> None:
        """`connect` opens a connection in autocommit, for the thread that writes; it may raise."""
        self.firms: frozenset[int] = frozenset()
        """The firms that have the log on, as of a moment ago: whoever answers asks this first."""
        self._connect = connect
        self._most = most
        self._waiting: deque[tuple[int, tuple[object, ...]]] = deque()
        self._lost: Tally[int] = Tally()
        self._lost_lock = threading.Lock()
        self._told = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="decision-log", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """Write what waits, as far as that takes no longer."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def note(self, firm: int, entry: tuple[object, ...]) -> None:
        """Keep one answer of a firm that has the log on; `entry` is as `Logged`. Never waits or raises."""
        if len(self._waiting) < self._most:
            self._waiting.append((firm, entry))
            return
        with self._lost_lock:
            self._lost[firm] += 1
        LOST.of("queue").add()

    def _run(self) -> None:
        connection: Connection | None = None
        look = 0.0
        while True:
            last = self._stopping.wait(EVERY_SECONDS)
            try:
                connection = connection or self._connect()
                source = source_for(connection)
                if time.monotonic() >= look and not last:
                    self.firms = _firms_with_log(source)
                    look = time.monotonic() + LOOK_SECONDS
                self._write(source)
            except _away() as problem:
                _let_go(connection)
                connection = None
                self._tell(f"the database does not answer: {type(problem).__name__}")
            if last:
                _let_go(connection)
                return

    def _write(self, source: Source) -> None:
        """Write what waits; what could not be written waits on."""
        while self._waiting or self._lost:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_IN_BLOCK))]
            with self._lost_lock:
                lost, self._lost = self._lost, Tally()
            if too_fast := sum(lost.values()):
                self._tell(f"{too_fast} decisions came too fast to be kept")
            try:
                for firm in {*lost, *(firm for firm, _ in batch)}:
                    entries = [entry for one, entry in batch if one == firm]
                    self._put(source, firm, entries, lost[firm])
                    batch = [each for each in batch if each[0] != firm]
                    del lost[firm]
            except _away():
                self._waiting.extendleft(reversed(batch))
                with self._lost_lock:
                    self._lost += lost
                raise
            finally:
                WAITING.of().set(len(self._waiting))

    def _put(self, source: Source, firm: int, entries: list[tuple[object, ...]], lost: int) -> None:
        """Write one block. Entries that make none are a fault of ours: told, counted, and let go."""
        try:
            _put(source, firm, entries, lost)
        except Exception as problem:  # none may end the thread that writes
            if isinstance(problem, _away()) and not _is_a_fault(problem):
                raise
            LOST.of("fault").add(len(entries))
            LOG.exception("The log of decisions cannot take %d entries", len(entries))

    def _tell(self, why: str) -> None:
        """Say so in the process's log, not too often."""
        if time.monotonic() >= self._told:
            self._told = time.monotonic() + TOLD_SECONDS
            LOG.warning("The log of decisions: %s; %d wait", why, len(self._waiting))


def _is_a_fault(problem: Exception) -> bool:
    """Whether the database could be asked and would not take what it was given."""
    return any(kind.__name__ in _REFUSALS for kind in type(problem).__mro__)


_REFUSALS = frozenset({"DataError", "IntegrityError", "NotSupportedError", "ProgrammingError"})
"""Of either driver, as PEP 249 names them."""


def _firms_with_log(source: Source) -> frozenset[int]:
    source.prove_in_place()
    return frozenset(firm for (firm,) in source.rows("SELECT id FROM firms_firm WHERE logs_decisions"))


def _put(source: Source, firm: int, entries: list[tuple[object, ...]], lost: int) -> None:
    times = [entry[0] for entry in entries if isinstance(entry[0], int)] or [time.time_ns() // 1000]
    source.rows(
        "INSERT INTO firms_decisionblock (firm_id, ended, tag, began, entries, lost, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING tag",
        firm,
        max(times),
        secrets.randbits(62),
        min(times),
        len(entries),
        lost,
        packed(entries),
    )
    KEPT.of().add(len(entries))


def _let_go(connection: "Connection | None") -> None:
    if connection is not None:
        with suppress(*driver_errors()):
            connection.close()
