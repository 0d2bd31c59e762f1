"""The ledger as whoever catches up reads it: the events after a known entry, in one unbroken chain.

Proving the whole chain is `ringfence.access`'s matter; here it only must connect.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from ringfence.core.events import Event

from .body import decode_body
from .sources import Mark, Source, StateUnavailable


class Entry(NamedTuple):
    """What one entry did, and where the ledger stood after it."""

    mark: Mark
    events: tuple[Event, ...]


class ChainBroken(Exception):
    """The entries do not follow on what is known: the ledger is another one now, as after a restore."""


def entries_after(source: Source, firm: int, known: Mark) -> Iterator[Entry]:
    """The entries after `known`, oldest first.

    Raises `ChainBroken` where one does not follow on the one before, `StateUnavailable` where one cannot
    be understood. Lets the driver's errors through.
    """
    for number, previous, head, body in source.rows(
        "SELECT number, previous, hash, body FROM firms_ledgerentry"
        " WHERE firm_id = ? AND number > ? ORDER BY number",
        firm,
        known.version,
    ):
        if number != known.version + 1 or bytes(previous) != known.head:
            raise ChainBroken(f"entry {number} of firm {firm} does not follow on entry {known.version}")
        known = Mark(number, bytes(head))
        try:
            events = decode_body(bytes(body)).events
        except msgspec.MsgspecError as error:
            raise StateUnavailable(
                f"entry {number} of firm {firm} cannot be understood; was it written by a newer version?"
            ) from error
        yield Entry(known, events)
