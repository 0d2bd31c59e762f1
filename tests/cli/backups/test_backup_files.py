"""Backups that were signed, damaged, changed with their checksums, or written to a full disk."""

import fcntl
import hashlib
import json
import os
import resource
import sqlite3
import stat
import struct
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from ringfence.cli.backups.archive import BadArchive, Reader
from ringfence.firms.models import Firm
from tests.cli.children import COMMAND, SECONDS, environment, succeeding
from tests.cli.listing import refuse, succeed
from tests.support.databases import Databases

pytestmark = pytest.mark.database

Rows = list[list[Any]]


@dataclass(frozen=True)
class Written:
    """A small firm's database, its backup without and with a signature, and the key."""

    database: str
    folder: Path
    plain: Path
    signed: Path
    key: Path


@pytest.fixture(scope="module")
def written(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("written")
    made = Written(
        databases.migrated_file(folder / "ringfence.sqlite3"),
        folder,
        folder / "plain.zip",
        folder / "signed.zip",
        new_key(folder / "key"),
    )
    succeeding(made.database, folder, "firm", "create", "A", "--profile", "kyc", "--admin", "a@a.example")
    succeeding(made.database, folder, "do", "member.add", "member=Beth", "email=b@a.example")
    succeeding(made.database, folder, "backup", made.plain)
    said = succeeding(made.database, folder, "backup", made.signed, "--key", made.key)
    assert said.endswith("bytes, signed.\n")
    return made


def new_key(path: Path) -> Path:
    path.write_text(os.urandom(32).hex() + "\n")
    return path


def refuse_to_restore(path: Path, *more: str | Path) -> str:
    said = refuse("restore", path, *more)
    assert not Firm.objects.exists()
    return said


def changed(backup: Path, to: Path, table: str, change: Callable[[Rows, list[str]], None]) -> Path:
    """The backup with other rows in a table, and a manifest that agrees."""
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(to, "w") as new:
        manifest = json.loads(old.read("manifest.json"))
        (told,) = [each for each in manifest["tables"] if each["name"] == table]
        rows = msgspec.msgpack.decode(old.read(f"tables/{table}")[4:])
        change(rows, told["columns"])
        packed = msgspec.msgpack.encode(rows)
        content = struct.pack(">I", len(packed)) + packed
        told |= {"rows": len(rows), "sha256": hashlib.sha256(content).hexdigest()}
        for name in old.namelist():
            other = {"manifest.json": json.dumps(manifest).encode(), f"tables/{table}": content}
            new.writestr(name, other.get(name, old.read(name)))
    return to


def exchange(column: str) -> Callable[[Rows, list[str]], None]:
    """The values of the first two rows in a column change places."""

    def change(rows: Rows, columns: list[str]) -> None:
        place = columns.index(column)
        rows[0][place], rows[1][place] = rows[1][place], rows[0][place]

    return change


# --- Signed


def test_what_was_signed_with_the_key_is_restored(written: Written, db: None) -> None:
    said = succeed("restore", written.signed, "--key", written.key)
    assert "1 firm restored" in said
    assert "nobody has looked" not in said


def test_what_was_signed_with_another_key_is_refused(written: Written, db: None, tmp_path: Path) -> None:
    said = refuse_to_restore(written.signed, "--key", new_key(tmp_path / "other"))
    assert "was not signed with this key" in said


def test_who_names_a_key_is_given_no_backup_without_a_signature(written: Written, db: None) -> None:
    assert "is not signed" in refuse_to_restore(written.plain, "--key", written.key)


def test_a_signature_that_nobody_has_looked_at_is_told(written: Written, db: None) -> None:
    assert "It is signed; nobody has looked whether rightly." in succeed("restore", written.signed)


def test_a_short_key_is_refused(written: Written, db: None, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("secret")
    assert "is short: make one with" in refuse_to_restore(written.signed, "--key", key)


def test_a_password_exchanged_in_a_backup_is_noticed_by_the_signature_alone(
    written: Written, db: None, tmp_path: Path
) -> None:
    forged = changed(written.signed, tmp_path / "forged.zip", "firms_user", exchange("password"))
    assert "was changed after it was signed" in refuse_to_restore(forged, "--key", written.key)
    assert "1 firm restored" in succeed("restore", forged)


def test_two_users_who_changed_places_in_a_backup_are_noticed(
    written: Written, db: None, tmp_path: Path
) -> None:
    forged = changed(written.plain, tmp_path / "forged.zip", "firms_member", exchange("user_id"))
    assert "In the place of member 1 sits another user" in refuse_to_restore(forged)


# --- Damaged


@pytest.mark.parametrize("seed", range(40))
def test_a_file_that_was_damaged_anywhere_is_read_as_it_was_or_refused(
    written: Written, tmp_path: Path, seed: int
) -> None:
    rng, content = Random(seed), bytearray(written.signed.read_bytes())
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(content))
        match rng.choice(["another byte", "cut off", "taken out"]):
            case "another byte":
                content[place] ^= 1 << rng.randrange(8)
            case "cut off":
                del content[max(place, 1) :]
            case "taken out":
                del content[place : place + rng.randint(1, 30)]
        if not content:
            break
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content)
    key = written.key.read_bytes().strip()
    try:
        with Reader(damaged, key) as archive:
            found = {table.name: list(archive.rows(table)) for table in archive.manifest.tables}
    except BadArchive:
        return
    with Reader(written.signed, key) as archive:
        assert found == {table.name: list(archive.rows(table)) for table in archive.manifest.tables}


