"""Whole firms made with a `random.Random`, for tests that give them many commands.

Unlike those of `firms.py` they mostly have an administrator and are full of grants, so that most commands
meet something. Valid by rules.md 1 and 5 all the same.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from ringfence.core.apply.apply import apply_all
from ringfence.core.decision.moment import at
from ringfence.core.decision.review_items import items_in
from ringfence.core.events import Change, Text
from ringfence.core.review_schedule import ReviewPlan, ScheduledReview, day_of
from ringfence.core.review_values import Review, ReviewScope, ReviewTerms
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.scenario.memory import MemoryDirectory
from ringfence.core.settings import PROFILES, Settings
from ringfence.core.specification.facts import Client, Engagement, Facts, Grant
from ringfence.core.state.state import State
from ringfence.core.statements import Policy
from ringfence.core.terms import (
    ALL_CLIENTS,
    EVERYONE,
    GENERAL,
    GIVING,
    Instant,
    Level,
    Role,
    Scope,
    Subject,
    Target,
    Thing,
)
from ringfence.core.values import (
    DefaultGrant,
    Delegation,
    Emergency,
    Member,
    Request,
    Side,
    Sides,
    Token,
    Wall,
)
from tests.core.firms import NOW, on_client, on_engagement, on_service
from tests.core.random_statements import RandomStatements
from tests.support.seed import SEED, VARIABLE

T = TypeVar("T")

DAY = 86_400_000_000
EXPIRIES = tuple(Instant(NOW + offset) for offset in (-DAY, DAY, 2 * DAY, 3 * DAY))
GRANT_LEVELS = (*GIVING, *GIVING, Level.BLOCKED)


class Chance:
    """A `random.Random` that can say how to get the same once more."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.random = Random(f"{SEED}/{number}")

    def __str__(self) -> str:
        return f"{VARIABLE}={SEED}, try {self.number}"

    def of(self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)

    def odds(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, numbers: Iterable[int]) -> int:
        """Mostly one of the numbers, at times one that nothing has, or none at all."""
        there = sorted(numbers)
        if there and self.odds(0.92):
            return self.of(there)
        return self.of((0, max(there, default=0) + 1))

    def some(self, numbers: Iterable[int]) -> frozenset[int]:
        """A few of the numbers, rarely one that nothing has."""
        there = sorted(numbers)
        few = frozenset(self.random.sample(there, self.random.randint(0, min(3, len(there)))))
        return few if self.odds(0.92) else few | {max(there, default=0) + 1}

    def expires(self) -> Instant | None:
        return self.of(EXPIRIES) if self.odds(0.3) else None


def chances(count: int) -> Iterator[Chance]:
    """So many, the same for the same seed."""
    return map(Chance, range(count))


class Firm(NamedTuple):
    """A firm with its texts."""

    state: State
    directory: MemoryDirectory

    @property
    def facts(self) -> Facts:
        return facts_of(self.state)

    def after(self, change: Change) -> "Firm":
        """The firm once the change is made; the directory is one and the same."""
        state = apply_all(self.state, change.events)
        self.directory.take(change.texts)
        self.directory.forget(change.events, state.register)
        return Firm(state, self.directory)


def firm(chance: Chance, **settings: object) -> Firm:
    """A firm of 4-6 members, 2-4 clients and up to 14 grants; `settings` as given, others by chance."""
    facts = _reviewed(chance, _facts(chance, settings))
    return Firm(state_of(facts), directory_of(facts))


def _reviewed(chance: Chance, facts: Facts) -> Facts:
    """The same with an access review of everything at times, which some of the members were named for."""
    if not chance.odds(0.4):
        return facts
    grants, delegations = items_in(at(state_of(facts), NOW), ReviewScope(kind="all"))
    terms = ReviewTerms(
        scope=ReviewScope(kind="all"),
        reviewers=tuple(sorted(facts.members))[: chance.of((0, 0, 2))],
        due=Instant(NOW + DAY),
        undecided=chance.of(("keep", "remove")),
        grants=grants,
        delegations=delegations,
    )
    plan = ReviewPlan(
        scope=terms.scope,
        reviewers=terms.reviewers,
        first=day_of(NOW),
        every=chance.of(("quarter", "year")),
        days=30,
        undecided=terms.undecided,
    )
    schedules = {2: ScheduledReview(plan=plan, next=day_of(Instant(NOW + chance.of((-1, 1)) * DAY)))}
    return replace(facts, reviews={1: Review(terms=terms, due=terms.due)}, schedules=schedules)


