"""Threads that the system lets others go before: for long work beside the pages."""

import os
import sys
import threading

YIELDING = 10
"""How far others go before, as `nice` counts."""


def yield_to_others() -> None:
    """Let others go before the thread that calls this."""
    # Elsewhere than on Linux a thread's number is no process's.
    if sys.platform == "linux":
        thread = threading.get_native_id()
        own = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, max(own, YIELDING))
