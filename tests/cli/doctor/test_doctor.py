"""`ringfence doctor`: finds what is wrong, says what to do, and changes nothing."""

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from ringfence.firms.models import User
from tests.cli.children import COMMAND, child, environment, succeeding
from tests.cli.listing import run
from tests.support.databases import Databases


@pytest.fixture
def other_encoding(empty_database: str) -> str:
    """The address of a database that does not keep UTF-8."""
    if empty_database.startswith("sqlite"):
        with closing(sqlite3.connect(empty_database.removeprefix("sqlite:///"))) as connection:
            connection.execute("PRAGMA encoding = 'UTF-16'")
            connection.execute("CREATE TABLE anything (a)")
        return empty_database
    server, _, name = empty_database.rpartition("/")
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name}_latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    return f"{server}/{name}_latin"


def findings(database: str, folder: Path, code: int, **more: str) -> dict[str, tuple[str, str]]:
    """Verdict and text by what was looked at."""
    done = child(database, folder, "doctor", "--json", **more)
    assert done.returncode == code, done.stdout + done.stderr
    return {each["what"]: (each["verdict"], each["text"]) for each in json.loads(done.stdout)}


@pytest.mark.both_databases
def test_a_sound_installation_is_sound(migrated_database: str, tmp_path: Path) -> None:
    succeeding(
        migrated_database, tmp_path, "firm", "create", "A", "--profile", "kyc", "--admin", "a@a.example"
    )
    found = findings(migrated_database, tmp_path, 0)
    for what in ("Database", "Tables", "Static files", "Time zones", "Secret key", "Ledger of A"):
        assert found[what][0] == "good"


@pytest.mark.both_databases
def test_missing_tables_are_found(empty_database: str, tmp_path: Path) -> None:
    if empty_database.startswith("sqlite"):
        Path(empty_database.removeprefix("sqlite:///")).touch()
    verdict, text = findings(empty_database, tmp_path, 1)["Tables"]
    assert (verdict, "ringfence migrate" in text) == ("wrong", True)


def test_whoever_goes_on_in_its_process_may_write_again(transactional_db: None) -> None:
    connection.close()
    run("doctor")
    assert User.objects.create_user("later@a.example", None).pk


def test_a_database_that_does_not_answer_is_found(tmp_path: Path) -> None:
    found = findings("postgresql://nobody@127.0.0.1:1/none", tmp_path, 1)
    assert found["Database"][0] == "wrong"


def test_a_database_file_that_is_not_there_is_found_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "none.sqlite3"
    assert findings(f"sqlite:///{path}", tmp_path, 1)["Database"][0] == "wrong"
    assert not path.exists()


def test_settings_that_make_no_sense_are_found(tmp_path: Path) -> None:
    assert findings("mysql://host/name", tmp_path, 1)["Settings"][0] == "wrong"


def test_a_short_secret_key_is_found(migrated_database: str, tmp_path: Path) -> None:
    found = findings(migrated_database, tmp_path, 1, RINGFENCE_SECRET_KEY="secret")
    assert found["Secret key"][0] == "wrong"


def test_a_secret_key_that_others_may_read_is_found(migrated_database: str, tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    path.write_text("k" * 50)
    path.chmod(0o644)
    assert "chmod 600" in findings(migrated_database, tmp_path, 1, RINGFENCE_SECRET_KEY="")["Secret key"][1]


def test_debugging_and_hosts_for_everybody_are_found(migrated_database: str, tmp_path: Path) -> None:
    found = findings(migrated_database, tmp_path, 1, RINGFENCE_DEBUG="1", RINGFENCE_HOSTS="*")
    assert (found["Debugging"][0], found["Hosts"][0]) == ("wrong", "wrong")


@pytest.mark.both_databases
def test_a_ledger_that_is_not_whole_is_found(migrated_database: str, tmp_path: Path) -> None:
    succeeding(
        migrated_database, tmp_path, "firm", "create", "A", "--profile", "kyc", "--admin", "a@a.example"
    )
    script = (
        "from ringfence.cli.setup import set_up\nset_up()\n"
        "from ringfence.firms.models import LedgerEntry\nLedgerEntry.objects.update(at=5)"
    )
    subprocess.run([COMMAND[0], "-c", script], env=environment(migrated_database, tmp_path), check=True)
    assert findings(migrated_database, tmp_path, 1)["Ledger of A"][0] == "wrong"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("RINGFENCE_HOST", "RINGFENCE_HOSTS"), ("RINGFENCE_MAILFROM", "RINGFENCE_MAIL_FROM")],
)
def test_a_misspelt_setting_is_named_with_the_one_that_was_meant(
    migrated_database: str, tmp_path: Path, name: str, meant: str
) -> None:
    found = findings(migrated_database, tmp_path, 1, **{name: "ringfence.example"})
    assert found["Variables"] == (
        "wrong",
        f"{name} is no setting, so nothing reads it: did you mean {meant}?",
    )


def test_an_address_whose_links_would_not_be_answered_is_found(
    migrated_database: str, tmp_path: Path
) -> None:
    more = {"RINGFENCE_ADDRESS": "https://other.example", "RINGFENCE_HOSTS": "ringfence.example"}
    verdict, text = findings(migrated_database, tmp_path, 1, **more)["Address"]
    assert (verdict, "does not name other.example" in text) == ("wrong", True)


