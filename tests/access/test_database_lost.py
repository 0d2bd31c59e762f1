"""The database gone: an error, never an answer; and what was acknowledged is there when it is back."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.databases import migrate
from tests.support.postgres import PostgresServer, create_database
from tests.support.repository import ROOT

CRASHES = 3
UNAVAILABLE = ["unavailable", "unavailable"]


class Asking:
    """A process that asks and changes, at a database of its own."""

    def __init__(self, database: str, firm: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.access.asking", firm],
            env=os.environ | {"RINGFENCE_DATABASE": database, "DJANGO_SETTINGS_MODULE": "ringfence.settings"},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self) -> Any:
        """The version answered for and the version made by a change, or the word for none."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.answer()

    def answer(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        """Stop it and let go of its pipes."""
        self.process.kill()
        self.process.communicate()


Ask = Callable[[str, str], Asking]


@pytest.fixture
def asking() -> Iterator[Ask]:
    """Starts processes that ask, and ends them with the test."""
    started: list[Asking] = []

    def start(database: str, firm: str) -> Asking:
        started.append(Asking(database, firm))
        return started[-1]

    yield start
    for each in started:
        each.end()


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that keeps every commit, to be stopped and started, with a migrated database to copy."""
    with PostgresServer(fsync=True) as made:
        migrate(made.create_database("migrated"))
        yield made


@pytest.fixture
def served(server: PostgresServer, asking: Ask, request: pytest.FixtureRequest) -> tuple[str, str]:
    """A database with one firm on that server, for this test alone: its address and the firm's id."""
    database = create_database(server.url(), request.node.name[:60], template="migrated")
    return database, str(asking(database, "found").answer())


def test_a_server_that_stops_gives_errors_and_is_found_again_when_it_is_back(
    server: PostgresServer, served: tuple[str, str], asking: Ask
) -> None:
    child = asking(*served)
    assert child.ask() == [1, 2]
    server.stop()
    assert child.ask() == UNAVAILABLE
    server.start()
    assert child.ask() == [2, 3]


def test_a_server_that_crashes_keeps_every_acknowledged_change(
    server: PostgresServer, served: tuple[str, str], asking: Ask
) -> None:
    child, version = asking(*served), 1
    for _ in range(CRASHES):
        for _ in range(5):
            assert child.ask() == [version, version + 1]
            version += 1
        server.crash()
        assert child.ask() == UNAVAILABLE
        server.start()


def test_a_file_that_cannot_be_opened_gives_errors(tmp_path: Path, asking: Ask) -> None:
    child = asking(f"sqlite:///{tmp_path / 'missing' / 'ringfence.sqlite3'}", "1")
    assert child.ask() == UNAVAILABLE


def test_a_file_that_is_no_database_gives_errors(tmp_path: Path, asking: Ask) -> None:
    file = tmp_path / "ringfence.sqlite3"
    file.write_bytes(b"not a database at all " * 1000)
    assert asking(f"sqlite:///{file}", "1").ask() == UNAVAILABLE


def test_a_file_without_tables_gives_errors(tmp_path: Path, asking: Ask) -> None:
    assert asking(f"sqlite:///{tmp_path / 'ringfence.sqlite3'}", "1").ask() == UNAVAILABLE