def directory_of(facts: Facts) -> MemoryDirectory:
    """Names for all that has one; clients and engagements with odd numbers have references."""
    directory = MemoryDirectory()
    for thing, numbers in (
        (Thing.MEMBER, facts.members),
        (Thing.GROUP, facts.groups.keys() - {EVERYONE}),
        (Thing.SERVICE, facts.services - {GENERAL}),
        (Thing.WALL, facts.walls),
        (Thing.TOKEN, facts.tokens),
        (Thing.POLICY, facts.policies),
        (Thing.REVIEW, [*facts.reviews, *facts.schedules]),
        (Thing.CLIENT, facts.clients),
    ):
        for number in numbers:
            fields = {"name": f"{thing.value.title()} {number}"}
            if thing is Thing.MEMBER:
                fields["email"] = f"member{number}@firm.example"
            if thing is Thing.CLIENT and number % 2:
                fields["reference"] = f"R-{number}"
            directory.take([Text(thing=thing, number=number, fields=fields)])
    for number, engagement in facts.engagements.items():
        directory.services[number] = engagement.service
        if number % 2:
            directory.take([Text(thing=Thing.ENGAGEMENT, number=number, fields={"reference": f"R-{number}"})])
    return directory


SETTINGS: dict[str, tuple[object, ...]] = {
    "control": (True, True, True, False),
    "unassigned": ("none", "reader", "editor", "owner"),
    "on_activation": ("leave", "share"),
    "creator_owns": (True, False),
    "owner_required": (True, False),
    "default_everyone": ("none", "none", "reader", "owner"),
    "everyone_grants": ("yes", "yes", "with_default", "no"),
    "personal_defaults": (True, False),
    "sharing": ("administrators", "owners", "anyone_with_access", "anyone_with_access"),
    "requests": (True, True, False),
    "inaccessible": ("hidden", "named"),
    "administrators": ("as_others", "as_others", "unrestricted"),
    "delegation": (True, True, False),
    "fee_splits": (True, True, False),
    "policy_mode": ("warn", "refuse"),
    "emergency": ("no", "reader", "editor", "editor"),
    "emergency_hours": (4, 1),
}
"""Values of each setting, the interesting ones more often."""


def _facts(chance: Chance, settings: dict[str, object]) -> Facts:
    chosen = {name: chance.of(values) for name, values in SETTINGS.items()}
    members = {number: _member(chance) for number in range(1, chance.random.randint(4, 6) + 1)}
    if chance.odds(0.9):
        members[1] = Member(role=chance.of((Role.ADMINISTRATOR, Role.PRINCIPAL)), access=chance.odds(0.9))
    services = [GENERAL, *range(2, chance.random.randint(2, 4) + 1)]
    clients = {
        number: Client(
            confidential=chance.odds(0.15),
            removed_at=chance.of((Instant(NOW - DAY), Instant(NOW - 40 * DAY)))
            if chance.odds(0.15)
            else None,
        )
        for number in range(1, chance.random.randint(2, 4) + 1)
    }
    engagements: dict[int, Engagement] = {}
    for client in clients:
        for service in chance.random.sample(services, chance.random.randint(1, min(3, len(services)))):
            number = max(engagements, default=0) + chance.of((1, 1, 1, 2))
            engagements[number] = Engagement(client=client, service=service)
    groups = {EVERYONE: frozenset(number for number, member in members.items() if member.active)}
    for number in range(2, chance.random.randint(1, 4) + 1):
        groups[number] = frozenset(chance.random.sample(sorted(members), chance.random.randint(0, 3)))
    subjects = [*(Subject("member", n) for n in [*members] * 2), *(Subject("group", n) for n in groups)]
    targets = [*map(on_engagement, engagements), *map(on_client, clients), *map(on_client, clients)]
    targets += [*map(on_service, services), ALL_CLIENTS]
    pairs = [(one, other) for one in members for other in members if one != other]
    policies = RandomStatements(chance.of, members=members, groups=groups, clients=clients, services=services)
    return Facts(
        settings=Settings(profile=chance.of(tuple(PROFILES)), **{**chosen, **settings}),  # type: ignore[arg-type]
        was_on=bool({**chosen, **settings}["control"]) or chance.odds(0.5),
        members=members,
        groups=groups,
        services=frozenset(services),
        clients=clients,
        engagements=engagements,
        grants=_grants(chance, subjects, targets, sorted(clients)),
        delegations={
            pair: _delegation(chance) for pair in chance.random.sample(pairs, chance.random.randint(0, 4))
        },
        walls={1: wall(chance, members, clients)} if chance.odds(0.35) else {},
        requests={
            (client, chance.of(sorted(groups[EVERYONE]))): Request(
                level=chance.of(GIVING), expires=_later(chance)
            )
            for client in clients
            if groups[EVERYONE] and clients[client].removed_at is None and chance.odds(0.4)
        },
        emergencies={
            (client, chance.of(sorted(members))): _emergency(chance) for client in clients if chance.odds(0.2)
        },
        defaults={
            number: (DefaultGrant(subject=chance.of(subjects), level=chance.of(GRANT_LEVELS)),)
            for number in members
            if chance.odds(0.2)
        },
        # None refuses: what is refused for a policy is looked at in test_policies.
        policies={1: Policy(mode="warn", statements=policies.statements())} if chance.odds(0.15) else {},
        tokens={
            number: Token(
                member=chance.of(sorted(members)),
                scopes=chance.of((Scope.DECIDE, Scope.MANAGE)),
                digest=bytes([number]) * 32,
                expires=_later(chance),
            )
            for number in range(1, chance.random.randint(0, 2) + 1)
        },
    )


