"""What a firm gave and does not need, as of so many days: the core's answers over what was really used.

Days are the firm's own, so the answers of one day rest on one past state. Who may be told is for whoever
asks (rules.md 5: who reads the control side).
"""

from collections.abc import Sequence
from datetime import timedelta, tzinfo
from functools import cached_property

from pyroaring import BitMap

from ringfence.access.connection import answering
from ringfence.access.firm_now import FirmNow
from ringfence.access.ledger.entries import events_numbered
from ringfence.access.ledger.mentions import entries_naming
from ringfence.access.past.states import firm_after, versions_at
from ringfence.core import events as e
from ringfence.core.days import close_of, local_time
from ringfence.core.past import right_sizing
from ringfence.core.past.right_sizing import GrantedTargets as GrantedTargets
from ringfence.core.terms import Instant, Subject, Target, TargetKind, Thing

from .asking import FirmUse

USUAL_DAYS, AWAY_DAYS = 90, 14
"""What is looked at where nobody chose: for use, and for who is away."""
MOST_DAYS = 1_096


class _SharedReadings:
    """What reports of one firm over several numbers of days rest on: each is read once for all of them."""

    def __init__(self, firm: int) -> None:
        self._firm = firm
        self.use = FirmUse(firm)
        self.instants: list[Instant] = []
        self._versions: dict[Instant, int] = {}

    def version_at(self, instant: Instant) -> int:
        """The firm's last entry up to one of the `instants`; 0 for none."""
        if instant not in self._versions:
            found = versions_at(self._firm, *self.instants)
            self._versions = dict(zip(self.instants, found, strict=True))
        return self._versions[instant]


class Sizing:
    """The reports of one firm over so many days; each is worked out when it is asked for."""

    def __init__(
        self, firm_now: FirmNow, days: int, zone: tzinfo, beside: _SharedReadings | None = None
    ) -> None:
        """Raises `ValueError` for days out of bounds. For `beside` see `over`."""
        if not 1 <= days <= MOST_DAYS:
            raise ValueError(days)
        self.firm_now, self.days, self._zone = firm_now, days, zone
        self.since: Instant = close_of(local_time(firm_now.now, zone).date() - timedelta(days=days + 1), zone)
        """The beginning of the first of these days."""
        self._shared = _SharedReadings(firm_now.firm) if beside is None else beside
        self._shared.instants.append(self.since)
        self.use = self._shared.use

    def over(self, days: int) -> "Sizing":
        """The same over other days. What both rest on is read once."""
        return Sizing(self.firm_now, days, self._zone, self._shared)

    @property
    def old_enough(self) -> bool:
        """Whether the firm was there at the beginning of these days: less work than to say how it was."""
        return self._version_then > 0

    @property
    def _version_then(self) -> int:
        return self._shared.version_at(self.since)

    @cached_property
    def then(self) -> FirmNow | None:
        """The firm at the beginning of these days; None where it was not there yet."""
        return firm_after(self.firm_now.firm, self._version_then, self.since)

    @cached_property
    def unused(self) -> dict[Subject, GrantedTargets]:
        """Grants that stood all these days and that none of their holders used."""
        if self.then is None:
            return {}
        return right_sizing.unused(self.firm_now.moment, self.then.moment, self.use.used_since(self.since))

    @cached_property
    def only_reading(self) -> dict[Subject, GrantedTargets]:
        """Owner grants that stood all these days and whose holders did nothing but read."""
        if self.then is None:
            return {}
        used, acted = self.use.used_since(self.since), self.use.acted_since(self.since)
        return right_sizing.only_reading(self.firm_now.moment, self.then.moment, used, acted)

    @cached_property
    def groups_of_nobody(self) -> BitMap:
        """Groups in which no active member is, and that are older than these days or had somebody."""
        then = frozenset(self.then.groups) if self.then is not None else frozenset[int]()
        return right_sizing.groups_of_nobody(self.firm_now.moment, then)

    @cached_property
    def away(self) -> BitMap:
        """Active members who were there all these days, and of whom the firm saw nothing in them."""
        if self.then is None:
            return BitMap()
        there = self.then.active_members & self.firm_now.active_members
        return BitMap([member for member in there if self.use.seen.get(member, 0) < self.since])

    @cached_property
    def one_holder_away(self) -> dict[int, BitMap]:
        """By holder, the clients that they alone could open, of who is away or deactivated."""
        return right_sizing.one_holder_away(self.firm_now.moment, self.away)

    @cached_property
    def made(self) -> dict[tuple[int, int], Instant]:
        """Since when each delegation stands."""
        return delegations_made(self.firm_now)

    @cached_property
    def never_used(self) -> list[tuple[int, int]]:
        """Delegations that stood all these days and that let nobody in since they were made."""
        if not self.firm_now.delegations:
            return []
        found = right_sizing.never_used(self.firm_now.moment, self.made, self.use.delegated_at)
        return [pair for pair in found if self.made.get(pair, 0) <= self.since]


def delegations_made(firm_now: FirmNow) -> dict[tuple[int, int], Instant]:
    """Since when each delegation stands without a break. Raises `StateUnavailable`."""
    found: dict[tuple[int, int], Instant] = {}
    givers = BitMap([giver for giver, _taker in firm_now.delegations])
    with answering():
        naming = entries_naming(firm_now.firm, Thing.MEMBER, givers)
    for at, events in events_numbered(firm_now.firm, naming):
        for event in events:
            if isinstance(event, e.DelegationSet):
                found.setdefault((event.delegator, event.delegate), at)
            elif isinstance(event, e.DelegationRemoved):
                found.pop((event.delegator, event.delegate), None)
    return found


def targets_between(
    parts: Sequence[tuple[Subject, GrantedTargets]], first: int, last: int
) -> list[tuple[Subject, Target]]:
    """The grants from place `first` on, up to and without `last`; of each holder wide ones first."""
    found: list[tuple[Subject, Target]] = []
    place = 0
    for subject, part in parts:
        kinds: tuple[tuple[TargetKind, Sequence[int] | BitMap], ...] = (
            ("all", (0,) if part.all else ()),
            ("service", sorted(part.services)),
            ("client", part.clients),
            ("engagement", part.engagements),
        )
        for kind, numbers in kinds:
            some = numbers[max(first - place, 0) : max(last - place, 0)]
            found += [(subject, Target(kind, number)) for number in some]
            place += len(numbers)
    return found
