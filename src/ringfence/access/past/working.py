"""Long questions about the past, worked out beside the pages: one at a time, in a thread that yields.

Whoever asks is answered at once where the work is short or done already; else they are told how far it has
come, and ask again. An answer about the past never changes, so it can be kept as long as there is room; what
rests on the present as well is asked whether it still holds.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection

from ringfence.firms.yielding import yield_to_others

from .states import Told, told_nobody

AT_ONCE = 400
"""Entries that are replayed while one waits for the page."""
KEPT = 16
"""Answers, and questions being worked on, that a process keeps."""

T = TypeVar("T")


class Working(NamedTuple):
    """How far the work has come."""

    done: int
    total: int


class _Question:
    """One question being worked on, or its answer."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.future: Future[Any] | None = None

    def tell(self, done: int) -> None:
        self.done = min(max(done, self.done), self.total)


_QUESTIONS: OrderedDict[Hashable, _Question] = OrderedDict()
_LOCK = threading.Lock()


def asked(
    key: Hashable, total: int, answer: Callable[[Told], T], *, holds: Callable[[T], bool] = lambda _: True
) -> T | Working:
    """The answer, or how far it has come; `total` is how many entries have to be gone through for it.

    `key` tells the question and everything that its answer depends on but the hour: an answer that no longer
    `holds` is worked out anew. Raises what `answer` raises, and then forgets the question.
    """
    with _LOCK:
        question = _QUESTIONS.get(key)
        if question is None and total > AT_ONCE:
            question = _QUESTIONS[key] = _Question(total)
            question.future = _bench(os.getpid()).submit(_worked_out, answer, question.tell)
            while len(_QUESTIONS) > KEPT:
                _QUESTIONS.popitem(last=False)
    if question is None:
        return answer(told_nobody)
    assert question.future is not None
    if not question.future.done():
        return Working(question.done, question.total)
    try:
        found: T = question.future.result()
    except BaseException:
        _forget(key, question)
        raise
    if holds(found):
        return found
    _forget(key, question)
    return asked(key, total, answer)


def _forget(key: Hashable, question: _Question) -> None:
    """Unless it was asked anew meanwhile."""
    with _LOCK:
        if _QUESTIONS.get(key) is question:
            del _QUESTIONS[key]


def _worked_out(answer: Callable[[Told], T], tell: Told) -> T:
    try:
        return answer(tell)
    finally:
        # The thread's own; nobody else would close it.
        connection.close()


@cache
def _bench(process: int) -> ThreadPoolExecutor:
    # By process, since a fork takes no thread along.
    return ThreadPoolExecutor(1, thread_name_prefix="past", initializer=yield_to_others)
