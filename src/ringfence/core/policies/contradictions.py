"""Which statements cannot hold together, as the firm is now: what one asks for, the other forbids.

Each pair is looked at by itself. Policies that contradict one another cannot both be kept, whatever anybody
does, so that the second of them is refused when it is set.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core.decision.moment import Moment
from ringfence.core.state.state import State
from ringfence.core.statements import (
    AtLeast,
    AtMost,
    AtMostClients,
    AtMostLevel,
    CheckIs,
    ClientsMeant,
    MemberSees,
    Never,
    Only,
    OpenTo,
    Policy,
    Statement,
)
from ringfence.core.terms import Level

from .meant import clients_meant, means, members_meant


class Contradiction(NamedTuple):
    """A statement of the policy asked about, by its place, and what it contradicts."""

    statement: int
    other_policy: int
    other_statement: int


def contradictions(moment: Moment, policies: Mapping[int, Policy], *, of: int) -> list[Contradiction]:
    """What the statements of one of these policies contradict, in the order of its statements."""
    found = []
    for place, statement in enumerate(policies[of].statements):
        for number, policy in policies.items():
            for other_place, other in enumerate(policy.statements):
                itself = number == of and other_place >= place
                if not itself and _contradict(moment.state, statement, other):
                    found.append(Contradiction(place, number, other_place))
    return found


def _contradict(state: State, one: Statement, other: Statement) -> bool:
    return (
        _cannot_be_met(state, one, other)
        or _cannot_be_met(state, other, one)
        or _too_few_left(state, one, other)
        or _too_few_left(state, other, one)
        or _differ(one, other)
    )


class _Asked(NamedTuple):
    """That a member sees a client, at a level or any."""

    member: int
    client: int
    level: Level


def _asked(state: State, statement: Statement) -> Iterator[_Asked]:
    """What the statement asks for of single members and clients that are there."""
    there = state.register.clients
    match statement:
        case MemberSees(member=member):
            clients = (client for client in statement.clients if client in there)
            yield from (_Asked(member, client, Level.READER) for client in clients)
        case OpenTo(client=client) if client in there:
            yield from (_Asked(member, client, Level.READER) for member in statement.members)
        case CheckIs(level=level) if level and statement.client in there:
            yield _Asked(statement.member, statement.client, level)


def _cannot_be_met(state: State, asking: Statement, other: Statement) -> bool:
    if isinstance(other, AtMostClients):
        among = members_meant(state, other.members)
        asked = [each for each in _asked(state, asking) if each.member in among]
        wanted = BitMap(each.client for each in asked if means(state, other.clients, each.client))
        return isinstance(asking, MemberSees) and len(wanted) > other.number
    return any(_forbids(state, other, each) for each in _asked(state, asking))


def _forbids(state: State, statement: Statement, asked: _Asked) -> bool:
    match statement:
        case Never():
            among = asked.member in members_meant(state, statement.members)
            return among and means(state, statement.clients, asked.client)
        case Only():
            among = asked.member in members_meant(state, statement.members)
            return not among and means(state, statement.clients, asked.client)
        case AtMostLevel():
            among = asked.member in members_meant(state, statement.members)
            return asked.level > statement.level and among and means(state, statement.clients, asked.client)
        case MemberSees():
            return asked.member == statement.member and asked.client not in statement.clients
        case OpenTo():
            return asked.client == statement.client and asked.member not in statement.members
    return False


class _Bound(NamedTuple):
    """By how many members each of some clients must be seen, or may be."""

    number: int
    clients: ClientsMeant


def _least(statement: Statement) -> _Bound | None:
    match statement:
        case AtLeast():
            return _Bound(statement.number, statement.clients)
        case OpenTo():
            return _Bound(len(statement.members), ClientsMeant(clients=frozenset({statement.client})))
    return None


def _most(state: State, statement: Statement) -> _Bound | None:
    match statement:
        case AtMost():
            return _Bound(statement.number, statement.clients)
        case Only():
            among = members_meant(state, statement.members) & state.everyone
            return _Bound(len(among), statement.clients)
        case Never() | AtMostLevel(level=Level.NONE):
            left = state.everyone - members_meant(state, statement.members)
            return _Bound(len(left), statement.clients)
        case OpenTo():
            return _Bound(len(statement.members), ClientsMeant(clients=frozenset({statement.client})))
    return None


def _too_few_left(state: State, asking: Statement, other: Statement) -> bool:
    """Whether some client must be seen by more members than may see it."""
    least, most = _least(asking), _most(state, other)
    if least is None or most is None or least.number <= most.number:
        return False
    return bool(clients_meant(state, least.clients) & clients_meant(state, most.clients))


def _differ(one: Statement, other: Statement) -> bool:
    """Whether they say two things about the same."""
    match one, other:
        case CheckIs(), CheckIs():
            same = (one.member, one.client, one.service) == (other.member, other.client, other.service)
            reasons = {one.reason, other.reason} - {None}
            return same and (one.level is not other.level or len(reasons) > 1)
        case MemberSees(), MemberSees():
            return one.member == other.member and one.clients != other.clients
        case OpenTo(), OpenTo():
            return one.client == other.client and one.members != other.members
    return False
