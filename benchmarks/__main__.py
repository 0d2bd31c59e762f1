"""`make bench`: makes a big firm on each database, measures, prints. About ten minutes and 2 GB of disk.

Options: `--engagements N` for a smaller firm, `--only sqlite|postgresql`, `--levels four` for grants of all
levels instead of Editor alone.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from rich.console import Console

from tests.support.databases import migrate
from tests.support.postgres import PostgresServer

from .bigfirm import BigFirm, Size
from .measure import Figure, conditions, show


def main() -> None:
    options = _options()
    scale = options.engagements / Size().engagements
    size = Size(
        engagements=options.engagements,
        members=max(int(Size().members * scale), 20),
        groups=max(int(Size().groups * scale), 10),
        targets=int(Size().targets * scale),
        four_levels=options.levels == "four",
    )
    console = Console(width=140)
    console.print(conditions())
    firm = BigFirm(size)
    console.print(
        f"A firm of {size.engagements:,} engagements of {firm.clients:,} clients, {size.members:,} members,"
        f" {size.groups} groups, {size.targets:,} grant targets, scattered;"
        f" {'all levels' if size.four_levels else 'Editor alone'}. Files are in the machine's cache."
    )
    for engine in ("sqlite", "postgresql"):
        if options.only in (None, engine):
            with _database(engine) as url:
                migrate(url)
                console.print(f"{engine}: written in {firm.write(url):.0f} s")
                for module, title in SECTIONS.items():
                    show(console, f"{title}, {engine}", _run(module, url))


SECTIONS = {
    "bench_state": "State",
    "bench_names": "Names",
    "bench_changes": "Changes",
    "bench_lists": "Lists",
    "bench_serving": "Serving",
    "bench_importing": "Importing beside others",
    "bench_pages": "Pages",
    "bench_digest": "Digest",
    "bench_pictures": "Pictures",
    "bench_wizard": "Permissions wizard",
}
"""Each runs in a process of its own."""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--engagements", type=int, default=Size().engagements)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--levels", choices=("one", "four"), default="one")
    return parser.parse_args()


@contextmanager
def _database(engine: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="ringfence-bench-") as folder:
        os.environ["RINGFENCE_DATA"] = folder
        if engine == "sqlite":
            file = Path(folder) / "bench.sqlite3"
            file.touch()
            yield f"sqlite:///{file}"
        else:
            with PostgresServer(fsync=True) as server:
                yield server.create_database("bench")


def _run(module: str, url: str) -> list[Figure]:
    run = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", url],
        env=os.environ | {"RINGFENCE_DATABASE": url},
        stdout=subprocess.PIPE,
        check=True,
    )
    return msgspec.json.decode(run.stdout, type=list[Figure])


if __name__ == "__main__":
    main()
