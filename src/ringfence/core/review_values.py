"""Values of access reviews: what is reviewed, by whom, until when, and what was decided (rules.md 10).

Items are counted from 1 over all of a review, grants first, delegations after them. Who reviews an item now,
and which of them have moved on, is worked out elsewhere.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import accumulate
from operator import itemgetter
from typing import Any, Literal

import msgspec
from pyroaring import BitMap

from .terms import Instant, Level, Subject, TargetKind
from .values import Delegation

ReviewDecision = Literal["keep", "remove", "lower"]
Undecided = Literal["keep", "remove"]
ScopeKind = Literal["all", "confidential", "service", "group", "clients", "member"]


class ReviewScope(msgspec.Struct, frozen=True, kw_only=True):
    """A set of clients, or one member's reach."""

    kind: ScopeKind
    number: int = 0
    """Of the service, group or member."""
    clients: frozenset[int] = frozenset()
    """Where single clients are named."""


class GrantItems(msgspec.Struct, frozen=True, kw_only=True):
    """Grants of one subject at one level on targets of one kind, as they stood at the start; an item each."""

    subject: Subject
    kind: TargetKind
    level: Level
    targets: BitMap
    """{0} for all clients."""
    ends: tuple[tuple[int, Instant], ...] = ()
    """When those that expire do, by target, in order: canonical JSON has no keys that are numbers."""
    excluded: BitMap = msgspec.field(default_factory=BitMap)
    """The clients that a group's grant on a service left out; such a grant stands alone here."""

    @property
    def expires(self) -> dict[int, Instant]:
        """When those that expire do, by target."""
        return dict(self.ends)

    def until(self, target: int) -> Instant | None:
        """When the grant on the target expires; None for one that does not."""
        place = bisect_left(self.ends, target, key=itemgetter(0))
        found = self.ends[place] if place < len(self.ends) else (0, None)
        return found[1] if found[0] == target else None


class DelegationItem(msgspec.Struct, frozen=True, kw_only=True):
    """One delegation as it stood at the start."""

    delegator: int
    delegate: int
    terms: Delegation


class ReviewTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a review begins with."""

    scope: ReviewScope
    reviewers: tuple[int, ...]
    """Named members; none where each client's Owners review."""
    due: Instant
    undecided: Undecided
    """What happens at the end to what nobody decided."""
    grants: tuple[GrantItems, ...]
    delegations: tuple[DelegationItem, ...]

    def runs(self) -> Iterator[tuple[int, GrantItems]]:
        """The grants with the number of the first item of each."""
        firsts = accumulate((len(run.targets) for run in self.grants), initial=1)
        return zip(firsts, self.grants, strict=False)

    @property
    def first_delegation(self) -> int:
        """The number of the first delegation's item."""
        return 1 + sum(len(run.targets) for run in self.grants)

    @property
    def count(self) -> int:
        """How many items there are."""
        return self.first_delegation - 1 + len(self.delegations)

    @property
    def everything(self) -> BitMap:
        """The numbers of all items."""
        return BitMap(range(1, self.count + 1))


class ReviewProgress(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided so far. An item has one decision, the last: no number is in two of the sets."""

    kept: BitMap = msgspec.field(default_factory=BitMap)
    removed: BitMap = msgspec.field(default_factory=BitMap)
    lowered: BitMap = msgspec.field(default_factory=BitMap)
    handed: Mapping[int, BitMap] = {}
    """Items that were handed over, by the member who has them now."""


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """An open review."""

    terms: ReviewTerms
    due: Instant
    """As it was extended."""
    progress: ReviewProgress = ReviewProgress()


class ReviewOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of every item, each in one of the sets."""

    kept: BitMap
    removed: BitMap
    lowered: BitMap
    left: BitMap
    """Kept because nobody had decided it, or because taking it away would have let somebody in."""
    taken: BitMap
    """Removed because nobody had decided it."""
    moved: BitMap
    """Changed or gone before anybody decided it."""


def items_at(first: int, run: GrantItems, targets: BitMap) -> BitMap:
    """The numbers of the items on these targets of the run."""
    if not targets:
        return targets
    if len(targets) == len(run.targets):
        return BitMap(range(first, first + len(targets)))
    return BitMap([first + run.targets.rank(target) - 1 for target in targets])


def targets_at(first: int, run: GrantItems, items: BitMap) -> BitMap:
    """The targets of the run whose items these are."""
    inside = items & BitMap(range(first, first + len(run.targets)))
    if len(inside) == len(run.targets):
        return run.targets
    return BitMap([run.targets[item - first] for item in inside])


def _encode(value: object) -> object:
    if isinstance(value, BitMap):
        return value.serialize()
    raise TypeError(f"a review cannot hold {type(value).__name__}")


def _decode(kind: type, value: Any) -> object:
    if kind is BitMap:
        return BitMap.deserialize(value)
    raise TypeError(f"a review cannot hold {kind.__name__}")


_ENCODER = msgspec.msgpack.Encoder(enc_hook=_encode)
_TERMS = msgspec.msgpack.Decoder(ReviewTerms, dec_hook=_decode)
_PROGRESS = msgspec.msgpack.Decoder(ReviewProgress, dec_hook=_decode)
_OUTCOMES = msgspec.msgpack.Decoder(ReviewOutcome, dec_hook=_decode)


def as_bytes(value: ReviewTerms | ReviewProgress | ReviewOutcome) -> bytes:
    """As tables and checkpoints keep it; read by the functions below, each for its own kind.

    These raise `msgspec.MsgspecError` for anything else.
    """
    return _ENCODER.encode(value)


def terms_of(data: bytes) -> ReviewTerms:
    return _TERMS.decode(data)


def progress_of(data: bytes) -> ReviewProgress:
    return _PROGRESS.decode(data)


def outcome_of(data: bytes) -> ReviewOutcome:
    return _OUTCOMES.decode(data)
