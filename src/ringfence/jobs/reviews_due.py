"""Access reviews that are due, closed by the clock, and those that it begins."""

from ringfence.access.reviews.closing import close_due
from ringfence.access.reviews.schedules import begin_due

from .enqueue import Track, job


@job(Track.SHORT)
def close_due_reviews() -> None:
    """Close every open review whose date has come."""
    close_due()


@job(Track.SHORT)
def begin_scheduled_reviews() -> None:
    """Begin each scheduled review whose day has come."""
    begin_due()
