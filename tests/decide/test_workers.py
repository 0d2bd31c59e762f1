"""Several decide workers at one socket or port: each answers, and one that is killed is replaced."""

import http.client
import os
import signal
import socket
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.cli.processes.test_serve import children
from tests.decide.asking import PLAIN, question
from tests.decide.firm_asked import Firm, made
from tests.decide.running import answering_on, decide_at

WORKERS = 2
SECONDS = 60.0


@pytest.fixture
def shared(transactional_db: None) -> Firm:
    """A firm that other processes see."""
    return made()


class AtSocket(http.client.HTTPConnection):
    """A connection to a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._path)


def answer_over(connection: http.client.HTTPConnection, token: str, body: Any) -> tuple[bool, int]:
    """Decision and version."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request("POST", "/access/v1/evaluation", msgspec.json.encode(body), headers)
    answer = connection.getresponse()
    told = answer.read()
    assert answer.status == 200, told
    found = msgspec.json.decode(told)
    return bool(found["decision"]), int(answer.headers["Ringfence-Version"])


def asked(path: Path, token: str, body: Any) -> tuple[bool, int]:
    """The same over a connection of its own; again where a worker has taken it along."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with closing(AtSocket(path)) as connection, suppress(OSError, http.client.HTTPException):
            return answer_over(connection, token, body)
    raise AssertionError("no worker answers")


@pytest.mark.both_databases
def test_workers_share_a_unix_socket_and_one_that_is_killed_is_replaced(
    shared: Firm, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cast, token, body = shared.cast, token_of(shared), question(shared.email("cy"), "view", "ACME-1")
    path = tmp_path_factory.mktemp("s") / "d"
    with decide_at(path, database(), workers=WORKERS) as process:
        before = _workers(process)
        cast.service("Payroll")
        version = cast.view.version
        # Whoever takes the connection knows of what was acknowledged.
        assert {asked(path, token, body) for _again in range(20)} == {(True, version)}
        # Of two at once granian ends with them, and the supervisor starts it anew.
        os.kill(before[0], signal.SIGKILL)
        assert {asked(path, token, body) for _again in range(20)} == {(True, version)}
        assert set(_workers(process)) != set(before)


def test_each_worker_at_a_port_answers_while_the_other_stands_still(shared: Firm) -> None:
    token, body = token_of(shared), question(shared.email("cy"), "view", "ACME-1")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        with answering_on(listener, database(), WORKERS, None) as process:
            for held in _workers(process):
                stand_still(held)
                try:
                    for _again in range(5):
                        with closing(at_port(listener)) as connection:
                            assert answer_over(connection, token, body)[0]
                finally:
                    os.kill(held, signal.SIGCONT)


def token_of(firm: Firm) -> str:
    from ringfence.access import Actor
    from ringfence.access.tokens import make_token

    return make_token(firm.cast.firm, actor=Actor(1), name="Software", scopes=PLAIN).text


def database() -> str:
    from django.conf import settings

    return str(settings.DATABASE_URL)


def stand_still(process: int) -> None:
    """Hold all threads of the process: one that runs yet may take a connection along."""
    os.kill(process, signal.SIGSTOP)
    until = time.monotonic() + SECONDS
    while any(_state(thread) != "T" for thread in Path(f"/proc/{process}/task").iterdir()):
        assert time.monotonic() < until
        time.sleep(0.01)


def _state(thread: Path) -> str:
    return (thread / "stat").read_text().rpartition(")")[2].split()[0]


def at_port(listener: socket.socket) -> http.client.HTTPConnection:
    host, port = listener.getsockname()
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


def _workers(process: int) -> list[int]:
    """Those that answer, once there are all of them."""
    until = time.monotonic() + SECONDS
    while len(found := [each for each in children(process) if _works(each)]) < WORKERS:
        assert time.monotonic() < until, found
        time.sleep(0.05)
    return found


def _works(process: int) -> bool:
    """Whether it lives, and is no helper of Python's own."""
    with suppress(OSError):
        command = Path(f"/proc/{process}/cmdline").read_text()
        return bool(command) and "resource_tracker" not in command
    return False
