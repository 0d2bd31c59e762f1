"""Lists as a person imports them: all of `ringfence import`, start to end, in a firm of its own."""

import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import django
import msgspec

from .bigfirm import FIRM
from .measure import Figure
from .references import utr, vat_number
from .waiting import Waiter

MANY = 100_000
HEADER = ("Client code", "Client name", "Client type", "VAT", "Income Tax")
NAME = "Lists"


class Taken(NamedTuple):
    """Seconds on the clock, and of the client's processor: a database server's own are not among them."""

    wall: float
    cpu: float
    locked: float = 0.0
    """The longest that another writer of the firm waited."""


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "ringfence.settings"
    django.setup()
    from ringfence.access import firm_state
    from ringfence.samples import invented

    count = min(MANY, len(firm_state(FIRM).moment.state.register.clients) // 2)
    chance = random.Random(9)
    rows = [
        (f"L{n:06d}", invented.company(chance), "Ltd", vat_number(n) if n % 2 else "", utr(n))
        for n in range(count)
    ]
    bare = _ringfence("firm", "create", NAME, "--profile", "agency", "--admin", "lists@example.org")
    for service in ("VAT", "Income Tax", "PAYE"):
        _ringfence("do", "service.add", f"service={service}", "--firm", NAME)
    with tempfile.TemporaryDirectory(prefix="ringfence-bench-") as folder:
        fresh = _written(Path(folder, "fresh.csv"), HEADER, rows)
        more = ((*row, f"120/{row[0]}") for row in rows)
        wider = _written(Path(folder, "wider.csv"), (*HEADER, "PAYE"), more)
        renamed = ((row[0], f"{row[1]} (old)", *row[2:]) for row in rows)
        other = _written(Path(folder, "renamed.csv"), HEADER, renamed)
        figures = [
            *_figures(f"{count:,} clients added", _imported(fresh), bare),
            *_figures("the same list again", _imported(fresh), bare),
            *_figures("a new service for each", _imported(wider), bare),
            *_figures("a new name for each", _imported(other), bare),
        ]
    sys.stdout.buffer.write(msgspec.json.encode(figures))


def _figures(what: str, taken: Taken, bare: Taken) -> list[Figure]:
    baseline = "(a firm made)"
    return [
        Figure(f"{what}, whole process", taken.wall, "s", 20, bare.wall, baseline),
        Figure(f"{what}, of its processor", taken.cpu, "s", None, bare.cpu, baseline),
        Figure(f"{what}, the firm locked", taken.locked, "s", 0.5),
    ]


def _written(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def _imported(path: Path) -> Taken:
    from ringfence.firms.models import Firm

    firm = Firm.objects.get(name=NAME).pk
    with Waiter(os.environ["RINGFENCE_DATABASE"], firm) as waiter:
        taken = _ringfence("import", "clients", str(path), "--firm", NAME)
    return taken._replace(locked=waiter.longest)


def _ringfence(*arguments: str) -> Taken:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "ringfence.cli", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


if __name__ == "__main__":
    main()
