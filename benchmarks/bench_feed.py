"""Pages and decisions while 200 readers of the change feed wait, in one run with nobody waiting.

`python -m benchmarks.bench_feed DATABASE`. The real `ringfence serve` answers, with one process a role; the
readers are a process of their own. Rounds take turns, since the machine is never the same for long.
"""

import asyncio
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from tests.cli.children import COMMAND
from tests.cli.processes.site import free_port

from .bench_serving import FIRM, READER, Browser, found, most
from .measure import Figure

READERS = 200
ROUNDS = 9
SECONDS = 3.0
"""Of each kind of answer in a round."""
SETTLED = 4.0
"""Seconds after the readers have begun."""
KINDS = ("quiet", "waiting", "told")


def main(port: int) -> list[Figure]:
    address = found()
    decide, changes = free_port(), free_port()
    roles = ("--role", "web", "--role", "decide", "--role", "changes", "--role", "jobs")
    binds = ("--decide-bind", f"127.0.0.1:{decide}", "--changes-bind", f"127.0.0.1:{changes}")
    with subprocess.Popen(
        [*COMMAND, "serve", *roles, "--port", str(port), *binds, "--workers", "1"],
        env=os.environ | {"RINGFENCE_TLS": "1", "RINGFENCE_ADDRESS": "https://localhost"},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        for line in server.stdout:
            if line.startswith("Ringfence answers at"):
                break
        try:
            return measured(port, decide, changes, address, server.pid)
        finally:
            server.terminate()


def measured(port: int, decide: int, changes: int, address: str, server: int) -> list[Figure]:
    token, version, change = prepared()
    browser = Browser(port, "192.0.2.1")
    browser.sign_in(READER)
    decision = asking(decide, token)
    assert decision() > 0
    taken: dict[tuple[str, str], list[list[float]]] = defaultdict(list)
    worked: dict[str, list[float]] = defaultdict(list)
    for turn in range(ROUNDS):
        for kind in (*KINDS[turn % 3 :], *KINDS[: turn % 3]):
            with subprocess.Popen(
                [sys.executable, "-m", "benchmarks.bench_feed", "--readers", str(changes), token, version()],
                stdin=subprocess.PIPE,
            ) as readers:
                time.sleep(SETTLED if kind != "quiet" else 0)
                if kind == "quiet":
                    readers.terminate()
                    readers.wait()
                tell = change if kind == "told" else None
                before = processor_seconds(server)
                taken[kind, "page"].append(asked(lambda: browser.timed(address), tell))
                taken[kind, "decision"].append(asked(decision, tell))
                worked[kind].append((processor_seconds(server) - before) / (2 * SECONDS))
                readers.terminate()
    figures = []
    for what in ("page", "decision"):
        kinds: tuple[tuple[str, Callable[[list[float]], float]], ...] = (
            ("median", statistics.median),
            ("one in a hundred", most),
        )
        for name, of in kinds:
            # Each round by itself: what else the machine does in one of them is not all that is seen.
            quiet = statistics.median(map(of, taken["quiet", what])) * 1000
            for kind, said in (("waiting", "wait"), ("told", "are told of a change a second")):
                value = statistics.median(map(of, taken[kind, what])) * 1000
                text = f"a {what} while {READERS} readers {said}, {name}"
                figures.append(Figure(text, value, "ms", None, quiet, "nobody waits"))
    for kind, said in (("waiting", "wait"), ("told", "are told of a change a second")):
        text = f"a core that the changes process takes while {READERS} readers {said}"
        figures.append(Figure(text, statistics.median(worked[kind]) * 100, "%"))
    return figures


def processor_seconds(server: int) -> float:
    """What the changes process of this `serve` and its workers have taken of processors so far."""
    stats = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            stats[int(path.parent.name)] = path.read_text().rpartition(")")[2].split()
    found = 0
    for number, stat in stats.items():
        # The leader of its session is the process that `serve` started (cli/processes/supervisor.py).
        leader = int(stat[3])
        with suppress(OSError, KeyError):
            named = b"changes_process" in Path(f"/proc/{leader}/cmdline").read_bytes()
            if named and int(stats[leader][1]) == server and number:
                found += int(stat[11]) + int(stat[12])
    return found / os.sysconf("SC_CLK_TCK")


def prepared() -> tuple[str, Callable[[], str], Callable[[], None]]:
    """A token of the firm, what tells its version, and what makes a change."""
    from ringfence.access import OPERATOR, execute, firm_state
    from ringfence.access.tokens import make_token
    from ringfence.core.commands.definitions import AddClient, ClientRow
    from ringfence.core.terms import Scope
    from ringfence.firms.models import Firm

    firm = Firm.objects.get(name=FIRM).pk
    scopes = Scope.CHANGES | Scope.DECIDE
    token = make_token(firm, actor=OPERATOR, name="Bench", scopes=scopes, member=1).text

    def change() -> None:
        execute(firm, AddClient(client=ClientRow(name="Another client")), actor=OPERATOR)

    return token, lambda: str(firm_state(firm).version), change


def asking(port: int, token: str) -> Callable[[], float]:
    """Asks the decision service once over a kept connection; seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = json.dumps(
        {
            "subject": {"type": "user", "id": "id:1"},
            "action": {"name": "view"},
            "resource": {"type": "client", "id": "C1"},
        }
    )

    def ask() -> float:
        start = time.perf_counter()
        connection.request("POST", "/access/v1/evaluation", body, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        return time.perf_counter() - start

    return ask


def asked(ask: Callable[[], float], change: Callable[[], None] | None) -> list[float]:
    """Asked again and again, with a pause as people make, and a change a second where one is given."""
    taken, end, due = [], time.monotonic() + SECONDS, time.monotonic()
    while (now := time.monotonic()) < end:
        if change is not None and now >= due:
            change()
            due = now + 1
        taken.append(ask())
        time.sleep(0.005)
    return taken


async def readers(port: int, token: str, place: str) -> None:
    """All the readers, each over a connection of its own, who have been told all up to the place."""
    await asyncio.gather(*(reader(port, token, place) for _each in range(READERS)))


async def reader(port: int, token: str, place: str) -> None:
    source, sink = await asyncio.open_connection("127.0.0.1", port)
    while True:
        asked_for = f"/api/v1/changes?after={place}&wait=50"
        lines = (f"GET {asked_for} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}")
        sink.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = (await source.readuntil(b"\r\n\r\n")).decode().lower()
        assert head.startswith("http/1.1 200"), head
        (length,) = (line.split(":")[1] for line in head.splitlines() if line.startswith("content-length:"))
        place = json.loads(await source.readexactly(int(length)))["next"]


if __name__ == "__main__":
    if sys.argv[1] == "--readers":
        asyncio.run(readers(int(sys.argv[2]), *sys.argv[3:5]))
    else:
        sys.stdout.buffer.write(msgspec.json.encode(main(free_port())))
