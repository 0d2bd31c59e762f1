"""A firm's access state: all facts in compiled form, immutable to readers, one new state per event.

Says what is there. Decides nothing (`decision/`), and does not know how events act (`apply/`).
"""

from collections.abc import Mapping, Sequence

import msgspec
from pyroaring import BitMap

from ringfence.core.review_schedule import ScheduledReview
from ringfence.core.review_values import Review
from ringfence.core.settings import Settings
from ringfence.core.statements import Policy
from ringfence.core.terms import EVERYONE, NOBODY, Subject
from ringfence.core.values import (
    DefaultGrant,
    Delegation,
    Emergency,
    Member,
    Request,
    SoftwareNames,
    Token,
    Wall,
)

from .compiled import CompiledGrants, compile_grants
from .holding import EMPTY, NOTHING_HELD, Holding
from .memo import Memo
from .register import Register, empty_register
from .register import sharing_columns as register_on


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """The highest numbers ever given; none is used again. Clients and engagements: see `Register`."""

    member: int = 0
    group: int = 0
    service: int = 0
    wall: int = 0
    token: int = 0
    policy: int = 0
    review: int = 0


class State(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Everything that access in one firm is decided on. Make one with `build` or by applying events."""

    settings: Settings
    was_on: bool
    members: Mapping[int, Member]
    groups: Mapping[int, BitMap]
    """Member numbers by group, Everyone (all active members) among them."""
    services: frozenset[int]
    register: Register
    holdings: Mapping[Subject, Holding]
    """Only of subjects that hold something."""
    delegations: Mapping[tuple[int, int], Delegation]
    """By delegator and delegate."""
    walls: Mapping[int, Wall]
    requests: Mapping[tuple[int, int], Request]
    """By client and asking member."""
    reviews: Mapping[int, Review]
    """Those that are open."""
    schedules: Mapping[int, ScheduledReview]
    """Those that begin again and again, numbered among the reviews."""
    emergencies: Mapping[tuple[int, int], Emergency]
    """By client and member: what stands, or waits to be acknowledged. No holding has these grants."""
    defaults: Mapping[int, tuple[DefaultGrant, ...]]
    tokens: Mapping[int, Token]
    """Those that nobody has revoked."""
    names: SoftwareNames
    kept: BitMap
    """The groups that the firm's directory keeps: it says who is in them."""
    successor: int
    """Who takes over where the directory deactivates somebody who cannot be done without; 0 for nobody."""
    policies: Mapping[int, Policy]
    """The firm's own policies, in the order in which they were made."""
    numbers: Numbers
    memo: Memo
    """What has been worked out about this state. Filled as needed, never read from outside the core."""

    @classmethod
    def build(
        cls,
        *,
        settings: Settings,
        was_on: bool,
        members: Mapping[int, Member],
        groups: Mapping[int, BitMap],
        services: frozenset[int],
        register: Register,
        holdings: Mapping[Subject, Holding],
        delegations: Mapping[tuple[int, int], Delegation],
        walls: Mapping[int, Wall],
        requests: Mapping[tuple[int, int], Request],
        defaults: Mapping[int, tuple[DefaultGrant, ...]],
        tokens: Mapping[int, Token],
        names: SoftwareNames,
        kept: BitMap,
        successor: int,
        policies: Mapping[int, Policy] | None = None,
        numbers: Numbers,
        reviews: Mapping[int, Review] | None = None,
        schedules: Mapping[int, ScheduledReview] | None = None,
        emergencies: Mapping[tuple[int, int], Emergency] | None = None,
    ) -> "State":
        """A state from its parts, nothing worked out yet."""
        return cls(
            settings=settings,
            was_on=was_on,
            members=members,
            groups=groups,
            services=services,
            register=register,
            holdings=holdings,
            delegations=delegations,
            walls=walls,
            requests=requests,
            reviews=reviews or {},
            schedules=schedules or {},
            emergencies=emergencies or {},
            defaults=defaults,
            tokens=tokens,
            names=names,
            kept=kept,
            successor=successor,
            policies=policies or {},
            numbers=numbers,
            memo=Memo(),
        )

    @classmethod
    def empty(cls) -> "State":
        """A firm before its first event."""
        return cls.build(
            settings=Settings(),
            was_on=False,
            members={},
            groups={},
            services=frozenset(),
            register=empty_register(),
            holdings={},
            delegations={},
            walls={},
            requests={},
            defaults={},
            tokens={},
            names=SoftwareNames(),
            kept=EMPTY,
            successor=NOBODY,
            numbers=Numbers(),
        )

    def held_by(self, subject: Subject) -> Holding:
        return self.holdings.get(subject, NOTHING_HELD)

    def compiled(self, subject: Subject) -> CompiledGrants:
        """What the subject's grants come to, expired ones among them. Kept."""
        found = self.memo.compiled.get(subject)
        if found is None:
            found = self.memo.compiled[subject] = compile_grants(self.held_by(subject), self.register)
        return found

    @property
    def assigned(self) -> BitMap:
        """The engagements on which a grant other than Blocked stands (rules.md 1). Kept."""
        memo = self.memo
        if memo.assigned is None:
            memo.assigned = self._all_assigned()
        elif memo.doubtful:
            memo.assigned = (memo.assigned - memo.doubtful) | self._assigned_among(memo.doubtful)
        memo.doubtful = EMPTY
        return memo.assigned

    def _all_assigned(self) -> BitMap:
        found = [part for grants in self._every_compiled().values() for part in grants.standing()]
        found.append(self.register.spread(self.in_emergency))
        return BitMap.union(*found) & self.register.engagements

    def _assigned_among(self, engagements: BitMap) -> BitMap:
        """Looked for no further than until each is found."""
        left = (engagements & self.register.engagements) - self.register.spread(self.in_emergency)
        every = self._every_compiled().items()
        # Groups first: most of them have more than most members.
        for kind in ("group", "member"):
            for subject, grants in every:
                if left and subject.kind == kind:
                    for part in grants.standing(left):
                        left -= part
        return (engagements & self.register.engagements) - left

    def _every_compiled(self) -> Mapping[Subject, CompiledGrants]:
        """What the grants of all subjects come to."""
        for subject in self.holdings.keys() - self.memo.compiled.keys():
            self.compiled(subject)
        # Copied: another thread may ask for one more meanwhile.
        return dict(self.memo.compiled)

    def holders(self, engagements: BitMap) -> set[Subject]:
        """The subjects with a grant on any of these, wide ones and expired ones among them."""
        every = self._every_compiled()
        found = {
            subject
            for subject, grants in every.items()
            for part in grants.parts
            if part.intersect(engagements)
        }
        found.update(subject for subject, held in self.holdings.items() if held.all)
        return found

    @property
    def in_emergency(self) -> BitMap:
        """The clients on which emergency access stands: it assigns them as a grant does (rules.md 10)."""
        return BitMap([client for (client, _), one in self.emergencies.items() if one.stands])

    def groups_of(self, member: int) -> Sequence[int]:
        """The groups the member is in; Everyone only while they are active. Kept."""
        if self.memo.places is None:
            places: dict[int, list[int]] = {}
            for number, members in self.groups.items():
                for place in members:
                    places.setdefault(place, []).append(number)
            self.memo.places = places
        return self.memo.places.get(member, ())

    @property
    def kinds(self) -> Mapping[Member, BitMap]:
        """The members by what they are: role, permissions, whether active. Kept."""
        if self.memo.kinds is None:
            kinds: dict[Member, list[int]] = {}
            for number, who in self.members.items():
                kinds.setdefault(who, []).append(number)
            self.memo.kinds = {who: BitMap(numbers) for who, numbers in kinds.items()}
        return self.memo.kinds

    @property
    def everyone(self) -> BitMap:
        """The active members."""
        return self.groups.get(EVERYONE, EMPTY)


def sharing_columns(state: State, other: State) -> State:
    """The same state, on the columns of another one of the firm where they are alike."""
    return msgspec.structs.replace(state, register=register_on(state.register, other.register))
