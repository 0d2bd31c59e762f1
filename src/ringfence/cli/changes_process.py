"""The changes process of `ringfence serve`: granian with the change feed, which is waited for here alone."""

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from granian.constants import HTTPModes, Interfaces

from ringfence.telemetry import begin
from ringfence.telemetry.counts import READY
from ringfence.telemetry.logs import configure

from .on_socket import HEAD, KILL_SECONDS, OnSocket, connections_possible
from .setup import set_up
from .supervisor import end_with_parent, say_ready

if TYPE_CHECKING:
    from .changes_feed import ChangeFeed

NICE = 5
"""How far this process stands back where there are not enough processors for all."""


def main() -> None:
    """``python -m ringfence.cli.changes_process LISTENER WORKERS READY``: two descriptors and a count."""
    listener, workers, ready = map(int, sys.argv[1:])
    end_with_parent()
    log = configure("changes")
    OnSocket(
        "ringfence.cli.changes_feed:ChangeFeed",
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


def _loader(ready: int) -> Callable[[], "ChangeFeed"]:
    def load() -> "ChangeFeed":
        begin("changes")
        # Whoever looks at a page or asks for a decision goes first.
        os.nice(NICE)
        set_up()
        from django.db import connections

        from ringfence.access.tokens import LAST_USES, write_last_uses

        from .changes_feed import ChangeFeed

        LAST_USES.keep_writing(write_last_uses)
        connections.close_all()
        READY.of("changes").set(1)
        say_ready(ready)
        return ChangeFeed()

    return load


if __name__ == "__main__":
    main()
