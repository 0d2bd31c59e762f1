"""`ringfence backup --firm` and `restore --firm`: one firm out of a database, and beside others."""

import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection

from ringfence.cli.backups.archive import Reader, Writer
from ringfence.firms.models import Document, Firm, FirmDirectory, FirmDomain, Member, SignInProvider, User
from tests.cli.children import COMMAND, environment
from tests.cli.listing import refuse, run, succeed
from tests.support.databases import Databases

pytestmark = [pytest.mark.database, pytest.mark.both_databases]


Tables = dict[str, list[dict[str, Any]]]
"""Rows by columns, by tables."""

MAKE = """
import json, sys
from ringfence.cli import main

for line in json.loads(sys.argv[1]):
    if "(" in line[0]:
        exec(line[0])
    else:
        main(line, standalone_mode=False)
"""
"""Commands of `ringfence` and statements of Python, one after the other in one process."""

BESIDE = """
from ringfence.firms.models import (
    ApplicationLine, ClientUse, FirmDirectory, FirmDomain, FirmKey, Member, Publishing, SignedCheckpoint,
    SignInProvider, UseMark
)
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from ringfence.access.documents import write_document
for firm, word in ((1, "zebra"), (2, "ace")):
    document = write_document(firm, member=1, title=word, text=f"Of {word}.", engagement=1)
    ApplicationLine.objects.create(
        firm_id=firm, document_id=document, place=1, member=1, name=word, split=10_000, commission=5
    )
    ClientUse.objects.create(firm_id=firm, client=1, member=1, decided=7)
    UseMark.objects.update_or_create(firm_id=firm, defaults={"entry": 1, "decisions_from": 3})
    FirmKey.objects.create(firm_id=firm, number=1, name=f"{word}.example/ledger", public=b"public", made_at=5)
    Publishing.objects.create(firm_id=firm, hours=24, mails=[f"outside@{word}.example"])
    SignedCheckpoint.objects.create(firm_id=firm, entry=1, key=1, made_at=6, note=f"note of {word}")
    FirmDomain.objects.create(
        firm_id=firm, number=1, domain=f"{word}.example", token="t", added_at=1, proved_at=2, vouched=True
    )
    FirmDirectory.objects.create(firm_id=firm, trusted=f"ldap.{word}.example", settings={"server": word})
    SignInProvider.objects.create(
        firm_id=firm, number=1, uid=f"uid-of-{word}", protocol="oidc", kind="other", name=word, state="on"
    )
    for member in Member.objects.filter(firm=firm):
        link = {"provider": f"uid-of-{word}", "uid": f"{word} {member.number}"}
        SocialAccount.objects.create(user=member.user, **link)
EmailAddress.objects.create(user_id=Member.objects.get(firm=2, number=1).user_id, email="alphie@ace.example")
"""
"""Rows that need more than a command, in both firms."""


SOME = (
    "account_emailaddress",
    "firms_clientuse",
    "firms_documentversion",
    "firms_emergency",
    "firms_firmkey",
    "firms_policy",
    "firms_publishing",
    "firms_review",
    "firms_signedcheckpoint",
    "firms_usemark",
    "socialaccount_socialaccount",
)
"""Tables that are not empty in the backup."""


def do(firm: str, line: str) -> list[str]:
    return ["do", "--firm", firm, *line.split()]


