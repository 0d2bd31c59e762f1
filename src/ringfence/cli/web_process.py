"""The web process of `ringfence serve`: granian with its workers, serving the pages.

A worker is ready once it has made a real page. One that cannot ends, and granian with it when that goes on:
what to do then is the supervisor's part.
"""

import resource
import socket
import sys
from collections.abc import Callable
from http import HTTPStatus
from os import dup
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

from granian import Granian
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from ringfence.telemetry import begin
from ringfence.telemetry.counts import READY
from ringfence.telemetry.logs import configure

from .supervisor import end_with_parent, say_ready

if TYPE_CHECKING:
    # What answers pages can be imported once Django's settings are read.
    from .pages import Application, Pages

KILL_SECONDS = 10
"""How long a worker may finish what it is at."""
HEAD_SECONDS = 10
"""How long the head of a request may take, and how long a connection may stay open for the next one."""
CONNECTIONS = 8192
"""Of one worker; whoever comes then waits. Fewer where the system lets a process open fewer files."""
SPARE_FILES = 256
"""Files that a worker needs besides its connections."""


class _OnSocket(Granian):  # type: ignore[misc, valid-type]  # which class it is depends on the interpreter
    """Granian on a socket that listens already.

    Left to itself each worker listens for itself, and what waits at one that ends is lost. On ours, which the
    supervisor keeps, connections wait while workers and whole web processes come and go.
    """

    def __init__(self, listener: int, **options: Any) -> None:
        super().__init__("ringfence.cli.wsgi:application", **options)
        self._listener = listener

    def _init_shared_socket(self) -> None:
        with socket.socket(fileno=dup(self._listener)) as ours:
            unix = ours.family == socket.AF_UNIX
        self._shd = SocketHolder(self._listener, unix, self.backlog)  # type: ignore[call-arg]  # its stub is short
        self._sfd = self._listener
        self._sso = None


def main() -> None:
    """``python -m ringfence.cli.web_process LISTENER WORKERS READY``: two descriptors and a count."""
    listener, workers, ready = map(int, sys.argv[1:])
    end_with_parent()
    log = configure("web")
    _OnSocket(
        listener,
        interface=Interfaces.RSGI,
        workers=workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_SECONDS * 1000),
        websockets=False,
        backpressure=_connections(),
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
        log_level="warning",
        log_dictconfig=log,
    ).serve(target_loader=_loader(ready), wrap_loader=False)


def _connections() -> int:
    """How many connections a worker takes, with as many open files as the system allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = (
        CONNECTIONS + SPARE_FILES if hard == resource.RLIM_INFINITY else min(hard, CONNECTIONS + SPARE_FILES)
    )
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(files - SPARE_FILES, files // 2)


def _loader(ready: int) -> Callable[[], "Pages"]:
    """Called in each worker: the first that makes a page makes the process ready."""

    def load() -> "Pages":
        begin("web")
        from .wsgi import application  # isort: skip  # which sets Django up for the others
        from django.conf import settings
        from django.db import connections

        from ringfence.web.shell.lanes import lane_of, most_file_bytes

        from .pages import Pages

        status = first_page(application, settings.ALLOWED_HOSTS[0])
        # This thread answers nothing else, and would keep its connection as it was for ever.
        connections.close_all()
        if status != HTTPStatus.OK:
            told = f"{status} {HTTPStatus(status).phrase}"
            sys.exit(f"The sign-in page answers {told}, so nothing is served. The lines above say why.")
        READY.of("web").set(1)
        say_ready(ready)
        return Pages(application, lane_of, most_file_bytes)

    return load


def first_page(application: "Application", host: str) -> int:
    """The status of the sign-in page as it is given to `host`, an entry of RINGFENCE_HOSTS."""
    asked: dict[str, Any] = {"PATH_INFO": "/sign-in", "HTTP_HOST": host.lstrip(".").replace("*", "localhost")}
    setup_testing_defaults(asked)
    from .pages import answered

    status, _headers, _content = answered(application, asked)
    return status


if __name__ == "__main__":
    main()
