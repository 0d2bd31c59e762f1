"""Telling all administrators that the firm's own sign-in alone lets people in, or no longer."""

from django.db import transaction

from ringfence.access.clock import clock
from ringfence.access.door import Beside, Committed, lock
from ringfence.notices import sign_in_only

from .enqueue import Track, enqueue, job
from .send_notice import tell


@job(Track.SHORT)
def tell_sign_in_only(firm: int, member: int) -> None:
    """The member has turned it on or off; 0 for the operator."""
    with transaction.atomic():
        lock(firm)
        tell(firm, clock(), sign_in_only.told_turned(firm, member))


class TellingTurned(Beside):
    """Has all administrators told, once the change that it stands beside is committed, and not else."""

    def __init__(self, firm: int, member: int) -> None:
        self._firm, self._member = firm, member

    def after(self, committed: Committed) -> None:
        enqueue(tell_sign_in_only, self._firm, self._member)
