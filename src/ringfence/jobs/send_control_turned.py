"""What an older Ringfence left waiting: a mail about control, which is a notice now."""

from .enqueue import Track, job
from .tell_changes import tell_one


@job(Track.MAIL)
def send_control_turned(firm: int, entry: int, member: int) -> None:
    """To one member, of the ledger's entry."""
    tell_one(firm, entry, member)
