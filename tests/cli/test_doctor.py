"""`ringfence doctor`: finds what is wrong, says what to do, and changes nothing."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.children import COMMAND, child, environment, succeeding

pytestmark = pytest.mark.both_databases


def findings(database: str, folder: Path, code: int, **more: str) -> dict[str, tuple[str, str]]:
    """Verdict and text by what was looked at."""
    done = child(database, folder, "doctor", "--json", **more)
    assert done.returncode == code, done.stdout + done.stderr
    return {each["what"]: (each["verdict"], each["text"]) for each in json.loads(done.stdout)}


def test_a_sound_installation_is_sound(migrated_database: str, tmp_path: Path) -> None:
    succeeding(
        migrated_database, tmp_path, "firm", "create", "A", "--profile", "kyc", "--admin", "a@a.example"
    )
    found = findings(migrated_database, tmp_path, 0)
    for what in ("Database", "Tables", "Static files", "Time zones", "Secret key", "Ledger of A"):
        assert found[what][0] == "good"


def test_missing_tables_are_found(empty_database: str, tmp_path: Path) -> None:
    if empty_database.startswith("sqlite"):
        Path(empty_database.removeprefix("sqlite:///")).touch()
    verdict, text = findings(empty_database, tmp_path, 1)["Tables"]
    assert (verdict, "ringfence migrate" in text) == ("wrong", True)


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
    [("RINGFENCE_MAIL_PORT", "smtp"), ("RINGFENCE_MAIL_TLS", "perhaps"), ("RINGFENCE_HOSTS", " , ")],
)
def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    verdict, text = findings("sqlite:///none", tmp_path, 1, **{name: value})["Settings"]
    assert (verdict, name in text) == ("wrong", True)


def test_an_address_among_the_hosts_is_found(migrated_database: str, tmp_path: Path) -> None:
    found = findings(migrated_database, tmp_path, 1, RINGFENCE_HOSTS="https://ringfence.example")
    assert "the host name alone" in found["Hosts"][1]
