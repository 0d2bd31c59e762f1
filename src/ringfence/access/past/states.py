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
from ringfence.access.sql import rows_of
from ringfence.core.apply.apply import apply_all
from ringfence.core.decision.moment import at as at_instant
from ringfence.core.events import NOTED
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


def change_at(firm: int, at: Instant) -> int:
    """The same of the entries that changed something."""
    with answering():
        rows = LedgerEntry.objects.filter(firm=firm, at__lte=at).exclude(command__in=NOTED.values())
        return int(rows.order_by("-at", "-number").values_list("number", flat=True).first() or 0)


DAY = 24 * 3600 * 1_000_000


def close_after(until: Instant) -> Instant:
    """The end of its day, in UTC: up to there a long question is worked out that is asked up to now.

    So it stays the same question while time goes on; what lies behind `until` is cut off.
    """
    return Instant((until // DAY + 1) * DAY)


def versions_at(firm: int, *instants: Instant) -> tuple[int, ...]:
    """The last entries up to these instants, as `version_at`, in one question."""
    one = "SELECT number FROM firms_ledgerentry WHERE firm_id = %s AND at <= %s ORDER BY at DESC, number DESC"
    with answering():
        asked = ", ".join([f"({one} LIMIT 1)"] * len(instants))
        found = rows_of(f"SELECT {asked}", *(value for at in instants for value in (firm, at)))
    return tuple(number or 0 for number in found[0])


class WayThere:
    """How the state after an entry, or before the first one, is worked out: what from is looked up once."""

    def __init__(self, firm: int, version: int) -> None:
        """Raises `StateUnavailable`, as all else here does."""
        self.firm, self.version = firm, version
        self._kept = _kept(firm, version)
        known = self._kept is not None and self._kept[0].version == version
        self._checkpoint = 0 if known else nearest_number(firm, version)

    @property
    def _first(self) -> int:
        return max(self._kept[0].version if self._kept else 0, self._checkpoint)

    def still_to_replay(self) -> int:
        """How many changes have to be replayed before it is known."""
        if self._first == self.version:
            return 0
        found = find_entries(self.firm, self.version, Sought())
        return int(found.range_cardinality(self._first + 1, self.version + 1))

    def state(self, told: Told = told_nobody) -> State:
        """The firm's state there."""
        firm, version = self.firm, self.version
        if self._kept is not None and self._kept[0].version == version:
            _KEPT.put(*self._kept)
            return self._kept[1]
        start = self._start()
        state = start.state
        found = entries(firm, after=start.number, until=version, texts=False, noted=False)
        for done, entry in enumerate(found, start=1):
            state = apply_all(state, entry.events)
            told(done)
        if version:
            _KEPT.put(place_of(firm, version), state)
        return state

    def _start(self) -> StateAt:
        """The nearest entry whose state is kept, here or in a checkpoint, and that state."""
        kept = StateAt(self._kept[0].version, self._kept[1]) if self._kept else StateAt(0, State.empty())
        if kept.number >= self._checkpoint:
            return kept
        found = nearest(self.firm, self.version)
        return kept if found.number <= kept.number else _KEPT.sharing(self.firm, found)


def state_after(firm: int, version: int, told: Told = told_nobody) -> State:
    """The firm's state just after an entry, or before its first one where `version` is 0.

    Raises `StateUnavailable`.
    """
    return WayThere(firm, version).state(told)


def _kept(firm: int, version: int) -> tuple[EntryPlace, State] | None:
    """The latest state up to the entry that this process keeps, of the ledger that is there now."""
    found = _KEPT.nearest(firm, version)
    return next((each for each in found if place_of(firm, each[0].version) == each[0]), None)


def place_of_last_change(firm: int) -> EntryPlace:
    """The last entry that changed something, as the ledger has it now; 0 where there is none."""
    with answering():
        rows = LedgerEntry.objects.filter(firm=firm).exclude(command__in=NOTED.values())
        number, found = rows.order_by("-number").values_list("number", "hash").first() or (0, b"")
        return EntryPlace(firm, number, bytes(found))


def place_of(firm: int, version: int) -> EntryPlace:
    """The entry as the ledger has it now."""
    with answering():
        rows = LedgerEntry.objects.filter(firm=firm, number=version)
        return EntryPlace(firm, version, bytes(rows.values_list("hash", flat=True).first() or b""))


def firm_then(firm: int, at: Instant, told: Told = told_nobody) -> FirmNow | None:
    """The firm as it was at an instant, as all questions are put to it; None where it was not there yet.

    `version` is that of its last entry then. Raises `StateUnavailable`.
    """
    return firm_after(firm, version_at(firm, at), at, told)


def firm_after(firm: int, version: int, at: Instant, told: Told = told_nobody) -> FirmNow | None:
    """The same where its last entry at that instant is known; None for 0. Raises `StateUnavailable`."""
    if not version:
        return None
    return FirmNow(firm=firm, version=version, moment=at_instant(state_after(firm, version, told), at))
