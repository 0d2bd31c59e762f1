"""What comes round by the clock: each timer's task waits in the database like any other, once."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from .checkpoints import keep_checkpoints
from .directory import sync_directories
from .domains import recheck_domains
from .end_emergencies import end_emergencies
from .end_sessions import end_sessions
from .enqueue import enqueue
from .gather_use import gather_use
from .lists import drop_lists
from .notices_due import remind_of_requests, warn_of_endings
from .prune import prune
from .publish_checkpoints import publish_due
from .remind_of_walls import remind_of_walls
from .remind_reviewers import remind_reviewers
from .reviews_due import begin_scheduled_reviews, close_due_reviews


class Timer(NamedTuple):
    """A task without arguments, and how long after its end it is due again."""

    work: Task[[], None]
    every: timedelta


TIMERS = (
    Timer(end_sessions, timedelta(hours=1)),
    Timer(prune, timedelta(hours=6)),
    Timer(drop_lists, timedelta(hours=1)),
    Timer(remind_of_requests, timedelta(hours=1)),
    Timer(warn_of_endings, timedelta(hours=1)),
    Timer(sync_directories, timedelta(hours=1)),
    Timer(recheck_domains, timedelta(hours=1)),
    Timer(keep_checkpoints, timedelta(minutes=10)),
    Timer(publish_due, timedelta(hours=1)),
    Timer(end_emergencies, timedelta(minutes=1)),
    Timer(gather_use, timedelta(minutes=5)),
    Timer(close_due_reviews, timedelta(minutes=10)),
    Timer(begin_scheduled_reviews, timedelta(minutes=10)),
    Timer(remind_reviewers, timedelta(hours=1)),
    Timer(remind_of_walls, timedelta(hours=1)),
)


def set_timers(timers: tuple[Timer, ...] = TIMERS) -> None:
    """See that every timer's task waits or is at work."""
    missing = [timer for timer in timers if not _pending(timer)]
    if not missing:
        return
    with transaction.atomic():
        for timer in missing:
            # Another process may have seen to it meanwhile; on PostgreSQL even now, and twice does no harm.
            if not _pending(timer):
                enqueue(timer.work, run_after=_due(timer))


def _pending(timer: Timer) -> bool:
    waiting = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    return DBTaskResult.objects.filter(task_path=timer.work.module_path, status__in=waiting).exists()


def _due(timer: Timer) -> datetime:
    done = DBTaskResult.objects.filter(task_path=timer.work.module_path).aggregate(last=Max("finished_at"))
    last: datetime | None = done["last"]
    # A clock that was ahead may have dated it in the future.
    return min(last, timezone.now()) + timer.every if last is not None else timezone.now()