def put(column: str, value: object) -> Callable[[Rows, list[str]], None]:
    def change(rows: Rows, columns: list[str]) -> None:
        rows[0][columns.index(column)] = value

    return change


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("firms_firm", put("version", [1])),
        ("firms_firm", put("version", 1 << 63)),
        ("firms_firm", put("uid", "no uid")),
        ("firms_firm", put("settings", {"profile": "none"})),
        ("firms_firm", put("settings", "{")),
        ("firms_user", put("joined_at", "yesterday")),
        ("firms_user", put("joined_at", 7)),
        ("firms_member", put("role", "king")),
        ("firms_member", lambda rows, columns: rows[0].pop()),
        ("firms_ledgerentry", put("body", b"{")),
        ("firms_ledgerentry", put("body", "text")),
        ("firms_ledgertext", put("text", "{")),
        ("firms_ledgertext", put("thing", "teapot")),
    ],
)
def test_rows_that_were_changed_with_their_checksums_end_in_a_message(
    written: Written, db: None, tmp_path: Path, table: str, change: Callable[[Rows, list[str]], None]
) -> None:
    said = refuse_to_restore(changed(written.plain, tmp_path / "changed.zip", table, change))
    assert said.startswith("Error: ")


# --- Written


def test_a_backup_is_on_disk_before_it_is_said_to_be(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    sync, rename = os.fsync, Path.rename

    def synced(opened: int) -> None:
        done.append(Path(f"/proc/self/fd/{opened}").readlink().name)
        sync(opened)

    def renamed(old: Path, new: Path) -> Path:
        done.append("renamed")
        return rename(old, new)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "rename", renamed)
    succeed("backup", tmp_path / "b.zip")
    assert done == [".b.zip.part", "renamed", tmp_path.name]


def test_two_backups_are_never_written_to_one_file(db: None, tmp_path: Path) -> None:
    with (tmp_path / ".b.zip.part").open("wb") as part:
        part.write(b"half of another")
        part.flush()
        fcntl.flock(part, fcntl.LOCK_EX)
        assert "Another backup is being written" in refuse("backup", tmp_path / "b.zip")
        assert (tmp_path / ".b.zip.part").read_bytes() == b"half of another"
    # Whoever wrote it is gone.
    succeed("backup", tmp_path / "b.zip")
    assert [each.name for each in tmp_path.iterdir()] == ["b.zip"]
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    with Reader(tmp_path / "b.zip") as archive:
        assert all(list(archive.rows(table)) or not table.rows for table in archive.manifest.tables)


def on_a_full_disk(written: Written, *arguments: str | Path) -> str:
    """What a command says that can write 2,000 bytes to a file and no more; it is a mistake, not a fault.

    The write-ahead log is there already, as while Ringfence runs.
    """

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))

    with closing(sqlite3.connect(written.folder / "ringfence.sqlite3")) as running:
        running.execute("SELECT count(*) FROM firms_firm").fetchall()
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            env=environment(written.database, written.folder),
            capture_output=True,
            check=False,
            preexec_fn=little_room,
            text=True,
            timeout=SECONDS,
        )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "ignored" not in done.stderr
    return done.stderr


def test_a_backup_to_a_full_disk_ends_in_a_message_and_leaves_nothing(
    written: Written, tmp_path: Path
) -> None:
    assert "cannot be written: File too large" in on_a_full_disk(written, "backup", tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == []


def test_restoring_to_a_full_disk_ends_in_a_message(
    written: Written, databases: Databases, tmp_path: Path
) -> None:
    database = databases.migrated_file(tmp_path / "ringfence.sqlite3")
    empty = replace(written, database=database, folder=tmp_path)
    assert "isk I/O error. See that" in on_a_full_disk(empty, "restore", written.plain)
