"""The database setting: what it accepts, and what it says of what it does not."""

import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.exceptions import ImproperlyConfigured

from ringfence.settings import database
from tests.support.repository import ROOT


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:////var/lib/ringfence/data.sqlite3", "/var/lib/ringfence/data.sqlite3"),
        ("sqlite:////srv/a%20b.sqlite3", "/srv/a b.sqlite3"),
    ],
)
def test_sqlite_takes_a_path(url: str, name: str) -> None:
    assert database(url)["NAME"] == name


def test_sqlite_writes_one_at_a_time_and_to_the_disk() -> None:
    options = database("sqlite:////srv/a.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]


def test_postgresql_takes_everything_that_its_own_addresses_take() -> None:
    found = database("postgresql://ann:p%40ss@db.example:5433/firms?sslmode=verify-full")
    place = {name: found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert place == {
        "NAME": "firms",
        "USER": "ann",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
    }
    assert found["OPTIONS"]["sslmode"] == "verify-full"


def test_postgresql_waits_for_the_disk_whatever_its_configuration_says() -> None:
    found = database("postgresql:///firms?options=-c%20work_mem%3D64MB")
    assert found["OPTIONS"]["options"].split() == [
        "-c",
        "synchronous_commit=remote_apply",
        "-c",
        "lock_timeout=30s",
        "-c",
        "work_mem=64MB",
    ]


@pytest.mark.parametrize("url", ["", "mysql://host/name", "/srv/a.sqlite3", "sqlite://", "sqlite:///"])
def test_anything_else_is_an_error_that_says_what_to_write(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="write sqlite:///path"):
        database(url)


@pytest.mark.parametrize("password", ["p@ss", "pa/ss", "p@s/s", "pa?ss", "pa#ss", "100%", "pa/s@s"])
def test_a_password_that_cuts_the_address_is_told_how_to_be_written(password: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="%40 for @, %2F for /") as raised:
        database(f"postgresql://ann:{password}@db.example/firms")
    assert password not in str(raised.value)


@pytest.mark.parametrize("password", ["p@ss", "pa/ss", "pa?ss#", "100%", "a:b"])
def test_a_password_written_so_is_taken(password: str) -> None:
    found = database(f"postgresql://ann:{quote(password, safe='')}@db.example/firms?sslmode=require")
    assert (found["PASSWORD"], found["HOST"], found["NAME"]) == (password, "db.example", "firms")


def test_an_address_without_a_scheme_is_not_shown() -> None:
    with pytest.raises(ImproperlyConfigured) as raised:
        database("ann:secret@db.example/firms")
    assert "secret" not in str(raised.value)


def test_the_first_start_writes_a_secret_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    data = tmp_path / "data"
    command = [sys.executable, "-c", "from ringfence.settings import SECRET_KEY; print(SECRET_KEY)"]
    keys = {
        subprocess.run(
            command, env={"RINGFENCE_DATA": str(data)}, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    assert len(keys) == 1
    assert len(keys.pop().strip()) >= 50
    assert [path.name for path in data.iterdir()] == ["secret-key"]
    assert stat.S_IMODE((data / "secret-key").stat().st_mode) == 0o600


def test_a_switch_that_is_neither_on_nor_off_is_an_error() -> None:
    command = [sys.executable, "-c", "import ringfence.settings"]
    run = subprocess.run(
        command,
        env={"RINGFENCE_DEBUG": "perhaps", "RINGFENCE_SECRET_KEY": "k"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "RINGFENCE_DEBUG is 'perhaps': write 1 or 0." in run.stderr


def test_behind_tls_every_cookie_is_bound_to_the_host(tmp_path: Path) -> None:
    """The prefix holds browsers to it: `Secure`, the whole path, no domain."""
    told = (
        "from ringfence import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, s.HOST_COOKIE);"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE,"
        " s.SECURE_HSTS_SECONDS)"
    )
    environment = {"RINGFENCE_DATA": str(tmp_path), "PATH": "", "RINGFENCE_TLS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", told], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    names, secure = done.stdout.splitlines()
    assert all(name.startswith("__Host-") for name in names.split())
    assert secure == "True True True 31536000"
