"""Work on a list without the garbage collector, which would go through all of it again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def all_kept() -> Iterator[None]:
    """Within it, nothing is collected: a list is a million objects that stay to the end, and going through
    them time and again would take as long as all the rest."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
