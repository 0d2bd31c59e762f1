"""What a report of a review says, in words: whoever knows the review fills it, the writers set it out."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec


class Fate(StrEnum):
    """What became of an item."""

    KEPT = "kept"
    REMOVED = "removed"
    LOWERED = "lowered"
    LEFT = "left"
    """Nobody decided it, and it was kept."""
    TAKEN = "taken"
    """Nobody decided it, and it was removed."""
    MOVED = "moved"
    """It changed or went before anybody decided it."""


FIRST_LOOKED_AT = (Fate.REMOVED, Fate.LOWERED, Fate.TAKEN, Fate.LEFT, Fate.MOVED, Fate.KEPT)
"""The order in which the PDF lists items: what was changed or left open comes first."""


class ReportedItem(msgspec.Struct, frozen=True, kw_only=True):
    """One permission or delegation that was reviewed; texts as the report shows them, empty for none."""

    holder: str
    what: str
    """What it is on: a client, a service of one, or to whom it delegates."""
    reference: str
    level: str
    last_used: str
    fate: Fate
    decided: str
    """The decision in words, with the level where it was lowered, or why it was kept undecided."""
    by: str
    when: str


class ReportedReview(msgspec.Struct, frozen=True, kw_only=True):
    """A review that is closed."""

    firm: str
    name: str
    scope: str
    lines: Sequence[tuple[str, str]]
    """What else stands at the head, each with its heading: begun, due, closed, who reviewed, what was to
    become of what nobody decided."""
    totals: Sequence[tuple[str, int]]
    """How many items came to what, each fate in words; their sum is the number of items."""
    language: str
    """``en`` or ``cy``."""
    closed: float
    """When, in seconds since 1970 UTC: the files say so and are the same each time."""
