"""The decision service: its rate beside an empty answer of the same server, its times, and if it is late.

`python -m benchmarks.bench_decide DATABASE`. Both servers are the real ones, each with one process, asked in
turn over 16 connections by `wrk` beside them. A firm of 20,000 clients and 90,000 grants is made for it.
"""

import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tests.cli.processes.site import free_port
from tests.decide.running import decide_process
from tests.support.databases import migrate
from tests.support.postgres import create_database

from .bigfirm import FIRM, BigFirm, Size
from .measure import Figure, seconds

SIZE = Size(engagements=29_000, members=200, groups=20, targets=90_000)
CONNECTIONS, ROUND_SECONDS, ROUNDS = 16, 4, 3
QUESTIONS = 5_000
TRIES = 10_000
"""How often something is changed and asked about at once."""
EVALUATION, EVALUATIONS = "/access/v1/evaluation", "/access/v1/evaluations"
RESOURCES = "/access/v1/search/resource"


class Asked(NamedTuple):
    """The firm, and a token of its software."""

    url: str
    token: str
    references: list[str]


class Rate(NamedTuple):
    """Of one round: requests a second, and the slowest of a hundred in milliseconds."""

    rate: float
    late: float


def main(url: str) -> list[Figure]:
    with own_database(url) as own:
        os.environ["RINGFENCE_DATABASE"] = own
        asked = made(own)
        postgresql = not own.startswith("sqlite:")
        figures = [*rates(asked, 0.25 if postgresql else 0.5), *at_the_server(asked)]
        return [*figures, late(asked)]


@contextmanager
def own_database(url: str) -> Iterator[str]:
    """An empty database with all tables, of the same kind as `url`."""
    with tempfile.TemporaryDirectory(prefix="ringfence-bench-") as folder:
        if url.startswith("sqlite:"):
            file = Path(folder) / "decide.sqlite3"
            file.touch()
            own = f"sqlite:///{file}"
        else:
            own = create_database(url, f"decide_{os.getpid()}")
        migrate(own)
        yield own


def made(url: str, size: Size = SIZE) -> Asked:
    """Write the firm and make a token, as its administrator would."""
    BigFirm(size).write(url)
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ringfence.settings")
    django.setup()
    from ringfence.access import Actor
    from ringfence.access.tokens import make_token
    from ringfence.core.terms import Scope
    from ringfence.firms.models import Client

    token = make_token(FIRM, actor=Actor(1), name="Bench", scopes=Scope.DECIDE | Scope.SEARCH)
    clients = Client.objects.filter(firm=FIRM).order_by("number")
    references = list(clients.values_list("reference", flat=True))
    return Asked(url, token.text, references)


def question(chance: random.Random, asked: Asked) -> dict[str, Any]:
    return {
        "subject": {"type": "user", "id": f"m{chance.randint(1, SIZE.members)}@example.org"},
        "action": {"name": chance.choice(["view", "edit"])},
        "resource": {"type": "client", "id": chance.choice(asked.references)},
    }


def rates(asked: Asked, share: float) -> list[Figure]:
    """Decisions and empty answers in turn."""
    chance = random.Random(2026)
    script = lua(asked.token, [question(chance, asked) for _each in range(QUESTIONS)])
    port = free_port()
    empty = [sys.executable, "-m", "granian", "--interface", "wsgi", "--blocking-threads", "1"]
    empty += ["--workers", "1", "--http", "1", "--no-ws", "--log-level", "error", "--port", str(port)]
    with decide_process(asked.url) as decides, running([*empty, "benchmarks.empty_answer:application"], port):
        rounds = [(load(port, script), load(decides, script)) for _round in range(ROUNDS + 1)][1:]
    nothing = statistics.median(one.rate for one, _other in rounds)
    decided = statistics.median(other.rate for _one, other in rounds)
    ratio = statistics.median(other.rate / one.rate for one, other in rounds)
    late = statistics.median(other.late for _one, other in rounds)
    return [
        Figure("evaluations a second, one process", decided, "/s", None, nothing, "empty"),
        Figure("  of the empty answer's rate, at least", ratio, "", share),
        Figure("  one in a hundred", late, "ms", 3),
    ]


