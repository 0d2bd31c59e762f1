"""The id of a request: the caller's where it is fit to be written down, else one of ours.

It goes back as `X-Request-ID`, and stands on every line of the log that is written meanwhile.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "X-Request-ID"
LONGEST = 128
_FIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=-]{0,127}")
"""Neither an e-mail address nor anything that would break a line."""
_PRESENT: ContextVar[str] = ContextVar("request", default="")


def request_id(given: str | None) -> str:
    """The id to use for a request whose header said `given`."""
    return given if given and _FIT.fullmatch(given) else secrets.token_hex(16)


def present_id() -> str:
    """The id of the request that is being answered; empty where none is."""
    return _PRESENT.get()


@contextmanager
def answering_request(name: str) -> Iterator[None]:
    """What is logged meanwhile is of the request with this id."""
    before = _PRESENT.set(name)
    try:
        yield
    finally:
        _PRESENT.reset(before)
