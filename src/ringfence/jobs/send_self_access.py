"""Telling somebody that who manages access let themselves in."""

from ringfence.notices import self_access

from .enqueue import Track, job


@job(Track.MAIL)
def send_self_access(firm: int, entry: int, member: int) -> None:
    """To one member, of the ledger's entry."""
    self_access.send_self_access(firm, entry, member)
