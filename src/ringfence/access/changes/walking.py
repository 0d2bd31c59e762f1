"""A firm's ledger entry by entry, each with the firm before and after it.

Where a walk ended, the next one mostly begins: the last states are kept, under the entry and its hash.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import NamedTuple

from ringfence.access.connection import answering, plain
from ringfence.access.door import STATES
from ringfence.access.ledger.entries import Entry, entries
from ringfence.access.past.states import state_after
from ringfence.core.apply.apply import apply_all
from ringfence.core.state.state import State
from ringfence.core.terms import Instant
from ringfence.firms.models import LedgerEntry

KEPT = 64
"""States of whatever firms that are kept: the last ones that were walked past. They share what is alike."""


class LedgerEnds(LookupError):
    """The ledger has no such entry: it is another one now, as after a restore, or was never so long."""


class LedgerStep(NamedTuple):
    """One entry, and the firm before and after it."""

    entry: Entry
    before: State
    was: Instant
    """The time of the entry before."""
    after: State


class _Stand(NamedTuple):
    number: int
    hash: bytes
    at: Instant
    state: State


_kept: OrderedDict[tuple[int, int], _Stand] = OrderedDict()
"""By firm and entry."""
_lock = threading.Lock()


def steps(firm: int, *, after: int) -> Iterator[LedgerStep]:
    """The entries after that one, oldest first; raises `LedgerEnds`, `StateUnavailable`."""
    stand = _stand_at(firm, after)
    for entry in entries(firm, after=after, texts=False):
        state = apply_all(stand.state, entry.events)
        was = stand.at if stand.number else entry.at
        step = LedgerStep(entry, stand.state, was, state)
        stand = _Stand(entry.number, entry.hash, entry.at, state)
        _keep(firm, stand)
        yield step


def keep_near(firm: int) -> int:
    """Keep the firm's present state, so that the next entry is told soon; the version."""
    with answering():
        known = STATES.current(plain(), firm)
    _keep(firm, _Stand(known.version, _entry(firm, known.version)[0], known.at, known.state))
    return known.version


def _stand_at(firm: int, number: int) -> _Stand:
    if not number:
        return _Stand(0, b"", Instant(0), State.empty())
    proof, at = _entry(firm, number)
    with _lock:
        kept = _kept.get((firm, number))
    if kept is not None and kept.hash == proof:
        return kept
    with answering():
        known = STATES.current(plain(), firm)
    state = known.state if known.version == number else state_after(firm, number)
    return _Stand(number, proof, at, state)


def _entry(firm: int, number: int) -> tuple[bytes, Instant]:
    with answering():
        rows = LedgerEntry.objects.filter(firm=firm, number=number).values_list("hash", "at")
        found = rows.first()
    if found is None:
        raise LedgerEnds(f"firm {firm} has no entry {number}")
    return bytes(found[0]), Instant(found[1])


def _keep(firm: int, stand: _Stand) -> None:
    with _lock:
        _kept[firm, stand.number] = stand
        _kept.move_to_end((firm, stand.number))
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
