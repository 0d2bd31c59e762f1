"""Gathering who used what, so that reports and reviews need to read little besides."""

from contextlib import ExitStack

from ringfence.access.open_firms import open_only
from ringfence.access.use import fold_use
from ringfence.firms.models import Firm

from .enqueue import Track, job


@job(Track.SHORT)
def gather_use() -> None:
    """Gather what each firm's ledger and log of decisions say since the last time.

    A firm of which it cannot be done is told of at the end, as a fault: no other firm waits for it.
    """
    with ExitStack() as all_firms:
        for firm in open_only(Firm.objects.order_by("pk"), "pk").values_list("pk", flat=True):
            all_firms.callback(_gather, firm)


def _gather(firm: int) -> None:
    while fold_use(firm):
        pass
