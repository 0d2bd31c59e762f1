"""One read for many callers who want the same at once: whoever comes while a read is on shares the next.

A caller never shares a read that began before it came.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Round(Generic[T]):
    def __init__(self) -> None:
        self.done = threading.Event()
        self.result: list[T] = []
        """Empty where the round failed."""
        self.callers = 1


class SharedRead(Generic[T]):
    """One kind of work of which one round runs at a time."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._running = False
        self._next: _Round[T] | None = None

    @property
    def waiting(self) -> int:
        """How many callers wait for a round that has not begun."""
        with self._condition:
            return self._next.callers if self._next else 0

    def take(self, work: Callable[[], T]) -> T:
        """The result of a round of `work` that began after this call; raises what `work` raises.

        The caller who opens a round does the work for everybody in it. Where that fails, the others
        each do their own, since what failed may be one caller's connection alone.
        """
        with self._condition:
            mine = self._next
            leading = mine is None
            if mine is None:
                mine = self._next = _Round()
                self._condition.wait_for(lambda: not self._running)
                # From here on the round is closed: the work begins.
                self._next, self._running = None, True
            else:
                mine.callers += 1
        if not leading:
            mine.done.wait()
            return mine.result[0] if mine.result else work()
        try:
            mine.result.append(work())
        finally:
            mine.done.set()
            with self._condition:
                self._running = False
                self._condition.notify_all()
        return mine.result[0]
