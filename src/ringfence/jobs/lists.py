"""Lists on their way in: looked at, checked, saved and, if nobody saves them, let go of in the background."""

from ringfence.lists.uploads import keeping, steps

from .enqueue import Track, job


@job(Track.LONG)
def look_at_list(firm: int, upload: int, turn: int) -> None:
    """Read the first rows of a file that was sent."""
    steps.look(firm, upload, turn)


@job(Track.LONG)
def check_list(firm: int, upload: int, turn: int) -> None:
    """Read a list, compare it with the firm and preview it."""
    steps.check(firm, upload, turn)


@job(Track.LONG)
def save_list(firm: int, upload: int, turn: int) -> None:
    """Save a list exactly as it was previewed."""
    steps.write(firm, upload, turn)


@job(Track.SHORT)
def drop_lists() -> None:
    """Let go of the lists that have lapsed."""
    keeping.sweep()
