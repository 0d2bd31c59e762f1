"""An event loop of its own for what a test awaits: Playwright keeps one in the thread of the tests."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def awaited(what: Coroutine[Any, Any, Answer]) -> Answer:
    """What it comes to, or what it raises, in a thread beside."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, what).result()
