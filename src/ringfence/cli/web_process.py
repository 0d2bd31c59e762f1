"""The web process of `ringfence serve`: granian with its workers, serving the pages."""

import sys

from granian import Granian
from granian.constants import Interfaces

from .supervisor import end_with_parent

KILL_SECONDS = 10
"""How long a worker may finish what it is at."""


def main() -> None:
    """``python -m ringfence.cli.web_process HOST PORT WORKERS``."""
    host, port, workers = sys.argv[1:]
    end_with_parent()
    Granian(
        "ringfence.cli.wsgi:application",
        address=host,
        port=int(port),
        interface=Interfaces.WSGI,
        workers=int(workers),
        # Several threads that compute in one process would keep each other waiting.
        blocking_threads=1,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
        log_level="warning",  # type: ignore[arg-type]  # the words are as good as the constants
    ).serve()


if __name__ == "__main__":
    main()