def _member(chance: Chance) -> Member:
    role = chance.of((*(Role.STANDARD,) * 8, *Role))
    auditor = role is Role.AUDITOR
    return Member(
        role=role,
        access=not auditor and chance.odds(0.9),
        manage_access=not auditor and chance.odds(0.1),
        active=chance.odds(0.9),
    )


def _emergency(chance: Chance) -> Emergency:
    """One that counts, has expired, or has ended and waits."""
    return Emergency(
        level=chance.of((Level.READER, Level.EDITOR)),
        opened=Instant(NOW - 2 * DAY),
        expires=chance.of(EXPIRIES),
        stands=chance.odds(0.8),
    )


def _later(chance: Chance) -> Instant | None:
    return Instant(NOW + chance.random.randint(1, 3) * DAY) if chance.odds(0.3) else None


def _delegation(chance: Chance) -> Delegation:
    return Delegation(
        cap=chance.of((Level.OWNER, *GIVING)), expires=chance.expires(), cascades=chance.odds(0.8)
    )


def _grants(
    chance: Chance, subjects: list[Subject], targets: list[Target], clients: list[int]
) -> frozenset[Grant]:
    places = {(chance.of(subjects), chance.of(targets)) for _ in range(chance.random.randint(0, 14))}
    given = set()
    for subject, target in sorted(places):
        split = subject.kind == "member" and target.kind == "client" and chance.odds(0.4)
        excludes = subject.kind == "group" and target.kind == "service" and chance.odds(0.4)
        given.add(
            Grant(
                subject=subject,
                target=target,
                level=chance.of(GRANT_LEVELS),
                expires=chance.expires(),
                fee_split=chance.of((0, 1_000, 1_666)) if split else None,
                excluded=frozenset(chance.random.sample(clients, 1)) if excludes else frozenset(),
            )
        )
    return frozenset(given)


def wall(chance: Chance, members: Iterable[int], clients: Iterable[int]) -> Wall:
    """A wall that mostly stands and keeps somebody from something."""
    between = sides(chance, members, clients)
    asked = sorted(between[0].members | between[1].members)
    known = chance.random.sample(asked, chance.random.randint(0, len(asked)))
    times = [chance.expires() if chance.odds(0.3) else None for _ in range(2)]
    return Wall(sides=between, starts=times[0], ends=times[1], acknowledged=dict.fromkeys(sorted(known), NOW))


def sides(chance: Chance, members: Iterable[int], clients: Iterable[int]) -> Sides:
    return _side(chance, members, clients), _side(chance, members, clients)


def _side(chance: Chance, members: Iterable[int], clients: Iterable[int]) -> Side:
    return Side(
        members=frozenset(chance.random.sample(sorted(members), chance.random.randint(0, 2))),
        clients=frozenset(chance.random.sample(sorted(clients), chance.random.randint(0, 2))),
    )


def administrators(facts: Facts) -> list[int]:
    return [number for number, member in facts.members.items() if member.active and member.administers]


Property = Callable[[Chance], None]


def hold(holds: Property, count: int) -> None:
    """Try a property so many times; a failure names the one to look at."""
    for chance in chances(count):
        try:
            holds(chance)
        except AssertionError as failure:
            failure.add_note(str(chance))
            raise
