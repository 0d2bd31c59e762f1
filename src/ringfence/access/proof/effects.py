"""What each change between two entries moved: who gained, lost or has another level on what."""

from collections.abc import Iterator

import msgspec

from ringfence.access.changes.walking import steps
from ringfence.access.ledger.entries import Entry
from ringfence.core.compare.difference import difference
from ringfence.core.compare.moved import Pairs
from ringfence.core.events import NOTED

NAMED = 5
"""Pairs of member and client that are named."""


class MovedPairs(msgspec.Struct, frozen=True, kw_only=True):
    """How many pairs of member and client, and the first of them."""

    count: int = 0
    first: tuple[tuple[int, int], ...] = ()


class EntryEffect(msgspec.Struct, frozen=True, kw_only=True):
    """What a preview of the change would have said."""

    gained: MovedPairs = MovedPairs()
    lost: MovedPairs = MovedPairs()
    changed: MovedPairs = MovedPairs()


def effects(firm: int, after: int, until: int) -> Iterator[tuple[Entry, EntryEffect]]:
    """The entries with numbers above `after` up to `until` that changed something, each with what it moved.

    Raises `LedgerEnds`, `StateUnavailable`.
    """
    if after >= until:
        return
    noted = frozenset(NOTED.values())
    for step in steps(firm, after=after):
        if step.entry.number > until:
            return
        if step.entry.command in noted:
            continue
        effect = EntryEffect()
        if step.after is not step.before:
            found = difference(step.before, step.after, step.entry.events, step.entry.at)
            effect = EntryEffect(
                gained=_moved(found.gains), lost=_moved(found.loses), changed=_moved(found.changes)
            )
        yield step.entry, effect


def _moved(pairs: Pairs) -> MovedPairs:
    if not pairs:
        return MovedPairs()
    count = sum(len(members) * clients for members, clients in pairs.alike_counted())
    first: list[tuple[int, int]] = []
    for members, clients in pairs.alike():
        for member in members[:NAMED]:
            first += [(member, client) for client in clients[: NAMED - len(first)]]
            if len(first) >= NAMED:
                break
        if len(first) >= NAMED:
            break
    return MovedPairs(count=count, first=tuple(first))
