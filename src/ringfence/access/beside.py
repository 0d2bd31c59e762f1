"""Long work done in a process beside this one, on a core that would be idle: the one place that starts such.

It is a copy of this process, so it begins at once and knows all that this one does; it opens a connection to
the database of its own. It only reads. What comes of it goes through a pipe, bit by bit: a process that is
not heard waits, and holds no more than one such bit.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Generic, TypeVar

from django.db import connection, connections

T = TypeVar("T")


def room_beside() -> bool:
    """Whether work can be done beside this process.

    A copy has but one of this one's threads, and whatever the others held would be held for ever. It sees
    nothing of an open transaction.
    """
    if sys.platform != "linux" or connection.in_atomic_block:
        return False
    return threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


class ProcessBeside(Generic[T]):
    """Work that begins as this is made, and ends with its `with`, done or not; gives what it brings forth."""

    def __init__(self, work: Callable[[], Iterable[T]]) -> None:
        # Neither the driver of SQLite nor that of PostgreSQL lets a copy go on with a connection.
        connections.close_all()
        fork = multiprocessing.get_context("fork")
        self._here, there = fork.Pipe(duplex=False)
        self._process = fork.Process(target=_live, args=(work, self._here, there), daemon=True)
        self._process.start()
        there.close()
        self._done = False

    def __enter__(self) -> "ProcessBeside[T]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._here.close()
        if not self._done:
            self._process.kill()
        self._process.join()

    @property
    def process(self) -> int:
        """The number that the system knows its process by."""
        assert self._process.pid is not None
        return self._process.pid

    def __iter__(self) -> Iterator[T]:
        """What the work brings forth, as it comes; once.

        Raises EOFError where its process was ended, or raised something: do it here, and hear what.
        """
        while some := self._here.recv():
            yield some[0]
        self._done = True

    def result(self) -> T:
        """What work that is done `once` came to. Raises EOFError, as above."""
        (found,) = self
        return found


def once(work: Callable[[], T]) -> Iterator[T]:
    """As work for `ProcessBeside`, what brings forth one thing."""
    yield work()


def _live(work: Callable[[], Iterable[object]], here: Connection, there: Connection) -> None:
    """The life of the process: it ends with this function."""
    # Else it would wait for ever to be heard, where the one that is to hear has been ended.
    here.close()
    # Who interrupts at the terminal interrupts both, and the other ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What was there before stays: looking through it would make a copy of its memory.
    gc.freeze()
    try:
        for each in work():
            there.send((each,))
    except Exception:  # noqa: BLE001  # whoever waits does it again, and it is raised there
        return
    finally:
        connections.close_all()
    there.send(())
