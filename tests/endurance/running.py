"""One run: a server, those who ask and change, one who kills and looks, and what came of it."""

import random
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from tests.cli.children import child

from . import replaying
from .asking import Asker, Changer, Kept, Line, again_and_again
from .firm import WornFirm, made
from .server import Sample, Server

LOOK_SECONDS = 5.0
MOST_GROWN, SPARE_MEGABYTES = 0.1, 24.0
"""What a process may hold more at its end than when it was warm."""


class Rates(NamedTuple):
    """How much is done a second, and how often something is killed."""

    changes: float = 20.0
    questions: float = 60.0
    askers: int = 3
    kill_every: float = 60.0


class Outcome(NamedTuple):
    """What came of it. There may be no `faults`."""

    faults: list[str]
    answers: int
    right_after: int
    changes: int
    refused: int
    unanswered: int
    killed: dict[str, int]
    grown: dict[str, tuple[Sample, Sample]]
    megabytes: dict[str, tuple[float, float]]
    """By kind of process: the least and the most of those that were warm."""


def wear(database: str, folder: Path, seconds: float, rates: Rates, seed: int) -> Outcome:
    """Load a firm of its own on an empty database with all tables, for so long."""
    firm, kept, chance = made(database, folder), Kept(), random.Random(seed)
    asking_over, changing_over = threading.Event(), threading.Event()
    with Server(database, folder, chance) as server, ExitStack() as held:
        threads = _askers(firm, server, kept, asking_over, rates, held)
        changers = _changers(firm, server, kept, changing_over, rates, held)
        for each in (*threads, *changers):
            each.start()
        _kill_and_look(server, seconds, rates.kill_every)
        changing_over.set()
        for each in changers:
            each.join()
        asking_over.set()
        for each in threads:
            each.join()
    found = list(replaying.faults(database, firm.firm, kept))
    proved = child(database, folder, "ledger", "verify")
    if proved.returncode:
        found.append(f"ledger verify: {proved.stdout}{proved.stderr}")
    changes, killed = len(kept.acknowledged), dict(Counter(server.killed))
    return Outcome(
        *(found, len(kept.told), kept.right_after, changes, kept.refused, kept.unanswered, killed),
        *(server.grown(MOST_GROWN, SPARE_MEGABYTES), server.held()),
    )


def _askers(
    firm: WornFirm, server: Server, kept: Kept, over: threading.Event, rates: Rates, held: ExitStack
) -> list[threading.Thread]:
    every = rates.askers / rates.questions
    threads = []
    for place in range(rates.askers):
        asker = Asker(firm, server.ports, kept, over, random.Random(100 + place))
        held.callback(asker.close)
        threads.append(
            threading.Thread(target=again_and_again, daemon=True, args=(asker.anything, every, over))
        )
    return threads


def _changers(
    firm: WornFirm, server: Server, kept: Kept, over: threading.Event, rates: Rates, held: ExitStack
) -> list[threading.Thread]:
    every = len(firm.changes) / rates.changes
    threads = []
    for place, token in enumerate(firm.changes):
        asker = Asker(firm, server.ports, kept, over, random.Random(200 + place))
        changer = Changer(place, asker, Line(server.ports.pages, token, kept, over), kept, firm)
        held.callback(asker.close)
        held.callback(changer.close)
        threads.append(
            threading.Thread(target=again_and_again, daemon=True, args=(changer.change, every, over))
        )
    return threads


def _kill_and_look(server: Server, seconds: float, kill_every: float) -> None:
    began = time.monotonic()
    kill = began + kill_every
    while time.monotonic() < began + seconds:
        time.sleep(LOOK_SECONDS)
        server.look()
        if time.monotonic() >= kill:
            kill += kill_every
            server.kill_one()
