"""`ringfence backup --firm` and `restore --firm`: one firm out of a database, and beside others."""

import json
import zipfile
from pathlib import Path

import pytest
from django.db import connection

from ringfence.firms.models import Firm, Member, User
from tests.cli.children import succeeding
from tests.cli.listing import refuse, succeed
from tests.support.databases import Databases

pytestmark = [pytest.mark.database, pytest.mark.both_databases]


@pytest.fixture(scope="module")
def saved(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Firm 2 of two that share a person, and beside it what `ledger verify` said."""
    folder, database = tmp_path_factory.mktemp("two"), databases.migrated()
    for name, admin in (("Zebra", "z@zebra.example"), ("Ace Agents", "alphie@ace.example")):
        succeeding(database, folder, "firm", "create", name, "--profile", "agency", "--admin", admin)
    for firm in ("1", "2"):
        add = ("do", "--firm", firm, "member.add", "member=Shared")
        succeeding(database, folder, *add, "email=shared@both.example", "role=standard", "access=yes")
    succeeding(database, folder, "do", "--firm", "1", "client.add", "client=Zzyzx")
    succeeding(database, folder, "do", "--firm", "2", "client.add", "client=Oak")
    path = folder / "ace.zip"
    succeeding(database, folder, "backup", "--firm", "Ace Agents", path)
    path.with_suffix(".txt").write_text(succeeding(database, folder, "ledger", "verify", "--firm", "2"))
    return path


def neighbour() -> int:
    """A firm that has been here, under a number that the backup's does not have, kept apart from 2."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval('firms_firm_id_seq', 50)")
    succeed("firm", "create", "Here", "--profile", "kyc", "--admin", "here@here.example")
    return Firm.objects.get().pk


def content(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_a_backup_of_one_firm_holds_nothing_of_others(saved: Path) -> None:
    held = content(saved)
    assert b"Oak" in held
    assert b"shared@both.example" in held
    for others in (b"Zebra", b"zebra.example", b"Zzyzx"):
        assert others not in held


def test_one_firm_is_restored_into_an_empty_database_with_the_same_ledger(saved: Path, db: None) -> None:
    assert "1 firm restored" in succeed("restore", saved)
    assert succeed("ledger", "verify", "--firm", "2") == saved.with_suffix(".txt").read_text()


def test_a_firm_beside_others_keeps_its_number_and_ledger_and_leaves_them_alone(
    saved: Path, db: None
) -> None:
    User.objects.create_user("somebody@else.example", None)
    firm = neighbour()
    before = succeed("ledger", "verify", "--firm", str(firm))
    assert "whole" in succeed("restore", "--firm", saved)
    assert succeed("ledger", "verify", "--firm", str(firm)) == before
    assert "whole" in succeed("ledger", "verify", "--firm", "2")
    succeed("do", "--firm", "2", "client.add", "client=New")
    succeed("firm", "create", "Later", "--profile", "kyc", "--admin", "later@later.example")


def test_who_has_an_account_here_keeps_it_and_is_seated(saved: Path, db: None) -> None:
    kept = User.objects.create_user("shared@both.example", "their own password 7")
    succeed("restore", "--firm", saved)
    kept.refresh_from_db()
    assert kept.check_password("their own password 7")
    assert Member.objects.get(firm=2, user=kept).name == "Shared"
    assert "whole" in succeed("ledger", "verify", "--firm", "2")


def test_an_account_that_comes_along_is_proved_in_no_other_firm(saved: Path, db: None) -> None:
    succeed("restore", "--firm", saved)
    assert set(User.objects.values_list("let_in_by", flat=True)) == {2}


def test_an_account_that_nobody_proved_takes_no_place(saved: Path, db: None) -> None:
    User.objects.create_user("shared@both.example", None, let_in_by=77)
    assert "nobody has proved" in refuse("restore", "--firm", saved)
    assert not Firm.objects.exists()


def test_a_firm_whose_number_is_taken_is_refused(saved: Path, db: None) -> None:
    succeed("restore", saved)
    assert "Firm 2 is here already" in refuse("restore", "--firm", saved)


def test_a_backup_of_all_firms_is_not_put_beside_others(db: None, tmp_path: Path) -> None:
    succeed("backup", tmp_path / "all.zip")
    assert "is no backup of one firm" in refuse("restore", "--firm", tmp_path / "all.zip")


def test_rows_of_another_firm_in_the_backup_are_refused(saved: Path, db: None, tmp_path: Path) -> None:
    made = tmp_path / "made.zip"
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                data = json.dumps(json.loads(data) | {"firm": 3}).encode()
            new.writestr(name, data)
    assert "where it says 3" in refuse("restore", "--firm", made)
    assert not Firm.objects.exists()
    assert not User.objects.exists()
