"""Telling somebody that another address to sign in with was asked for in their name."""

from ringfence.notices import address_notice

from .enqueue import Track, job


@job(Track.MAIL)
def send_address_notice(user: int) -> None:
    """To the address that the user signs in with."""
    address_notice.send_address_notice(user)
