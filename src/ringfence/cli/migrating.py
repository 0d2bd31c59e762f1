"""Bringing the tables up to date: `ringfence migrate`, and before `serve` and `restore`.

Several machines may start at once: on PostgreSQL one migrates and the others wait for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from django.core.management import call_command
from django.db import connection

from .show import line

LOCK = 0x52494E47464E4345
"""The key of PostgreSQL's advisory lock, the same for every process of ours ("RINGFNCE")."""


@click.command()
def migrate() -> None:
    """Bring the tables of the database up to date."""
    bring_up_to_date()
    line("The tables are up to date.")


def bring_up_to_date() -> None:
    """Run what migrations are missing."""
    with _alone():
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _alone() -> Iterator[None]:
    # SQLite's write transactions wait for one another by themselves.
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
