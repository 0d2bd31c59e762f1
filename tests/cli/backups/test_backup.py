"""`ringfence backup` and `restore`: either database into either, while Ringfence runs, all or nothing."""

import hashlib
import json
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ringfence.firms.models import ApplicationLine, Document, DocumentVersion, Firm
from tests.cli.children import COMMAND, environment, refused, succeeding
from tests.cli.listing import refuse, run, succeed
from tests.support.databases import Databases

pytestmark = [pytest.mark.database, pytest.mark.both_databases]


DOCUMENTS = """
from ringfence.cli.setup import set_up
set_up()
from ringfence.access.documents import write_document
from ringfence.firms.models import ApplicationLine, Firm
firm = Firm.objects.get().pk
note = write_document(firm, member=1, title="Call", text="She rang.", engagement=1)
ApplicationLine.objects.create(
    firm_id=firm, document_id=note, place=1, member=1, name="Alphie", split=10_000, commission=5
)
"""
"""A document with what hangs on it, which no command writes."""


@dataclass(frozen=True)
class Original:
    """A database with one firm of some size, and its backup."""

    database: str
    folder: Path
    backup: Path
    ledgers: str
    """What `ledger verify` says of it, heads included."""
    seen: Any
    """What one member sees."""


@pytest.fixture(scope="module")
def original(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Original:
    folder, database = tmp_path_factory.mktemp("original"), databases.migrated()
    size = ("--clients", "300", "--members", "8", "--firm", "Ace Agents", "--admin", "alphie@ace.example")
    succeeding(database, folder, "generate", *size)
    succeeding(database, folder, "export", "members", folder / "members.csv")
    told = environment(database, folder)
    subprocess.run([COMMAND[0], "-c", DOCUMENTS], env=told, check=True, timeout=120)
    backup = folder / "backup.zip"
    succeeding(database, folder, "backup", backup)
    ledgers = succeeding(database, folder, "ledger", "verify", "--all")
    seen = json.loads(succeeding(database, folder, "sees", "#3", "--json"))
    return Original(database, folder, backup, ledgers, seen["clients"])


@pytest.fixture
def saved(original: Original, db: None) -> Path:
    """The backup, for a test whose own database is empty."""
    return original.backup


def refuse_to_restore(path: Path) -> str:
    """What is said; and nothing was restored."""
    said = refuse("restore", path)
    assert not Firm.objects.exists()
    return said


def test_a_restored_database_has_the_same_ledgers_and_answers(original: Original, db: None) -> None:
    assert "1 firm restored" in succeed("restore", original.backup)
    assert succeed("ledger", "verify", "--all") == original.ledgers
    assert json.loads(run("sees", "#3", "--json").stdout)["clients"] == original.seen


def test_a_backup_holds_what_was_noted_in_the_ledger(original: Original, db: None) -> None:
    succeed("restore", original.backup)
    assert "A list was exported: members, 9 rows" in succeed("ledger", "show", "--last", "1")


def test_a_restored_database_has_the_documents_with_all_that_hangs_on_them(
    original: Original, db: None
) -> None:
    succeed("restore", original.backup)
    note = Document.objects.get()
    assert DocumentVersion.objects.get(document=note).text == "She rang."
    assert ApplicationLine.objects.get(document=note).name == "Alphie"


def test_a_backup_moves_from_one_kind_of_database_to_the_other_and_back(
    original: Original, db: None, tmp_path: Path
) -> None:
    embedded, again = f"sqlite:///{tmp_path / 'moved.sqlite3'}", tmp_path / "again.zip"
    succeeding(embedded, tmp_path, "restore", original.backup)
    succeeding(embedded, tmp_path, "backup", again)
    succeed("restore", again)
    assert succeed("ledger", "verify", "--all") == original.ledgers


def test_a_restored_database_goes_on(saved: Path) -> None:
    succeed("restore", saved)
    succeed("do", "client.add", "client=New")
    succeed("firm", "create", "B", "--profile", "kyc", "--admin", "b@b.example")
    assert succeed("ledger", "verify", "--all").count("whole") == 2


def test_a_backup_while_commands_are_given_is_of_one_moment(
    migrated_database: str, db: None, tmp_path: Path
) -> None:
    succeeding(
        migrated_database, tmp_path, "firm", "create", "A", "--profile", "kyc", "--admin", "a@a.example"
    )
    script = (
        "from ringfence.cli import main\n"
        "for n in range(10_000): main(['do', 'client.add', f'client=C{n}'], standalone_mode=False)"
    )
    writer = subprocess.Popen(
        [COMMAND[0], "-c", script],
        env=environment(migrated_database, tmp_path),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline().startswith("Done")
        succeeding(migrated_database, tmp_path, "backup", tmp_path / "busy.zip")
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.communicate()
    assert "whole" in succeed("restore", tmp_path / "busy.zip")


def test_only_its_owner_may_read_a_backup(saved: Path) -> None:
    assert saved.stat().st_mode & 0o077 == 0


def test_a_backup_holds_no_session(saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        assert not [name for name in archive.namelist() if "session" in name]


def test_a_backup_overwrites_nothing(saved: Path) -> None:
    before = saved.read_bytes()
    assert "is there already" in refuse("backup", saved)
    assert saved.read_bytes() == before


def test_a_backup_to_a_place_that_is_not_there_is_a_mistake(db: None, tmp_path: Path) -> None:
    assert "cannot be written" in refuse("backup", tmp_path / "none" / "b.zip")


def test_a_database_that_is_not_empty_is_not_restored_into(original: Original) -> None:
    said = refused(original.database, original.folder, "restore", original.backup)
    assert "The database is not empty" in said
    assert succeeding(original.database, original.folder, "ledger", "verify", "--all") == original.ledgers


@pytest.mark.parametrize("content", [b"", b"name,reference\n", b"PK\x03\x04"], ids=["empty", "csv", "zip"])
def test_a_file_that_is_no_backup_is_refused(db: None, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    assert "is no backup of Ringfence" in refuse_to_restore(path)


def test_a_file_that_is_not_there_is_a_mistake(db: None, tmp_path: Path) -> None:
    assert "cannot be read" in refuse_to_restore(tmp_path / "none.zip")


def changed(path: Path, member: str, content: bytes) -> Path:
    """The archive with another content of one member."""
    made = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return made


def content(path: Path, member: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(member)


@pytest.mark.parametrize("damage", ["cut off", "shortened", "empty", "altered", "lengthened"])
def test_a_damaged_backup_is_refused_with_nothing_restored(saved: Path, damage: str) -> None:
    rows = content(saved, "tables/firms_client")
    other = {
        "cut off": rows[:-1],
        "shortened": rows[:100],
        "empty": b"",
        "altered": rows[:-1] + b"\0",
        "lengthened": b"\xff\xff\xff\xff" + rows,
    }[damage]
    assert "damaged" in refuse_to_restore(changed(saved, "tables/firms_client", other))


def test_a_backup_whose_ledger_is_not_whole_is_refused(saved: Path, tmp_path: Path) -> None:
    # The texts of the ledger taken out, with a manifest that agrees.
    manifest = json.loads(content(saved, "manifest.json"))
    for table in manifest["tables"]:
        if table["name"] == "firms_ledgertext":
            table |= {"rows": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    path = changed(saved, "tables/firms_ledgertext", b"").rename(tmp_path / "emptied.zip")
    path = changed(path, "manifest.json", json.dumps(manifest).encode())
    assert "is not whole" in refuse_to_restore(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"form": 2}, "has form 2; this Ringfence reads form 1"),
        ({"migrations": ["firms.0001_tables", "firms.9999_later"]}, "then upgrade"),
        ({"tables": [{"name": "auth_user", "columns": [], "rows": 0, "sha256": ""}]}, "does not know"),
        ({"tables": [{"name": "firms_firm", "columns": ["id"], "rows": 0, "sha256": ""}]}, "other columns"),
    ],
    ids=["form", "migrations", "table", "columns"],
)
def test_a_backup_of_another_ringfence_is_refused(saved: Path, change: dict[str, object], said: str) -> None:
    manifest = json.loads(content(saved, "manifest.json")) | change
    assert said in refuse_to_restore(changed(saved, "manifest.json", json.dumps(manifest).encode()))


def test_a_backup_of_no_firm_can_be_restored(db: None, tmp_path: Path) -> None:
    succeed("backup", tmp_path / "none.zip")
    assert "0 firms restored" in succeed("restore", tmp_path / "none.zip")
