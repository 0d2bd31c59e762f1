"""What one process keeps for each of the firms it was asked for last."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

FIRMS_KEPT = "RINGFENCE_FIRMS_KEPT"
USUAL, MOST = 64, 1_000_000


def firms_kept() -> int:
    """How many firms a process keeps, as its environment says; settings refuse what is unfit."""
    value = os.environ.get(FIRMS_KEPT, "").strip()
    return int(value) if value.isdecimal() else USUAL


class RecentlyUsed(Generic[T]):
    """One `T` a firm, the least recently asked for dropped first. Safe for threads."""

    def __init__(self, limit: int, make: Callable[[], T]) -> None:
        self._limit = limit
        self._make = make
        self._lock = threading.Lock()
        self._things: OrderedDict[int, T] = OrderedDict()

    def of(self, firm: int) -> T:
        """The firm's own, made where there is none yet."""
        with self._lock:
            thing = self._things.get(firm)
            if thing is None:
                thing = self._things[firm] = self._make()
            self._things.move_to_end(firm)
        return thing

    def trim(self) -> None:
        """Down to the limit. Not done by `of`: asking for firms that are not there must drop nothing."""
        with self._lock:
            while len(self._things) > self._limit:
                self._things.popitem(last=False)

    def drop(self, firm: int) -> None:
        with self._lock:
            self._things.pop(firm, None)

    def __len__(self) -> int:
        return len(self._things)
