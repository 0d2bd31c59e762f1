"""One run: a cluster, Ringfence on it, load, hosts that die and are cut off, and what came of it all."""

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tests.endurance import replaying
from tests.endurance.asking import Changer, Line, again_and_again
from tests.endurance.firm import made
from tests.support.databases import migrate

from .load import BalancedAsker, Pace, Watcher
from .network import Network
from .nodes import Cluster
from .service import Service

CHANGES_WITHIN = 30.0
"""Seconds within which changes are possible again."""
HOSTS = 3
WARM = 20
"""Answers and changes before the first blow."""
CUT_SECONDS = 6.0
ACCEPTED = 30_000
"""Milliseconds that some callers accept an answer to be old."""


class Blow(NamedTuple):
    """One thing that was done to the cluster."""

    what: str
    began: float
    ended: float
    changes_after: float
    """Seconds until a change was acknowledged again: since the kill, or since the cut was healed."""
    proved: bool = True
    """Whether enough hosts were left to prove what the decide nodes answered."""
    silent: float = 0.0
    """The longest that no decide node gave a decision that was proved."""
    accepted_silent: float = 0.0
    """The same for who accepts older answers."""

    @property
    def told(self) -> str:
        return (
            f"{self.what}: changes again after {self.changes_after:.1f} s; decisions stood still for"
            f" {self.silent:.1f} s, for who accepts older ones {self.accepted_silent:.1f} s"
        )


class Outcome(NamedTuple):
    """What came of it. There may be no `faults`."""

    faults: list[str]
    blows: list[Blow]
    answers: int
    changes: int
    right_after: int
    refused: dict[str, int]
    """What was said instead of answers, and how often."""
    aged: int
    """Answers that said how old they may be."""
    said: str
    """What the programs printed last."""


def say(text: str) -> None:
    """To whoever waits for it."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def fail_over(folder: Path, kills: int, seed: int) -> Outcome:
    """Kill the leader so often under load, each time in another company."""
    network = Network(HOSTS)
    cluster = Cluster(network, folder)
    try:
        return _on(network, cluster, folder, kills, random.Random(seed))
    except BaseException:
        sys.stderr.write("".join(node.said() for node in cluster.nodes))
        raise
    finally:
        cluster.stop()


def _warm(watchers: list[Watcher], accepting: list[Watcher], kept: Pace) -> None:
    """Until each node has answered often, and changes are acknowledged."""
    until = time.monotonic() + CHANGES_WITHIN
    while len(kept.times) < WARM or any(len(each.seen) < WARM for each in (*watchers, *accepting)):
        assert time.monotonic() < until, "there is no load"
        time.sleep(0.1)


def _strike(
    network: Network, cluster: Cluster, kept: Pace, number: int, chance: random.Random
) -> Iterator[Blow]:
    """The leader is killed: alone, after a standby was cut off for a while, or as one is cut off."""
    leader = cluster.leader()
    standby = chance.choice([node for node in cluster.nodes if node is not leader])
    began = time.monotonic()
    if number % 3 == 1:
        with network.cut_off(standby.host):
            time.sleep(CUT_SECONDS)
        after = kept.first_after(time.monotonic(), CHANGES_WITHIN)
        # Patroni says anew who is synchronous: whoever dies in those seconds has no successor.
        cluster.wait(standbys=HOSTS - 1)
        yield Blow(f"standby {standby.name} cut off", began, time.monotonic(), after)
        began = time.monotonic()
    both = number % 3 == 2
    if both:
        network.cut(standby.host)
    leader.kill()
    since = time.monotonic()
    if both:
        time.sleep(CUT_SECONDS)
        network.heal(standby.host)
        since = time.monotonic()
    after = kept.first_after(since, CHANGES_WITHIN)
    what = f"leader {leader.name} killed" + (f" and {standby.name} cut off" if both else "")
    ended = time.monotonic()
    leader.start()
    cluster.wait(standbys=HOSTS - 1)
    yield Blow(what, began, ended, after, proved=not both)


def _longest(blow: Blow, watchers: list[Watcher]) -> float:
    """The longest time within the blow in which none of them heard a decision."""
    heard = sorted(
        each.at + each.seconds
        for watcher in watchers
        for each in list(watcher.seen)
        if each.status == 200 and blow.began <= each.at <= blow.ended
    )
    moments = [blow.began, *heard, blow.ended]
    return max(later - earlier for earlier, later in pairwise(moments))


def _on(network: Network, cluster: Cluster, folder: Path, kills: int, chance: random.Random) -> Outcome:
    began = time.monotonic()
    cluster.start()
    say(f"cluster up after {time.monotonic() - began:.0f} s")
    data = folder / "ringfence"
    data.mkdir()
    migrate(cluster.url())
    firm, kept = made(cluster.url(), data), Pace()
    with Service(network, cluster, data) as service, ExitStack() as held:
        say(f"Ringfence up after {time.monotonic() - began:.0f} s")
        asking, changing = threading.Event(), threading.Event()
        ports = [each.port for each in service.decides]
        watchers = [Watcher(port, firm, kept, asking, place) for place, port in enumerate(ports)]
        accepting = [
            Watcher(port, firm, kept, asking, 9 + place, ACCEPTED) for place, port in enumerate(ports)
        ]
        threads: list[threading.Thread] = [*watchers, *accepting]
        changers = []
        for place, token in enumerate(firm.changes):
            asker = BalancedAsker(firm, ports, kept, asking, random.Random(200 + place))
            held.callback(asker.close)
            line = Line(service.pages, token, kept, changing)
            changer = Changer(place, asker, line, kept, firm)
            changers.append(
                threading.Thread(target=again_and_again, daemon=True, args=(changer.change, 0.2, changing))
            )
        for each in (*threads, *changers):
            each.start()
        _warm(watchers, accepting, kept)
        blows = []
        for number in range(kills):
            for blow in _strike(network, cluster, kept, number, chance):
                found = blow._replace(
                    silent=_longest(blow, watchers),
                    accepted_silent=_longest(blow, [*watchers, *accepting]),
                )
                blows.append(found)
                say(f"{time.monotonic() - began:4.0f} s: {found.told}")
        changing.set()
        for each in changers:
            each.join(60)
        asking.set()
        for each in threads:
            each.join(20)
        said = service.said() + "".join(node.said() for node in cluster.nodes)
    faults = list(replaying.faults(cluster.url(), firm.firm, kept))
    seen = [each for watcher in (*watchers, *accepting) for each in watcher.seen]
    refused = Counter(one.why for one in seen if one.status != 200)
    aged = sum(1 for one in seen if one.age)
    answers = sum(1 for one in seen if one.status == 200)
    return Outcome(
        faults, blows, answers, len(kept.acknowledged), kept.right_after, dict(refused), aged, said
    )
