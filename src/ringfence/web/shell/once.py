"""What one page reads once, however many of its parts need it. Nothing is kept from page to page."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_READ: ContextVar[dict[Hashable, Any] | None] = ContextVar("read", default=None)


@contextmanager
def one_page() -> Iterator[None]:
    """Within it, what `once` is asked for is read once. For pages that only show something."""
    token = _READ.set({})
    try:
        yield
    finally:
        _READ.reset(token)


def once(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` says; on a page that only shows something, what it said the first time.

    Whoever gets it changes nothing of it.
    """
    kept = _READ.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: T = kept[key]
    return found
