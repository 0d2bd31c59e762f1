"""A receiver of webhooks over real HTTP, which verifies every signature by the library as integrators do."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

OWN = (ip_network("127.0.0.0/8"),)
"""The network in which receivers are."""


class Receiver:
    """What a receiver has got, and what it answers."""

    def __init__(self) -> None:
        self.secret = ""
        """With it signatures are verified; none are while it is empty."""
        self.answers: list[tuple[int, dict[str, str]]] = []
        """What the next requests are answered; 204 where nothing is left."""
        self.bodies: list[dict[str, Any]] = []
        """Every event that was taken."""
        self.raw: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.forged = 0
        """Requests whose signature did not fit: answered 401."""
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.address = ""

    @property
    def ids(self) -> list[str]:
        """The ids of all that was taken, in order."""
        return [body["id"] for body in self.bodies]

    def answer(self, *statuses: int, **headers: str) -> None:
        """Answer the next requests so."""
        self.answers += [(status, headers) for status in statuses]

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """What is answered."""
        self.asked.set()
        self.may_answer.wait(30)
        if self.answers:
            status, more = self.answers.pop(0)
            if not 200 <= status < 300:
                return status, more
        if self.secret:
            try:
                Webhook(self.secret).verify(body, headers)
            except WebhookVerificationError:
                self.forged += 1
                return 401, {}
        self.bodies.append(json.loads(body))
        self.raw.append(body)
        self.headers.append(headers)
        return 204, {}


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver on this machine, on a port of its own."""
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, more = found.take({name.lower(): value for name, value in self.headers.items()}, body)
            self.send_response(status)
            for name, value in {**more, "Content-Length": "0"}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_address[1]}/hook?firm=1"
    try:
        yield found
    finally:
        found.may_answer.set()
        server.shutdown()
        server.server_close()
        thread.join()
