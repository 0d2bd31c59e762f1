"""The firms that one process keeps, proved current before each answer (`store.freshness`).

Beside each state lie the texts that were asked for and the answers given; both fall away with the change that
could have made them others.
"""

import time
from collections.abc import Callable
from typing import Any

from ringfence.core.decision.moment import Moment, at
from ringfence.core.events import (
    ClientsAdded,
    Described,
    EngagementAdded,
    EngagementsAdded,
    MemberAdded,
    ServiceAdded,
    ServiceRemoved,
)
from ringfence.core.terms import Instant
from ringfence.store.entries import ChainBroken, entries_after, has_entry
from ringfence.store.freshness import Cache, Known
from ringfence.store.member_keys import KeysOfMembers
from ringfence.store.proving import Prover
from ringfence.store.recently_used import firms_kept
from ringfence.store.sources import FirmUnknown, Mark, Source

from .problems import NotAnswered, unavailable
from .texts_kept import TextsKept

MOST_ANSWERS = 50_000
"""Answers that are kept of one firm in one language, at one version."""
REACHING_SECONDS = 0.1
"""How long a version that is not there yet is waited for."""
REACHING_PAUSE = 0.01
"""Seconds between two looks for it."""
ATTEMPTS = 20
"""How often a firm is read again whose members' texts change meanwhile."""
FOLLOWED = 1_000
"""Entries over which texts are kept; after more, they are looked up again."""

_WITH_TEXTS = (
    *(ClientsAdded, Described, EngagementAdded, EngagementsAdded, MemberAdded),
    *(ServiceAdded, ServiceRemoved),
)
"""Events after which a text may lead to another number."""


class NotYet(Exception):
    """A request waits for a version that is not there yet: it is to be asked again in a moment."""


class Waiting:
    """How long one request waits for a version that is not there yet, by being asked again (`rounds`)."""

    def __init__(self) -> None:
        self._until = 0.0

    def is_over(self) -> bool:
        """Whether it has waited long enough; it begins to wait when it is asked first."""
        now = time.monotonic()
        self._until = self._until or now + REACHING_SECONDS
        return now >= self._until


class KeptFirm:
    """One firm at one version, with what was looked up and answered there."""

    def __init__(self, known: Known, texts: TextsKept) -> None:
        self.known = known
        self._state, self._at = known.state, known.at
        self.version = known.version
        self.mark = known.mark
        self.texts = texts
        self._answers: dict[object, dict[Any, Any]] = {}
        self._answered_by: object = None

    def moment(self) -> Moment:
        """The state now, or at its last entry where the clock is behind that (`access/clock.py`)."""
        now, last = time.time_ns() // 1000, self._at
        return at(self._state, Instant(now) if now > last else last)

    def answers(self, moment: Moment, reader: object) -> dict[Any, Any]:
        """What was answered at this moment to such a reader: as long as nothing changes or expires."""
        if self._answered_by is not moment.evaluation:
            self._answers, self._answered_by = {}, moment.evaluation
        found = self._answers.get(reader)
        if found is None or len(found) > MOST_ANSWERS:
            found = self._answers[reader] = {}
        return found


class Firms:
    """The firms asked for last. Safe for threads, each with a connection of its own."""

    def __init__(self) -> None:
        self.states = Cache()
        self.members = KeysOfMembers()
        self._kept: dict[int, KeptFirm] = {}
        self._limit = firms_kept()

    def current(
        self, asked: Prover, firm: int, at_least: int = 0, waiting: Waiting | None = None
    ) -> KeptFirm:
        """The firm no older than the question, and no older than the version `at_least`.

        Raises `NotAnswered` 503 where that cannot be known or is not reached, `NotYet` for who is `waiting`,
        `FirmUnknown`. In one's own thread nobody waits: all others would with them.
        """
        kept = self._at(asked, firm, asked.mark)
        if kept.version >= at_least:
            return kept
        if waiting is None or waiting.is_over():
            raise _not_reached(at_least, kept.version)
        raise NotYet

    def alone(self, asked: Prover, firm: int, last: Mark, at_least: int = 0) -> KeptFirm:
        """The firm as whoever answers has it, where nobody can prove that it is current.

        At least as new as `last`, which was proved once. Raises `NotAnswered` 503, `FirmUnknown`.
        """
        kept = self._at(asked, firm, asked.mark_alone)
        if kept.version < at_least:
            raise _not_reached(at_least, kept.version)
        if not has_entry(asked.source, firm, last):
            raise unavailable("What can be read is older than what was answered last. Ask again.")
        return kept

    def _at(self, asked: Prover, firm: int, mark: Callable[[int], Mark]) -> KeptFirm:
        """The firm where `mark` says that it is."""
        kept = self._kept.get(firm)
        try:
            now = mark(firm)
            if kept is not None and now == kept.mark:
                return kept
            known, texts = self._read(asked.source, firm, kept)
        except FirmUnknown:
            self._kept.pop(firm, None)
            raise
        if kept is None or kept.texts is not texts or kept.known != known:
            kept = KeptFirm(known, texts)
            self._kept[firm] = kept
            self._trim()
        return kept

    def _read(self, source: Source, firm: int, kept: KeptFirm | None) -> tuple[Known, TextsKept]:
        """The firm as it is now, with the texts of that very version."""
        for _attempt in range(ATTEMPTS):
            known = self.states.current_from(source, firm)
            if kept is not None and _no_text_since(source, firm, kept, known):
                return known, kept.texts
            members = self.members.at(source, firm, known)
            if members is not None:
                return known, TextsKept(firm, members)
        raise unavailable("The firm's members change faster than they can be read. Ask again.")

    def _trim(self) -> None:
        while len(self._kept) > self._limit:
            self._kept.pop(next(iter(self._kept)), None)


def _no_text_since(source: Source, firm: int, kept: KeptFirm, known: Known) -> bool:
    """Whether no entry since then can have changed a text."""
    if not 0 <= known.version - kept.version <= FOLLOWED:
        return False
    mark = kept.mark
    try:
        for entry in entries_after(source, firm, mark):
            if any(isinstance(event, _WITH_TEXTS) for event in entry.events):
                return False
            mark = entry.mark
            if mark.version == known.version:
                break
    except ChainBroken:
        return False
    # Where the chain does not lead to the entry that was read, it is another ledger.
    return mark == known.mark


def _not_reached(wanted: int, found: int) -> NotAnswered:
    return unavailable(
        f"Version {wanted} of the firm has not been reached here; it is at {found}. Ask again, or ask where"
        " the change was made. If the version is of another firm, leave Ringfence-At-Least out."
    )
