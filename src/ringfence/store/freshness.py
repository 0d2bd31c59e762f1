"""The states that one process keeps, and the proof before each answer that they are current (rules.md 2).

A firm's version is the number of its last ledger entry. `Cache.current` reads it (with the entry's hash),
applies the events of entries not seen yet, and answers: no answer is older than its question. What cannot be
read is `StateUnavailable`, never an old answer. Where the ledger is another one now, all is loaded anew.
"""

import threading
import time
from typing import NamedTuple

from ringfence.core.apply.apply import apply_all
from ringfence.core.state.state import State
from ringfence.core.terms import Instant
from ringfence.telemetry.counts import Counter, Gauge, Spread

from .engines import source_for
from .entries import ChainBroken, entries_after, worth_following
from .loading import Loaded, load_from
from .recently_used import RecentlyUsed, firms_kept
from .shared_read import SharedRead
from .sources import Connection, FirmUnknown, Mark, Source, StateUnavailable, driver_errors, read_mark

FAR_BEHIND = 200
"""Changes after which a load from the tables costs less than catching up."""


class Known(NamedTuple):
    """A current state and the place in the ledger that it belongs to."""

    state: State
    version: int
    at: Instant
    """The time of the last entry, in microseconds since 1970 UTC."""
    head: bytes = b""
    """The hash of the last entry."""

    @property
    def mark(self) -> Mark:
        return Mark(self.version, self.head, self.at)


class _Place:
    """What the process keeps of one firm."""

    def __init__(self) -> None:
        self.loaded: Loaded | None = None
        self.read: SharedRead[Loaded] = SharedRead()
        self.lock = threading.Lock()
        """Held while `loaded` is replaced."""


LOADED = Counter("ringfence_firm_states_loaded_total", "States of firms loaded from the tables.", ["why"])
LOADING = Spread("ringfence_firm_state_load_seconds", "How long loading one took.")
CAUGHT_UP = Counter("ringfence_firm_states_caught_up_total", "States brought up to date by ledger entries.")
KEPT = Gauge("ringfence_firm_states", "States of firms in memory.")


class Cache:
    """The states of the firms asked for last. Safe for threads; share one per process."""

    def __init__(self, limit: int | None = None) -> None:
        """`limit`: how many firms are kept, as is set unless given; the least recently asked for go first."""
        self._places = RecentlyUsed(limit or firms_kept(), _Place)

    def knows(self, firm: int) -> bool:
        """Whether a state of the firm is kept, of whichever version."""
        return self._places.of(firm).loaded is not None

    def current(self, connection: Connection, firm: int, mark: Mark | None = None) -> Known:
        """The firm's state as it is now, or within its transaction as the connection sees it.

        `mark`: where the ledger stands, for who has just read it and has the firm locked. Raises
        `FirmUnknown`, and `StateUnavailable` where the present state cannot be read.
        """
        return self.current_from(source_for(connection), firm, mark)

    def current_from(self, source: Source, firm: int, mark: Mark | None = None) -> Known:
        """The same from a source."""
        place = self._places.of(firm)
        try:
            if source.in_transaction:
                # The owner's view: perhaps older than now, perhaps with changes that are rolled back yet.
                return _known(_caught_up(source, firm, place.loaded, mark))
            return _known(place.read.take(lambda: self._refreshed(source, firm, place)))
        except FirmUnknown:
            self.forget(firm)
            raise
        except driver_errors() as error:
            raise StateUnavailable(f"firm {firm} cannot be read: {error}") from error

    def put(self, firm: int, loaded: Loaded) -> None:
        """Keep the state after a change that this process has committed, unless a later one is kept."""
        place = self._places.of(firm)
        with place.lock:
            if place.loaded is None or place.loaded.version < loaded.version:
                place.loaded = loaded
        self._trim()

    def forget(self, firm: int) -> None:
        """Keep nothing of the firm: the next question loads it."""
        self._places.drop(firm)

    def _refreshed(self, source: Source, firm: int, place: _Place) -> Loaded:
        kept = place.loaded
        loaded = _caught_up(source, firm, kept)
        if loaded is not kept:
            with place.lock:
                # A writer may have put a later state here meanwhile; both are right, the later one stays,
                # unless what was kept belongs to another ledger (versions that went backwards).
                if place.loaded is kept or place.loaded is None or place.loaded.version < loaded.version:
                    place.loaded = loaded
            self._trim()
        return loaded

    def _trim(self) -> None:
        self._places.trim()
        KEPT.of().set(len(self._places))


def _known(loaded: Loaded) -> Known:
    return Known(loaded.state, loaded.version, loaded.at, loaded.head)


def _caught_up(source: Source, firm: int, kept: Loaded | None, mark: Mark | None = None) -> Loaded:
    """What is kept, brought to what the source says now: `mark`, where that was read already."""
    if mark is None:
        now = read_mark(source, firm)
    else:
        source.prove_in_place()
        now = mark
    if kept is None:
        return _loaded(source, firm, "unknown")
    if now == kept.mark:
        return kept
    if not worth_following(source, firm, kept.mark, now, FAR_BEHIND):
        return _loaded(source, firm, "far_behind")
    try:
        followed = _after(source, firm, kept, now)
    except ChainBroken:
        return _loaded(source, firm, "another_ledger")
    CAUGHT_UP.of().add()
    return followed


def _loaded(source: Source, firm: int, why: str) -> Loaded:
    begun = time.perf_counter()
    loaded = load_from(source, firm)
    LOADED.of(why).add()
    LOADING.of().observe(time.perf_counter() - begun)
    return loaded


def _after(source: Source, firm: int, kept: Loaded, now: Mark) -> Loaded:
    state, mark = kept.state, kept.mark
    for entry in entries_after(source, firm, mark):
        state = apply_all(state, entry.events)
        mark = entry.mark
    if mark.version < now.version:
        raise ChainBroken(f"firm {firm} is at entry {now.version}, its ledger ends at {mark.version}")
    return Loaded(state, *mark)
