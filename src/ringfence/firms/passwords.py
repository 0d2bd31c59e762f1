"""How passwords are kept and checked: Django's PBKDF2, worked out beside the pages.

Working one out takes the processor for half a second on purpose. Each process does one at a time, in a thread
that the system lets others go before: whoever reads a page hardly notices how many sign in.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from .yielding import yield_to_others


class PasswordHasher(PBKDF2PasswordHasher):
    """Stored values are Django's own; only where they are worked out differs."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """The value to be stored."""
        work = _bench(os.getpid()).submit(super().encode, password, salt, iterations)
        return work.result()


@cache
def _bench(process: int) -> ThreadPoolExecutor:
    # By process, since a fork takes no thread along.
    return ThreadPoolExecutor(1, thread_name_prefix="passwords", initializer=yield_to_others)
