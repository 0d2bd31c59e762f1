"""Provisioning over SCIM: a whole firm, the rate beside scim2-server's own storage, and whether it is late.

`python -m benchmarks.bench_scim DATABASE`. Both servers are real ones under granian, each with one process;
they hold the same firm, and are sent the same requests in turn over four connections. What the other server
keeps is gone when it ends; each change of ours is on disk before it is answered, which the last line measures
by itself. `RINGFENCE_BENCH_USERS` makes a smaller firm.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tests.cli.processes.site import free_port
from tests.decide.running import decide_process

from .bench_decide import connected, own_database
from .measure import Figure, set_up_django

USERS = int(os.environ.get("RINGFENCE_BENCH_USERS", "10000"))
GROUPS, IN_A_GROUP = max(USERS // 50, 1), min(500, USERS)
CONNECTIONS, ROUNDS, ROUND = 4, 3, 120
"""Requests of a round of each kind."""
CHECKS = 1_000
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

Request = tuple[str, str, Any]
"""Method, path below `/scim/v2`, body."""


class Firm(NamedTuple):
    url: str
    number: int
    token: str
    decides: str
    """A token that asks for decisions."""


class Directory:
    """Sends requests over connections that are kept."""

    def __init__(self, port: int, token: str, process: int) -> None:
        self.port, self._process = port, process
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"}
        self._threads = ThreadPoolExecutor(CONNECTIONS)

    def busy(self) -> float:
        """Seconds of the processor that the server and its processes have taken so far."""
        return processor_seconds(self._process)

    def send(self, requests: list[Request]) -> list[Any]:
        """The answers, in the order of the requests."""
        parts = [requests[start::CONNECTIONS] for start in range(CONNECTIONS)]
        found: list[Any] = [None] * len(requests)
        for start, part in enumerate(self._threads.map(self._part, parts)):
            found[start::CONNECTIONS] = part
        return found

    def _part(self, requests: list[Request]) -> list[Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        return [self._one(connection, *request) for request in requests]

    def _one(self, connection: http.client.HTTPConnection, method: str, path: str, body: Any) -> Any:
        content = None if body is None else json.dumps(body).encode()
        connection.request(method, f"/scim/v2{path}", content, self.headers)
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status < 300, (method, path, answer.status, said[:500])
        return json.loads(said) if said else None


def main(url: str) -> list[Figure]:
    with own_database(url) as own:
        os.environ["RINGFENCE_DATABASE"] = own
        os.environ["RINGFENCE_SCIM_PER_MINUTE"] = "1000000"
        firm = made(own)
        goal = 120 if own.startswith("sqlite:") else 60
        what = f"{USERS:,} users and {GROUPS} groups of {IN_A_GROUP} provisioned"
        with ours() as (port, process), memory() as (other, their_process):
            mine, theirs = Directory(port, firm.token, process), Directory(other, "", their_process)
            took, busy, ids = provisioned(mine)
            other_took, _busy, _ids = provisioned(theirs)
            taken = [
                Figure(what, took, "s", goal, busy, "of the processor"),
                Figure(f"{what}, by the memory", other_took, "s"),
            ]
            return [*taken, *rates(mine, theirs), on_disk(), late(mine, firm, ids)]


def made(url: str) -> Firm:
    """A firm with an administrator, and two tokens of theirs."""
    set_up_django()
    from ringfence.access import Actor, create_firm, execute
    from ringfence.access.tokens import make_token
    from ringfence.core.commands import definitions as w
    from ringfence.core.terms import Scope

    number = create_firm("Bench", "agency", admin_email="owen@bench.example").firm
    execute(number, w.AddClient(client=w.ClientRow(name="Acme", reference="A-1")), actor=Actor(1))
    token = make_token(number, actor=Actor(1), name="Directory", scopes=Scope.PROVISION)
    decides = make_token(number, actor=Actor(1), name="Software", scopes=Scope.DECIDE)
    return Firm(url, number, token.text, decides.text)


def ours() -> Any:
    port = free_port()
    command = [str(Path(sys.executable).with_name("ringfence")), "serve", "--role", "web"]
    return served([*command, "--port", str(port), "--workers", "1"], port)


def memory() -> Any:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    return served(
        [*command, "--port", str(port), "--workers", "1", "--no-ws", "benchmarks.scim_memory:app"], port
    )


@contextmanager
def served(command: list[str], port: int) -> Iterator[tuple[int, int]]:
    """A server's port, and its process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _try in range(240):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("GET", "/scim/v2/ServiceProviderConfig")
                connection.getresponse().read()
                break
            except OSError:
                time.sleep(0.25)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def user(name: str) -> dict[str, Any]:
    """As Entra brings one, without what Ringfence does not keep."""
    return {
        "schemas": [USER],
        "userName": f"{name}@bench.example",
        "displayName": name.title(),
        "externalId": f"x-{name}",
        "active": True,
        "emails": [{"type": "work", "value": f"{name}@bench.example"}],
    }


