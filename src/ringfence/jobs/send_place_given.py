"""Telling a member who signs in already that they have a place in a firm."""

from ringfence.notices import place_given

from .enqueue import Track, job


@job(Track.MAIL)
def send_place_given(firm: int, member: int, by: int) -> None:
    """To the member; `by` is who asked for it."""
    place_given.send_place_given(firm, member, by)
