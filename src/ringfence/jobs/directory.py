"""Asking directories by the hour, and telling administrators where the brake held or nothing is answered.

What the brake holds is looked at anew each hour, and never let through: that takes somebody who names the
number. They are told once, until it goes on.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from ringfence.access.clock import clock
from ringfence.access.directories import (
    LastRun,
    directory_of,
    hourly_directories,
    keep_last_run,
    note_told,
)
from ringfence.firms.models import Firm
from ringfence.notices import directory_stops

from .enqueue import Track, enqueue, job, waits
from .send_notice import tell

PATIENCE = timedelta(hours=24) // timedelta(microseconds=1)
"""Microseconds for which a directory may not answer before that is told."""


@job(Track.SHORT)
def sync_directories() -> None:
    """Have each directory asked that is asked by the hour."""
    for firm in hourly_directories():
        # One that is asked still, or waits to be, is not asked twice.
        if not waits(sync_directory, firm):
            enqueue(sync_directory, firm)


def ask_directory(firm: int, at_most: int = 0) -> None:
    """Have a firm's directory asked soon: once, however often that is wanted before it is begun."""
    if at_most or not waits(sync_directory, firm, begun=False):
        enqueue(sync_directory, firm, at_most)


@job(Track.LONG)
def sync_directory(firm: int, at_most: int = 0) -> None:
    """Make a firm as its directory has it; `at_most`: as many may go, though more than a tenth.

    That was said of what the brake held, and counts while that is what it holds.
    """
    row, last = Firm.objects.get(pk=firm), _done(firm, at_most)
    if last is None:
        return
    kept = keep_last_run(row.pk, last)
    stopped = kept.status == "braked"
    if stopped or (kept.status == "failed" and clock() - kept.failing_since >= PATIENCE):
        with transaction.atomic():
            if note_told(firm):
                tell(firm, clock(), directory_stops.told(firm, stopped=stopped))


def _done(firm: int, at_most: int) -> LastRun | None:
    kept = directory_of(firm)
    if kept is None:
        return None
    try:
        # An extra of the package, which firms without a directory do without.
        from ringfence.lists.directory.syncing import ask, compare_and_save
    except ImportError:
        return LastRun(at=clock(), status="failed", why="missing")
    agreed = at_most if (kept.last.status, kept.last.going) == ("braked", at_most) else None
    answered = ask(kept, tuple(settings.SIGN_IN_NETWORKS))
    row = Firm.objects.get(pk=firm)
    return compare_and_save(row, kept, answered, at_most=agreed).last
