"""`ringfence serve` with all its roles, of which one process after the other is killed, itself among them."""

import http.client
import os
import random
import signal
import socket
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple, Self

from tests.cli.children import COMMAND, environment

STARTING_SECONDS = 300
"""A machine on which everything else comes first has taken more than two minutes."""
WARM_SECONDS = 60
"""A process that ran for so long has what it keeps."""


class Ports(NamedTuple):
    """Where it answers."""

    pages: int
    decides: int
    changes: int


class Sample(NamedTuple):
    """What one process holds."""

    age: float
    megabytes: float


class Server:
    """The server. What is asked of it while a part is dead is refused, and asked again."""

    def __init__(self, database: str, folder: Path, chance: random.Random) -> None:
        self.ports = _free_ports()
        self.killed: list[str] = []
        """What was killed, in order."""
        self.memory: dict[str, list[Sample]] = defaultdict(list)
        """By process: how it grew."""
        self._born: dict[str, float] = {}
        self._chance = chance
        self._said = folder / "said"
        self._run = environment(database, folder, RINGFENCE_API_PER_MINUTE="1000000")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(self, *_fault: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(STARTING_SECONDS)

    @property
    def said(self) -> str:
        """What it has printed last."""
        return self._said.read_text(errors="replace")[-20_000:]

    def kill_one(self) -> str:
        """Kill one of its processes, whichever; one that was the whole server is started anew."""
        assert self._process is not None
        every = list(_tree(self._process.pid))
        number = self._chance.choice(every)
        name = _name(number)
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
        self.killed.append(name)
        if number == self._process.pid:
            self._process.wait()
            _wait_for_the_end_of(every)
            self._start()
        return name

    def look(self) -> None:
        """Note what each process holds now."""
        assert self._process is not None
        for number in _tree(self._process.pid):
            with suppress(OSError, IndexError, ValueError):
                pages = int(Path(f"/proc/{number}/statm").read_text().split()[1])
                process = f"{_name(number)} {number}"
                age = time.monotonic() - self._born.setdefault(process, time.monotonic())
                self.memory[process].append(Sample(age, pages * os.sysconf("SC_PAGE_SIZE") / 2**20))

    def grown(self, most: float, spare: float) -> dict[str, tuple[Sample, Sample]]:
        """The processes that held more at their end than when they were warm: by a share and megabytes."""
        found = {}
        for process, samples in self.memory.items():
            warm = [each for each in samples if each.age >= WARM_SECONDS]
            if warm and warm[-1].megabytes > warm[0].megabytes * (1 + most) + spare:
                found[process] = (warm[0], warm[-1])
        return found

    def held(self) -> dict[str, tuple[float, float]]:
        """By kind of process, the least and the most that warm ones held, in megabytes."""
        found: dict[str, list[float]] = defaultdict(list)
        for process, samples in self.memory.items():
            found[process.split()[0]] += [each.megabytes for each in samples if each.age >= WARM_SECONDS]
        return {kind: (min(held), max(held)) for kind, held in found.items() if held}

    def _start(self) -> None:
        ports = self.ports
        options = ["--port", str(ports.pages), "--workers", "1", "--decide-workers", "1"]
        options += ["--decide-bind", f"127.0.0.1:{ports.decides}"]
        options += ["--changes-bind", f"127.0.0.1:{ports.changes}"]
        with self._said.open("ab") as said:
            self._process = subprocess.Popen(
                [*COMMAND, "serve", *options], env=self._run, stdout=said, stderr=said
            )
        until = time.monotonic() + STARTING_SECONDS
        while not all(map(_answers, ports)):
            assert self._process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            time.sleep(0.2)


def _free_ports() -> Ports:
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in Ports._fields]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return Ports(*(int(probe.getsockname()[1]) for probe in probes))


def _answers(port: int) -> bool:
    """Its port is there before the process behind it is."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=STARTING_SECONDS)
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _tree(process: int) -> Iterator[int]:
    """The process and all that come from it."""
    yield process
    for thread in Path(f"/proc/{process}/task").glob("*"):
        with suppress(OSError):
            for child in (thread / "children").read_text().split():
                yield from _tree(int(child))


def _name(process: int) -> str:
    """The role that a process has."""
    try:
        words = Path(f"/proc/{process}/cmdline").read_text().split("\0")
    except OSError:
        return "gone"
    modules = [
        each.removeprefix("ringfence.cli").removeprefix(".processes")
        for each in words
        if each.startswith("ringfence.")
    ]
    return (modules[0].strip(".") or "serve") if modules else words[0].rpartition("/")[2]


def _wait_for_the_end_of(processes: list[int]) -> None:
    until = time.monotonic() + STARTING_SECONDS
    while any(_lives(each) for each in processes):
        assert time.monotonic() < until, "processes outlive the server that was killed"
        time.sleep(0.1)


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
