"""The numbers of all processes of one `serve`, put together, in the form that Prometheus reads.

Processes put theirs into a folder (`counts`). What one that has ended counted still counts; what it was at,
its levels, does not.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from .counts import BOUNDS, READY, Family, Sample, Snapshot

LIVE_SECONDS = 15.0
"""A process that has put nothing for so long has ended, or hangs."""
FOLDED_SECONDS = 120.0
"""After so long its numbers are added to those of all that have ended, and its file goes."""


class AllProcesses(Collector):
    """What is in the folder, as metrics."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ended: dict[str, Family] = {}
        self._lock = threading.Lock()

    def collect(self) -> Iterable[Metric]:
        """Every number, over all processes."""
        with self._lock:
            together = {name: _copied(family) for name, family in self._ended.items()}
            for snapshot, age in self._read():
                _add(together, snapshot, live=age < LIVE_SECONDS)
        return [_metric(family) for family in together.values() if family.samples]

    def ready(self) -> dict[str, bool]:
        """By role, whether a process that lives says that it can work."""
        found: dict[str, bool] = {}
        with self._lock:
            read = list(self._read())
        for snapshot, age in read:
            if age >= LIVE_SECONDS:
                continue
            able = [
                sample.number == 1
                for family in snapshot.families
                if family.name == READY.name
                for sample in family.samples
            ]
            found[snapshot.role] = found.get(snapshot.role, False) or (bool(able) and all(able))
        return found

    def _read(self) -> Iterator[tuple[Snapshot, float]]:
        now = time.time()
        for file in sorted(self._folder.glob("*.json")):
            # One that ends meanwhile takes nothing with it; one that broke off while writing left `.new`.
            with suppress(OSError, msgspec.MsgspecError):
                age = now - file.stat().st_mtime
                found = msgspec.json.decode(file.read_bytes(), type=Snapshot)
                if age > FOLDED_SECONDS:
                    file.unlink()
                    _add(self._ended, found, live=False)
                yield found, age


def _copied(family: Family) -> Family:
    return msgspec.structs.replace(family, samples=list(family.samples))


def _add(together: dict[str, Family], snapshot: Snapshot, *, live: bool) -> None:
    for family in snapshot.families:
        if family.kind == "gauge" and not live:
            continue
        known = together.setdefault(family.name, msgspec.structs.replace(family, samples=[]))
        places = {sample.labels: place for place, sample in enumerate(known.samples)}
        for sample in family.samples:
            place = places.get(sample.labels)
            if place is None:
                known.samples.append(sample)
            else:
                known.samples[place] = _sum(known.samples[place], sample)


def _sum(one: Sample, other: Sample) -> Sample:
    counts = tuple(a + b for a, b in zip(one.counts, other.counts, strict=True))
    return Sample(one.labels, one.number + other.number, counts)


def _metric(family: Family) -> Metric:
    if family.kind == "histogram":
        spread = HistogramMetricFamily(family.name, family.help, labels=family.labels)
        for sample in family.samples:
            spread.add_metric(sample.labels, _buckets(sample.counts), sum_value=sample.number)
        return spread
    kind = GaugeMetricFamily if family.kind == "gauge" else CounterMetricFamily
    numbers = kind(family.name, family.help, labels=family.labels)
    for sample in family.samples:
        numbers.add_metric(sample.labels, sample.number)
    return numbers


def _buckets(counts: tuple[int, ...]) -> list[tuple[str, float]]:
    """Prometheus counts in each bucket all that are below its end."""
    ends, total = [], 0
    for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
        total += count
        ends.append((bound, float(total)))
    return ends
