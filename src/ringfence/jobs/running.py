"""Doing what waits: a task is taken, done and put down as done, as failed, or to be tried again later.

Taking is one conditional update and looking is a plain reading, so whoever writes is kept waiting by
neither. A task that a process took and never put down is put back by any other. Threads are in `process.py`.
"""

import logging
import time
from collections import deque
from datetime import timedelta
from threading import Lock
from uuid import UUID

from django.db import Error
from django.db.models import Count, Q
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ringfence.access import StateUnavailable
from ringfence.access.open_firms import closed_firms
from ringfence.notices.sending import MailRefused, MailServerAway
from ringfence.telemetry import counts
from ringfence.telemetry.tracing import span

from .enqueue import Track, firm_queue
from .faults import GiveUp, ProcessEnded, TryAgain

LOG = logging.getLogger(__name__)

TASKS = counts.Counter("ringfence_tasks_total", "Tasks of the background.", ["task", "outcome"])
SECONDS = counts.Spread("ringfence_task_seconds", "How long tasks took.", ["task"])
WAITING = counts.Gauge("ringfence_tasks_waiting", "Tasks that are due and wait.", ["track"])
FAILED = counts.Gauge("ringfence_tasks_failed", "Tasks that have failed and are kept for a month.")

FIRST_PAUSE, LONGEST_PAUSE = 15.0, 3600.0
"""Seconds until a task is tried again: the first time, and at most."""
GROWTH = 4
MOST_ATTEMPTS = 52
"""After so many, two days all in all, a task stays as failed."""
LOST = timedelta(minutes=2)
"""A task at work that nobody has signed for so long is put back."""

MOST_TURNS = 1_000
"""Queues that are passed over at most because they have had their turn: those that had it last."""
FARTHEST = timedelta(days=1)
"""Nothing is put off for so long."""

Row = DBTaskResult[..., None]
"""A task as it stands in its table."""
FINAL = (GiveUp, MailRefused)
FORESEEN = (TryAgain, MailServerAway, Error, StateUnavailable, ImportError, *FINAL)
"""What a task may raise without a fault of ours; one that cannot be imported is of a newer Ringfence."""


