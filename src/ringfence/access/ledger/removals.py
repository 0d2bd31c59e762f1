"""Who removed clients that can be restored yet, from the entries of their removals.

For whoever may restore them (rules.md 5); whoever asks sees to that.
"""

from collections.abc import Iterable, Mapping

from ringfence.access.actor import Actor
from ringfence.access.connection import answering
from ringfence.core import events as e
from ringfence.core.terms import Instant
from ringfence.firms.models import LedgerEntry
from ringfence.store.body import decode_body

REMOVING = ("client.remove", "entry.undo")
"""Names of entries that remove clients."""
LONGEST = 24 * 3_600_000_000
"""Microseconds: how long what is to be removed may wait from being worked out to being saved."""


def removed_by(firm: int, removals: Mapping[int, Instant]) -> dict[int, Actor]:
    """Who removed each of these clients, each with the instant of its removal: one question.

    What is removed by a list or by undoing is so from when that was worked out, before its entry was written.
    Raises `StateUnavailable`.
    """
    if not removals:
        return {}
    found: dict[int, Actor] = {}
    with answering():
        for entry in _removing(firm, min(removals.values()), max(removals.values())):
            for event in decode_body(bytes(entry.body)).events:
                if isinstance(event, e.ClientRemoved) and removals.get(event.client) == event.at:
                    found[event.client] = Actor(entry.actor)
    return found


def _removing(firm: int, first: Instant, last: Instant) -> Iterable[LedgerEntry]:
    """The entries that may hold removals of that time."""
    return LedgerEntry.objects.filter(
        firm=firm, command__in=REMOVING, at__gte=first, at__lte=last + LONGEST
    ).order_by("number")
