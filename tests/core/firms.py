"""Firms to test on: a small one for tests written by hand, and strategies for whole random ones.

Random firms are valid by rules.md 1 and 5 (Everyone holds the active members, an auditor has no permission,
fee splits of a client add up to at most 100 %), and small enough that every step is met often.
"""

from collections.abc import Hashable, Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec
from hypothesis import strategies as st

from ringfence.core.settings import PROFILES, Settings
from ringfence.core.specification.facts import Client, Engagement, Facts, Grant
from ringfence.core.terms import (
    ADMINISTERING,
    ALL_CLIENTS,
    EVERYONE,
    GENERAL,
    GIVING,
    Instant,
    Level,
    Role,
    Subject,
    Target,
    group_subject,
    member_subject,
)
from ringfence.core.values import DefaultGrant, Delegation, Emergency, Member, Request, Side, Sides, Wall

_T = TypeVar("_T", bound=Hashable)

NOW = Instant(1_767_225_600_000_000)
"""2026-01-01T00:00:00Z, where scenario files start too."""

EXPIRIES = tuple(Instant(NOW + offset) for offset in (-5, 0, 1, 10))
MOMENTS = tuple(Instant(NOW + offset) for offset in (-10, -5, -1, 0, 1, 10))
"""Before, between and at all expiries of random firms."""

ADA, BEN, CY = 1, 2, 3
TEAM = 2
VAT = 2
ACME, BOOTS = 1, 2
ACME_GENERAL, ACME_VAT, BOOTS_GENERAL = 1, 2, 3


def grant(
    subject: Subject,
    target: Target,
    level: Level = Level.EDITOR,
    *,
    expires: Instant | None = None,
    fee_split: int | None = None,
    excluded: Iterable[int] = (),
) -> Grant:
    return Grant(
        subject=subject,
        target=target,
        level=level,
        expires=expires,
        fee_split=fee_split,
        excluded=frozenset(excluded),
    )


def on_engagement(number: int) -> Target:
    return Target("engagement", number)


def on_client(number: int) -> Target:
    return Target("client", number)


def on_service(number: int) -> Target:
    return Target("service", number)


# The cast of the small firm: whom grants are to, and the client that most of them are on.
ada, ben, cy = member_subject(ADA), member_subject(BEN), member_subject(CY)
team, everyone = group_subject(TEAM), group_subject(EVERYONE)
acme = on_client(ACME)


def small_firm(
    *grants: Grant,
    members: Mapping[int, Member] | None = None,
    clients: Mapping[int, Client] | None = None,
    delegations: Mapping[tuple[int, int], Delegation] | None = None,
    walls: Mapping[int, Wall] | None = None,
    emergencies: Mapping[tuple[int, int], Emergency] | None = None,
    groups: Mapping[int, Iterable[int]] | None = None,
    **settings: Any,
) -> Facts:
    """Ada, Ben and Cy, all standard; the team of Ada; Acme with General and VAT, Boots with General.

    Control and delegation are on and unassigned clients open to Editor, unless `settings` say otherwise.
    `members` and `clients` replace single ones.
    """
    people = {ADA: Member(), BEN: Member(), CY: Member(), **(members or {})}
    everyone = frozenset(number for number, member in people.items() if member.active)
    teams = {TEAM: (ADA,)} if groups is None else groups
    return Facts(
        settings=msgspec.structs.replace(PROFILES["practice"], **settings),
        was_on=True,
        members=people,
        groups={EVERYONE: everyone, **{number: frozenset(inside) for number, inside in teams.items()}},
        services=frozenset({GENERAL, VAT}),
        clients={ACME: Client(), BOOTS: Client(), **(clients or {})},
        engagements={
            ACME_GENERAL: Engagement(client=ACME, service=GENERAL),
            ACME_VAT: Engagement(client=ACME, service=VAT),
            BOOTS_GENERAL: Engagement(client=BOOTS, service=GENERAL),
        },
        grants=frozenset(grants),
        delegations=dict(delegations or {}),
        walls=dict(walls or {}),
        requests={},
        emergencies=dict(emergencies or {}),
        defaults={},
    )


# What is drawn often is made once: hypothesis looks a new strategy through before its first draw, which takes
# longer than the draw.


@cache
def mostly(usual: bool) -> st.SearchStrategy[bool]:
    """`usual` in nine of ten draws."""
    return st.sampled_from((usual,) * 9 + (not usual,))


expiries = st.sampled_from((None, None, None, *EXPIRIES))
giving_levels = st.sampled_from(GIVING)
grant_levels = st.sampled_from((*GIVING, *GIVING, Level.BLOCKED))
_FEE_SPLITS = st.sampled_from((None, None, 0, 1_000, 1_666))
"""Even the sum of six members' is at most 10,000."""

