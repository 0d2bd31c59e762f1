"""What the log says of requests: one line, and for a fault of ours where in the code it was.

Nothing personal is in it but ids: no query, no word of an address that somebody typed or was sent, and of an
error its kind and its lines of code, since its text may hold a name or an e-mail address. Which loggers speak
is in `ringfence.settings`.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from http import HTTPStatus
from types import TracebackType
from typing import TextIO
from uuid import UUID

from django.http import HttpRequest
from django.urls import Resolver404, resolve

LONGEST_CAUSE = 200
"""Characters of what a database says of itself."""

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class ToStderr(logging.StreamHandler[TextIO]):
    """Writes to what is stderr now, not to what it was when the settings were read."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's lines."""
        self.stream = sys.stderr
        super().emit(record)


class Lines(logging.Formatter):
    """Time, level and text; an answer of 500 with its traceback, one of 503 in a single line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging calls it so
        """Name the page of Django's records by its route, not by its path."""
        status, request = getattr(record, "status_code", None), getattr(record, "request", None)
        if isinstance(status, int) and isinstance(request, HttpRequest):
            record.message = f"{status} {place(request)}"
            if status == HTTPStatus.SERVICE_UNAVAILABLE and record.exc_info:
                record.message += f": {cause(record.exc_info[1])}"
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        """A 503 is no fault of the code: it needs no traceback."""
        if getattr(record, "status_code", None) == HTTPStatus.SERVICE_UNAVAILABLE:
            record.message = record.getMessage()
            record.asctime = self.formatTime(record)
            return self.formatMessage(record)
        # Another formatter may have left its own traceback, with texts.
        record.exc_text = None
        text = super().format(record)
        record.exc_text = None
        return text

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802  # logging calls it so
        """The lines of code and the kinds of errors, the first cause first; none of their texts."""
        lines = []
        for problem in reversed(list(_chain(ei[1]))):
            lines.append("Traceback (most recent call last):\n")
            lines += traceback.format_tb(problem.__traceback__)
            lines.append(f"{_kind(problem)}\n")
        return "".join(lines).rstrip()


def place(request: HttpRequest) -> str:
    """Method and address with the numbers in it, as in `GET /firms/7/clients`; other words stay out.

    A word in an address may be the key of a link that sets a password.
    """
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return f"{request.method} an unknown address"
    address = f"/{match.route}"
    for name, value in match.kwargs.items():
        if isinstance(value, int | UUID):
            address = re.sub(rf"<\w+:{name}>", str(value), address)
    return f"{request.method} {address}"


def _chain(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)


def _kind(problem: BaseException) -> str:
    kind = type(problem)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def cause(problem: BaseException | None) -> str:
    """What the database says of itself, in one line."""
    if problem is None:
        return "no cause was told"
    first = (str(problem).strip().splitlines() or [""])[0]
    return f"{_kind(problem)}: {first[:LONGEST_CAUSE]}"
