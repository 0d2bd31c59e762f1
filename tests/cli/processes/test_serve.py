"""`ringfence serve` as a process: it answers, outlives its workers, and stops when told to."""

import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.children import COMMAND, PAGES, environment, refused
from tests.cli.processes.test_supervisor import SECONDS, gone, until
from tests.support.databases import Databases


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(database: str, folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A server that has said that it answers."""
    process = subprocess.Popen(
        [*COMMAND, "serve", *PAGES, "--port", str(port), "--workers", "1"],
        env=environment(database, folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert f"127.0.0.1:{port}" in process.stdout.readline()
        assert process.stdout.readline() == f"Ringfence answers at http://127.0.0.1:{port}/\n"
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)


def status(port: int, path: str = "/sign-in") -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=SECONDS) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        return answer.code


def answers(port: int) -> bool:
    try:
        return status(port) == 200
    except OSError:
        return False


def children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in found.split()]


def web_processes(supervisor: int) -> list[int]:
    """Of the processes that serve keeps, those that answer pages."""
    return [each for each in children(supervisor) if "web_process" in _command(each)]


def jobs_processes(supervisor: int) -> list[int]:
    """And those that do background work."""
    return [each for each in children(supervisor) if "jobs_process" in _command(each)]


def _command(process: int) -> str:
    return Path(f"/proc/{process}/cmdline").read_text()


@pytest.fixture(scope="module")
def running(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Port and process of a server whose processes may be killed: it goes on."""
    port = free_port()
    with serving(databases.migrated(), tmp_path_factory.mktemp("running"), port) as process:
        yield port, process


def test_an_empty_database_is_migrated_and_pages_and_style_sheet_are_served(
    empty_database: str, tmp_path: Path
) -> None:
    port = free_port()
    with serving(empty_database, tmp_path, port):
        assert status(port) == 200
        assert status(port, "/static/vendor/ringfence.css") == 200
        assert status(port, "/nothing-here") == 404


def test_a_signal_to_stop_ends_every_process_with_exit_code_0(migrated_database: str, tmp_path: Path) -> None:
    port = free_port()
    with serving(migrated_database, tmp_path, port) as process:
        until(lambda: answers(port))
        (web,) = web_processes(process.pid)
        (jobs,) = jobs_processes(process.pid)
        workers = children(web)
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
        assert all(gone(each) for each in (web, jobs, *workers))


def test_a_web_process_that_is_killed_is_replaced(
    running: tuple[int, subprocess.Popen[str]],
) -> None:
    port, process = running
    until(lambda: answers(port))
    (web,) = web_processes(process.pid)
    os.kill(web, signal.SIGKILL)
    until(lambda: web_processes(process.pid) not in ([], [web]) and answers(port))


def test_a_jobs_process_that_is_killed_is_replaced(running: tuple[int, subprocess.Popen[str]]) -> None:
    _, process = running
    until(lambda: len(jobs_processes(process.pid)) == 1)
    (jobs,) = jobs_processes(process.pid)
    os.kill(jobs, signal.SIGKILL)
    until(lambda: jobs_processes(process.pid) not in ([], [jobs]))


def test_a_worker_that_is_killed_is_replaced(
    running: tuple[int, subprocess.Popen[str]],
) -> None:
    port, process = running
    until(lambda: answers(port))
    (web,) = web_processes(process.pid)
    before = set(children(web))
    # The worker is the one that answers; its helper of multiprocessing may stay.
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    until(lambda: answers(port))


def asked_late(port: int) -> bytes:
    """What comes back to who connects first and asks a moment later."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as connection:
        time.sleep(0.05)
        connection.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return connection.recv(65536)


@contextmanager
def asking(port: int) -> Iterator[list[str]]:
    """Somebody who asks for a page again and again; what was no page is in the list."""
    wrong: list[str] = []
    enough = threading.Event()

    def ask() -> None:
        while not enough.is_set():
            try:
                if not (answer := asked_late(port)).startswith(b"HTTP/1.1 200 "):
                    wrong.append(repr(answer))
            except OSError as problem:
                wrong.append(repr(problem))

    people = [threading.Thread(target=ask) for _ in range(6)]
    for each in people:
        each.start()
    try:
        yield wrong
    finally:
        enough.set()
        for each in people:
            each.join()


def test_hanging_up_replaces_the_web_process_and_refuses_nobody(
    running: tuple[int, subprocess.Popen[str]],
) -> None:
    port, process = running
    (old,) = web_processes(process.pid)
    with asking(port) as wrong:
        process.send_signal(signal.SIGHUP)
        until(lambda: gone(old) and len(web_processes(process.pid)) == 1)
    assert wrong == []


def test_who_comes_while_the_web_process_is_replaced_after_its_death_waits(
    running: tuple[int, subprocess.Popen[str]],
) -> None:
    port, process = running
    (web,) = web_processes(process.pid)
    os.killpg(web, signal.SIGKILL)
    assert status(port) == 200


def test_pages_that_are_all_wrong_are_not_said_to_answer(migrated_database: str, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "serve", *PAGES, "--port", str(free_port()), "--workers", "1"],
        env=environment(migrated_database, tmp_path, RINGFENCE_HOSTS="http://ringfence.example"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line)
            # On a machine that starts slowly the worker is tried again and again, and never answers.
            if "so nothing is served" in line:
                break
    finally:
        process.terminate()
        rest, _ = process.communicate(timeout=SECONDS)
    text = "".join([*said, rest])
    assert "The sign-in page answers 400 Bad Request, so nothing is served." in text
    assert "RINGFENCE_HOSTS does not name 'http://ringfence.example'" in text
    assert "Ringfence answers at" not in text


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"RINGFENCE_SECRET_KEY": ""}, "RINGFENCE_SECRET_KEY"),
        ({"RINGFENCE_SECRET_KEY": "short"}, "RINGFENCE_SECRET_KEY"),
        ({"RINGFENCE_MAIL_HOST": "mail.example"}, "RINGFENCE_ADDRESS"),
        ({"RINGFENCE_MAIL_HOST": "mail.example", "RINGFENCE_ADDRESS": "a.example"}, "RINGFENCE_ADDRESS"),
    ],
)
def test_settings_with_which_others_could_sign_in_are_refused(
    migrated_database: str, tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    assert said in refused(migrated_database, tmp_path, "serve", **settings)


def test_a_port_that_is_taken_is_a_mistake(migrated_database: str, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = refused(migrated_database, tmp_path, "serve", "--port", port)
    assert f"Port {port} of 127.0.0.1 cannot be had" in said
    assert "--port" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--host", "no.such.host.example"), "--host"),
        (("--port", "0"), "--port"),
        (("--workers", "0"), "--workers"),
        (("--bind", "8000"), "--bind"),
        (("--bind", "unix:web.sock"), "--bind"),
        (("--role", "cook"), "--role"),
    ],
)
def test_a_bad_option_is_named(
    migrated_database: str, tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    assert said in refused(migrated_database, tmp_path, "serve", *options)
