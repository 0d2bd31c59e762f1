"""Telling all administrators that the kept password of a firm was used."""

from django.db import transaction

from ringfence.access.clock import clock
from ringfence.access.door import lock
from ringfence.notices import kept_password

from .enqueue import Track, job
from .send_notice import tell


@job(Track.SHORT)
def tell_kept_password(firm: int, member: int) -> None:
    """The member came in with it."""
    with transaction.atomic():
        lock(firm)
        tell(firm, clock(), kept_password.told(firm, member))
