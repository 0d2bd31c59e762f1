"""What a process counts of itself: plain numbers in memory, put where the metrics process reads them.

Counting takes well under a microsecond, so that a decision can afford it. Labels are words of our own, a few
each: no firm, no person, no address. Where no metrics are asked for, numbers stay in the process.
"""

from __future__ import annotations

import atexit
import os
import secrets
import threading
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

FOLDER = "_RINGFENCE_COUNTS"
"""`serve` names in it, for its own processes, where they put their numbers."""
EVERY_SECONDS = 2.0
"""How often a process puts its numbers there."""
BOUNDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper ends in seconds of what is told apart of how long something took."""


class Sample(msgspec.Struct, array_like=True):
    """One number of a family: the values of its labels, and the number; of a `Spread` its counts and sum."""

    labels: tuple[str, ...]
    number: float = 0
    counts: tuple[int, ...] = ()


class Family(msgspec.Struct):
    """All numbers of one name."""

    name: str
    help: str
    kind: str
    labels: tuple[str, ...]
    samples: list[Sample]


class Snapshot(msgspec.Struct):
    """What one process has counted so far."""

    role: str
    families: list[Family]


class _Number:
    """One number that goes up; of a `Gauge` one that is set."""

    __slots__ = ("_lock", "number")

    def __init__(self) -> None:
        self.number = 0.0
        self._lock = threading.Lock()

    def add(self, more: float = 1) -> None:
        """Count so many more."""
        with self._lock:
            self.number += more

    def set(self, number: float) -> None:
        """Of a `Gauge`: it is now so much."""
        self.number = number

    def sample(self, labels: tuple[str, ...]) -> Sample:
        return Sample(labels, self.number)


class _Spread:
    """How often something took how long."""

    __slots__ = ("_lock", "counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS) + 1)
        self.total = 0.0
        self._lock = threading.Lock()

    def observe(self, seconds: float) -> None:
        """It took so long once."""
        place = bisect_left(BOUNDS, seconds)
        with self._lock:
            self.counts[place] += 1
            self.total += seconds

    def sample(self, labels: tuple[str, ...]) -> Sample:
        with self._lock:
            return Sample(labels, self.total, tuple(self.counts))


_FAMILIES: dict[str, _Named] = {}


class _Named:
    kind = ""

    def __init__(self, name: str, help: str, labels: Sequence[str] = ()) -> None:
        """`name` begins with ``ringfence_`` and ends in its unit, as Prometheus has it."""
        assert name not in _FAMILIES, name
        self.name, self.help, self.labels = name, help, tuple(labels)
        self._members: dict[tuple[str, ...], _Number | _Spread] = {}
        _FAMILIES[name] = self

    def family(self) -> Family:
        """All of it as it is now."""
        samples = [each.sample(labels) for labels, each in list(self._members.items())]
        return Family(self.name, self.help, self.kind, self.labels, samples)


class Counter(_Named):
    """A number of things done: ``Counter("ringfence_x_total", "…", ["kind"]).of("page").add()``."""

    kind = "counter"

    def of(self, *values: str) -> _Number:
        """The number with these values of its labels; worth keeping where it is asked for often."""
        found = self._members.get(values)
        if found is None:
            assert len(values) == len(self.labels)
            found = self._members.setdefault(values, _Number())
        assert isinstance(found, _Number)
        return found


class Gauge(Counter):
    """A number that goes up and down: it is told while its process lives."""

    kind = "gauge"


class Spread(_Named):
    """How long something took: ``Spread("ringfence_x_seconds", "…", ["kind"]).of("page").observe(0.01)``."""

    kind = "histogram"

    def of(self, *values: str) -> _Spread:
        """The one with these values of its labels."""
        found = self._members.get(values)
        if found is None:
            assert len(values) == len(self.labels)
            found = self._members.setdefault(values, _Spread())
        assert isinstance(found, _Spread)
        return found


READY = Gauge("ringfence_ready", "1 while a process can do its work.", ["role"])


def snapshot(role: str) -> Snapshot:
    """Everything that this process has counted."""
    return Snapshot(role, [each.family() for each in list(_FAMILIES.values()) if each._members])


def put_from_now_on(role: str) -> None:
    """Put the numbers of this process where `serve` reads them, now and then and at its end.

    Does nothing where no metrics are asked for.
    """
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    # A process id is given again; a name is not.
    file = Path(folder) / f"{role}-{os.getpid()}-{secrets.token_hex(4)}.json"

    def put() -> None:
        fresh = file.with_suffix(".new")
        # Its folder goes away with the server, and then nobody reads any more.
        with suppress(OSError):
            fresh.write_bytes(msgspec.json.encode(snapshot(role)))
            fresh.replace(file)

    def again_and_again() -> None:
        while True:
            put()
            pause.wait(EVERY_SECONDS)

    pause = threading.Event()
    atexit.register(put)
    threading.Thread(target=again_and_again, name="counts", daemon=True).start()