def lua(token: str, questions: list[dict[str, Any]]) -> str:
    """What `wrk` asks, as its script."""
    bodies = ",\n".join(f"[[{json.dumps(one)}]]" for one in questions)
    headers = f"{{['Content-Type']='application/json',['Authorization']='Bearer {token}'}}"
    return (
        f"local bodies={{\n{bodies}\n}}\nlocal made, next={{}}, 0\n"
        "init=function() for i=1,#bodies do"
        f" made[i]=wrk.format('POST','{EVALUATION}',{headers},bodies[i]) end end\n"
        "request=function() next=next%#made+1 return made[next] end\n"
    )


def load(port: int, script: str) -> Rate:
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing, which asks as fast as it is answered: apt-get install wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{ROUND_SECONDS}", "--latency", "-s", file.name]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True
        )
    assert "Non-2xx" not in done.stdout, done.stdout
    assert "Socket errors" not in done.stdout, done.stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    late = re.search(r"^\s+99%\s+([\d.]+)(us|ms|s)$", done.stdout, re.MULTILINE)
    assert rate
    assert late
    return Rate(float(rate[1]), float(late[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[late[2]])


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """A server, once it listens."""
    with subprocess.Popen(command) as process:
        try:
            for _try in range(600):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield
        finally:
            process.terminate()


def at_the_server(asked: Asked) -> list[Figure]:
    """Times of one request each, in this process as in the server's."""
    from ringfence.decide.app import DecisionService
    from tests.decide.asking import Caller

    chance = random.Random(7)
    software = Caller(DecisionService(), asked.token)
    many = msgspec.json.encode({"evaluations": [question(chance, asked) for _each in range(1_000)]})
    page = msgspec.json.encode(
        {
            "subject": {"type": "user", "id": "m7@example.org"},
            "action": {"name": "view"},
            "resource": {"type": "client"},
            "page": {"limit": 50},
        }
    )
    started = time.perf_counter()
    with decide_process(asked.url) as port:
        assert one_answer(port, asked)
        started = time.perf_counter() - started
    total = software.post_raw(RESOURCES, page).json["page"]["total"]
    return [
        Figure("1,000 evaluations in one request", _least(software, EVALUATIONS, many), "ms", 2),
        Figure(f"first 50 of {total:,} clients by name", _least(software, RESOURCES, page), "ms", 6),
        Figure("from start to first answer", started, "s", 1),
    ]


def _least(software: Any, path: str, body: bytes) -> float:
    """Without what it takes whoever asks to write the question."""
    return seconds(lambda: software.post_raw(path, body), times=15) * 1000


def one_answer(port: int, asked: Asked) -> Any:
    with connected(port, asked.token) as ask:
        return ask({**question(random.Random(1), asked)})


@contextmanager
def connected(port: int, token: str) -> Iterator[Callable[[dict[str, Any]], Any]]:
    """One connection that is kept, and asks."""
    from tests.decide.test_process import Connected

    with Connected(port, token) as software:

        def ask(body: dict[str, Any]) -> Any:
            status, found = software.post(body)
            assert status == 200, found
            return found

        yield ask


def late(asked: Asked) -> Figure:
    """A grant is given and taken in this process, and asked about in the other at once."""
    from pyroaring import BitMap

    from ringfence.access import OPERATOR, execute
    from ringfence.core.commands import On
    from ringfence.core.commands import definitions as w
    from ringfence.core.terms import Level, member_subject

    to, on = (member_subject(7),), On(clients=BitMap([1]))
    body = {
        "subject": {"type": "user", "id": "m7@example.org"},
        "action": {"name": "view"},
        "resource": {"type": "client", "id": asked.references[0]},
    }
    found = 0
    with decide_process(asked.url) as port, connected(port, asked.token) as ask:
        for _pair in range(TRIES // 2):
            for command, allowed in (
                (w.SetGrant(to=to, on=on, level=Level.BLOCKED), False),
                (w.SetGrant(to=to, on=on, level=Level.EDITOR), True),
            ):
                execute(FIRM, command, actor=OPERATOR)
                found += ask(body)["decision"] is not allowed
    return Figure(f"late answers of {TRIES:,} asked right after a change", found, "", 0.5)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(main(sys.argv[1])))
