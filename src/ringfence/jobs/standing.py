"""How background work stands: what waits, what failed and why, in counts and kinds, not in people's words."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from .enqueue import firm_queue
from .schedule import TIMERS

SLOW = timedelta(minutes=2)
"""What is due for longer has nobody to do it."""


class TaskCount(msgspec.Struct, frozen=True, kw_only=True):
    """The tasks of one kind that stand alike."""

    task: str
    """The name of the task, as `send_password_link`."""
    status: str
    """``waiting``, ``working``, ``failed`` or ``done``."""
    fault: str
    """The kind of what went wrong last, as a class's name; empty where nothing did."""
    count: int
    since: datetime
    """When the first of them was handed over."""
    next: datetime
    """When the first of them is due; of those that are over, was."""
    last: datetime | None
    """When the last of them ended."""


_STATUS = {
    TaskResultStatus.READY: "waiting",
    TaskResultStatus.RUNNING: "working",
    TaskResultStatus.FAILED: "failed",
    TaskResultStatus.SUCCESSFUL: "done",
}


def standing(firm: int | None = None) -> tuple[TaskCount, ...]:
    """All tasks that are remembered, or those of one firm, by kind; one question to the database."""
    rows = DBTaskResult.objects.order_by()
    if firm is not None:
        rows = rows.filter(queue_name=firm_queue(firm))
    found = (
        rows.values("task_path", "status", "exception_class_path")
        .annotate(count=Count("pk"), since=Min("enqueued_at"), next=Min("run_after"), last=Max("finished_at"))
        .order_by("task_path", "status", "exception_class_path")
    )
    return tuple(
        msgspec.convert(
            {
                "task": str(row["task_path"]).rpartition(".")[2],
                "status": _STATUS[TaskResultStatus(str(row["status"]))],
                "fault": str(row["exception_class_path"]).rpartition(".")[2],
                **{name: row[name] for name in ("count", "since", "next", "last")},
            },
            TaskCount,
        )
        for row in found
    )


class TimerStanding(msgspec.Struct, frozen=True, kw_only=True):
    """What comes round by the clock for all firms together."""

    task: str
    """The name of the task, as `warn_of_endings`."""
    last: datetime | None
    """When it was done last; None where that is not remembered."""
    next: datetime | None
    """When it is due; None where no jobs process has seen to it yet, or it is being done."""


def timers_standing() -> tuple[TimerStanding, ...]:
    """Each of them, one question to the database."""
    paths = [timer.work.module_path for timer in TIMERS]
    rows = DBTaskResult.objects.filter(task_path__in=paths).order_by().values("task_path")
    found = rows.annotate(
        last=Max("finished_at", filter=Q(status=TaskResultStatus.SUCCESSFUL)),
        next=Min("run_after", filter=Q(status=TaskResultStatus.READY)),
    )
    known = {str(row["task_path"]): (row["last"], row["next"]) for row in found}
    standing_now = []
    for path in paths:
        last, due = known.get(path, (None, None))
        standing_now.append(TimerStanding(task=path.rpartition(".")[2], last=last, next=due))
    return tuple(standing_now)


def nobody_works(counts: Iterable[TaskCount]) -> bool:
    """Whether something is due for so long that no jobs process can be running."""
    late = timezone.now() - SLOW
    return any(count.status == "waiting" and count.next < late for count in counts)
