"""Sending somebody a link to set their password."""

from ringfence.notices import password_link

from .enqueue import Track, job


@job(Track.MAIL)
def send_password_link(user: int, language: int) -> None:
    """To the user, 0 for nobody: whoever asks for an unknown address is to wait as long as others."""
    password_link.send_password_link(user, language)
