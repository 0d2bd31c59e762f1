"""Granian on a socket that listens already, with the limits that all our processes have."""

import importlib
import resource
import socket
import sys
from collections.abc import Callable
from os import dup
from typing import Any

from granian import Granian
from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from ringfence.telemetry.logs import configure

from .supervisor import end_with_parent

KILL_SECONDS = 10
"""How long a worker may finish what it is at."""
HEAD_SECONDS = 10
"""How long the head of a request may take, and how long a connection may stay open for the next one."""
CONNECTIONS = 8192
"""Of one worker; whoever comes then waits. Fewer where the system lets a process open fewer files."""
SPARE_FILES = 256
"""Files that a worker needs besides its connections."""

HEAD = HTTP1Settings(header_read_timeout=HEAD_SECONDS * 1000)


class OnSocket(Granian):  # type: ignore[misc, valid-type]  # which class it is depends on the interpreter
    """Granian on a socket that listens already.

    Left to itself each worker listens for itself, and what waits at one that ends is lost. On ours, which the
    supervisor keeps, connections wait while workers and whole web processes come and go.
    """

    def __init__(self, target: str, listener: int, **options: Any) -> None:
        super().__init__(target, **options)
        self._listener = listener

    def _init_shared_socket(self) -> None:
        with socket.socket(fileno=dup(self._listener)) as ours:
            unix = ours.family == socket.AF_UNIX
        self._shd = SocketHolder(self._listener, unix, self.backlog)  # type: ignore[call-arg]  # its stub is short
        self._sfd = self._listener
        self._sso = None


class AnsweredLater(OnSocket):
    """One whose workers call what they serve with (what takes the answer, environ of WSGI).

    Granian's own wrapper around a WSGI application waits for its answer and hands that over, so that each of
    its threads answers one request at a time. What takes an answer takes it from any thread, and later too.
    """

    @staticmethod
    def _spawn_wsgi_worker(*arguments: Any) -> None:
        wrapping = importlib.import_module(Granian.__module__)
        wrapping._wsgi_call_wrap = lambda served, *_options: served  # type: ignore[attr-defined]  # theirs
        Granian._spawn_wsgi_worker(*arguments)


def serve_rsgi(target: str, name: str, loader: Callable[[int], Callable[[], Any]]) -> None:
    """What the process of a role does that answers with RSGI: `…_process LISTENER WORKERS READY`.

    Two descriptors and a count. `loader` gets the second descriptor, and makes what each worker calls.
    """
    listener, workers, ready = map(int, sys.argv[1:])
    end_with_parent()
    log = configure(name)
    OnSocket(
        target,
        listener,
        interface=Interfaces.RSGI,
        workers=workers,
        http=HTTPModes.http1,
        http1_settings=HEAD,
        websockets=False,
        backpressure=connections_possible(),
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
        log_level="warning",
        log_dictconfig=log,
    ).serve(target_loader=loader(ready), wrap_loader=False)


def connections_possible() -> int:
    """How many connections a worker takes, with as many open files as the system allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = (
        CONNECTIONS + SPARE_FILES if hard == resource.RLIM_INFINITY else min(hard, CONNECTIONS + SPARE_FILES)
    )
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(files - SPARE_FILES, files // 2)
