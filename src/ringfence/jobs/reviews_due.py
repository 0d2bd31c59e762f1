"""Access reviews that are due, closed by the clock."""

from ringfence.access.reviews.closing import close_due

from .enqueue import Track, job


@job(Track.SHORT)
def close_due_reviews() -> None:
    """Close every open review whose date has come."""
    close_due()
