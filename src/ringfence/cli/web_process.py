"""The web process of `ringfence serve`: granian with its workers, serving the pages.

A worker is ready once it has made a real page. One that cannot ends, and granian with it when that goes on:
what to do then is the supervisor's part.
"""

import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any, cast
from wsgiref.util import setup_testing_defaults

from granian import Granian
from granian._granian import SocketHolder
from granian.constants import Interfaces

from .supervisor import end_with_parent, say_ready

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

KILL_SECONDS = 10
"""How long a worker may finish what it is at."""


class _OnSocket(Granian):  # type: ignore[misc, valid-type]  # which class it is depends on the interpreter
    """Granian on a socket that listens already.

    Left to itself each worker listens for itself, and what waits at one that ends is lost. On ours, which the
    supervisor keeps, connections wait while workers and whole web processes come and go.
    """

    def __init__(self, listener: int, **options: Any) -> None:
        super().__init__("ringfence.cli.wsgi:application", **options)
        self._listener = listener

    def _init_shared_socket(self) -> None:
        self._shd = SocketHolder(self._listener, False, self.backlog)  # type: ignore[call-arg]  # its stub is short
        self._sfd = self._listener
        self._sso = None


def main() -> None:
    """``python -m ringfence.cli.web_process LISTENER WORKERS READY``: two descriptors and a count."""
    listener, workers, ready = map(int, sys.argv[1:])
    end_with_parent()
    _OnSocket(
        listener,
        interface=Interfaces.WSGI,
        workers=workers,
        # Several threads that compute in one process would keep each other waiting.
        blocking_threads=1,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
        log_level="warning",
    ).serve(target_loader=_loader(ready), wrap_loader=False)


def _loader(ready: int) -> Callable[[], Application]:
    """Called in each worker: the first that makes a page makes the process ready."""

    def load() -> Application:
        from django.conf import settings

        from .wsgi import application

        status = first_page(application, settings.ALLOWED_HOSTS[0])
        if not status.startswith("200 "):
            sys.exit(f"The sign-in page answers {status}, so nothing is served. The lines above say why.")
        say_ready(ready)
        return application

    return load


def first_page(application: Application, host: str) -> str:
    """The status of the sign-in page as it is given to `host`, an entry of RINGFENCE_HOSTS."""
    told: list[str] = []
    asked: dict[str, Any] = {"PATH_INFO": "/sign-in", "HTTP_HOST": host.lstrip(".").replace("*", "localhost")}
    setup_testing_defaults(asked)
    answer = application(asked, lambda status, headers, problem=None: told.append(status))
    with closing(cast("Any", answer)):
        for _part in answer:
            pass
    return told[0]


if __name__ == "__main__":
    main()
