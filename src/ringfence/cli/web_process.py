"""The web process of `ringfence serve`: granian with its workers, serving the pages.

A worker is ready once it has made a real page. One that cannot ends, and granian with it when that goes on:
what to do then is the supervisor's part.
"""

import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

from granian.constants import HTTPModes, Interfaces

from ringfence.telemetry import begin
from ringfence.telemetry.counts import READY
from ringfence.telemetry.logs import configure

from .on_socket import HEAD, KILL_SECONDS, OnSocket, connections_possible
from .supervisor import end_with_parent, say_ready

if TYPE_CHECKING:
    # What answers pages can be imported once Django's settings are read.
    from .pages import Application, Pages


def main() -> None:
    """``python -m ringfence.cli.web_process LISTENER WORKERS READY``: two descriptors and a count."""
    listener, workers, ready = map(int, sys.argv[1:])
    end_with_parent()
    log = configure("web")
    OnSocket(
        "ringfence.cli.wsgi:application",
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
    ).serve(target_loader=_loader(ready), wrap_loader=False)


def _loader(ready: int) -> Callable[[], "Pages"]:
    """Called in each worker: the first that makes a page makes the process ready."""

    def load() -> "Pages":
        begin("web")
        from .wsgi import application  # isort: skip  # which sets Django up for the others
        from django.conf import settings
        from django.db import connections

        from ringfence.access.tokens import LAST_USES, write_last_uses
        from ringfence.web.shell.lanes import lane_of, most_file_bytes

        from .pages import Pages

        status = first_page(application, settings.ALLOWED_HOSTS[0])
        LAST_USES.keep_writing(write_last_uses)
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
