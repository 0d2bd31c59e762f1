"""Publishing signed checkpoints: by the clock, or when somebody says so; what failed is sent again."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from ringfence.access.clock import clock
from ringfence.access.proof import LedgerRewritten, checkpoint_of, checkpoints_signed, due_firms, note_looked

from .enqueue import Track, enqueue, job
from .faults import GiveUp, TryAgain
from .publishing import LOG, may_come_right, publish, send

FIRST_PAUSE = timedelta(minutes=1)


@job(Track.SHORT)
def publish_due() -> None:
    """Have a checkpoint published of each firm whose time has come."""
    now = clock()
    for firm in due_firms(now):
        with transaction.atomic():
            if note_looked(firm, now):
                enqueue(publish_checkpoint, firm)


@job(Track.WEBHOOK)
def publish_checkpoint(firm: int) -> None:
    """Sign where the firm's ledger stands, and publish it."""
    try:
        done = publish(firm)
    except LedgerRewritten as rewritten:
        LOG.error("%s", rewritten)
        # No waiting writes a ledger back.
        raise GiveUp from rewritten
    if may_come_right(done):
        enqueue(send_checkpoint_again, firm, done.entry, run_after=timezone.now() + FIRST_PAUSE)


@job(Track.WEBHOOK)
def send_checkpoint_again(firm: int, entry: int) -> None:
    """Send what did not go out before, the same bytes, until it is taken or a newer checkpoint is signed."""
    checkpoint = checkpoint_of(firm, entry)
    if checkpoint is None or checkpoints_signed(firm, 1)[0].entry != entry:
        return
    if may_come_right(send(checkpoint)):
        raise TryAgain
