"""The real `ringfence` as child processes: the server on a free port, and other commands on its database.

Nothing of the product is imported here: a browser meets what an administrator starts.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

from tests.support import forked
from tests.support.repository import ROOT

COMMAND = Path(sys.executable).with_name("ringfence")
ANSWERS = "Ringfence answers at "
MOST_SECONDS = 60.0
"""How long anything may take that is waited for."""


class Instance:
    """A database with the commands that can be given on it, and the server once it is started."""

    def __init__(
        self,
        database: str,
        settings: dict[str, str] | None = None,
        before: Callable[[], None] | None = None,
    ) -> None:
        """`settings` are further `RINGFENCE_…` variables; `before` is done in its process first."""
        self._before = before
        self.database = database
        self.port = _free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._environment = os.environ | {
            "RINGFENCE_DATABASE": database,
            "RINGFENCE_ADDRESS": self.address,
            # Printed, as in the demo: links are read from what the server says.
            "RINGFENCE_EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend",
            # Tables for people are as wide as the terminal says.
            "COLUMNS": "200",
            **(settings or {}),
        }
        self._process: subprocess.Popen[str] | None = None
        self._said: list[str] = []
        self._news = threading.Condition()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *fault: object) -> None:
        self.stop()

    def start(self) -> None:
        """Serve; returns once pages are answered, and raises RuntimeError with what was said where not."""
        self._process = subprocess.Popen(
            [COMMAND, "serve", "--role", "web", "--role", "jobs", "--port", str(self.port), "--workers", "1"],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=self._before,
            text=True,
        )
        ready = threading.Event()
        threading.Thread(target=self._listen, args=(self._process, ready), daemon=True).start()
        ready.wait()
        if self._process.poll() is not None:
            raise RuntimeError(f"ringfence serve ended:\n{self.said}")

    def _listen(self, process: "subprocess.Popen[str]", ready: threading.Event) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                with self._news:
                    self._said.append(line)
                    self._news.notify_all()
                if line.startswith(ANSWERS):
                    ready.set()
        process.wait()
        ready.set()

    @property
    def processes(self) -> list[int]:
        """The numbers of all processes that the server consists of."""
        assert self._process is not None
        return [self._process.pid, *_descendants(self._process.pid)]

    @property
    def said(self) -> str:
        """Everything that the server has printed."""
        return "".join(self._said)

    def wait_for(self, pattern: str) -> str:
        """What the server prints that looks so; mail is printed too where no mail server is named."""
        with self._news:
            self._news.wait_for(lambda: re.search(pattern, self.said), MOST_SECONDS)
        found = re.search(pattern, self.said)
        assert found is not None, f"nothing like {pattern} in:\n{self.said}"
        return found[0]

    def renew(self) -> None:
        """Have the server start its workers anew, as a supervisor does with SIGHUP."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """End the server in good order."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.wait(MOST_SECONDS)

    # --- Commands

    def run(self, *arguments: str | Path, code: int = 0) -> str:
        """`ringfence …`, which must end with this exit code; what it printed."""
        done = forked.run(list(map(str, arguments)), self._environment, MOST_SECONDS)
        assert done.returncode == code, f"ringfence {arguments} ended with {done.returncode}:\n{done.stderr}"
        return done.stdout

    def run_module(self, module: str, *arguments: str | Path) -> str:
        """`python -m …` on this database, which must end well; what it printed."""
        return self._python("-m", module, *arguments)

    def run_code(self, code: str) -> str:
        """The same for lines of Python."""
        return self._python("-c", code)

    def _python(self, *arguments: str | Path) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment | {"DJANGO_SETTINGS_MODULE": "ringfence.settings"},
            capture_output=True,
            check=False,
            text=True,
        )
        assert done.returncode == 0, f"{arguments} ended with {done.returncode}:\n{done.stderr}"
        return done.stdout

    def ask(self, *arguments: str, code: int = 0) -> Any:
        """The same with `--json`, read."""
        return json.loads(self.run(*arguments, "--json", code=code))

    def do(self, firm: str, command: str, *values: str, member: str = "") -> None:
        """Give a command of the rules, as a member or as the operator."""
        self.run("do", command, *values, "--firm", firm, *(["--as", member] if member else []))


def _descendants(process: int) -> Iterator[int]:
    for child in map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split()):
        yield child
        yield from _descendants(child)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
