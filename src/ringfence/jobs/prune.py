"""Forgetting tasks that are over: done ones after a week, failed ones after a month."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from .enqueue import Track, job

KEPT = {TaskResultStatus.SUCCESSFUL: timedelta(days=7), TaskResultStatus.FAILED: timedelta(days=30)}
"""For how long, by how they ended."""


@job(Track.SHORT)
def prune() -> None:
    """Remove the rows of tasks that ended long ago."""
    for status, kept in KEPT.items():
        DBTaskResult.objects.filter(status=status, finished_at__lt=timezone.now() - kept).delete()