firm_settings = st.builds(
    Settings,
    profile=st.sampled_from(tuple(PROFILES)),
    control=mostly(True),
    unassigned=st.sampled_from(("none", "reader", "editor", "owner")),
    on_activation=st.sampled_from(("leave", "share")),
    creator_owns=st.booleans(),
    owner_required=st.booleans(),
    default_everyone=st.sampled_from(("none", "reader", "editor", "owner")),
    everyone_grants=st.sampled_from(("yes", "with_default", "no")),
    personal_defaults=st.booleans(),
    levels=st.sampled_from(("single", "four")),
    sharing=st.sampled_from(("administrators", "owners", "anyone_with_access")),
    requests=st.booleans(),
    inaccessible=st.sampled_from(("hidden", "named")),
    administrators=st.sampled_from(("as_others", "as_others", "as_others", "unrestricted")),
    delegation=mostly(True),
    fee_splits=st.booleans(),
    digest=st.booleans(),
    policy_mode=st.sampled_from(("warn", "refuse")),
    emergency=st.sampled_from(("no", "reader", "editor")),
    emergency_hours=st.sampled_from((1, 4, 72)),
)


_roles = st.sampled_from((*(Role.STANDARD,) * 8, *Role))


@st.composite
def _people(draw: st.DrawFn) -> Member:
    role = draw(_roles)
    if role is Role.AUDITOR:
        return Member(role=role, access=False, active=draw(mostly(True)))
    return Member(
        role=role, access=draw(mostly(True)), manage_access=draw(mostly(False)), active=draw(mostly(True))
    )


people = _people()

delegation_terms = st.builds(
    Delegation,
    cap=st.sampled_from((Level.OWNER, *GIVING)),
    expires=expiries,
    cascades=mostly(True),
)

emergencies = st.builds(
    Emergency,
    level=st.sampled_from((Level.READER, Level.EDITOR)),
    opened=st.just(Instant(NOW - 20)),
    expires=st.sampled_from(EXPIRIES),
)

open_requests = st.builds(Request, level=giving_levels, expires=expiries)


@st.composite
def sized(draw: st.DrawFn, elements: st.SearchStrategy[_T], most: int) -> list[_T]:
    """Distinct elements, none to `most` of them, each number equally often (hypothesis prefers few)."""
    return list(dict.fromkeys(draw(elements) for _ in range(draw(up_to(most)))))


@cache
def up_to(most: int) -> st.SearchStrategy[int]:
    return st.integers(0, most)


@cache
def one_of_numbers(numbers: tuple[int, ...]) -> st.SearchStrategy[int]:
    return st.sampled_from(numbers)


def some_of(numbers: Iterable[int]) -> st.SearchStrategy[frozenset[int]]:
    """Any of the numbers, none included."""
    return _some_of(tuple(sorted(numbers)))


@cache
def _some_of(numbers: tuple[int, ...]) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.sampled_from(numbers)) if numbers else st.just(frozenset())


@st.composite
def walls_between(draw: st.DrawFn, members: Iterable[int], clients: Iterable[int]) -> Wall:
    """A wall that may begin, end, and have been acknowledged."""
    sides = draw(sides_between(members, clients))
    asked = sorted(sides[0].members | sides[1].members)
    known = draw(st.frozensets(st.sampled_from(asked))) if asked else frozenset()
    times = (draw(expiries), draw(expiries))
    return Wall(sides=sides, starts=times[0], ends=times[1], acknowledged=dict.fromkeys(sorted(known), NOW))


def sides_between(members: Iterable[int], clients: Iterable[int]) -> st.SearchStrategy[Sides]:
    return _sides_between(tuple(members), tuple(clients))


@cache
def _sides_between(members: tuple[int, ...], clients: tuple[int, ...]) -> st.SearchStrategy[Sides]:
    side = st.builds(
        Side,
        members=st.frozensets(st.sampled_from(members), max_size=2),
        clients=st.frozensets(st.sampled_from(clients), max_size=2),
    )
    return st.tuples(side, side)


