"""A reader's page beside unfinished forms, and while everybody signs in, in one run with its usual time.

`python -m benchmarks.bench_serving DATABASE`. The real `ringfence serve` answers, a process for each core;
those who sign in are a process of their own, each with an address of their own, as a proxy tells it.
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode

import msgspec

from tests.cli.children import COMMAND
from tests.cli.processes.site import free_port

from .measure import Figure, set_up_django

PEOPLE = 200
UNFINISHED = 2 * (os.cpu_count() or 1) * 12
"""Twice as many as `serve` has processes and threads by itself."""
QUIET = 200
"""How often the reader asks for the page before anybody signs in."""
FIRM = "Sign-in Bench"
READER = "reader@bench.example"
PASSWORD = "three unrelated words"


def main(port: int) -> list[Figure]:
    address = found()
    with subprocess.Popen(
        [*COMMAND, "serve", "--role", "web", "--role", "jobs", "--port", str(port)],
        env=os.environ | {"RINGFENCE_TLS": "1", "RINGFENCE_ADDRESS": "https://localhost"},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        for line in server.stdout:
            if line.startswith("Ringfence answers at"):
                break
        try:
            return measured(port, address)
        finally:
            server.terminate()


def found() -> str:
    """Make a firm of a few clients, its reader and the people; the address of the reader's page."""
    set_up_django()
    from django.contrib.auth.hashers import make_password

    from ringfence.firms.models import Firm, User
    from tests.cli.listing import succeed

    succeed("firm", "create", FIRM, "--profile", "agency", "--admin", READER)
    for number in range(20):
        succeed("do", "client.add", f"client=Client {number}", f"reference=C{number}", "--firm", FIRM)
    kept = make_password(PASSWORD)
    User.objects.filter(email=READER).update(password=kept)
    User.objects.bulk_create(User(email=email(number), password=kept) for number in range(PEOPLE))
    return f"/firms/{Firm.objects.get(name=FIRM).pk}/clients"


def email(number: int) -> str:
    return f"person-{number}@bench.example"


def measured(port: int, address: str) -> list[Figure]:
    reader = Browser(port, "192.0.2.1")
    reader.sign_in(READER)
    quiet = [reader.timed(address) for _page in range(QUIET)]
    beside = [outsider(port) for _each in range(UNFINISHED)]
    slowed = [reader.timed(address) for _page in range(QUIET)]
    for each in beside:
        each.close()
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bench_serving", "--crowd", str(port)], stdout=subprocess.PIPE
    ) as crowd:
        assert crowd.stdout is not None
        # It says when the pages to sign in at are there and the passwords go out.
        crowd.stdout.readline()
        start, during = time.perf_counter(), []
        while crowd.poll() is None:
            during.append(reader.timed(address))
    took = time.perf_counter() - start
    assert crowd.returncode == 0
    typical = statistics.median(quiet) * 1000
    return [
        Figure(
            f"a reader's page beside {UNFINISHED} unfinished forms, median",
            statistics.median(slowed) * 1000,
            "ms",
            1.5 * typical,
            typical,
            "quiet",
        ),
        Figure(
            f"a reader's page while {PEOPLE} sign in, median",
            statistics.median(during) * 1000,
            "ms",
            3 * typical,
            typical,
            "quiet",
        ),
        Figure(
            f"a reader's page while {PEOPLE} sign in, one in a hundred",
            most(during) * 1000,
            "ms",
            None,
            most(quiet) * 1000,
            "quiet",
        ),
        Figure(f"{PEOPLE} sign in at once, until the last is in", took, "s"),
    ]


def outsider(port: int) -> socket.socket:
    """One who begins a form and does not send the rest."""
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nlogin=")
    return connection


def most(times: list[float]) -> float:
    return sorted(times)[len(times) * 99 // 100]


class Browser:
    """One that a proxy with TLS has passed on."""

    def __init__(self, port: int, address: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1800)
        self.headers = {
            "Host": "localhost",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": address,
            "Referer": "https://localhost/sign-in",
        }
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> int:
        headers = dict(self.headers)
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode(form | {"csrfmiddlewaretoken": self._token()})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        for told in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = told.partition(";")[0].strip().partition("=")
            self.cookies[name] = value
        answer.read()
        return answer.status

    def _token(self) -> str:
        """Behind TLS the names of cookies begin with `__Host-`."""
        return next(value for name, value in self.cookies.items() if name.endswith("csrftoken"))

    def send_file(self, path: str, name: str, content: bytes) -> str:
        """Send a form with a file in its field `file`; where its answer leads."""
        assert self.ask("GET", path) == 200
        mark = "ringfence-bench"
        token = f'--{mark}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
        token += f"{self._token()}\r\n"
        file = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = token.encode() + file.encode() + content + f"\r\n--{mark}--\r\n".encode()
        headers = dict(self.headers) | {"Content-Type": f"multipart/form-data; boundary={mark}"}
        headers["Cookie"] = "; ".join(f"{each}={value}" for each, value in self.cookies.items())
        self.connection.request("POST", path, body, headers)
        answer = self.connection.getresponse()
        answer.read()
        assert answer.status == 302, answer.status
        return answer.headers["Location"]

    def timed(self, path: str) -> float:
        start = time.perf_counter()
        status = self.ask("GET", path)
        assert status == 200, status
        return time.perf_counter() - start

    def sign_in(self, login: str, ready: Callable[[], object] = lambda: None) -> None:
        """`ready` is called once the page is there."""
        assert self.ask("GET", "/sign-in") == 200
        ready()
        status = self.ask("POST", "/sign-in", {"login": login, "password": PASSWORD})
        assert status == 302, status


def crowd(port: int) -> None:
    """Everybody signs in, at the same moment."""
    there = threading.Barrier(PEOPLE, action=lambda: print("now", flush=True))  # it is awaited
    failed: list[int] = []

    def person(number: int) -> None:
        try:
            Browser(port, f"198.51.100.{number}").sign_in(email(number), there.wait)
        except BaseException:
            failed.append(number)
            raise

    people = [threading.Thread(target=person, args=(number,)) for number in range(PEOPLE)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    sys.exit(len(failed) > 0)


if __name__ == "__main__":
    if sys.argv[1] == "--crowd":
        crowd(int(sys.argv[2]))
    else:
        sys.stdout.buffer.write(msgspec.json.encode(main(free_port())))
