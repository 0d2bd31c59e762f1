"""Noting in the ledgers what has ended by the clock, so that whoever follows them is told soon."""

from contextlib import ExitStack

from ringfence.access.changes.expiring import firms_with_endings, note_endings


def note_all_endings() -> None:
    """In every firm in which something has ended. One that cannot be noted is a fault at the end."""
    with ExitStack() as all_firms:
        for firm in firms_with_endings():
            all_firms.callback(note_endings, firm)
