"""Decisions from standbys: checks a second of one and of two nodes, and what a check costs whom.

`python -m benchmarks.bench_standbys` makes a primary with two streaming standbys on this machine. Rates of
two nodes say something only where there are cores for all of it; the processor time of a check does anywhere.
"""

import os
import random
import statistics
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from tests.decide.running import decide_process
from tests.support.databases import migrate
from tests.support.postgres import PostgresServer
from tests.support.standbys import Cluster

from .bench_decide import QUESTIONS, ROUND_SECONDS, Rate, load, lua, made, question
from .measure import Figure, conditions

ROUNDS = 4
TICKS = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """Of one way to answer: checks a second, the slowest of a hundred, microseconds of processor a check."""

    rate: float
    late: float
    node: float
    servers: tuple[float, ...]
    """The primary first, then each standby."""


def main() -> list[Figure]:
    with Cluster() as cluster:
        primary = cluster.primary.url()
        os.environ["RINGFENCE_DATABASE"] = primary
        migrate(primary)
        asked = made(primary)
        cluster.caught_up()
        chance = random.Random(2026)
        script = lua(asked.token, [question(chance, asked) for _each in range(QUESTIONS)])
        base = cluster.url().partition("@")[0]
        near = [f"{base}@127.0.0.1:{each.port}/postgres" for each in cluster.standbys]
        ways: dict[str, tuple[str, list[dict[str, str]]]] = {
            "the primary alone is asked": (primary, [{}]),
            "a standby, and the primary for the version": (cluster.url(), [{"RINGFENCE_STANDBY": near[0]}]),
            "a standby and its neighbour, two of three": (cluster.url(), [_two_of_three(near[0])]),
            "the same, two nodes": (cluster.url(), [_two_of_three(each) for each in near]),
        }
        servers = [cluster.primary, *cluster.standbys]
        return list(_figures(_measured(ways, script, servers)))


def _two_of_three(standby: str) -> dict[str, str]:
    return {"RINGFENCE_STANDBY": standby, "RINGFENCE_SYNCHRONOUS": "2"}


class Way:
    """One way to answer, with its nodes, and what it took so far."""

    def __init__(self, url: str, nodes: Sequence[dict[str, str]], held: ExitStack) -> None:
        before = set(_children(os.getpid()))
        self.ports = [held.enter_context(decide_process(url, environment=each)) for each in nodes]
        self._processes = [each for each in _children(os.getpid()) if each not in before]
        self._rounds: list[tuple[float, float]] = []
        self._spent = [0.0]

    def round(self, script: str, servers: Sequence[PostgresServer]) -> None:
        watched = [self._processes, *([_main(server)] for server in servers)]
        began = [_spent(each) for each in watched]
        self._rounds.append(_together(self.ports, script))
        spent = [after - earlier for after, earlier in zip(map(_spent, watched), began, strict=True)]
        self._spent = [a + b for a, b in zip(spent, self._spent, strict=True)] if self._rounds[1:] else spent

    def cost(self) -> Cost:
        checks = sum(rate for rate, _late in self._rounds) * ROUND_SECONDS
        node, *others = (each / checks * 1e6 for each in self._spent)
        rate = statistics.median(rate for rate, _late in self._rounds)
        return Cost(rate, statistics.median(late for _rate, late in self._rounds), node, tuple(others))


def _measured(
    ways: dict[str, tuple[str, list[dict[str, str]]]], script: str, servers: Sequence[PostgresServer]
) -> dict[str, Cost]:
    """Each in turn, so that what else the machine does falls on all of them."""
    with ExitStack() as held:
        made_ready = {name: Way(url, nodes, held) for name, (url, nodes) in ways.items()}
        for way in made_ready.values():
            _together(way.ports, script)
        for _round in range(ROUNDS):
            for way in made_ready.values():
                way.round(script, servers)
    return {name: way.cost() for name, way in made_ready.items()}


def _together(ports: Sequence[int], script: str) -> tuple[float, float]:
    """Each node is asked by a caller of its own: the rate of all, and the slowest of a hundred."""
    found: list[Rate] = []
    threads = [threading.Thread(target=lambda port=port: found.append(load(port, script))) for port in ports]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sum(each.rate for each in found), max(each.late for each in found)


def _figures(costs: dict[str, Cost]) -> Iterator[Figure]:
    for name, cost in costs.items():
        yield Figure(name, cost.rate, "/s")
        yield Figure("  one in a hundred", cost.late, "ms")
        yield Figure("  processor of the nodes, a check", cost.node, "µs")
        for whose, each in zip(("the primary", "standby 1", "standby 2"), cost.servers, strict=True):
            yield Figure(f"  processor of {whose}, a check", each, "µs")


def _main(server: PostgresServer) -> int:
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def _children(process: int) -> list[int]:
    found: list[int] = []
    for thread in Path(f"/proc/{process}/task").glob("*"):
        with suppress(OSError):
            found += map(int, (thread / "children").read_text().split())
    return found


def _spent(processes: Sequence[int]) -> float:
    """Seconds of processor that they and all that come from them have taken."""
    total = 0.0
    for process in processes:
        with suppress(OSError):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / TICKS
        total += _spent(_children(process))
    return total


if __name__ == "__main__":
    from rich.console import Console

    from .measure import show

    console = Console(width=140)
    console.print(conditions())
    show(console, "Decisions from standbys", main())