@cache
def _places(subjects: int, targets: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    return sized(st.tuples(up_to(subjects - 1), up_to(targets - 1)), 18)


@st.composite
def grants_in(
    draw: st.DrawFn, subjects: list[Subject], targets: list[Target], clients: list[int]
) -> frozenset[Grant]:
    """Grants of the kinds that rules.md 1 knows, one per subject and target."""
    given = set()
    for who, what in draw(_places(len(subjects), len(targets))):
        subject, target = subjects[who], targets[what]
        splits = subject.kind == "member" and target.kind == "client"
        excludes = subject.kind == "group" and target.kind == "service"
        given.add(
            Grant(
                subject=subject,
                target=target,
                level=draw(grant_levels),
                expires=draw(expiries),
                fee_split=draw(_FEE_SPLITS) if splits else None,
                excluded=draw(some_of(clients)) if excludes else frozenset(),
            )
        )
    return frozenset(given)


def defaults_of(subjects: list[Subject]) -> st.SearchStrategy[tuple[DefaultGrant, ...]]:
    levels = st.dictionaries(st.sampled_from(subjects), grant_levels, min_size=1, max_size=2)
    return levels.map(
        lambda given: tuple(DefaultGrant(subject=who, level=level) for who, level in sorted(given.items()))
    )


_steps = st.sampled_from((1, 1, 1, 2))


@cache
def _services_of_one(services: tuple[int, ...]) -> st.SearchStrategy[set[int]]:
    return st.sets(st.sampled_from(services), min_size=1, max_size=3)


@st.composite
def engagements_in(draw: st.DrawFn, clients: list[int], services: list[int]) -> dict[int, Engagement]:
    """One to three engagements for each client; some numbers are missing, as after a removal."""
    engagements = {}
    number = 0
    for client in clients:
        for service in sorted(draw(_services_of_one(tuple(services)))):
            number += draw(_steps)
            engagements[number] = Engagement(client=client, service=service)
    return engagements


_kept_emergencies = st.one_of(
    emergencies, emergencies.map(lambda one: msgspec.structs.replace(one, stands=False))
)
_clients = st.builds(
    Client,
    confidential=mostly(False),
    removed_at=st.sampled_from((None,) * 9 + (Instant(NOW - 20),)),
)
_some_people = st.lists(people, min_size=4, max_size=6)
_some_clients = st.lists(_clients, min_size=2, max_size=5)
_more_services = st.sets(st.integers(2, 5), max_size=3)
_group_numbers = sized(st.integers(2, 6), 5)


@cache
def _in_a_group(members: int) -> st.SearchStrategy[list[int]]:
    return sized(st.integers(1, members), 4)


@cache
def _pairs(members: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    numbers = range(1, members + 1)
    return sized(st.sampled_from([(one, other) for one in numbers for other in numbers if one != other]), 7)


@cache
def _asking(clients: int, members: int) -> st.SearchStrategy[dict[tuple[int, int], Request]]:
    return st.dictionaries(
        st.tuples(st.integers(1, clients), st.integers(1, members)), open_requests, max_size=2
    )


@cache
def _in_emergency(clients: int, members: int) -> st.SearchStrategy[dict[tuple[int, int], Emergency]]:
    return st.dictionaries(
        st.tuples(st.integers(1, clients), st.integers(1, members)), _kept_emergencies, max_size=2
    )


@st.composite
def firms(draw: st.DrawFn) -> Facts:
    """Whole firms: 4-6 members, Everyone and up to 5 groups, 2-5 clients, 1-4 services, up to 18 grants."""
    settings = draw(firm_settings)
    members = dict(enumerate(draw(_some_people), start=1))
    clients = dict(enumerate(draw(_some_clients), start=1))
    services = [GENERAL, *sorted(draw(_more_services))]
    engagements = draw(engagements_in(sorted(clients), services))
    groups = {EVERYONE: frozenset(number for number, member in members.items() if member.active)}
    for number in sorted(draw(_group_numbers)):
        groups[number] = frozenset(draw(_in_a_group(len(members))))
    subjects = [*map(member_subject, members), *map(group_subject, groups)]
    targets = [
        *map(on_engagement, engagements),
        *map(on_client, clients),
        *map(on_service, services),
        ALL_CLIENTS,
    ]
    walls = [draw(walls_between(members, clients))] if draw(st.booleans()) else []
    return Facts(
        settings=settings,
        was_on=settings.control or draw(st.booleans()),
        members=members,
        groups=groups,
        services=frozenset(services),
        clients=clients,
        engagements=engagements,
        grants=draw(grants_in(subjects, targets, sorted(clients))),
        delegations={pair: draw(delegation_terms) for pair in draw(_pairs(len(members)))},
        walls=dict(enumerate(walls, start=draw(st.integers(1, 2)))),
        requests=draw(_asking(len(clients), len(members))),
        emergencies=draw(_in_emergency(len(clients), len(members))),
        defaults={draw(st.sampled_from(sorted(members))): draw(defaults_of(subjects))}
        if draw(st.booleans())
        else {},
    )


def administrators_of(facts: Facts) -> list[int]:
    """The active members whose role manages the firm."""
    return [
        number for number, person in facts.members.items() if person.active and person.role in ADMINISTERING
    ]
