"""Whole firms thrown with a `random.Random`, for tests that give them many commands.

Unlike those of `firms.py` they mostly have an administrator and are full of grants, so that most commands
meet something. Valid by rules.md 1 and 5 all the same.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from typing import NamedTuple, TypeVar

from ringfence.core.apply.apply import apply_all
from ringfence.core.events import Change, Text
from ringfence.core.scenario.bridge import facts_of, state_of
from ringfence.core.scenario.memory import MemoryDirectory
from ringfence.core.settings import PROFILES, Settings
from ringfence.core.specification.facts import Client, Engagement, Facts, Grant
from ringfence.core.state.state import State
from ringfence.core.terms import (
    ALL_CLIENTS,
    EVERYONE,
    GENERAL,
    GIVING,
    Instant,
    Level,
    Role,
    Subject,
    Target,
    Thing,
)
from ringfence.core.values import DefaultGrant, Delegation, Member, Request, Side, Wall
from tests.core.firms import NOW, on_client, on_engagement, on_service
from tests.support.seed import SEED, VARIABLE

T = TypeVar("T")

DAY = 86_400_000_000
EXPIRIES = tuple(Instant(NOW + offset) for offset in (-DAY, DAY, 2 * DAY, 3 * DAY))
GRANT_LEVELS = (*GIVING, *GIVING, Level.BLOCKED)


class Dice:
    """Chance with a memory of its seed."""

    def __init__(self, throw: int) -> None:
        self.throw = throw
        self.random = Random(f"{SEED}/{throw}")

    def __str__(self) -> str:
        return f"{VARIABLE}={SEED}, throw {self.throw}"

    def of(self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)

    def odds(self, chance: float) -> bool:
        return self.random.random() < chance

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


def throws(count: int) -> Iterator[Dice]:
    """So many dice, the same for the same seed."""
    return map(Dice, range(count))


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


def firm(dice: Dice, **settings: object) -> Firm:
    """A firm of 4-6 members, 2-4 clients and up to 14 grants; `settings` as given, others by chance."""
    facts = _facts(dice, settings)
    return Firm(state_of(facts), directory_of(facts))


def directory_of(facts: Facts) -> MemoryDirectory:
    """Names for all that has one; clients and engagements with odd numbers have references."""
    directory = MemoryDirectory()
    for thing, numbers in (
        (Thing.MEMBER, facts.members),
        (Thing.GROUP, facts.groups.keys() - {EVERYONE}),
        (Thing.SERVICE, facts.services - {GENERAL}),
        (Thing.WALL, facts.walls),
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
}
"""Values of each setting, the interesting ones more often."""


def _facts(dice: Dice, settings: dict[str, object]) -> Facts:
    chosen = {name: dice.of(values) for name, values in SETTINGS.items()}
    members = {number: _member(dice) for number in range(1, dice.random.randint(4, 6) + 1)}
    if dice.odds(0.9):
        members[1] = Member(role=dice.of((Role.ADMINISTRATOR, Role.PRINCIPAL)), access=dice.odds(0.9))
    services = [GENERAL, *range(2, dice.random.randint(2, 4) + 1)]
    clients = {
        number: Client(
            confidential=dice.odds(0.15),
            removed_at=dice.of((Instant(NOW - DAY), Instant(NOW - 40 * DAY))) if dice.odds(0.15) else None,
        )
        for number in range(1, dice.random.randint(2, 4) + 1)
    }
    engagements: dict[int, Engagement] = {}
    for client in clients:
        for service in dice.random.sample(services, dice.random.randint(1, min(3, len(services)))):
            number = max(engagements, default=0) + dice.of((1, 1, 1, 2))
            engagements[number] = Engagement(client=client, service=service)
    groups = {EVERYONE: frozenset(number for number, member in members.items() if member.active)}
    for number in range(2, dice.random.randint(1, 4) + 1):
        groups[number] = frozenset(dice.random.sample(sorted(members), dice.random.randint(0, 3)))
    subjects = [*(Subject("member", n) for n in [*members] * 2), *(Subject("group", n) for n in groups)]
    targets = [*map(on_engagement, engagements), *map(on_client, clients), *map(on_client, clients)]
    targets += [*map(on_service, services), ALL_CLIENTS]
    pairs = [(one, other) for one in members for other in members if one != other]
    return Facts(
        settings=Settings(profile=dice.of(tuple(PROFILES)), **{**chosen, **settings}),  # type: ignore[arg-type]
        was_on=bool({**chosen, **settings}["control"]) or dice.odds(0.5),
        members=members,
        groups=groups,
        services=frozenset(services),
        clients=clients,
        engagements=engagements,
        grants=_grants(dice, subjects, targets, sorted(clients)),
        delegations={
            pair: _delegation(dice) for pair in dice.random.sample(pairs, dice.random.randint(0, 4))
        },
        walls={1: wall(dice, members, clients)} if dice.odds(0.35) else {},
        requests={
            (client, dice.of(sorted(groups[EVERYONE]))): Request(level=dice.of(GIVING), expires=_later(dice))
            for client in clients
            if groups[EVERYONE] and clients[client].removed_at is None and dice.odds(0.4)
        },
        defaults={
            number: (DefaultGrant(subject=dice.of(subjects), level=dice.of(GRANT_LEVELS)),)
            for number in members
            if dice.odds(0.2)
        },
    )


def _member(dice: Dice) -> Member:
    role = dice.of((*(Role.STANDARD,) * 8, *Role))
    auditor = role is Role.AUDITOR
    return Member(
        role=role,
        access=not auditor and dice.odds(0.9),
        manage_access=not auditor and dice.odds(0.1),
        active=dice.odds(0.9),
    )


def _later(dice: Dice) -> Instant | None:
    return Instant(NOW + dice.random.randint(1, 3) * DAY) if dice.odds(0.3) else None


def _delegation(dice: Dice) -> Delegation:
    return Delegation(cap=dice.of((Level.OWNER, *GIVING)), expires=dice.expires(), cascades=dice.odds(0.8))


def _grants(
    dice: Dice, subjects: list[Subject], targets: list[Target], clients: list[int]
) -> frozenset[Grant]:
    places = {(dice.of(subjects), dice.of(targets)) for _ in range(dice.random.randint(0, 14))}
    given = set()
    for subject, target in sorted(places):
        split = subject.kind == "member" and target.kind == "client" and dice.odds(0.4)
        excludes = subject.kind == "group" and target.kind == "service" and dice.odds(0.4)
        given.add(
            Grant(
                subject=subject,
                target=target,
                level=dice.of(GRANT_LEVELS),
                expires=dice.expires(),
                fee_split=dice.of((0, 1_000, 1_666)) if split else None,
                excluded=frozenset(dice.random.sample(clients, 1)) if excludes else frozenset(),
            )
        )
    return frozenset(given)


def wall(dice: Dice, members: Iterable[int], clients: Iterable[int]) -> Wall:
    """A wall that mostly keeps somebody from something."""
    return _side(dice, members, clients), _side(dice, members, clients)


def _side(dice: Dice, members: Iterable[int], clients: Iterable[int]) -> Side:
    return Side(
        members=frozenset(dice.random.sample(sorted(members), dice.random.randint(0, 2))),
        clients=frozenset(dice.random.sample(sorted(clients), dice.random.randint(0, 2))),
    )


def administrators(facts: Facts) -> list[int]:
    return [number for number, member in facts.members.items() if member.active and member.administers]


Property = Callable[[Dice], None]


def hold(holds: Property, throws_: int) -> None:
    """Try a property on so many throws; a failure names the one to look at."""
    for dice in throws(throws_):
        try:
            holds(dice)
        except AssertionError as failure:
            failure.add_note(str(dice))
            raise
