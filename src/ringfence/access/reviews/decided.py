"""Who started a review, and who decided what in it, and when: from the ledger."""

import msgspec
from pyroaring import BitMap

from ringfence.access.firm_now import FirmNow
from ringfence.access.ledger.entries import entries_numbered
from ringfence.access.ledger.finding import Sought, find_entries
from ringfence.core.events import ReviewDecided, ReviewStarted
from ringfence.core.terms import Instant, Level


class DecidedItems(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody decided about some items at once."""

    items: BitMap
    level: Level
    """To which they were lowered; `Level.NONE` where they were not."""
    by: int | None
    """The member; None for the operator."""
    at: Instant


def decided_in(firm_now: FirmNow, review: int) -> list[DecidedItems]:
    """In the order in which it was decided: of an item the last one counts. Raises `StateUnavailable`."""
    numbers = find_entries(firm_now.firm, firm_now.version, Sought(commands=("review.decide",)))
    return [
        DecidedItems(items=event.items, level=event.level, by=entry.actor.member, at=entry.at)
        for entry in entries_numbered(firm_now.firm, numbers)
        for event in entry.events
        if isinstance(event, ReviewDecided) and event.review == review
    ]


def starter_of(firm_now: FirmNow, review: int) -> int | None:
    """The member who started it; None for the operator. Raises `StateUnavailable`."""
    numbers = find_entries(firm_now.firm, firm_now.version, Sought(commands=("review.start",)))
    for entry in entries_numbered(firm_now.firm, numbers):
        if any(isinstance(event, ReviewStarted) and event.review == review for event in entry.events):
            return entry.actor.member
    return None