class AtWork:
    """What this process is doing, by track, and since when."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tasks: dict[int, tuple[UUID, float]] = {}
        self.served: dict[Track, deque[str]] = {track: deque(maxlen=MOST_TURNS) for track in Track}
        """By track, the queues that have had their turn; each is looked at by its own thread alone."""

    def begin(self, track: int, task: UUID) -> None:
        with self._lock:
            self._tasks[track] = (task, time.monotonic())

    def end(self, track: int) -> None:
        with self._lock:
            self._tasks.pop(track, None)

    def tasks(self) -> list[UUID]:
        """The tasks being done."""
        with self._lock:
            return [task for task, _ in self._tasks.values()]

    def seconds(self, track: Track) -> float:
        """For how long the track has been at its task; 0 where it has none."""
        with self._lock:
            found = self._tasks.get(track)
        return time.monotonic() - found[1] if found else 0.0


def do_next(track: Track, worker: str, at_work: AtWork) -> bool:
    """Do a task of the track that is due; whether there was one.

    Firms take turns, so that one with thousands of tasks keeps no other waiting; of a firm's tasks it is the
    one that has waited longest.

    `worker` names the process. What a task raises that nobody expects is raised once the task is put down.
    """
    row = _taken(track, worker, at_work.served[track])
    if row is None:
        return False
    at_work.begin(track, row.pk)
    begun, outcome = time.perf_counter(), "done"
    try:
        with span("task", {"task": row.task_path}):
            row.task.call(*row.args_kwargs["args"])
    except FORESEEN as fault:
        outcome = put_down(row, fault)
    except BaseException as fault:
        outcome = put_down(row, fault)
        raise
    else:
        _finish(row, TaskResultStatus.SUCCESSFUL, fault="")
    finally:
        at_work.end(track)
        _tell(row, outcome, time.perf_counter() - begun)
    return True


def _tell(row: Row, outcome: str, seconds: float) -> None:
    name = row.task_path.rpartition(".")[2]
    TASKS.of(name, outcome).add()
    SECONDS.of(name).observe(seconds)
    LOG.info("task %s", outcome, extra={"task": name, "milliseconds": round(seconds * 1000, 1)})


def count_waiting() -> None:
    """See how many tasks wait, by track, and how many have failed."""
    due = DBTaskResult.objects.ready().order_by()
    waiting = dict(due.values_list("priority").annotate(Count("pk")))
    for track in Track:
        WAITING.of(track.name.lower()).set(waiting.get(int(track), 0))
    FAILED.of().set(DBTaskResult.objects.filter(status=TaskResultStatus.FAILED).count())


def _taken(track: Track, worker: str, served: deque[str]) -> Row | None:
    """A task that is due and now ours; None where there is none, or others were quicker."""
    due = DBTaskResult.objects.ready().filter(priority=int(track))
    if not due.exists():
        # As it is twice a second while nothing happens.
        return None
    # What waits for a firm that is on its way to another database goes along.
    due = due.exclude(queue_name__in=[firm_queue(firm) for firm in closed_firms()])
    row = due.exclude(queue_name__in=list(served)).first() if served else None
    if row is None:
        served.clear()
        row = due.first()
    if row is None:
        return None
    served.append(row.queue_name)
    workers = [*row.worker_ids, worker]
    mine = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.READY).update(
        status=TaskResultStatus.RUNNING, started_at=timezone.now(), worker_ids=workers
    )
    row.worker_ids = workers
    return row if mine else None


def put_down(row: Row, fault: BaseException) -> str:
    """Note that a task at work was not done: to be tried again, or failed for good; which of them."""
    attempts = len(row.worker_ids)
    kind = f"{type(fault).__module__}.{type(fault).__qualname__}"
    last = isinstance(fault, FINAL) or attempts >= MOST_ATTEMPTS
    if last:
        _finish(row, TaskResultStatus.FAILED, fault=kind)
    else:
        DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING).update(
            status=TaskResultStatus.READY,
            run_after=timezone.now() + pause(attempts),
            exception_class_path=kind,
            traceback="",
        )
    if attempts == 1 or last:
        then = "it has failed" if last else "it is tried again"
        LOG.warning("The task %s of %s: %s; %s", row.task_path, row.queue_name, kind, then)
    return "failed" if last else "put off"


def pause(attempts: int) -> timedelta:
    """How long a task waits after so many attempts."""
    return timedelta(seconds=min(FIRST_PAUSE * GROWTH ** min(attempts - 1, 10), LONGEST_PAUSE))


def _finish(row: Row, status: str, *, fault: str) -> None:
    DBTaskResult.objects.filter(pk=row.pk).update(
        status=status, finished_at=timezone.now(), exception_class_path=fault, traceback=""
    )


def sign(at_work: AtWork) -> None:
    """Say of the tasks that this process is doing that it still is."""
    if tasks := at_work.tasks():
        DBTaskResult.objects.filter(pk__in=tasks, status=TaskResultStatus.RUNNING).update(
            started_at=timezone.now()
        )


def put_back_lost() -> None:
    """Put back what a process had taken that is there no more.

    Also what a clock that was ahead dates in the future, where nobody could have signed it.
    """
    now = timezone.now()
    unsigned = Q(started_at__lt=now - LOST) | Q(started_at__gt=now + LOST)
    for row in DBTaskResult.objects.filter(unsigned, status=TaskResultStatus.RUNNING):
        put_down(row, ProcessEnded())


def bring_near() -> None:
    """Have done what waits for longer than anything is put off: a clock that was ahead has said so."""
    now = timezone.now()
    far = DBTaskResult.objects.filter(status=TaskResultStatus.READY, run_after__gt=now + FARTHEST)
    if far.exists():
        far.update(run_after=now)


def retry_failed() -> int:
    """Have everything that has failed tried again, from its first attempt; how many tasks that were."""
    failed = DBTaskResult.objects.filter(status=TaskResultStatus.FAILED)
    return failed.update(
        status=TaskResultStatus.READY, run_after=timezone.now(), worker_ids=[], finished_at=None
    )