def provisioned(directory: Directory) -> tuple[float, float, list[str]]:
    """How long a whole firm takes, and how long the server's processor, in seconds; and the users' ids."""
    start, busy = time.perf_counter(), directory.busy()
    people = directory.send([("POST", "/Users", user(f"u{each}")) for each in range(USERS)])
    ids = [each["id"] for each in people]
    groups: list[Request] = [
        (
            "POST",
            "/Groups",
            {
                "schemas": [GROUP],
                "displayName": f"Group {each}",
                "members": [{"value": ids[(each * 131 + k * 17) % USERS]} for k in range(IN_A_GROUP)],
            },
        )
        for each in range(GROUPS)
    ]
    directory.send(groups)
    return time.perf_counter() - start, directory.busy() - busy, ids


def patch(address: str, **operation: Any) -> Request:
    return "PATCH", address, {"schemas": [PATCH], "Operations": [operation]}


def rates(mine: Directory, theirs: Directory) -> list[Figure]:
    """Each kind of request in turn at both, the middle of the rounds' ratios; and of all of them together."""
    found: dict[str, list[tuple[float, float]]] = {}
    busy: dict[str, list[tuple[float, float]]] = {}
    for turn in range(ROUNDS):
        ids: dict[Directory, list[str]] = {}
        for kind in (brought, read, sought, switched):
            seconds: list[float] = []
            worked: list[float] = []
            for directory in (mine, theirs):
                requests = kind(turn, ids.get(directory, []))
                start, before = time.perf_counter(), directory.busy()
                answers = directory.send(requests)
                seconds.append(time.perf_counter() - start)
                worked.append((directory.busy() - before) / ROUND * 1e3)
                if kind is brought:
                    ids[directory] = [each["id"] for each in answers]
            found.setdefault(kind.__name__, []).append((ROUND / seconds[0], ROUND / seconds[1]))
            busy.setdefault(kind.__name__, []).append((worked[0], worked[1]))
    figures = []
    for name, pairs in found.items():
        middle = statistics.median(one / other for one, other in pairs)
        mine_took, theirs_took = (statistics.median(each) for each in zip(*busy[name], strict=True))
        told = f"{_middle(pairs)}; processor {mine_took:.1f} and {theirs_took:.1f} ms each"
        figures.append(Figure(f"requests a second beside the memory's: {name} ({told})", middle, "×"))
    together = statistics.median(
        sum(1 / each[turn][1] for each in found.values()) / sum(1 / each[turn][0] for each in found.values())
        for turn in range(ROUNDS)
    )
    return [*figures, Figure("requests a second beside the memory's: all kinds alike", together, "×", 0.5)]


def _middle(pairs: list[tuple[float, float]]) -> str:
    return " and ".join(f"{statistics.median(each):,.0f}" for each in zip(*pairs, strict=True))


def brought(turn: int, ids: list[str]) -> list[Request]:
    return [("POST", "/Users", user(f"r{turn}x{each}")) for each in range(ROUND)]


def read(turn: int, ids: list[str]) -> list[Request]:
    return [("GET", f"/Users/{each}", None) for each in ids]


def sought(turn: int, ids: list[str]) -> list[Request]:
    return [
        ("GET", f"/Users?filter=userName%20eq%20%22r{turn}x{each}@bench.example%22", None)
        for each in range(ROUND)
    ]


def switched(turn: int, ids: list[str]) -> list[Request]:
    return [patch(f"/Users/{each}", op="replace", path="active", value=False) for each in ids]


def processor_seconds(process: int) -> float:
    """What a process and all that it started have taken of processors so far."""
    parents: dict[int, tuple[int, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            stat = path.read_text().rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(stat[1]), float(stat[11]) + float(stat[12])
    family = {process}
    while more := {each for each, (parent, _) in parents.items() if parent in family} - family:
        family |= more
    return sum(parents[each][1] for each in family if each in parents) / os.sysconf("SC_CLK_TCK")


def on_disk() -> Figure:
    """The bare work that no change can leave out where the firm's database is on this machine's disk."""
    with tempfile.NamedTemporaryFile(dir=Path.cwd()) as file:
        taken = []
        for _each in range(ROUND):
            start = time.perf_counter()
            file.write(bytes(4_096))
            file.flush()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - start)
    return Figure("a page of 4 KiB written and on disk, the middle", statistics.median(taken) * 1e3, "ms")


def late(directory: Directory, firm: Firm, ids: list[str]) -> Figure:
    """Somebody is switched off over SCIM, and the decide process is asked at once."""
    found = 0
    with decide_process(firm.url) as port, connected(port, firm.decides) as ask:
        for each in range(CHECKS):
            number = each % len(ids)
            body = {
                "subject": {"type": "user", "id": f"u{number}@bench.example"},
                "action": {"name": "view"},
                "resource": {"type": "client", "id": "A-1"},
            }
            assert each >= len(ids) or ask(body)["decision"] is True
            directory.send([patch(f"/Users/{ids[number]}", op="replace", path="active", value="False")])
            found += ask(body)["decision"] is not False
            if len(ids) < CHECKS:
                directory.send([patch(f"/Users/{ids[number]}", op="replace", path="active", value="True")])
    return Figure(f"late answers of {CHECKS:,} asked right after `active: false`", found, "", 0.5)


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(main(sys.argv[1])))
