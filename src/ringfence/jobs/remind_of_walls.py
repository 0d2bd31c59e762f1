"""Asking by mail whoever has not acknowledged yet that work is kept apart, a firm at a time."""

from contextlib import ExitStack

from django.db import transaction

from ringfence.access import firm_state
from ringfence.access.wall_reminders import firms_with_walls, wall_reminders
from ringfence.firms.models import Firm

from .enqueue import Track, job
from .send_notice import tell


@job(Track.SHORT)
def remind_of_walls() -> None:
    """Tell who is asked and was not told this week. A firm that fails is a fault at the end."""
    with ExitStack() as all_firms:
        for firm in firms_with_walls():
            all_firms.callback(_remind, firm)


def _remind(firm: int) -> None:
    with transaction.atomic():
        # Who looks at the same time waits here, and then finds that all were told.
        Firm.objects.select_for_update().get(pk=firm)
        now = firm_state(firm)
        tell(firm, now.now, wall_reminders(now))
