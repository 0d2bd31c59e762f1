"""Ending emergency access whose hours are over, in nobody's name, a firm at a time."""

from contextlib import ExitStack

from ringfence.access.emergencies import end_expired
from ringfence.access.open_firms import open_only
from ringfence.firms.models import Emergency

from .enqueue import Track, job


@job(Track.SHORT)
def end_emergencies() -> None:
    """Remove what has expired, so that what was open to all before is so again.

    A firm of which it cannot be done is told of at the end, as a fault: no other firm waits for it.
    """
    standing = open_only(Emergency.objects.filter(stands=True))
    firms = standing.order_by("firm").values_list("firm", flat=True).distinct()
    with ExitStack() as all_firms:
        for firm in firms:
            all_firms.callback(end_expired, firm)
