"""Telling an administrator that access control was turned on or off."""

from ringfence.notices import control_turned

from .enqueue import Track, job


@job(Track.MAIL)
def send_control_turned(firm: int, entry: int, member: int) -> None:
    """To one member, of the ledger's entry."""
    control_turned.send_control_turned(firm, entry, member)
