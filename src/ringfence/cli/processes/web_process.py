"""The web process of `ringfence serve`: granian with its workers, serving the pages.

A worker is ready once it has made a real page. One that cannot ends, and granian with it when that goes on:
what to do then is the supervisor's part.
"""

import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

from ringfence.telemetry import begin
from ringfence.telemetry.counts import READY

from .on_socket import serve_rsgi
from .supervisor import say_ready

if TYPE_CHECKING:
    # What answers pages can be imported once Django's settings are read.
    from .pages import Application, Pages


def main() -> None:
    """``python -m …web_process LISTENER WORKERS READY``: two descriptors and a count."""
    serve_rsgi("ringfence.cli.processes.wsgi:application", "web", _loader)


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
