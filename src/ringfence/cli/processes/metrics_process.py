"""The metrics process of `ringfence serve`: what all its processes have counted, and which role can work.

It listens where the operator says and nowhere by default, and tells nothing of firms or people: numbers, and
the names of our roles. `/metrics` is for Prometheus, `/readyz` tells of every role, those without a port too.
"""

import os
import socket
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CollectorRegistry, make_wsgi_app

from ringfence.telemetry.counts import FOLDER
from ringfence.telemetry.exposition import AllProcesses
from ringfence.telemetry.logs import configure

from .supervisor import end_with_parent, say_ready

Start = Callable[..., Any]
PATIENCE = 10
"""Seconds that a request may take to arrive."""


class _Handler(WSGIRequestHandler):
    timeout = PATIENCE

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: it is asked every few seconds."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, listener: socket.socket, application: Callable[..., Iterable[bytes]]) -> None:
        super().__init__(("", 0), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_name, self.server_port = "metrics", 0
        self.setup_environ()
        self.set_app(application)

    def get_request(self) -> tuple[socket.socket, Any]:
        """A connection; over a Unix socket its address is empty, and the handler wants two parts."""
        connection, address = super().get_request()
        connection.setblocking(True)
        return connection, address or ("", 0)


class Application:
    """What is answered: `/metrics`, `/healthz`, `/readyz`."""

    def __init__(self, folder: Path, roles: Iterable[str]) -> None:
        self._together = AllProcesses(folder)
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self._together)
        self._metrics = make_wsgi_app(registry, disable_compression=True)
        self._roles = tuple(roles)

    def __call__(self, asked: dict[str, Any], start: Start) -> Iterable[bytes]:
        """A WSGI application."""
        path = asked["PATH_INFO"]
        if path == "/metrics":
            found: Iterable[bytes] = self._metrics(asked, start)
            return found
        if path == "/healthz":
            return _told(start, "200 OK", "ok")
        if path == "/readyz":
            ready = self._together.ready()
            missing = [role for role in self._roles if not ready.get(role)]
            if missing:
                return _told(start, "503 Service Unavailable", f"not ready: {', '.join(missing)}")
            return _told(start, "200 OK", "ready")
        return _told(start, "404 Not Found", "metrics are at /metrics")


def _told(start: Start, status: str, text: str) -> Iterable[bytes]:
    body = f"{text}\n".encode()
    start(status, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]


def main() -> None:
    """``python -m …metrics_process LISTENER ROLES READY``: roles with commas, descriptors."""
    listener, roles, ready = sys.argv[1:]
    end_with_parent()
    configure("metrics")
    application = Application(Path(os.environ[FOLDER]), roles.split(",") if roles else ())
    with _Server(socket.socket(fileno=int(listener)), application) as server:
        say_ready(int(ready))
        server.serve_forever()


if __name__ == "__main__":
    main()
