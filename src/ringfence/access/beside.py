"""Long work done in a process beside this one, on a core that would be idle: the one place that starts such.

It is a copy of this process, so it begins at once and knows all that this one does; it opens a connection to
the database of its own. It only reads. What comes of it is small, or is worth its way through a pipe.
"""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Generic, TypeVar

from django.db import connection, connections

T = TypeVar("T")


class Lost(Exception):
    """What was done beside came to nothing: its process was ended, or raised. Do it here, and hear why."""


def room_beside() -> bool:
    """Whether work can be done beside this process.

    A copy has but one of this one's threads, and whatever the others held would be held for ever. It sees
    nothing of an open transaction.
    """
    if sys.platform != "linux" or connection.in_atomic_block:
        return False
    return threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


class Beside(Generic[T]):
    """Work that begins as this is made, and ends with its `with`, done or not."""

    def __init__(self, work: Callable[[], T]) -> None:
        # Neither the driver of SQLite nor that of PostgreSQL lets a copy go on with a connection.
        connections.close_all()
        fork = multiprocessing.get_context("fork")
        self._here, there = fork.Pipe(duplex=False)
        self._process = fork.Process(target=_live, args=(work, self._here, there), daemon=True)
        self._process.start()
        there.close()
        self._heard = False

    def __enter__(self) -> "Beside[T]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._here.close()
        if not self._heard:
            self._process.kill()
        self._process.join()

    @property
    def process(self) -> int:
        """The number that the system knows its process by."""
        assert self._process.pid is not None
        return self._process.pid

    def result(self) -> T:
        """What the work came to, once it is done; asked for once. Raises `Lost`."""
        try:
            found: T = self._here.recv()
        except EOFError as error:
            raise Lost from error
        self._heard = True
        return found


def _live(work: Callable[[], object], here: Connection, there: Connection) -> None:
    """The life of the process: it ends with this function."""
    # Else it would wait for ever to be heard, where the one that is to hear has been ended.
    here.close()
    # Who interrupts at the terminal interrupts both, and the other ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        found = work()
    except Exception:  # noqa: BLE001  # whoever waits does it again, and it is raised there
        return
    finally:
        connections.close_all()
    there.send(found)
