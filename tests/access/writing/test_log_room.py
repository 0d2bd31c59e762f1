"""Room in SQLite's log: a long write does not lengthen it, and what SQLite reads is what was written."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from ringfence.access import OPERATOR, Batch, rehearse, save
from ringfence.access.sql import rows_of
from ringfence.access.writing.tables import bulk, log_room
from ringfence.core.commands import definitions as w
from tests.access.cast import Cast

SIZE = 2**20


@pytest.fixture
def file(shared: Cast) -> Iterator[Path]:
    """The database's file. What other tests wrote is not in its log any more."""
    rows_of("PRAGMA wal_checkpoint(TRUNCATE)")
    yield Path(connection.settings_dict["NAME"])
    rows_of("PRAGMA wal_checkpoint(TRUNCATE)")


def log_of(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def firm_names(file: Path, folder: Path) -> list[str]:
    """The names of firms in a copy of the files, as whoever finds them after a power cut."""
    for end in ("", "-wal"):
        # Where this process opened and closed the file, SQLite's locks on it would be gone.
        subprocess.run(["cp", f"{file}{end}", folder / f"copy{end}"], check=True)
    with closing(sqlite3.connect(folder / "copy")) as copy:
        return [name for (name,) in copy.execute("SELECT name FROM firms_firm")]


def test_a_commit_that_finds_room_does_not_lengthen_the_log(
    file: Path, shared: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "NEAR", 1)
    rows = tuple(w.ClientRow(name=f"Client {number}") for number in range(300))
    batch = Batch("client.import", (w.ImportClients(rows=rows),))
    rehearsal = rehearse(shared.firm, [batch], actor=OPERATOR, version=shared.view.version)
    # For what is written besides, whatever the size of the list.
    monkeypatch.setattr(bulk, "BYTES", 1000)
    before: list[int] = []
    save(rehearsal, alongside=lambda _version: before.append(log_of(file).stat().st_size))
    assert before == [log_of(file).stat().st_size]


def test_a_log_is_lengthened_by_what_it_lacks_alone(file: Path) -> None:
    log_room.make_room(SIZE)
    length = log_of(file).stat().st_size
    assert SIZE <= length < SIZE * 1.1
    log_room.make_room(SIZE // 2)
    assert log_of(file).stat().st_size == length


def test_whoever_opens_the_files_after_a_power_cut_finds_what_was_committed(
    file: Path, shared: Cast, tmp_path: Path
) -> None:
    for name in ("Before the zeros", "Over the zeros"):
        bulk.execute("UPDATE firms_firm SET name = %s WHERE id = %s", name, shared.firm)
        assert name in firm_names(file, tmp_path)
        log_room.make_room(SIZE)
        assert name in firm_names(file, tmp_path)


def test_a_log_that_is_all_room_is_an_empty_one(file: Path, shared: Cast, tmp_path: Path) -> None:
    before = firm_names(file, tmp_path)
    log_room.make_room(SIZE)
    assert firm_names(file, tmp_path) == before


def test_what_others_commit_while_room_is_made_is_there(
    file: Path, shared: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_room, "AT_ONCE", 4096)
    flush, given = os.fsync, list[str]()

    def write(to: int) -> None:
        flush(to)
        given.append(f"Firm {len(given)}")
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("UPDATE firms_firm SET name = ? WHERE id = ?", (given[-1], shared.firm))

    monkeypatch.setattr(os, "fsync", write)
    log_room.make_room(20 * 4096)
    assert len(given) > 10
    assert given[-1] in firm_names(file, tmp_path)


def test_a_disk_that_is_nearly_full_keeps_what_it_has(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = log_of(file).stat().st_size
    free = os.statvfs(file)

    class Full:
        f_bavail, f_frsize = SIZE // free.f_frsize, free.f_frsize

    monkeypatch.setattr(os, "fstatvfs", lambda _file: Full)
    log_room.make_room(SIZE)
    assert log_of(file).stat().st_size == before
