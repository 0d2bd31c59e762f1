"""The real `ringfence serve` with a small firm, for tests of what it answers over its connections.

`python -m tests.cli.processes.site` makes the firm on the database that RINGFENCE_DATABASE names: Ace
Agents with VAT, two clients, and Alphie, who can sign in.
"""

import http.client
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

from tests.cli.children import COMMAND, PAGES, environment
from tests.cli.processes.test_supervisor import SECONDS
from tests.support.repository import ROOT

EMAIL = "alphie@ace.example"
PASSWORD = "three unrelated words"
CLIENT = "/firms/1/clients/1"
OTHER_CLIENT = "/firms/1/clients/2"
NOTE = f"{CLIENT}/engagements/1/add-note"


def found() -> None:
    """Make the firm, in a process of its own."""
    import django

    django.setup()
    from django.contrib.auth.hashers import make_password

    from ringfence.firms.models import User
    from tests.cli.listing import succeed

    succeed("firm", "create", "Ace Agents", "--profile", "agency", "--admin", EMAIL)
    succeed("do", "service.add", "service=VAT")
    succeed("do", "client.add", "client=Fortune 500", "reference=F500", "services=VAT")
    succeed("do", "client.add", "client=Vala", "reference=VALA")
    User.objects.filter(email=EMAIL).update(password=make_password(PASSWORD))


class Site:
    """A server that answers."""

    def __init__(self, database: str, port: int, process: "subprocess.Popen[str]", said: list[str]) -> None:
        self.database = database
        self.port = port
        self.process = process
        self._said = said
        self._visitors: list[Visitor] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *fault: object) -> None:
        for each in self._visitors:
            each.connection.close()

    @property
    def said(self) -> str:
        """What it has printed."""
        return "".join(self._said)

    def connect(self, sent: bytes = b"") -> socket.socket:
        """A connection on which so much has been sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)
        connection.sendall(sent)
        return connection

    def exchange(self, sent: bytes, *, finish: bool = False) -> bytes:
        """All that comes back until the server closes; `finish` ends what we send first."""
        with self.connect(sent) as connection:
            if finish:
                connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def visitor(self) -> "Visitor":
        self._visitors.append(Visitor(self))
        return self._visitors[-1]


class Visitor:
    """A browser without anything but its cookies."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.cookies: dict[str, str] = {}
        self.connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=SECONDS)

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, str]:
        """Status and content; a form is sent with the token that was last given."""
        body = None
        if form is not None:
            body = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **form})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers["Cookie"] = self.cookie
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        for told in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = told.partition(";")[0].strip().partition("=")
            self.cookies[name] = value
        self.location = answer.headers.get("Location", "")
        return answer.status, answer.read().decode()

    @property
    def cookie(self) -> str:
        """The header with all cookies."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path: str) -> str:
        """The page, which must be there."""
        status, content = self.ask("GET", path)
        assert status == 200, (path, status)
        return content

    def sign_in(self) -> "Visitor":
        """As Alphie."""
        self.get("/sign-in")
        status, content = self.ask("POST", "/sign-in", {"login": EMAIL, "password": PASSWORD})
        assert status == 302, re.sub(r"\s+", " ", content)
        return self

    def posting(self, path: str, form: dict[str, str]) -> bytes:
        """A request of this visitor's as it goes over the line."""
        body = urlencode({"csrfmiddlewaretoken": self.cookies["csrftoken"], **form}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {self.cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        return head.encode() + body


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def site(database: str, folder: Path, *options: str, **settings: str) -> Iterator[Site]:
    """The firm is made, and its server serves; it is stopped at the end."""
    run = environment(database, folder, DJANGO_SETTINGS_MODULE="ringfence.settings")
    subprocess.run([sys.executable, "-m", "tests.cli.processes.site"], cwd=ROOT, env=run, check=True)
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", *PAGES, "--port", str(port), "--workers", "1", *options],
        env=environment(database, folder, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                said.append(line)
                if line.startswith("Ringfence answers at"):
                    ready.set()
        ready.set()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        assert ready.wait(SECONDS)
        assert process.poll() is None, "".join(said)
        with Site(database, port, process, said) as found:
            yield found
    finally:
        process.terminate()
        process.wait(SECONDS)
        listener.join(SECONDS)


if __name__ == "__main__":
    found()
