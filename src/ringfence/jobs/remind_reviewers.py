"""Reminding reviewers of access reviews that are due soon, a firm at a time: each is told once."""

from contextlib import ExitStack

from django.db import transaction

from ringfence.access import firm_state
from ringfence.access.reviews.reminding import firms_with_reminders, reminders
from ringfence.firms.models import Firm

from .enqueue import Track, job
from .send_notice import tell


@job(Track.SHORT)
def remind_reviewers() -> None:
    """Remind who has items to decide. A firm that fails is a fault at the end: no other firm waits for it."""
    with ExitStack() as all_firms:
        for firm in firms_with_reminders():
            all_firms.callback(_remind, firm)


def _remind(firm: int) -> None:
    with transaction.atomic():
        # Who looks at the same time waits here, and then finds that all were told.
        Firm.objects.select_for_update().get(pk=firm)
        now = firm_state(firm)
        tell(firm, now.now, reminders(now))
