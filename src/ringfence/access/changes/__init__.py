"""What other software is told of a firm: its ledger as events, in order, with whose access each entry moved.

The change feed and webhooks read the same events here; how they travel is for them. Whoever is told knows
every client, member and wall (rules.md 5, reading the ledger): others are told nothing.
"""

from .events import ChangeEvent
from .place import FeedPlace, UnfitPlace
from .telling import FAMILIES, ToldEvents, as_cloudevent, event_numbered, told_after
from .walking import LedgerEnds, keep_near

__all__ = [
    "FAMILIES",
    "ChangeEvent",
    "FeedPlace",
    "LedgerEnds",
    "ToldEvents",
    "UnfitPlace",
    "as_cloudevent",
    "event_numbered",
    "keep_near",
    "told_after",
]
