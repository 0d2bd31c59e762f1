"""A connection to the embedded database knows whether its file is still in its place."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ringfence.store.connecting import FileConnection
from ringfence.store.engines import source_for
from ringfence.store.sources import StateUnavailable, read_mark


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database of one firm, as far as a version is read of it."""
    return database(tmp_path / "ringfence.sqlite3")


def database(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE firms_firm (id, version, head, changed_at)")
        connection.execute("INSERT INTO firms_firm VALUES (1, 7, x'00', 5)")
        connection.commit()
    return path


@pytest.fixture
def connection(file: Path) -> Iterator[FileConnection]:
    with closing(FileConnection(str(file), isolation_level=None)) as opened:
        opened.execute("SELECT * FROM firms_firm")
        assert opened.whole
        yield opened


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    missing = tmp_path / "ringfence.sqlite3"
    with pytest.raises(sqlite3.OperationalError, match="is not there"):
        FileConnection(str(missing))
    assert not missing.exists()


def test_a_version_is_read_of_the_file_in_its_place(connection: FileConnection) -> None:
    assert read_mark(source_for(connection), 1).version == 7


def test_no_version_is_read_of_a_file_that_was_moved(connection: FileConnection, file: Path) -> None:
    os.replace(file, f"{file}-aside")
    with pytest.raises(StateUnavailable, match="was moved"):
        read_mark(source_for(connection), 1)


def test_no_version_is_read_of_a_file_that_another_took_the_place_of(
    connection: FileConnection, file: Path, tmp_path: Path
) -> None:
    os.replace(database(tmp_path / "other"), file)
    with pytest.raises(StateUnavailable, match="another was put in its place"):
        read_mark(source_for(connection), 1)


def test_a_file_whose_log_was_taken_away_is_not_whole(connection: FileConnection, file: Path) -> None:
    Path(f"{file}-wal").unlink()
    assert connection.is_in_place()
    assert not connection.whole


def test_a_log_that_somebody_else_is_done_with_stays_while_the_file_is_open(file: Path) -> None:
    """SQLite takes the log away with the last connection that has read; one that was only opened is none."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("UPDATE firms_firm SET version = 8")
        with closing(FileConnection(str(file), isolation_level=None)) as opened:
            assert opened.whole
            other.close()
            # The next file gets the number that has become free.
            file.with_name("another").touch()
            opened.execute("UPDATE firms_firm SET version = 9")
            assert opened.whole


def test_a_file_beside_the_log_of_the_one_before_it_is_not_opened(
    connection: FileConnection, file: Path, tmp_path: Path
) -> None:
    os.replace(database(tmp_path / "other"), file)
    with pytest.raises(sqlite3.OperationalError, match="Stop Ringfence"):
        FileConnection(str(file))
