"""`ringfence …` as a process of its own that is there in milliseconds, for tests that run it to its end.

A fork server has loaded what takes long to load and knows no setting; a command is a child of it, with the
environment, folder and streams that the test gives it. Not here: what runs on while a test looks at it
(`ringfence serve`), which starts as an administrator starts it.
"""

import array
import atexit
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NoReturn

LOADED = (
    "ringfence.cli.commands",
    "ringfence.cli.backups.archive",
    "ringfence.cli.doctor.doctor",
    "ringfence.cli.ledger.commands",
    "ringfence.core.past.right_sizing",
    "ringfence.core.scenario",
    "ringfence.core.undoing.opposite",
    "ringfence.embedded.base",
    "ringfence.lists.plans.description",
    "ringfence.lists.plans.directory_commands",
    "ringfence.lists.plans.grantee_plan",
    "ringfence.lists.rows.look",
    "ringfence.notices.sending",
    "ringfence.proof.stamps",
    "ringfence.store.freshness",
    "ringfence.store.frozen",
    "ringfence.store.name_index",
    "ringfence.wording",
    "ringfence.wording.both_sides",
    "allauth.core.ratelimit",
    "asyncio",
    "cloudevents.core.formats.json",
    "csp.apps",
    "csp.constants",
    "django.contrib.auth.apps",
    "django.contrib.auth.hashers",
    "django.contrib.contenttypes.apps",
    "django.core.cache.backends.db",
    "django.core.mail",
    "django.core.management",
    "django.db.migrations.executor",
    "django.db.models",
    "django.db.models.sql.compiler",
    "django.forms",
    "django.template.loader",
    "django.urls",
    "django.views.debug",
    "django_tasks_db.apps",
    "dns.resolver",
    "fido2.server",
    "jinja2",
    "jwt.jwk_set_cache",
    "psycopg",
    "python_calamine",
    "requests",
    "rich.console",
    "rich.table",
    "ruamel.yaml",
    "whitenoise.middleware",
    "xlsxwriter",
)
"""What takes longest to load of that which commands need, and asks for no setting."""

_lock = threading.Lock()
_server: "_Server | None" = None


def run(
    arguments: list[str], environment: Mapping[str, str], seconds: float, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `ringfence` with these arguments to its end, as `subprocess.run` would with its output captured."""
    global _server
    with _lock, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        if _server is None:
            _server = _Server()
        asked = json.dumps([arguments, dict(environment), str(folder or Path.cwd())])
        try:
            code = _server.ask(asked.encode(), [out.fileno(), err.fileno()], seconds)
        except TimeoutError:
            _server.end()
            _server = None
            raise subprocess.TimeoutExpired(["ringfence", *arguments], seconds) from None
        return subprocess.CompletedProcess(["ringfence", *arguments], code, _text(out), _text(err))


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode().replace("\r\n", "\n")


class _Server:
    """The fork server of this test process; it ends with it."""

    def __init__(self) -> None:
        self.socket, theirs = socket.socketpair()
        settings = ("DJANGO_SETTINGS_MODULE", "RINGFENCE_")
        own = {name: value for name, value in os.environ.items() if not name.startswith(settings)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.forked", str(theirs.fileno())],
            env=own,
            cwd=Path(__file__).parents[2],
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
        theirs.close()
        atexit.register(self.end)

    def ask(self, asked: bytes, files: list[int], seconds: float) -> int:
        """Have a command run; its exit code. Raises `TimeoutError`."""
        self.socket.settimeout(seconds)
        self.socket.sendall(len(asked).to_bytes(4, "big"))
        rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))
        sent = self.socket.sendmsg([asked], [rights])
        self.socket.sendall(asked[sent:])
        answer = self.socket.recv(16)
        if not answer:
            raise RuntimeError("the fork server of commands has ended")
        return int(answer)

    def end(self) -> None:
        """Let it go in good order, and kill what hangs."""
        atexit.unregister(self.end)
        self.socket.close()
        try:
            self.process.wait(1)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def serve(channel: socket.socket) -> None:
    """Answer until the test process lets go."""
    for name in LOADED:
        importlib.import_module(name)
    while length := channel.recv(4, socket.MSG_WAITALL):
        size = int.from_bytes(length, "big")
        asked, files, _, _ = socket.recv_fds(channel, size, 2)
        while len(asked) < size:
            asked += channel.recv(size - len(asked))
        child = os.fork()
        if child == 0:
            channel.close()
            arguments, environment, folder = json.loads(asked)
            live(arguments, environment, folder, files)
        for file in files:
            os.close(file)
        _, status = os.waitpid(child, 0)
        channel.sendall(str(os.waitstatus_to_exitcode(status)).encode())


def live(arguments: list[str], environment: dict[str, str], folder: str, files: list[int]) -> NoReturn:
    """Be the command, to its end, which is that of the whole interpreter: it lets go of what is open."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    for file, own in zip([os.open(os.devnull, os.O_RDONLY), *files], (0, 1, 2), strict=True):
        os.dup2(file, own)
        os.close(file)
    sys.argv = ["ringfence", *arguments]
    from ringfence.cli import main

    main(prog_name="ringfence")
    sys.exit()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
