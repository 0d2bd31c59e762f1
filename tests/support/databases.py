"""Which database the tests run on, and fresh ones for the tests that need one of their own.

`make test` runs everything on SQLite and what is marked `both_databases` on PostgreSQL as well
(RINGFENCE_TEST_DATABASE). A test never sees the database of the environment it was started from.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from enum import StrEnum
from pathlib import Path

from tests.support.postgres import PostgresServer, create_database

# The server's address, set by the process that started it for the workers of pytest-xdist.
SERVER_VARIABLE = "RINGFENCE_TEST_SERVER"


class Engine(StrEnum):
    """The two databases that Ringfence runs on."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Databases:
    """Makes databases of one engine for one test process, and removes them.

    The process that pytest was called in starts the PostgreSQL server; its workers share it.
    """

    def __init__(self, engine: Engine) -> None:
        """`folder` is a place for files, gone when the run ends."""
        self.engine = engine
        self.folder = Path(tempfile.mkdtemp(prefix="ringfence-tests-"))
        self._server: PostgresServer | None = None
        self._migrated: str | None = None
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
        """A new database with all tables and no rows but those that migrations write; its address.

        The migrations run once in a process of their own; each further database is a copy.
        """
        if self._migrated is None:
            self._migrated = self.empty()
            migrate(self._migrated)
        name = f"test_{secrets.token_hex(6)}"
        template = self._migrated.rpartition("/")[2]
        if self.engine is Engine.SQLITE:
            shutil.copyfile(self.folder / template, self.folder / f"{name}.sqlite3")
            return f"sqlite:///{self.folder / name}.sqlite3"
        return create_database(os.environ[SERVER_VARIABLE], name, template=template)

    def close(self) -> None:
        """Remove every database made here, and the server where this process started it."""
        if self._server is not None:
            self._server.close()
            del os.environ[SERVER_VARIABLE]
        shutil.rmtree(self.folder, ignore_errors=True)


def migrate(database: str) -> None:
    """Bring a database to the present tables, in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--settings=ringfence.settings", "--verbosity=0"],
        env=os.environ | {"RINGFENCE_DATABASE": database},
        capture_output=True,
        check=False,
        text=True,
    )
    if run.returncode != 0:
        raise RuntimeError(f"migrating {database} failed:\n{run.stdout}{run.stderr}")