@pytest.fixture(scope="module")
def saved(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Firm 2 of two that share a person, and beside it what `ledger verify` said."""
    folder, database = tmp_path_factory.mktemp("two"), databases.migrated()
    path = folder / "ace.zip"
    lines = []
    for firm, name, admin, client in (
        ("1", "Zebra", "z@zebra.example", "Zzyzx"),
        ("2", "Ace Agents", "alphie@ace.example", "Oak"),
    ):
        lines += [
            ["firm", "create", name, "--profile", "kyc", "--admin", admin],
            do(firm, "member.add member=Shared email=shared@both.example role=standard access=yes"),
            do(firm, "control.turn_on"),
            [*do(firm, f"client.add client={client}"), f"grants=[{{to: {admin}, level: owner}}]"],
            do(firm, "settings.change emergency=reader emergency_hours=4"),
            [*do(firm, f"emergency.open client={client} --as=Shared"), "reason=Night"],
            [
                *do(firm, f"policy.set policy=Of{client} mode=warn"),
                f"statements=[{{at_least: 1, see: [{client}]}}]",
            ],
            [
                *do(firm, f"review.start name=Of{client} scope=all due=2099-12-31 undecided=keep"),
                f"reviewers=[{admin}]",
            ],
        ]
    lines += [[BESIDE], ["backup", "--firm", "Ace Agents", str(path)], ["ledger", "verify", "--firm", "2"]]
    told = environment(database, folder)
    made = subprocess.run(
        [COMMAND[0], "-c", MAKE, json.dumps(lines)], env=told, capture_output=True, text=True, timeout=240
    )
    assert made.returncode == 0, made.stdout + made.stderr
    path.with_suffix(".txt").write_text(made.stdout[made.stdout.rindex("Ace Agents") :])
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


def rows(path: Path) -> Tables:
    """The rows of each table, by columns."""
    with Reader(path) as archive:
        return {
            table.name: [
                dict(zip(table.columns, row, strict=True)) for some in archive.rows(table) for row in some
            ]
            for table in archive.manifest.tables
        }


def forged(path: Path, change: Callable[[Tables], object]) -> Path:
    """The backup with changed rows, and with checksums that fit."""
    tables, made = rows(path), path.with_name(f"{uuid4()}.zip")
    change(tables)
    with Reader(path) as archive, made.open("wb") as file:
        said, writer = archive.manifest, Writer(file)
        for table in said.tables:
            writer.table(table.name, table.columns, (tuple(row.values()) for row in tables[table.name]))
        writer.finish(
            ringfence=said.ringfence,
            database=said.database,
            migrations=said.migrations,
            key=None,
            firm=said.firm,
        )
    return made


def test_a_backup_of_one_firm_holds_nothing_of_others(saved: Path) -> None:
    held = content(saved).lower()
    for own in (b"oak", b"shared@both.example", b"uid-of-ace", b"note of ace"):
        assert own in held
    for others in (b"zebra", b"zzyzx"):
        assert others not in held


def test_one_firm_is_restored_into_an_empty_database_with_the_same_ledger(saved: Path, db: None) -> None:
    assert "1 firm restored" in succeed("restore", saved)
    assert succeed("ledger", "verify", "--firm", "2") == saved.with_suffix(".txt").read_text()


def test_what_a_firm_has_comes_along_as_it_was(saved: Path, db: None, tmp_path: Path) -> None:
    succeed("restore", "--firm", saved)
    succeed("backup", "--firm", "2", tmp_path / "again.zip")
    there, here = rows(saved), rows(tmp_path / "again.zip")
    changed = {name for name in there if plain(there[name]) != plain(here[name])}
    assert changed == {
        "firms_firm",
        "firms_firmdirectory",
        "firms_firmdomain",
        "firms_ledgerentry",
        "firms_user",
    }
    for name in SOME:
        assert here[name], name


def plain(found: list[dict[str, Any]]) -> list[str]:
    """Rows without numbers that mean nothing elsewhere."""
    kept = [{column: value for column, value in row.items() if column != "id"} for row in found]
    return sorted(map(repr, kept))


def test_a_firm_beside_others_keeps_its_number_and_ledger_and_leaves_them_alone(
    saved: Path, db: None
) -> None:
    firm = neighbour()
    # The first of the backup's users needs another number, and gets the second's.
    first = min(row["id"] for row in rows(saved)["firms_user"])
    if not User.objects.filter(pk=first).exists():
        User.objects.create_user("somebody@else.example", None, id=first)
    before = succeed("ledger", "verify", "--firm", str(firm))
    assert "whole" in succeed("restore", "--firm", saved)
    assert succeed("ledger", "verify", "--firm", str(firm)) == before
    assert succeed("ledger", "verify", "--all").count(": whole.") == 2
    looked = json.loads(run("doctor", "--json").stdout)
    assert {each["what"]: each["verdict"] for each in looked if "Ledger" in each["what"]} == {
        "Ledger of Ace Agents": "good",
        "Ledger of Here": "good",
    }
    succeed("do", "--firm", "2", "client.add", "client=New")
    succeed("firm", "create", "Later", "--profile", "kyc", "--admin", "later@later.example")


def test_who_has_an_account_here_keeps_it_and_is_seated(saved: Path, db: None) -> None:
    kept = User.objects.create_user("shared@both.example", "their own password 7")
    succeed("restore", "--firm", saved)
    kept.refresh_from_db()
    assert kept.check_password("their own password 7")
    assert Member.objects.get(firm=2, user=kept).name == "Shared"
    assert "whole" in succeed("ledger", "verify", "--firm", "2")
    # The firm's provider does not sign them in until they have come by it here.
    assert not SocialAccount.objects.filter(user=kept).exists()
    assert SocialAccount.objects.exists()


def test_an_account_that_comes_along_is_proved_in_no_other_firm(saved: Path, db: None) -> None:
    def let_in_elsewhere(tables: Tables) -> None:
        for row in tables["firms_user"]:
            row["let_in_by"] = 50

    succeed("restore", "--firm", forged(saved, let_in_elsewhere))
    assert set(User.objects.values_list("let_in_by", flat=True)) == {2}


def test_what_was_proved_elsewhere_is_not_proved_here(saved: Path, db: None) -> None:
    FirmDomain.objects.create(
        firm_id=neighbour(), number=1, domain="ace.example", token="t", added_at=1, proved_at=2
    )
    assert "ace.example is not proved here" in succeed("restore", "--firm", saved)
    domain = FirmDomain.objects.get(firm=2)
    assert (domain.proved_at, domain.vouched) == (0, False)
    assert FirmDirectory.objects.get(firm=2).trusted == ""
    assert "ace.example" in succeed("ledger", "show", "--firm", "2")


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


def first(table: str, **changed: Any) -> Callable[[Tables], object]:
    """Change the first row of a table."""
    return lambda tables: tables[table][0].update(changed)


def more(table: str, **changed: Any) -> Callable[[Tables], object]:
    """Add a row like the first one of a table."""
    return lambda tables: tables[table].append(tables[table][0] | changed)


DOCUMENT = UUID(int=7)
"""A document of another firm here."""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (first("firms_firm", id=3), "where it says 2"),
        (first("firms_firm", name="Here"), "and something else"),
        (more("firms_clientuse", firm_id=50), "rows of firm 50"),
        (more("firms_member", firm_id=50), "rows of firm 50"),
        (first("firms_member", user_id=1), "lacks user 1"),
        (more("firms_user", email="twice@ace.example"), "no sound account"),
        (first("firms_user", email="Here@here.example"), "no sound account"),
        (first("firms_user", id=2**62), "no sound account"),
        (more("firms_user", id=70, email="nobody@ace.example"), "who have no place in the firm"),
        (first("account_emailaddress", email="here@here.example"), "another's address"),
        (first("socialaccount_socialaccount", provider="uid-of-here"), "not the firm's"),
        (first("firms_signinprovider", uid="uid-of-here"), "do not fit together"),
        (first("firms_documentversion", document_id=str(DOCUMENT)), "in documents that are not the firm's"),
        (first("firms_applicationline", document_id=str(DOCUMENT)), "in documents that are not the firm's"),
        (first("firms_document", id=str(DOCUMENT)), "do not fit together"),
    ],
)
def test_a_forged_backup_touches_no_other_firm(
    saved: Path, db: None, change: Callable[[Tables], object], said: str
) -> None:
    firm = Firm.objects.create(pk=50, name="Here", name_key="here", settings={})
    User.objects.create_user("here@here.example", None, id=60)
    Document.objects.create(id=DOCUMENT, firm=firm, engagement=1)
    SignInProvider.objects.create(firm=firm, number=1, uid="uid-of-here", state="on")
    assert said in refuse("restore", "--firm", forged(saved, change))
    assert (Firm.objects.count(), User.objects.count(), Document.objects.count()) == (1, 1, 1)
