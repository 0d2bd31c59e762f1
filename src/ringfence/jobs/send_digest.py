"""Sending one member their daily digest."""

from ringfence.access.digest.days import stretch_of
from ringfence.notices import digest

from .enqueue import Track, job


@job(Track.MAIL)
def send_digest(firm: int, member: int, since: int, until: int) -> None:
    """To one member, of what happened from the one instant up to the other."""
    digest.send_digest(stretch_of(firm, since, until), member)
