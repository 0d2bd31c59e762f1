"""Forgetting what is over: tasks, notices, deliveries, packs and lines of the logs, each after its time.

For how long each of them is kept is said where it is kept.
"""

from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ringfence.access.decision_log import forget_old_decisions
from ringfence.access.notices import forget_notices
from ringfence.access.proof.packs import forget_packs
from ringfence.access.providers.sessions import forget_sessions
from ringfence.access.refused_attempts import forget_old_attempts
from ringfence.access.repeated import forget_answers
from ringfence.access.security_lines import forget_old_lines
from ringfence.access.webhooks import forget_deliveries

from .enqueue import Track, job
from .gather_use import gather_use

KEPT = {TaskResultStatus.SUCCESSFUL: timedelta(days=7), TaskResultStatus.FAILED: timedelta(days=30)}
"""For how long, by how they ended."""
NOTICES_KEPT = timedelta(days=365)


@job(Track.SHORT)
def prune() -> None:
    """Remove tasks that ended, notices, and lines of logs that lie back longer than they are kept."""
    for status, kept in KEPT.items():
        DBTaskResult.objects.filter(status=status, finished_at__lt=timezone.now() - kept).delete()
    forget_notices(NOTICES_KEPT)
    forget_answers()
    forget_deliveries()
    # Whoever was let in is not forgotten with the log that says so.
    gather_use.func()
    forget_old_decisions()
    forget_old_lines()
    forget_old_attempts()
    forget_sessions()
    forget_packs()
