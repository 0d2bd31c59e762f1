"""Previews that look at everything: turning control off, and deleting a group of a tenth of all clients.

`python -m benchmarks.bench_previews DATABASE`. Two firms: the scattered one of the tables, in which nearly
every member reaches what nobody else does, and one in which people work in teams and many reach the same.
Processor time; a process whose pages have been asked for has worked out what is assigned.
"""

import gc
import sys
import time
from array import array
from collections.abc import Callable

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply
from ringfence.core.compare.difference import Difference, preview
from ringfence.core.decision.moment import at
from ringfence.core.settings import PROFILES
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Level, Role, group_subject
from ringfence.store.loading import load

from .bigfirm import FIRM, LARGE_GROUP, open_plain
from .measure import Figure

NOW = Instant(1_767_225_600_000_000)
TIMES = 3
TEAMS = 50


def main(url: str) -> None:
    connection = open_plain(url)
    scattered = load(connection, FIRM).state
    connection.close()
    figures = []
    firms = (("scattered", scattered, LARGE_GROUP), ("in teams", in_teams(scattered), TEAMS + 2))
    for name, state, group in firms:
        assert state.assigned is not None
        clients, members = len(state.register.clients), len(state.everyone)
        off = e.Change(events=(e.ControlTurned(on=False),))
        gone = e.Change(events=(e.GroupDeleted(group=group),))
        of_group = f"{len(state.groups[group])} members"
        figures += [
            Figure(
                f"{name}: turning off for {clients:,} clients and {members:,} members",
                _taken(state, off, _counted),
                "s",
            ),
            Figure("  … with every pair counted", _taken(state, off, _paired), "s"),
            Figure(f"{name}: deleting a group of {of_group}", _taken(state, gone, _counted), "s"),
            Figure("  … with every pair counted", _taken(state, gone, _paired), "s"),
        ]
    sys.stdout.buffer.write(msgspec.json.encode(figures))


def in_teams(like: State) -> State:
    """A firm of the same size: each team has its part of the clients, and half of all share a tenth more."""
    clients, members = len(like.register.clients), len(like.members)
    events: list[e.Event] = [
        e.FirmCreated(settings=msgspec.structs.replace(PROFILES["agency"], control=True)),
        e.ClientsAdded(
            first_client=1,
            count=clients,
            first_engagement=1,
            client_of=array("I", range(1, clients + 1)).tobytes(),
            service_of=array("I", [1] * clients).tobytes(),
        ),
        *(
            e.MemberAdded(member=number, role=Role.STANDARD, access=True, manage_access=False)
            for number in range(1, members + 1)
        ),
    ]
    for team in range(TEAMS + 1):
        whole = team == TEAMS
        people = range(1, members // 2 + 1) if whole else range(1 + team, members + 1, TEAMS)
        theirs = range(1, clients // 10) if whole else range(1 + team, clients + 1, TEAMS)
        events += [
            e.GroupCreated(group=team + 2),
            e.GroupJoined(group=team + 2, members=BitMap(people)),
            e.GrantsSet(
                subject=group_subject(team + 2), kind="client", targets=BitMap(theirs), level=Level.EDITOR
            ),
        ]
    state = State.empty()
    for event in events:
        state = apply(state, event)
    return state


def _counted(found: Difference) -> object:
    """What a page shows of a change: people and clients counted, the first of them in full."""
    first = [
        (found.gained[number].client_count, found.gains.count(number)) for number in list(found.gained)[:20]
    ]
    return len(found.gained), len(found.lost), len(found.shifted), first, len(found.openness.released.clients)


def _paired(found: Difference) -> object:
    return found.gains.total, found.loses.total, found.changes.total


def _taken(state: State, change: e.Change, looked_at: Callable[[Difference], object]) -> float:
    """Processor seconds, the best of several."""
    best = []
    for _ in range(TIMES):
        gc.collect()
        start = time.process_time()
        looked_at(preview(at(state, NOW), change))
        best.append(time.process_time() - start)
    return min(best)


if __name__ == "__main__":
    main(sys.argv[1])
