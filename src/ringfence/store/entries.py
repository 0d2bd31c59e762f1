"""The ledger as whoever catches up reads it: the events after a known entry, in one unbroken chain.

Proving the whole chain is `ringfence.access`'s matter; here it only must connect.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from ringfence.core.events import NOTED, Event
from ringfence.core.terms import Instant

from .body import decode_parts
from .sources import Mark, Source, StateUnavailable

MOST = 20_000
"""Entries that are read one after the other at the most, also where few of them changed anything."""


class ReadEntry(NamedTuple):
    """What one entry did, and where the ledger stood after it."""

    mark: Mark
    events: tuple[Event, ...]


class ChainBroken(Exception):
    """The entries do not follow on what is known: the ledger is another one now, as after a restore."""


def entries_after(source: Source, firm: int, known: Mark) -> Iterator[ReadEntry]:
    """The entries after `known`, oldest first.

    Raises `ChainBroken` where one does not follow on the one before, `StateUnavailable` where one cannot
    be understood. Lets the driver's errors through.
    """
    for number, at, previous, head, body in source.rows(
        "SELECT number, at, previous, hash, body FROM firms_ledgerentry"
        " WHERE firm_id = ? AND number > ? ORDER BY number",
        firm,
        known.version,
    ):
        if number != known.version + 1 or bytes(previous) != known.head:
            raise ChainBroken(f"entry {number} of firm {firm} does not follow on entry {known.version}")
        known = Mark(number, bytes(head), Instant(at))
        try:
            events = decode_parts(bytes(body))[0]
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise StateUnavailable(
                f"entry {number} of firm {firm} cannot be understood; was it written by a newer version?"
            ) from error
        yield ReadEntry(known, events)


def worth_following(source: Source, firm: int, known: Mark, now: Mark, changes: int) -> bool:
    """Whether to read the entries from `known` to `now`: not over more than so many `changes`.

    Records opened are noted by the hundred, and cost whoever catches up next to nothing.
    """
    behind = now.version - known.version
    if not changes < behind <= MOST:
        return 0 < behind <= changes
    names = tuple(NOTED.values())
    rows = source.rows(
        "SELECT count(*) FROM firms_ledgerentry WHERE firm_id = ? AND number > ?"
        f" AND command NOT IN ({', '.join('?' * len(names))})",
        firm,
        known.version,
        *names,
    )
    return int(rows[0][0]) <= changes


def has_entry(source: Source, firm: int, mark: Mark) -> bool:
    """Whether the ledger has this very entry, and so goes on from it. Lets the driver's errors through."""
    rows = source.rows(
        "SELECT hash FROM firms_ledgerentry WHERE firm_id = ? AND number = ?", firm, mark.version
    )
    return bool(rows) and bytes(rows[0][0]) == mark.head
