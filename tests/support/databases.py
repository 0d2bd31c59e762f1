"""Which database the tests run on, and fresh ones for the tests that need one of their own.

`make test` runs everything on SQLite and what is marked `both_databases` on PostgreSQL as well
(RINGFENCE_TEST_DATABASE). A test never sees the database of the environment it was started from.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from enum import StrEnum
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from tests.support.postgres import PostgresServer, create_database, drop_database

# The server's address and a folder, set by the process that started it for the workers of pytest-xdist.
SERVER_VARIABLE = "RINGFENCE_TEST_SERVER"
SHARED_VARIABLE = "RINGFENCE_TEST_SHARED"


WITH_TABLES = ("Django", "django-allauth", "django-tasks-db")
"""Packages of others whose migrations are among ours."""


class Engine(StrEnum):
    """The two databases that Ringfence runs on."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Databases:
    """Makes databases of one engine for one test process, and removes them.

    The process that pytest was called in starts the PostgreSQL server; its workers share it, and the one
    database that is migrated for all of them.
    """

    def __init__(self, engine: Engine) -> None:
        """`folder` is a place for files, gone when the run ends."""
        self.engine = engine
        self.folder = Path(tempfile.mkdtemp(prefix="ringfence-tests-"))
        self._server: PostgresServer | None = None
        self._first = SHARED_VARIABLE not in os.environ
        if self._first:
            os.environ[SHARED_VARIABLE] = str(self.folder)
        self.shared = Path(os.environ[SHARED_VARIABLE])
        if engine is Engine.POSTGRESQL and SERVER_VARIABLE not in os.environ:
            self._server = PostgresServer()
            self._server.start()
            os.environ[SERVER_VARIABLE] = self._server.url()

    def empty(self) -> str:
        """A new database without a table; its address, as RINGFENCE_DATABASE takes it."""
        name = f"test_{secrets.token_hex(6)}"
        if self.engine is Engine.SQLITE:
            file = self.folder / f"{name}.sqlite3"
            file.touch()
            return f"sqlite:///{file}"
        return create_database(os.environ[SERVER_VARIABLE], name)

    def migrated(self) -> str:
        """A new database with all tables and no rows but those that migrations write; its address."""
        return self._copied(f"test_{secrets.token_hex(6)}")

    def twin(self, database: str) -> str:
        """A new database with all that this one has, which nobody has open; its address."""
        name = f"test_{secrets.token_hex(6)}"
        if self.engine is Engine.SQLITE:
            file = self.folder / f"{name}.sqlite3"
            shutil.copyfile(database.removeprefix("sqlite:///"), file)
            file.chmod(0o600)
            return f"sqlite:///{file}"
        return create_database(os.environ[SERVER_VARIABLE], name, template=database.rpartition("/")[2])

    def fill(self, database: str) -> None:
        """Put such a one in the place of an empty database that nobody has open."""
        name = database.rpartition("/")[2]
        if self.engine is Engine.POSTGRESQL:
            drop_database(os.environ[SERVER_VARIABLE], name)
        self._copied(name.removesuffix(".sqlite3"))

    def migrated_file(self, file: Path) -> str:
        """The same as a file of SQLite at this path, whatever the engine under test."""
        shutil.copyfile(self._template(Engine.SQLITE).removeprefix("sqlite:///"), file)
        file.chmod(0o600)
        return f"sqlite:///{file}"

    def _copied(self, name: str) -> str:
        if self.engine is Engine.SQLITE:
            return self.migrated_file(self.folder / f"{name}.sqlite3")
        template = self._template(self.engine).rpartition("/")[2]
        return create_database(os.environ[SERVER_VARIABLE], name, template=template)

    def _template(self, engine: Engine) -> str:
        """The address of the database of which the others are copies.

        The migrations run once, for whoever is the first of a run to ask, in a process of their own; into a
        file only where something of Ringfence has changed since the last run.
        """
        with (self.shared / f"template-{engine}").open("a+") as kept:
            fcntl.flock(kept, fcntl.LOCK_EX)
            kept.seek(0)
            if address := kept.read():
                return address
            if engine is Engine.SQLITE:
                # In no worker's own folder: that may be gone before the other has done.
                file = self.shared / "template.sqlite3"
                address = f"sqlite:///{file}"
                _copy_migrated(file)
            else:
                address = self.empty()
                migrate(address)
            kept.write(address)
            return address

    def close(self) -> None:
        """Remove every database made here, and the server where this process started it."""
        if self._server is not None:
            self._server.close()
            del os.environ[SERVER_VARIABLE]
        if self._first:
            del os.environ[SHARED_VARIABLE]
        shutil.rmtree(self.folder, ignore_errors=True)


def _copy_migrated(file: Path) -> None:
    """A copy of what `_migrated_once` made, which a run of other source may take away at any moment."""
    for _attempt in range(5):
        with suppress(FileNotFoundError):
            shutil.copyfile(_migrated_once(), file)
            return
    raise RuntimeError("other runs of tests took the file with all tables away again and again")


def _migrated_once() -> Path:
    """A file of SQLite with all tables, made by the very source that is tested; beside the environment."""
    folder = Path(sys.prefix)
    made = folder / f"migrated-{_source()}.sqlite3"
    if not made.exists():
        for before in folder.glob("migrated-*.sqlite3"):
            before.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as under_way:
            file = Path(under_way) / "new.sqlite3"
            file.touch(0o600)
            migrate(f"sqlite:///{file}")
            # Whole or not at all, as another run may look for it.
            file.replace(made)
    return made


def _source() -> str:
    """A digest of all that migrations may come to depend on: our source, and the versions of others."""
    others = [sys.version, *(f"{name} {version(name)}" for name in WITH_TABLES)]
    found = hashlib.sha256("\n".join(others).encode())
    origin = find_spec("ringfence")
    assert origin is not None
    assert origin.origin is not None
    for file in sorted(Path(origin.origin).parent.rglob("*.py")):
        found.update(f"{file.name}\0".encode() + file.read_bytes() + b"\0")
    return found.hexdigest()[:16]


MIGRATING = """import gc
from django import setup
from django.core.management import call_command
gc.disable()
setup()
call_command("migrate", verbosity=0, skip_checks=True)
"""
"""What Django checks of our source has a test of its own, and would load all pages here; nor does so short a
process need its garbage collected."""


def migrate(database: str) -> None:
    """Bring a database to the present tables, in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", MIGRATING],
        env=os.environ | {"RINGFENCE_DATABASE": database, "DJANGO_SETTINGS_MODULE": "ringfence.settings"},
        capture_output=True,
        check=False,
        text=True,
    )
    if run.returncode != 0:
        raise RuntimeError(f"migrating {database} failed:\n{run.stdout}{run.stderr}")
