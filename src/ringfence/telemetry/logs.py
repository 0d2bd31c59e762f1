"""How a line of the log looks: JSON for programs, or plain text at a terminal.

Every module speaks through `logging`; what it says beside its text (`extra=`) is written where its name is in
`TOLD` alone. Of an error its kind and its lines of code are told, never its text, which may hold a name.
"""

from __future__ import annotations

import logging
import logging.config
import os
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from functools import cached_property
from types import TracebackType
from typing import Any, TextIO

from .request_ids import present_id

FORMATS = ("auto", "json", "console")
LEVELS = ("debug", "info", "warning", "error")
TOLD = ("status", "method", "route", "milliseconds", "firm", "member", "token", "items", "task", "attempt")
"""What may stand beside a text: ids, counts and words of our own."""

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
Line = MutableMapping[str, Any]

_ROLE = ""


def set_role(role: str) -> None:
    """Name this process in each of its lines: web, decide, changes, jobs."""
    global _ROLE
    _ROLE = role


def configure(role: str) -> dict[str, Any]:
    """Set the log up in a process without Django, as the environment says; what it was set up with."""
    set_role(role)
    form = os.environ.get("RINGFENCE_LOG_FORMAT", "") or "auto"
    level = os.environ.get("RINGFENCE_LOG_LEVEL", "") or "warning"
    found = configuration(form.lower(), level.lower())
    logging.config.dictConfig(found)
    return found


def configuration(form: str, level: str) -> dict[str, Any]:
    """What `logging.config` is to be given. `form` is one of `FORMATS`, `level` of `LEVELS`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"{__name__}.Lines", "form": form}},
        "handlers": {"stderr": {"class": f"{__name__}.ToStderr", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        # What the server says of itself takes the same road.
        "loggers": {name: {"handlers": [], "propagate": True} for name in ("_granian", "granian.access")},
    }


class ToStderr(logging.StreamHandler[TextIO]):
    """Writes to what is stderr now, not to what it was when the settings were read."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's line."""
        self.stream = sys.stderr
        super().emit(record)


class Lines(logging.Formatter):
    """Each record as one line, with the id of its request; a traceback follows where code is at fault."""

    def __init__(self, form: str = "auto") -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return self._lines.format(record)

    @cached_property
    def _lines(self) -> logging.Formatter:
        # It takes a quarter of a second to load: only for the first line, which most processes never write.
        import structlog

        plain = self._form == "console" or (self._form == "auto" and sys.stderr.isatty())
        stamp = structlog.processors.TimeStamper(
            fmt="%Y-%m-%d %H:%M:%S.%f" if plain else "iso", utc=not plain, key="time"
        )
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow=TOLD)],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                stamp,
                structlog.stdlib.add_log_level,
                _with_role_and_request,
                _with_trace,
                _plain if plain else structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )


def _with_role_and_request(_logger: object, _method: str, line: Line) -> Line:
    if _ROLE:
        line["role"] = _ROLE
    if request := present_id():
        line["request"] = request
    return line


def _with_trace(_logger: object, _method: str, line: Line) -> Line:
    problem = line.pop("exc_info", None)
    line.pop("stack_info", None)
    if problem:
        line["trace"] = trace(problem)
    return line


def _plain(_logger: object, _method: str, line: Line) -> str:
    """Time, level and text, then the rest; a traceback on lines of its own."""
    time, level, event = line.pop("time"), str(line.pop("level")).upper(), line.pop("event")
    told = line.pop("trace", None)
    rest = "".join(f" {name}={value}" for name, value in line.items())
    return f"{time} {level} {event}{rest}" + (f"\n{told}" if told else "")


def trace(problem: ErrorInfo) -> str:
    """The lines of code and the kinds of errors, the first cause first; none of their texts."""
    lines = []
    for each in reversed(list(_chain(problem[1]))):
        lines.append("Traceback (most recent call last):\n")
        lines += traceback.format_tb(each.__traceback__)
        lines.append(f"{kind(each)}\n")
    return "".join(lines).rstrip()


def _chain(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)


def kind(problem: BaseException) -> str:
    """The name of an error, which says nothing of what it was about."""
    found = type(problem)
    return (
        found.__qualname__ if found.__module__ == "builtins" else f"{found.__module__}.{found.__qualname__}"
    )
