"""Checkpoints of the ledgers, made beside everything else, so that the past is answered soon."""

from contextlib import ExitStack

from ringfence.access import make_checkpoints
from ringfence.firms.models import Firm

from .enqueue import Track, job


@job(Track.LONG)
def keep_checkpoints() -> None:
    """Make what each firm's ledger wants since its last checkpoint; of most that is none.

    A firm of which none can be made is told of at the end, as a fault: no other firm waits for it.
    """
    with ExitStack() as all_firms:
        for firm in Firm.objects.order_by("pk").values_list("pk", flat=True):
            all_firms.callback(make_checkpoints, firm)
