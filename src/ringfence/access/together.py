"""Changes of one firm that come at once over several connections, committed together: the disk waits once.

Whoever comes while others are at work waits, and the next takes all who wait along. Each is decided on what
those before it left, with an entry of its own, and nobody is answered before all of it is on disk.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from ringfence.store.recently_used import RecentlyUsed, firms_kept
from ringfence.store.sources import StateUnavailable

from .series import Series, series

Answer = TypeVar("Answer")


class _Request(Generic[Answer]):
    """What one thread wants done, and what came of it once that is on disk."""

    def __init__(self, work: Callable[[Series], Answer], *, alone: bool) -> None:
        self.work, self.alone = work, alone
        self.done = False
        self._answer: Answer
        self._problem: BaseException | None = None

    def carry_out(self, firm: Series, refusals: type[Exception]) -> None:
        """Raises whatever is none of these refusals: nothing of it may stay written."""
        self._problem = None
        try:
            self._answer = self.work(firm)
        except refusals as refused:
            self._problem = refused

    def fail(self, problem: BaseException) -> None:
        self._problem = problem

    def answer(self) -> Answer:
        if self._problem is not None:
            raise self._problem
        return self._answer


class _Place:
    """The requests of one firm."""

    def __init__(self) -> None:
        self.moved_on = threading.Condition()
        self.busy = False
        self.waiting: list[_Request[Any]] = []


class SharedChanges:
    """The requests of all firms of this process. Safe for threads."""

    def __init__(self, refusals: type[Exception]) -> None:
        """`refusals`: what a request raises that has changed nothing."""
        self._refusals = refusals
        self._places = RecentlyUsed(firms_kept(), _Place)

    def answered(self, firm: int, work: Callable[[Series], Answer], *, alone: bool = False) -> Answer:
        """What `work` comes to, in a series of the firm's changes; on return it is on disk.

        It may be called anew where nothing of it was kept; what commits on the way goes `alone`. Raises what
        it raises, `FirmUnknown` and `StateUnavailable`.
        """
        place, mine = self._places.of(firm), _Request(work, alone=alone)
        self._places.trim()
        with place.moved_on:
            place.waiting.append(mine)
            place.moved_on.wait_for(lambda: mine.done or not place.busy)
            if mine.done:
                return mine.answer()
            place.busy = True
            together = [mine] if alone else [each for each in place.waiting if not each.alone]
            place.waiting = [each for each in place.waiting if each not in together]
        try:
            _carry_out(firm, together, self._refusals)
        finally:
            with place.moved_on:
                place.busy = False
                for each in together:
                    each.done = True
                place.moved_on.notify_all()
        return mine.answer()


def _carry_out(firm: int, requests: Sequence[_Request[Any]], refusals: type[Exception]) -> None:
    """All of them as one transaction; where one breaks, each by itself."""
    try:
        with series(firm, undoing=any(each.alone for each in requests)) as changes:
            for each in requests:
                each.carry_out(changes, refusals)
    except Exception as problem:  # noqa: BLE001  # each who asked is told of it
        # Whether a commit came through that nobody heard of, the directory finds out when it asks again.
        if len(requests) == 1 or isinstance(problem, StateUnavailable):
            for each in requests:
                each.fail(problem)
            return
        for each in requests:
            _carry_out(firm, [each], refusals)
