"""What the log says of requests: one line, and for a fault of ours where in the code it was.

Nothing personal is in it but ids: no query, no word of an address that somebody typed or was sent. How a line
looks is in `ringfence.telemetry.logs`, which loggers speak in `ringfence.settings`.
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from ringfence.telemetry.logs import kind

from .lanes import SCIM

LONGEST_CAUSE = 200
"""Characters of what a database says of itself."""


class NameThePage(logging.Filter):
    """Names the page of Django's records by its route, not by its path; of a 503 the cause stands beside."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through."""
        status, request = getattr(record, "status_code", None), getattr(record, "request", None)
        if not (isinstance(status, int) and isinstance(request, HttpRequest)):
            return True
        text = f"{status} {place(request)}"
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            # It is no fault of the code: it needs no traceback.
            text += f": {cause(record.exc_info[1])}" if record.exc_info else ""
            record.exc_info = None
        record.msg, record.args = text, ()
        return True


def place(request: HttpRequest) -> str:
    """Method and address with the numbers in it, as in `GET /firms/7/clients`; other words stay out.

    A word in an address may be the key of a link that sets a password.
    """
    return f"{request.method} {route(request) or 'an unknown address'}"


def route(request: HttpRequest) -> str:
    """The address with the numbers in it; empty where no page has it."""
    if request.path_info.startswith(SCIM):
        # Answered in front of the pages, whose addresses are hundreds.
        return SCIM
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return ""
    address = f"/{match.route}"
    for name, value in match.kwargs.items():
        if isinstance(value, int | UUID):
            address = re.sub(rf"<\w+:{name}>", str(value), address)
    return address


def cause(problem: BaseException | None) -> str:
    """What the database says of itself, in one line."""
    if problem is None:
        return "no cause was told"
    first = (str(problem).strip().splitlines() or [""])[0]
    return f"{kind(problem)}: {first[:LONGEST_CAUSE]}"
