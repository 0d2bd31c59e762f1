"""Policies of a big firm: checked whole, after one change, and what a preview costs with fifty of them.

`python -m benchmarks.bench_policies DATABASE`. On the scattered firm of the tables, in which nearly every
member reaches what nobody else does, and on one in which people work in teams. Processor time.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable, Sequence

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.compare.difference import difference
from ringfence.core.decision.moment import at
from ringfence.core.policies.breaking import breaks
from ringfence.core.policies.checking import broken
from ringfence.core.state.state import State
from ringfence.core.statements import (
    AtLeast,
    AtMost,
    AtMostClients,
    AtMostLevel,
    ClientsMeant,
    MemberSees,
    MembersMeant,
    Never,
    Only,
    OpenTo,
    Policy,
    Statement,
)
from ringfence.core.terms import Level, group_subject, member_subject
from ringfence.store.loading import load

from .bench_previews import NOW, TEAMS, in_teams
from .bigfirm import FIRM, LARGE_GROUP, SERVICES, open_plain
from .measure import Figure

POLICIES, IN_PREVIEWS = 200, 50
TIMES = 3


def main(url: str) -> None:
    connection = open_plain(url)
    scattered = load(connection, FIRM).state
    connection.close()
    figures = []
    for name, state, group in (
        ("scattered", scattered, LARGE_GROUP + 1),
        ("in teams", in_teams(scattered), TEAMS + 2),
    ):
        assert state.assigned is not None
        figures += _figures(name, with_policies(state, POLICIES), group)
        figures += _previews(name, state, group)
    sys.stdout.buffer.write(msgspec.json.encode(figures))


def with_policies(state: State, count: int) -> State:
    """The firm with so many policies of all kinds, about its groups, services, members and clients."""
    groups, members = sorted(set(state.groups) - {1}), sorted(state.members)
    clients = sorted(state.register.clients[number] for number in range(0, 40 * count, 40))
    made = {}
    for number in range(1, count + 1):
        statement = _statement(number, groups, members, clients, len(state.members))
        made[number] = Policy(mode="warn" if number % 2 else "refuse", statements=(statement,))
    return msgspec.structs.replace(state, policies=made)


def _statement(
    number: int, groups: Sequence[int], members: Sequence[int], clients: Sequence[int], everybody: int
) -> Statement:
    group = MembersMeant(groups=frozenset({groups[number % len(groups)]}))
    service = ClientsMeant(services=frozenset({1 + number % SERVICES}))
    client, member = clients[number - 1], members[number % len(members)]
    few = frozenset(members[number % 50 :: 50])
    match number % 10:
        case 0:
            return Never(members=group, clients=ClientsMeant(confidential=True))
        case 1:
            return Never(members=group, clients=service)
        case 2:
            return Only(members=group, clients=ClientsMeant(clients=frozenset({client})))
        case 3:
            return Only(members=MembersMeant(everyone=True, without=few), clients=service)
        case 4:
            return AtLeast(number=1 + number % 5, clients=ClientsMeant(all=True))
        case 5:
            return AtMost(number=everybody - number % 20, clients=service)
        case 6:
            return AtMostClients(number=100_000, clients=ClientsMeant(all=True), members=group)
        case 7:
            return AtMostLevel(level=Level.READER, clients=service, members=group)
        case 8:
            return MemberSees(member=member, clients=frozenset({client}))
    return OpenTo(client=client, members=few)


def _figures(name: str, state: State, group: int) -> list[Figure]:
    statements = [each for policy in state.policies.values() for each in policy.statements]
    found = [
        Figure(
            f"{name}: {POLICIES} policies checked whole",
            _cpu(lambda: broken(at(state, NOW), statements), 1),
            "s",
            2,
        )
    ]
    for what, events in _changes(state, group):
        after = apply_all(state, events)
        before = at(state, NOW)
        taken = _cpu(lambda: _forgetting(before, after, events), TIMES)  # noqa: B023
        found.append(Figure(f"  … after {what}", 1000 * taken, "ms", 50))
    return found


def _forgetting(before: object, after: State, events: Sequence[e.Event]) -> None:
    moment = at(after, NOW)
    moment.evaluation.policies = None
    breaks(before, moment, events)  # type: ignore[arg-type]


def _changes(state: State, group: int) -> list[tuple[str, list[e.Event]]]:
    client, member = state.register.clients[1000], sorted(state.members)[7]
    outside = next(each for each in state.members if each not in state.groups[group])
    inside = state.groups[group][0]
    return [
        (
            "one grant",
            [
                e.GrantsSet(
                    subject=member_subject(member), kind="client", targets=BitMap([client]), level=Level.OWNER
                )
            ],
        ),
        ("a client marked confidential", [e.ClientMarked(client=client, confidential=True)]),
        ("a group joined", [e.GroupJoined(group=group, members=BitMap([outside]))]),
        ("a group left", [e.GroupLeft(group=group, members=BitMap([inside]))]),
        ("a member deactivated", [e.MemberDeactivated(member=member)]),
        (
            "a hundred grants of a group",
            [
                e.GrantsSet(
                    subject=group_subject(group),
                    kind="client",
                    targets=BitMap(state.register.clients[5000:5100]),
                    level=Level.EDITOR,
                )
            ],
        ),
    ]


def _previews(name: str, state: State, group: int) -> list[Figure]:
    """What a preview works out, in turn without policies and with fifty."""
    many = with_policies(state, IN_PREVIEWS)
    found = []
    for what, events in _changes(state, group):
        pairs = []
        for _ in range(TIMES):
            pairs.append((_cpu(lambda: _preview(state, events), 1), _cpu(lambda: _preview(many, events), 1)))  # noqa: B023
        without, along = (statistics.median(each) for each in zip(*pairs, strict=True))
        found.append(
            Figure(
                f"{name}: a preview of {what}, {IN_PREVIEWS} policies",
                1000 * along,
                "ms",
                1200 * without,
                1000 * without,
                "(without)",
            )
        )
    return found


def _preview(state: State, events: Sequence[e.Event]) -> None:
    before = at(state, NOW)
    after = apply_all(state, events)
    found = difference(state, after, events, NOW)
    _ = found.gains.total, found.loses.total, found.changes.total
    breaks(before, at(after, NOW), events)


def _cpu(work: Callable[[], object], times: int) -> float:
    """Processor seconds, the best of several."""
    best = []
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        work()
        best.append(time.process_time() - start)
    return min(best)


if __name__ == "__main__":
    main(sys.argv[1])
