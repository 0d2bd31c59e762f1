"""Telling somebody that they signed in with a browser that was not known."""

from ringfence.notices import new_device

from .enqueue import Track, job


@job(Track.MAIL)
def send_new_device(user: int, at: int) -> None:
    """To the address that the user signs in with; `at` as in `notices.new_device`."""
    new_device.send_new_device(user, at)
