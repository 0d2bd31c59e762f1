"""The practice behind our decision service, and how many answers a second a server gives."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.bench_decide import CONNECTIONS, ROUNDS, load, lua, running
from benchmarks.bench_decide import Rate as Measured
from tests.cli.processes.site import free_port
from tests.decide.running import decide_process

from . import ours_http
from .cerbos import Cerbos
from .ours_http import Service
from .practice import Practice, Question
from .spicedb import SpiceDb

SPICEDB_QUESTIONS = 400
EMPTY = ["--interface", "wsgi", "--blocking-threads", "1", "--workers", "1", "--http", "1", "--no-ws"]


class Rate(NamedTuple):
    """How many answers a second, and how many milliseconds the slowest of a hundred took."""

    name: str
    rate: float
    late: float


@contextmanager
def our_service(times: int) -> Iterator[Service]:
    """A decision service whose only firm is the practice, on SQLite."""
    with tempfile.TemporaryDirectory(prefix="ringfence-peers-") as folder:
        file = Path(folder) / "peers.sqlite3"
        file.touch()
        url = f"sqlite:///{file}"
        environment = {"RINGFENCE_DATABASE": url, "RINGFENCE_DATA": folder}
        token = subprocess.run(
            [sys.executable, "-m", "benchmarks.peers.founding", url, str(times)],
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        ).stdout
        with decide_process(url, environment=environment) as port:
            yield Service(port, token)


def rates(practice: Practice, service: Service, cerbos: Cerbos, questions: Sequence[Question]) -> list[Rate]:
    """An empty answer of our server, our decisions and those of Cerbos in turn; medians of the rounds.

    SpiceDB follows: it answers in this process, to as many threads.
    """
    ours = lua(service.token, [json.loads(ours_http.body(question)) for question in questions])
    theirs = lua("none", [json.loads(cerbos.body(question)) for question in questions])
    empty = free_port()
    server = [sys.executable, "-m", "granian", *EMPTY, "--log-level", "error", "--port", str(empty)]
    with running([*server, "benchmarks.empty_answer:application"], empty):
        asked: dict[str, Callable[[], Measured]] = {
            "An empty answer of the same server": lambda: load(empty, ours),
            "Ringfence, AuthZEN over HTTP": lambda: load(service.port, ours),
            "Cerbos, AuthZEN over HTTP": lambda: load(cerbos.port, theirs),
        }
        rounds = [{name: one() for name, one in asked.items()} for _ in range(ROUNDS + 1)][1:]
    found = [
        Rate(
            name,
            statistics.median(each[name].rate for each in rounds),
            statistics.median(each[name].late for each in rounds),
        )
        for name in asked
    ]
    return [*found, _spicedb(practice, questions[:SPICEDB_QUESTIONS])]


def _spicedb(practice: Practice, questions: Sequence[Question]) -> Rate:
    with closing(SpiceDb(practice)) as engine:
        engine.answers_at_once(questions[:CONNECTIONS])
        start = time.perf_counter()
        taken = sorted(engine.answers_at_once(questions))
        rate = len(questions) / (time.perf_counter() - start)
    return Rate(engine.name, rate, taken[len(taken) * 99 // 100] * 1000)
