"""Past states of firms, by replay from the nearest one that this process keeps, or from a checkpoint.

A state belongs to an entry of one ledger: it is kept under the entry's number and hash, so that a restored
ledger is never answered from another one's.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from ringfence.access.connection import answering
from ringfence.access.firm_now import FirmNow
from ringfence.access.ledger.checkpoints import StateAt, nearest, nearest_number
from ringfence.access.ledger.entries import entries
from ringfence.access.ledger.finding import Sought, find_entries
from ringfence.core.apply.apply import apply_all
from ringfence.core.decision.moment import at as at_instant
from ringfence.core.state.state import State, sharing_columns
from ringfence.core.terms import Instant
from ringfence.firms.models import LedgerEntry

KEPT = 4
"""States of whatever firms that a process keeps: the last that were asked for."""

Told = Callable[[int], None]
"""Is told how many entries have been replayed so far."""


def told_nobody(_count: int) -> None:
    """For who waits without being told."""


class EntryPlace(NamedTuple):
    """An entry of one ledger."""

    firm: int
    version: int
    hash: bytes


class _Kept:
    """The states that were asked for last. Safe for threads."""

    def __init__(self) -> None:
        self._states: OrderedDict[EntryPlace, State] = OrderedDict()
        self._lock = threading.Lock()

    def nearest(self, firm: int, version: int) -> list[tuple[EntryPlace, State]]:
        """Those of the firm up to the version, the latest first."""
        with self._lock:
            found = [
                (place, state)
                for place, state in self._states.items()
                if place.firm == firm and place.version <= version
            ]
        return sorted(found, key=lambda each: each[0].version, reverse=True)

    def sharing(self, firm: int, found: StateAt) -> StateAt:
        """The same state, sharing what is large and alike with one of the firm that is kept."""
        with self._lock:
            others = [state for place, state in self._states.items() if place.firm == firm]
        if not others:
            return found
        return StateAt(found.number, sharing_columns(found.state, others[-1]))

    def put(self, place: EntryPlace, state: State) -> None:
        with self._lock:
            self._states[place] = state
            self._states.move_to_end(place)
            while len(self._states) > KEPT:
                self._states.popitem(last=False)


_KEPT = _Kept()


def version_at(firm: int, at: Instant) -> int:
    """The last entry of the firm up to the instant, those of that very instant included; 0 for none."""
    with answering():
        rows = LedgerEntry.objects.filter(firm=firm, at__lte=at).order_by("-at", "-number")
        return int(rows.values_list("number", flat=True).first() or 0)


def still_to_replay(firm: int, version: int) -> int:
    """How many changes have to be replayed before the state after the entry is known."""
    first = max(_kept(firm, version).number, nearest_number(firm, version))
    found = find_entries(firm, version, Sought())
    return int(found.range_cardinality(first + 1, version + 1))


def state_after(firm: int, version: int, told: Told = told_nobody) -> State:
    """The firm's state just after an entry, or before its first one where `version` is 0.

    Raises `StateUnavailable`.
    """
    place, state = _start(firm, version)
    found = entries(firm, after=place, until=version, texts=False, noted=False)
    for done, entry in enumerate(found, start=1):
        state = apply_all(state, entry.events)
        told(done)
    if version:
        _KEPT.put(place_of(firm, version), state)
    return state


def _start(firm: int, version: int) -> StateAt:
    """The nearest entry whose state is kept, here or in a checkpoint, and that state."""
    kept = _kept(firm, version)
    if kept.number >= nearest_number(firm, version):
        return kept
    found = nearest(firm, version)
    if found.number <= kept.number:
        return kept
    return _KEPT.sharing(firm, found)


def _kept(firm: int, version: int) -> StateAt:
    for place, state in _KEPT.nearest(firm, version):
        if place_of(firm, place.version) == place:
            return StateAt(place.version, state)
    return StateAt(0, State.empty())


def place_of(firm: int, version: int) -> EntryPlace:
    """The entry as the ledger has it now."""
    with answering():
        rows = LedgerEntry.objects.filter(firm=firm, number=version)
        return EntryPlace(firm, version, bytes(rows.values_list("hash", flat=True).first() or b""))


def firm_then(firm: int, at: Instant, told: Told = told_nobody) -> FirmNow | None:
    """The firm as it was at an instant, as all questions are put to it; None where it was not there yet.

    `version` is that of its last entry then. Raises `StateUnavailable`.
    """
    version = version_at(firm, at)
    if not version:
        return None
    return FirmNow(firm=firm, version=version, moment=at_instant(state_after(firm, version, told), at))
