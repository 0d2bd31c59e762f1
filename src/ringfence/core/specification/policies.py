"""The policies of rules.md 10 written slowly and obviously: who sees what, member by member.

Tests hold `core/policies/` against this page; nothing else uses it.
"""

from ringfence.core.statements import (
    AtLeast,
    AtMost,
    AtMostClients,
    AtMostLevel,
    CheckIs,
    ClientsMeant,
    MemberSees,
    MembersMeant,
    Never,
    Only,
    OpenTo,
    Policy,
    Statement,
)
from ringfence.core.terms import EVERYONE, Instant, Level, Reason

from .decide import decide, engagements_of
from .facts import Facts


def holds(facts: Facts, policy: Policy, now: Instant) -> bool:
    """Whether each of the policy's statements holds."""
    return not any(broken(facts, statement, now) for statement in policy.statements)


def broken(facts: Facts, statement: Statement, now: Instant) -> frozenset[int]:
    """The clients at which the statement does not hold; of `AtMostClients`, the members."""
    match statement:
        case Never():
            members = meant_members(facts, statement.members)
            clients = meant_clients(facts, statement.clients)
            return frozenset(c for c in clients if seers(facts, c, now) & members)
        case Only():
            members = meant_members(facts, statement.members)
            clients = meant_clients(facts, statement.clients)
            return frozenset(c for c in clients if seers(facts, c, now) - members)
        case AtLeast(number=number):
            clients = meant_clients(facts, statement.clients)
            return frozenset(c for c in clients if len(seers(facts, c, now)) < number)
        case AtMost(number=number):
            clients = meant_clients(facts, statement.clients)
            return frozenset(c for c in clients if len(seers(facts, c, now)) > number)
        case AtMostClients(number=number):
            clients = meant_clients(facts, statement.clients)
            members = meant_members(facts, statement.members)
            return frozenset(m for m in members if len(seen_by(facts, m, now) & clients) > number)
        case AtMostLevel(level=level):
            members = meant_members(facts, statement.members)
            clients = meant_clients(facts, statement.clients)
            return frozenset(
                c for c in clients if any(highest(facts, member, c, now) > level for member in members)
            )
        case MemberSees(member=member):
            there = statement.clients & present(facts)
            return seen_by(facts, member, now) ^ there
        case OpenTo(client=client):
            wrong = client in present(facts) and seers(facts, client, now) != statement.members
            return frozenset({client} if wrong else ())
        case CheckIs(client=client):
            wrong = client in present(facts) and not _check_holds(facts, statement, now)
            return frozenset({client} if wrong else ())


def present(facts: Facts) -> frozenset[int]:
    """The clients that are there."""
    return frozenset(number for number, client in facts.clients.items() if client.removed_at is None)


def meant_members(facts: Facts, meant: MembersMeant) -> frozenset[int]:
    found = set(meant.members)
    if meant.everyone:
        found |= facts.groups[EVERYONE]
    for group in meant.groups:
        found |= facts.groups.get(group, frozenset())
    found |= {number for number, member in facts.members.items() if member.role in meant.roles}
    return frozenset(found - meant.without)


def meant_clients(facts: Facts, meant: ClientsMeant) -> frozenset[int]:
    found = set()
    for number in present(facts):
        services = {facts.engagements[one].service for one in engagements_of(facts, number)}
        confidential = meant.confidential and facts.clients[number].confidential
        if meant.all or number in meant.clients or confidential or services & meant.services:
            found.add(number)
    return frozenset(found - meant.without)


def seers(facts: Facts, client: int, now: Instant) -> frozenset[int]:
    """The members who see the client: at least one of its engagements (rules.md 2)."""
    return frozenset(member for member in facts.members if highest(facts, member, client, now))


def seen_by(facts: Facts, member: int, now: Instant) -> frozenset[int]:
    """The clients that the member sees."""
    return frozenset(client for client in present(facts) if highest(facts, member, client, now))


def highest(facts: Facts, member: int, client: int, now: Instant) -> Level:
    """The highest level that the member has on any engagement of the client."""
    levels = (decide(facts, member, number, now)[0] for number in engagements_of(facts, client))
    return max(levels, default=Level.NONE)


def _check_holds(facts: Facts, check: CheckIs, now: Instant) -> bool:
    """As in scenario files (rules.md 8): the lowest level over the engagements, any reason that gives it."""
    engagements = [
        number
        for number in engagements_of(facts, check.client)
        if not check.service or facts.engagements[number].service == check.service
    ]
    answers = [decide(facts, check.member, number, now) for number in engagements]
    level = min((answer[0] for answer in answers), default=Level.NONE)
    reasons = {answer[1] for answer in answers if answer[0] is level} or {Reason.OUTSIDE_FIRM}
    return level is check.level and (check.reason is None or check.reason in reasons)
