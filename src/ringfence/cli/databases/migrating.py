"""Bringing the tables up to date: `ringfence migrate`, and before `serve` and `restore`.

Several may start at once: one migrates and the others wait for it. The file of the embedded database is made
here and nowhere else.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import click
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ringfence.access.closing import close_again, drop_triggers, has_triggers
from ringfence.access.ledger.indexing import index_ledgers
from ringfence.access.ledger.seating import record_seats
from ringfence.access.open_firms import closed_firms
from ringfence.cli.faults import Fault
from ringfence.cli.show import line

from .deployment import alone_here

LOCK = 0x52494E47464E4345
"""The key of PostgreSQL's advisory lock, the same for every process of ours ("RINGFNCE")."""


@click.command()
def migrate() -> None:
    """Bring the tables of the database up to date."""
    bring_up_to_date()
    line("The tables are up to date.")


def bring_up_to_date() -> None:
    """Run what migrations are missing, and see that every ledger says who sits where and has its index.

    Raises `Fault` where the embedded database has no folder.
    """
    with _alone(), ExitStack() as held:
        if has_triggers() and _missing():
            held.enter_context(alone_here())
            _make_way()
        call_command("migrate", verbosity=0, interactive=False)
        record_seats()
        index_ledgers()
        close_again()


def _missing() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _make_way() -> None:
    """Migrations write in rows of every firm, and give columns other types. Raises `Fault`."""
    if closed := sorted(closed_firms()):
        raise Fault(
            f"Firm {closed[0]} is on its way between databases, so the tables cannot be changed: end that"
            " with `ringfence firm place` of the Ringfence that was here before. Nothing was changed."
        )
    drop_triggers()


def make_file() -> None:
    """Make the file of the embedded database, empty and for its owner alone, where there is none."""
    if connection.vendor == "sqlite":
        with suppress(FileExistsError):
            Path(str(connection.settings_dict["NAME"])).touch(mode=0o600, exist_ok=False)


@contextmanager
def _alone() -> Iterator[None]:
    locked = _with_its_folder() if connection.vendor == "sqlite" else _with_the_server()
    with locked:
        yield


@contextmanager
def _with_its_folder() -> Iterator[None]:
    file = Path(str(connection.settings_dict["NAME"]))
    # Not the file itself: to close it once more would let go of SQLite's own locks.
    try:
        folder = os.open(file.parent, os.O_RDONLY)
    except OSError as problem:
        raise Fault(f"{file.parent} cannot be opened: {problem.strerror}. Make the folder.") from problem
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        make_file()
        yield
    finally:
        os.close(folder)


@contextmanager
def _with_the_server() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
