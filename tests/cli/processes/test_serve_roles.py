"""`ringfence serve` by role and address: one role alone, and pages at a Unix socket."""

import os
import signal
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.children import COMMAND, environment
from tests.cli.processes.test_serve import children, free_port, jobs_processes, status, web_processes
from tests.cli.processes.test_supervisor import SECONDS, until


@contextmanager
def serving(
    database: str, folder: Path, *options: str, ready: str = "Ringfence answers at", **more: str
) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A server that has said that it is ready, and what it has said; `more` of its environment."""
    process = subprocess.Popen(
        [*COMMAND, "serve", *options],
        env=environment(database, folder, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    guard = threading.Timer(SECONDS, process.kill)
    guard.start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            if line.startswith(ready):
                break
        guard.cancel()
        yield process, said
    finally:
        guard.cancel()
        process.terminate()
        rest, _ = process.communicate(timeout=SECONDS)
        said.append(rest)


def exchanged(path: Path, sent: bytes) -> bytes:
    """What comes back over a Unix socket until it is closed."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(SECONDS)
        connection.connect(str(path))
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a short name, as a socket's path must be short."""
    return tmp_path_factory.mktemp("s")


def asked(method: str, path: str, *heads: str, body: str = "") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *heads]
    return ("\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]) + body).encode()


def test_pages_are_answered_at_a_unix_socket_and_people_sign_in_there(
    migrated_database: str, tmp_path: Path, short: Path
) -> None:
    path = short / "web.sock"
    with serving(
        migrated_database, tmp_path, "--role", "web", "--workers", "1", "--bind", f"unix:{path}"
    ) as (process, said):
        assert f"Ringfence answers at unix:{path}\n" in said
        assert len(web_processes(process.pid)) == 1
        assert jobs_processes(process.pid) == []
        page = exchanged(path, asked("GET", "/sign-in"))
        assert page.startswith(b"HTTP/1.1 200")
        token = page.partition(b'name="csrfmiddlewaretoken" value="')[2].partition(b'"')[0].decode()
        cookie = page.partition(b"csrftoken=")[2].partition(b";")[0].decode()
        form = f"csrfmiddlewaretoken={token}&login=nobody@ace.example&password=wrong-password"
        answer = exchanged(
            path,
            asked(
                "POST",
                "/sign-in",
                f"Cookie: csrftoken={cookie}",
                "Content-Type: application/x-www-form-urlencoded",
                body=form,
            ),
        )
        # A wrong password is told on the page; without an address whoever signs in would be refused with 403.
        assert answer.startswith(b"HTTP/1.1 422")
        assert b"password" in answer
    assert not path.exists()


def test_the_background_alone_answers_nowhere_but_tells_its_metrics(
    migrated_database: str, tmp_path: Path
) -> None:
    port = free_port()
    options = ("--role", "jobs", "--metrics-bind", f"127.0.0.1:{port}")
    with serving(migrated_database, tmp_path, *options, ready="Ringfence works in the background.") as (
        process,
        said,
    ):
        assert f"Metrics are told at http://127.0.0.1:{port}/metrics\n" in said
        until(lambda: status(port, "/readyz") == 200)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=SECONDS) as answer:
            assert b'ringfence_ready{role="jobs"} 1.0' in answer.read()
        assert len(jobs_processes(process.pid)) == 1
        assert web_processes(process.pid) == []
        assert len(children(process.pid)) == 2
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(SECONDS) == 0
