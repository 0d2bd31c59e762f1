"""Sending a member their invitation."""

from ringfence.notices import invitation

from .enqueue import Track, job


@job(Track.MAIL)
def send_invitation(firm: int, member: int) -> None:
    """To the member, at the address that the firm has for them."""
    invitation.send_invitation(firm, member)
