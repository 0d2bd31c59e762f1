"""Who removed clients that can be restored yet, from the entries of their removals.

For whoever may restore them (rules.md 5); whoever asks sees to that.
"""

from collections.abc import Mapping

from ringfence.access.actor import Actor
from ringfence.access.connection import answering
from ringfence.core import events as e
from ringfence.core.terms import Instant
from ringfence.firms.models import LedgerEntry
from ringfence.store.body import decode_body


def removed_by(firm: int, removals: Mapping[int, Instant]) -> dict[int, Actor]:
    """Who removed each of these clients, each with the instant of its removal: one question.

    Raises `StateUnavailable`.
    """
    if not removals:
        return {}
    found: dict[int, Actor] = {}
    with answering():
        for entry in LedgerEntry.objects.filter(firm=firm, at__in=set(removals.values())).order_by("number"):
            for event in decode_body(bytes(entry.body)).events:
                if isinstance(event, e.ClientRemoved) and removals.get(event.client) == event.at:
                    found[event.client] = Actor(entry.actor)
    return found
