"""How passwords are kept and checked: Django's PBKDF2, worked out beside the pages.

Working one out takes the processor for half a second on purpose. Each process does one at a time, in a thread
that the system lets others go before: whoever reads a page hardly notices how many sign in.
"""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.contrib.auth.hashers import PBKDF2PasswordHasher

YIELDING = 10
"""How far others go before, as `nice` counts."""


class PasswordHasher(PBKDF2PasswordHasher):
    """Stored values are Django's own; only where they are worked out differs."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """The value to be stored."""
        work = _bench(os.getpid()).submit(super().encode, password, salt, iterations)
        return work.result()


@cache
def _bench(process: int) -> ThreadPoolExecutor:
    # By process, since a fork takes no thread along.
    return ThreadPoolExecutor(1, thread_name_prefix="passwords", initializer=_yield_to_others)


def _yield_to_others() -> None:
    # Elsewhere than on Linux a thread's number is no process's.
    if sys.platform == "linux":
        thread = threading.get_native_id()
        own = os.getpriority(os.PRIO_PROCESS, thread)
        os.setpriority(os.PRIO_PROCESS, thread, max(own, YIELDING))
