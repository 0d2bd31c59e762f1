"""The changes process on a port of its own, and readers of the feed over real HTTP."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.cli.children import SECONDS, environment
from tests.support.repository import ROOT


class FeedReply(NamedTuple):
    """What the feed answered."""

    status: int
    headers: dict[str, str]
    said: dict[str, Any]


class Feed(NamedTuple):
    """A changes process that answers at this port."""

    port: int
    process: "subprocess.Popen[bytes]"

    def get(self, query: str = "", token: str = "", path: str = "/api/v1/changes") -> FeedReply:
        """Ask, and wait for the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            connection.request("GET", path + (f"?{query}" if query else ""), headers=headers)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        named = {name.lower(): value for name, value in answer.getheaders()}
        said = json.loads(body) if named.get("content-type", "").endswith("json") else {}
        return FeedReply(answer.status, named, said)

    def waiting(self, query: str, token: str) -> "Waiting":
        """Ask in a thread of its own."""
        return Waiting(self, query, token)


class Waiting:
    """A reader who waits."""

    def __init__(self, feed: Feed, query: str, token: str) -> None:
        self._answers: list[FeedReply] = []
        self._thread = threading.Thread(
            target=lambda: self._answers.append(feed.get(query, token)), daemon=True
        )
        self._thread.start()

    @property
    def answered(self) -> bool:
        """Whether the answer is here."""
        return bool(self._answers)

    def answer(self, seconds: float = 20) -> FeedReply:
        """The answer, once it is here."""
        self._thread.join(seconds)
        assert self._answers, "no answer came"
        return self._answers[0]


@contextmanager
def changes_process(database: str, folder: Path, **more: str) -> Iterator[Feed]:
    """A changes process on this database, ready."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(512)
    listener.setblocking(False)
    heard, tell = os.pipe()
    command = (sys.executable, "-m", "ringfence.cli.processes.changes_process")
    process = subprocess.Popen(
        [*command, str(listener.fileno()), "1", str(tell)],
        env=environment(database, folder, **more),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        pass_fds=(listener.fileno(), tell),
    )
    os.close(tell)
    try:
        assert os.read(heard, 1), "the process ended before it was ready"
        yield Feed(listener.getsockname()[1], process)
    finally:
        os.close(heard)
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)
        assert process.stdin is not None
        process.stdin.close()
        listener.close()
