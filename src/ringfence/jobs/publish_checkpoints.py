"""Publishing signed checkpoints: by the clock, or when somebody says so."""

from ringfence.access.clock import clock
from ringfence.access.proof import LedgerRewritten, due_firms

from .enqueue import Track, enqueue, job
from .publishing import LOG, publish


@job(Track.SHORT)
def publish_due() -> None:
    """Have a checkpoint published of each firm whose time has come."""
    for firm in due_firms(clock()):
        enqueue(publish_checkpoint, firm)


@job(Track.WEBHOOK)
def publish_checkpoint(firm: int) -> None:
    """Sign where the firm's ledger stands, and publish it; what did not go out before is tried again."""
    try:
        publish(firm)
    except LedgerRewritten as rewritten:
        LOG.error("%s", rewritten)
        raise
