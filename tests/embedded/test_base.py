"""Django's connection to the embedded database: what is given up, and what is no commit."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread, get_ident

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from pytest_django.plugin import DjangoDbBlocker

from ringfence.embedded.base import DatabaseWrapper
from ringfence.settings import database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ringfence.sqlite3"
    path.touch()
    return path


@pytest.fixture
def connection(file: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[DatabaseWrapper]:
    """A connection as the settings describe it, to a database with one table."""
    found = ConnectionHandler({"default": database(f"sqlite:///{file}")})["default"]
    assert isinstance(found, DatabaseWrapper)
    with django_db_blocker.unblock():
        ask(found, "CREATE TABLE cup (tea)")
        # As every process but the one that made it finds it.
        found.close()
        ask(found, "SELECT * FROM cup")
        yield found
        found.close()


def ask(connection: DatabaseWrapper, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def atomic_of(connection: DatabaseWrapper) -> Iterator[None]:
    """A transaction, begun as Django's own are."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        yield
    finally:
        connection.rollback()
        connection.set_autocommit(True)


def test_what_is_committed_into_a_file_that_was_moved_is_not_acknowledged(
    connection: DatabaseWrapper, file: Path
) -> None:
    connection.set_autocommit(False)
    ask(connection, "INSERT INTO cup VALUES ('green')")
    os.replace(file, f"{file}-aside")
    with pytest.raises(OperationalError, match="was moved"):
        connection.commit()


def test_what_is_committed_into_a_file_without_its_log_is_not_acknowledged(
    connection: DatabaseWrapper, file: Path
) -> None:
    connection.set_autocommit(False)
    ask(connection, "INSERT INTO cup VALUES ('green')")
    Path(f"{file}-wal").unlink()
    with pytest.raises(OperationalError, match="was moved"):
        connection.commit()


def test_a_connection_whose_write_failed_is_given_up_also_after_it_was_undone(
    connection: DatabaseWrapper,
) -> None:
    before = connection.connection
    connection.set_autocommit(False)
    with pytest.raises(OperationalError):
        ask(connection, "INSERT INTO saucer VALUES ('green')")
    connection.rollback()
    connection.set_autocommit(True)
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is not before


def test_a_connection_that_works_is_kept(connection: DatabaseWrapper) -> None:
    before = connection.connection
    ask(connection, "INSERT INTO cup VALUES ('green')")
    connection.close_if_unusable_or_obsolete()
    assert connection.connection is before


def test_who_waits_for_another_writer_begins_soon_after_that_one_is_done(
    connection: DatabaseWrapper, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                other.rollback()

        monkeypatch.setattr(time, "sleep", pause)
        with atomic_of(connection):
            ask(connection, "INSERT INTO cup VALUES ('green')")
    assert len(pauses) == 3
    assert max(pauses) < 0.01
    assert connection.errors_occurred is False


def test_other_statements_still_wait_as_long_as_is_set(connection: DatabaseWrapper) -> None:
    with atomic_of(connection), connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (30_000,)


def test_who_waits_for_another_writer_for_too_long_is_told(connection: DatabaseWrapper, file: Path) -> None:
    connection.settings_dict["OPTIONS"]["timeout"] = 0.02
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"), atomic_of(connection):
            pytest.fail("it has begun")


def test_of_many_threads_that_wait_for_another_writer_one_asks(
    file: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> None:
    many = 5
    begun, paused, written = set[int](), set[int](), list[int]()
    original, pause = DatabaseWrapper._begun, time.sleep

    def asked(self: DatabaseWrapper, *, last: bool) -> bool:
        begun.add(get_ident())
        return original(self, last=last)

    def write() -> None:
        own = ConnectionHandler({"default": database(f"sqlite:///{file}")})["default"]
        assert isinstance(own, DatabaseWrapper)
        with atomic_of(own):
            written.append(get_ident())
        own.close()

    monkeypatch.setattr(DatabaseWrapper, "_begun", asked)
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("BEGIN IMMEDIATE")

        def noted(seconds: float) -> None:
            if other.in_transaction:
                paused.add(get_ident())
                if len(begun) == many:
                    other.rollback()
            pause(seconds)

        monkeypatch.setattr(time, "sleep", noted)
        threads = [Thread(target=write) for _each in range(many)]
        with django_db_blocker.unblock():
            for each in threads:
                each.start()
            for each in threads:
                each.join()
    assert len(paused) == 1
    assert len(written) == many
