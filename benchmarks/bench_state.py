"""The state of a big firm: load, memory, checks, totals, events, preview. Run in a process of its own.

Prints JSON for `__main__`: a fresh process shows what the state alone takes, without Django.
"""

import random
import sys
import time
from collections.abc import Callable
from typing import Any

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply
from ringfence.core.compare.difference import preview
from ringfence.core.decision.moment import Moment, at
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Level, member_subject
from ringfence.store.engines import source_for
from ringfence.store.loading import load

from .bigfirm import FIRM, LARGE_GROUP, open_plain
from .measure import Figure, resident, seconds

NOW = Instant(1_767_225_600_000_000)


def main(url: str) -> None:
    sqlite = url.startswith("sqlite")
    connection = open_plain(url)
    source = source_for(connection)

    def fetch() -> None:
        for table in ("engagement", "grant"):
            source.rows(
                f"SELECT count(*), sum(service) FROM firms_{table} WHERE firm_id = ?".replace(
                    "service", "service" if table == "engagement" else "target"
                ),
                FIRM,
            )

    before = resident()
    fetch()
    bare = seconds(fetch, times=3)
    start = time.perf_counter()
    state = load(connection, FIRM).state
    loaded = time.perf_counter() - start
    figures = _memory(state, before)
    figures += _questions(state)
    figures += _events(state)
    figures.append(_preview(state))
    loaded = min(loaded, seconds(lambda: load(connection, FIRM), times=2))
    goal = 5 if sqlite else 3
    figures.insert(0, Figure("state from the tables", loaded, "s", goal, bare, "(counting the rows)"))
    connection.close()
    sys.stdout.buffer.write(msgspec.json.encode(figures))


def _memory(state: State, before: float) -> list[Figure]:
    after_load = resident()
    moment = at(state, NOW)
    start = time.perf_counter()
    for member in state.members:
        moment.reach(member)
    reached = (time.perf_counter() - start) / len(state.members)
    return [
        Figure("resident after the load", after_load, "MB", None, before, "(empty process)"),
        Figure("a member's reach, first time", reached * 1e3, "ms"),
        Figure("resident with every member's reach", resident(), "MB", 300, before, "(empty process)"),
    ]


def _questions(state: State) -> list[Figure]:
    moment = at(state, NOW)
    chance = random.Random(1)
    numbers = [chance.randrange(1, state.register.next_engagement) for _ in range(200_000)]
    bitmap = moment.reach(2).see

    def checks() -> None:
        can = moment.can
        for number in numbers:
            can(2, number)

    def bare_checks() -> None:
        for number in numbers:
            _ = number in bitmap

    moment.can(2, 1)
    check = seconds(checks) / len(numbers)
    bare = seconds(bare_checks) / len(numbers)
    members = list(state.members)[:50]
    first = seconds(lambda: [at(state, NOW).total(member) for member in members], times=1) / len(members)

    def totals() -> None:
        for member in members:
            moment.total(member)

    total = seconds(totals) / len(members)
    cardinality = seconds(lambda: [len(bitmap) for _ in members]) / len(members)
    return [
        Figure("one check in a loop", check * 1e6, "µs", 0.5, bare * 1e6, "(bit test)"),
        Figure("a member's total of clients, first time", first * 1e3, "ms"),
        Figure(
            "a member's total of clients, again", total * 1e3, "ms", 1, cardinality * 1e3, "(cardinality)"
        ),
    ]


def _events(state: State) -> list[Figure]:
    """Each event applied, and the next question of the member it touches. Those that add follow one another,
    as in life: a second one on the very same state would copy what the first one wrote behind its end."""
    granted = e.GrantsSet(subject=member_subject(2), kind="client", targets=BitMap([5]), level=Level.EDITOR)
    events: dict[str, Callable[[State], e.Event]] = {
        "a member joins a group": lambda _: e.GroupJoined(group=LARGE_GROUP + 1, members=BitMap([2])),
        "a grant on one client": lambda _: granted,
        "a client is added": _one_more_client,
        "an engagement is added": _one_more_engagement,
        "an engagement is removed": lambda _: e.EngagementRemoved(engagement=7),
        "a client is removed": lambda _: e.ClientRemoved(client=9, at=NOW),
        "a member is deactivated": lambda _: e.MemberDeactivated(member=3),
    }
    copy = seconds(lambda: BitMap(state.register.engagements)) * 1e3
    figures = []
    for name, event in events.items():
        adds = event in (_one_more_client, _one_more_engagement)
        applied = seconds(_applying(state, event, in_turn=adds)) * 1e3
        figures.append(Figure(f"event: {name}", applied, "ms", 5, copy, "(copying one set)"))
        asked = seconds(_applying(state, event, in_turn=adds, asking=True)) * 1e3
        figures.append(Figure("  … and the member asks", asked, "ms"))
    return figures


def _one_more_client(state: State) -> e.Event:
    number = state.register.next_client
    return e.ClientsAdded(
        first_client=number,
        count=1,
        first_engagement=state.register.next_engagement,
        client_of=number.to_bytes(4, "little"),
        service_of=(1).to_bytes(4, "little"),
    )


def _one_more_engagement(state: State) -> e.Event:
    return e.EngagementAdded(engagement=state.register.next_engagement, client=5, service=8)


def _applying(
    state: State, event: Callable[[State], e.Event], *, in_turn: bool, asking: bool = False
) -> Callable[[], Any]:
    now = state

    def once() -> None:
        nonlocal now
        after = apply(now, event(now))
        if asking:
            moment: Moment = at(after, NOW)
            moment.can(2, 5)
        now = after if in_turn else state

    return once


def _preview(state: State) -> Figure:
    moment = at(state, NOW)
    change = e.Change(events=(e.GroupDeleted(group=LARGE_GROUP),))
    found = preview(moment, change)
    taken = seconds(lambda: preview(moment, change), times=3)
    losing = state.groups[LARGE_GROUP]
    bare = seconds(lambda: [moment.reach(member).see - moment.open for member in losing], times=3)
    name = f"preview: deleting a group of {len(losing)} members ({len(found.loses):,} lose)"
    return Figure(name, taken * 1e3, "ms", 300, bare * 1e3, "(one difference each)")


if __name__ == "__main__":
    main(sys.argv[1])
