"""The changes process of `ringfence serve`: granian with the change feed, which is waited for here alone."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from ringfence.cli.setup import set_up
from ringfence.telemetry import begin
from ringfence.telemetry.counts import READY

from .on_socket import serve_rsgi
from .supervisor import say_ready

if TYPE_CHECKING:
    from .changes_feed import ChangeFeed

NICE = 5
"""How far this process stands back where there are not enough processors for all."""


def main() -> None:
    """``python -m …changes_process LISTENER WORKERS READY``: two descriptors and a count."""
    serve_rsgi("ringfence.cli.processes.changes_feed:ChangeFeed", "changes", _loader)


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
