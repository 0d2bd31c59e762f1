"""Sending a link to the address that a user wants to sign in with."""

from ringfence.notices import address_link

from .enqueue import Track, job


@job(Track.MAIL)
def send_address_link(user: int) -> None:
    """To the address that the user asked for last."""
    address_link.send_address_link(user)
