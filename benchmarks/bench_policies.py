"""Policies of a big firm: checked whole, after one change, and what a preview costs with fifty of them.

`python -m benchmarks.bench_policies DATABASE`. On the scattered firm of the tables, in which nearly every
member reaches what nobody else does, and on one in which people work in teams. Policies that hold, as a firm
keeps them, and such as are mostly broken everywhere. Processor time; of previews the median of pairs in turn.
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
from ringfence.core.decision.among import seen_among
from ringfence.core.decision.moment import at
from ringfence.core.policies.breaking import breaks
from ringfence.core.policies.standing import hold
from ringfence.core.policies.tally import counted
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
TIMES, PAIRS = 3, 9


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
        for what, policies in (("that hold", holding(state)), ("broken", mostly_broken(state))):
            figures += _figures(f"{name}, {what}", _with(state, policies, POLICIES), group)
            figures += _previews(f"{name}, {what}", state, _with(state, policies, IN_PREVIEWS), group)
    sys.stdout.buffer.write(msgspec.json.encode(figures))


def _with(state: State, statements: Sequence[Statement], count: int) -> State:
    """The firm, of which nothing is worked out, with so many of these as policies."""
    step = len(statements) // count
    policies = {
        number: Policy(mode="warn" if number % 2 else "refuse", statements=(each,))
        for number, each in enumerate(statements[: step * count : step], 1)
    }
    memo = msgspec.structs.replace(state.memo, evaluation=None)
    return msgspec.structs.replace(state, policies=policies, memo=memo)


def mostly_broken(state: State) -> list[Statement]:
    """Statements of all kinds, about the firm's groups, services, members and clients, at random."""
    groups, members = sorted(set(state.groups) - {1}), sorted(state.members)
    clients = sorted(state.register.clients[number] for number in range(0, 40 * POLICIES, 40))
    return [
        _statement(number, groups, members, clients, len(state.members)) for number in range(1, POLICIES + 1)
    ]


def holding(state: State) -> list[Statement]:
    """Statements that hold: of groups, services, and of clients who happen to see them."""
    moment = at(state, NOW)
    groups = sorted(set(state.groups) - {1})
    clients = [state.register.clients[number] for number in range(0, 50 * POLICIES, 200)]
    everybody = len(state.members)
    found: list[Statement] = []
    for number, client in enumerate(clients):
        group = MembersMeant(groups=frozenset({groups[number % len(groups)]}))
        service = ClientsMeant(services=frozenset({1 + number % SERVICES}))
        seers = frozenset(each for each, _seen in seen_among(moment, state.everyone, BitMap([client])))
        found += [
            Never(members=group, clients=ClientsMeant(confidential=True)),
            Only(members=MembersMeant(members=seers), clients=ClientsMeant(clients=frozenset({client}))),
            AtMostLevel(level=Level.EDITOR, clients=service, members=group),
            AtMost(number=everybody - number % 20, clients=service),
            AtMostClients(number=everybody * 1000, clients=ClientsMeant(all=True), members=group),
            OpenTo(client=client, members=seers),
            AtLeast(number=min(len(seers), 5), clients=ClientsMeant(clients=frozenset({client}))),
            AtMostClients(
                number=0, clients=ClientsMeant(confidential=True), members=MembersMeant(everyone=True)
            ),
        ]
    return [each for each, holds in zip(found, hold(moment, found), strict=True) if holds]


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
    taken = _cpu(lambda: counted(at(state, NOW), statements), 1)
    found = [Figure(f"{name}: {len(statements)} policies checked whole", taken, "s", 2)]
    held = hold(at(state, NOW), statements)
    found.append(Figure("  … of which hold", sum(held), ""))
    for what, events in _changes(state, group):
        times = []
        for _ in range(TIMES):
            after = at(apply_all(state, events), NOW)
            times.append(_cpu(lambda: breaks(at(state, NOW), after, events), 1))  # noqa: B023
        found.append(Figure(f"  … after {what}", 1000 * min(times), "ms", 50))
    return found


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


def _previews(name: str, without: State, along: State, group: int) -> list[Figure]:
    """What a preview works out, in turn without policies and with some; the firm has been counted."""
    hold(at(along, NOW), [each for policy in along.policies.values() for each in policy.statements])
    found = []
    for what, events in _changes(without, group):
        for state in (without, along):
            _preview(state, events)
        pairs = []
        for _ in range(PAIRS):
            pairs.append([_cpu(lambda: _preview(state, events), 1) for state in (without, along)])  # noqa: B023
        one, other = (statistics.median(each) for each in zip(*pairs, strict=True))
        text = f"{name}: a preview of {what}, {len(along.policies)} policies"
        found.append(Figure(text, 1000 * other, "ms", 1200 * one, 1000 * one, "(without)"))
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
