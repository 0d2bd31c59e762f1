"""Handing work over to the jobs process: a task is a function with whole numbers as arguments.

A task waits as a row in the database, written within the caller's transaction: a change that is rolled back
leaves none behind. It may be done twice, so it is repeatable; it returns nothing, and its arguments are
numbers, since they stay in the table. Doing it is for `running.py`.
"""

import inspect
from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from typing import ParamSpec

from django.conf import settings
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

HOUSE = "house"
"""The queue of what belongs to no firm."""

_P = ParamSpec("_P")


class Track(IntEnum):
    """Which thread of the jobs process does a task, so that none waits for another kind; and its priority."""

    MAIL = 10
    """Waits for a mail server."""
    WEBHOOK = 5
    """Waits for a server elsewhere, such as a receiver of webhooks or a name server."""
    SHORT = 0
    """Done within seconds."""
    LONG = -10
    """May compute for minutes."""


def job(track: Track) -> Callable[[Callable[_P, None]], Task[_P, None]]:
    """Make a function of a module a task; where its first parameter is called `firm`, of that firm."""
    return task(priority=int(track))


def enqueue(work: Task[..., None], *numbers: int, run_after: datetime | None = None) -> bool:
    """Have the task done once the caller's transaction is committed; not before `run_after`, an aware time.

    False, with nothing written, for a mail where no mail is sent. Raises `TypeError` for arguments that are
    not whole numbers, or not as many as the task takes.
    """
    if any(type(number) is not int for number in numbers):
        raise TypeError(f"a task takes whole numbers, not {numbers}")
    inspect.signature(work.func).bind(*numbers)
    if work.priority == Track.MAIL and not settings.SENDS_MAIL:
        return False
    # The time stands in the row, so that what has waited longest is done first.
    due = work.using(queue_name=_queue(work, numbers), run_after=run_after or timezone.now())
    due.enqueue(*numbers)
    return True


def waits(work: Task[..., None], firm: int, *, begun: bool = True) -> bool:
    """Whether such a task of the firm waits or, where `begun` ones count too, is at work."""
    pending = [TaskResultStatus.READY, *([TaskResultStatus.RUNNING] if begun else [])]
    rows = DBTaskResult.objects.filter(task_path=work.module_path, queue_name=firm_queue(firm))
    return rows.filter(status__in=pending).exists()


def firm_queue(firm: int) -> str:
    """The queue of one firm's work."""
    return f"firm-{firm}"


def _queue(work: Task[..., None], numbers: tuple[int, ...]) -> str:
    first = next(iter(inspect.signature(work.func).parameters), "")
    return firm_queue(numbers[0]) if first == "firm" else HOUSE
