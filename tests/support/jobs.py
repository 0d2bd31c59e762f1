"""Background work within a test: what waits is done in the test's own thread and transaction."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ringfence.jobs.enqueue import Track
from ringfence.jobs.running import AtWork, do_next


def do_waiting() -> int:
    """Do everything that is due until nothing is; how many tasks were begun."""
    at_work, done = AtWork(), 0
    while any(do_next(track, "test", at_work) for track in Track):
        done += 1
    return done


def waiting() -> list[tuple[str, list[int]]]:
    """The tasks that wait, by name with their arguments, in the order in which they were handed over."""
    rows = DBTaskResult.objects.filter(status=TaskResultStatus.READY).order_by("enqueued_at")
    return [(row.task_name, row.args_kwargs["args"]) for row in rows]


def let_time_pass(passed: timedelta) -> None:
    """Make every time that is remembered of a task so much earlier."""
    for row in DBTaskResult.objects.all():
        for field in ("enqueued_at", "started_at", "finished_at", "run_after"):
            if (at := getattr(row, field)) is not None and at.year < timezone.now().year + 10:
                setattr(row, field, at - passed)
        row.save()