def test_an_address_without_tls_where_tls_is_on_is_found(migrated_database: str, tmp_path: Path) -> None:
    more = {"RINGFENCE_ADDRESS": "http://a.example", "RINGFENCE_HOSTS": "a.example", "RINGFENCE_TLS": "1"}
    assert "begins with https://" in findings(migrated_database, tmp_path, 1, **more)["Address"][1]


def test_a_public_host_without_an_address_is_told_where_links_lead(
    migrated_database: str, tmp_path: Path
) -> None:
    hosts = {"RINGFENCE_HOSTS": "ringfence.example"}
    assert findings(migrated_database, tmp_path, 0, **hosts)["Address"][0] == "look at"
    mailing = hosts | {"RINGFENCE_MAIL_HOST": "127.0.0.1", "RINGFENCE_MAIL_PORT": "1"}
    assert findings(migrated_database, tmp_path, 1, **mailing)["Address"][0] == "wrong"


def test_a_folder_that_others_may_look_into_is_found(migrated_database: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert findings(migrated_database, tmp_path, 1)["Rights"][1] == (
        f"Others may look into {tmp_path}: chmod 700 {tmp_path}"
    )


def test_a_database_file_that_others_may_read_is_found(tmp_path: Path) -> None:
    file = tmp_path / "open" / "ringfence.sqlite3"
    file.parent.mkdir(mode=0o755)
    file.touch()
    # Said outright: who makes it may be held to files of their own.
    file.parent.chmod(0o755)
    file.chmod(0o644)
    done = child(f"sqlite:///{file}", tmp_path, "doctor", "--json")
    assert f"Others may read {file}: chmod 600 {file}" in done.stdout


def test_looking_makes_and_changes_nothing(databases: Databases, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    findings(f"sqlite:///{folder / 'ringfence.sqlite3'}", folder, 1, RINGFENCE_SECRET_KEY="")
    assert not folder.exists()
    folder.mkdir(mode=0o700)
    database = databases.migrated_file(folder / "ringfence.sqlite3")
    # Makes the secret key.
    succeeding(database, folder, "firm", "list", RINGFENCE_SECRET_KEY="")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    findings(f"sqlite:///{folder / 'ringfence.sqlite3'}", folder, 0, RINGFENCE_SECRET_KEY="")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_empty_database_file_stays_empty(tmp_path: Path) -> None:
    file = tmp_path / "ringfence.sqlite3"
    file.touch()
    findings(f"sqlite:///{file}", tmp_path, 1)
    assert [(path.name, path.stat().st_size) for path in tmp_path.iterdir()] == [(file.name, 0)]


def test_a_key_that_is_not_made_yet_is_no_fault(migrated_database: str, tmp_path: Path) -> None:
    verdict, text = findings(migrated_database, tmp_path, 0, RINGFENCE_SECRET_KEY="")["Secret key"]
    assert (verdict, "the first start makes one" in text) == ("good", True)


@pytest.mark.both_databases
def test_a_database_that_keeps_no_utf_8_is_found(other_encoding: str, tmp_path: Path) -> None:
    assert findings(other_encoding, tmp_path, 1)["Encoding"][0] == "wrong"


def test_the_demos_database_is_told_from_ones_own(migrated_database: str, tmp_path: Path) -> None:
    script = (
        "from ringfence.cli.setup import set_up\nset_up()\n"
        "from ringfence.demo.making import _mark\n_mark('ready')"
    )
    subprocess.run([COMMAND[0], "-c", script], env=environment(migrated_database, tmp_path), check=True)
    verdict, text = findings(migrated_database, tmp_path, 0)["Demo"]
    assert (verdict, "ringfence demo" in text) == ("look at", True)


@pytest.mark.both_databases
def test_nothing_of_the_environment_is_printed(migrated_database: str, tmp_path: Path) -> None:
    key = "a-key-that-nobody-may-ever-read-in-any-output-of-ours"
    done = child(migrated_database, tmp_path, "doctor", RINGFENCE_SECRET_KEY=key)
    assert key not in done.stdout + done.stderr
    assert os.environ.get("RINGFENCE_TEST_SERVER", "no server") not in done.stdout


def test_a_mail_server_that_does_not_answer_is_found(migrated_database: str, tmp_path: Path) -> None:
    more = {"RINGFENCE_MAIL_HOST": "127.0.0.1", "RINGFENCE_MAIL_PORT": "1"}
    verdict, text = findings(migrated_database, tmp_path, 1, **more)["Mail"]
    assert (verdict, "127.0.0.1:1 does not answer" in text) == ("wrong", True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RINGFENCE_MAIL_PORT", "smtp"),
        ("RINGFENCE_MAIL_TLS", "perhaps"),
        ("RINGFENCE_HOSTS", " , "),
        ("RINGFENCE_IDLE_MINUTES", "2"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    verdict, text = findings("sqlite:///none", tmp_path, 1, **{name: value})["Settings"]
    assert (verdict, name in text) == ("wrong", True)


def test_an_address_among_the_hosts_is_found(migrated_database: str, tmp_path: Path) -> None:
    found = findings(migrated_database, tmp_path, 1, RINGFENCE_HOSTS="https://ringfence.example")
    assert "the host name alone" in found["Hosts"][1]
