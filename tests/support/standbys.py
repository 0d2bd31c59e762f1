"""A PostgreSQL with streaming standbys on loopback, for tests of what standbys answer.

Each is a server of `postgres.py`; what follows on what, and what is synchronous, is said by the test.
"""

import os
import subprocess
import time
from pathlib import Path
from typing import Any, Self

import psycopg

from tests.support.postgres import SUPERUSER, PostgresServer

FOLLOWING_SECONDS = 30.0


class Standby(PostgresServer):
    """A server that was copied from another, and follows it."""

    def __init__(self, primary: PostgresServer, name: str) -> None:
        self._primary, self._name = primary, name
        super().__init__()

    def _initialise(self) -> None:
        self.password = self._primary.password
        command: list[str | Path] = [
            self.binaries / "pg_basebackup",
            "-D",
            self.data,
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
        ]
        done = subprocess.run(
            [*command, "--no-sync", "-d", place_of(self._primary, self._name)],
            capture_output=True,
            check=False,
            text=True,
            user=self.user,
            cwd="/",
            env=os.environ | {"LC_ALL": "C"},
        )
        assert done.returncode == 0, done.stderr

    def follow(self, primary: PostgresServer | None) -> None:
        """Follow this one from now on, or nobody."""
        place = "" if primary is None else place_of(primary, self._name)
        set_up(self, "primary_conninfo", place)


class Cluster:
    """A primary and two standbys, all of which have everything. Use it as a context manager."""

    def __init__(self) -> None:
        self.primary = PostgresServer()
        self.primary.start()
        self.standbys = [Standby(self.primary, f"standby{number}") for number in (1, 2)]
        for each in self.standbys:
            each.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        for each in (*self.standbys, self.primary):
            each.close()

    @property
    def folder(self) -> Path:
        return self.primary.folder

    def url(self) -> str:
        """All hosts in one address, as RINGFENCE_DATABASE takes them."""
        hosts = ",".join(f"127.0.0.1:{each.port}" for each in (self.primary, *self.standbys))
        return f"postgresql://{SUPERUSER}:{self.primary.password}@{hosts}/postgres"

    def caught_up(self) -> None:
        """Until every standby has replayed what the primary has."""
        (where,) = row(self.primary, "SELECT pg_current_wal_lsn()::text")
        until = time.monotonic() + FOLLOWING_SECONDS
        for each in self.standbys:
            while not row(each, f"SELECT pg_last_wal_replay_lsn() >= '{where}'")[0]:
                assert time.monotonic() < until, "a standby does not follow"
                time.sleep(0.02)


def row(server: PostgresServer, statement: str) -> tuple[Any, ...]:
    """The first row of an answer; nothing where there is none."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        found = connection.execute(statement.encode())
        return found.fetchone() or () if found.description else ()


def set_up(server: PostgresServer, name: str, value: str) -> None:
    """Give the running server a setting."""
    row(server, f"ALTER SYSTEM SET {name} = '{value}'")
    row(server, "SELECT pg_reload_conf()")


def place_of(server: PostgresServer, name: str) -> str:
    """Where a server is reached by the standby of that name."""
    account = f"user={SUPERUSER} password={server.password}"
    return f"host=127.0.0.1 port={server.port} {account} application_name={name}"
