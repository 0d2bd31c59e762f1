"""Around every request: its id, what is counted of it, its line in the log, and its span.

Which page it was is told by its route, and of whom only the firm's number.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ringfence.telemetry.counts import Counter, Spread
from ringfence.telemetry.request_ids import HEADER, answering_request, request_id
from ringfence.telemetry.tracing import span, tell

from .logs import route

LOG = logging.getLogger(__name__)

REQUESTS = Counter("ringfence_requests_total", "Requests answered.", ["surface", "method", "outcome"])
SECONDS = Spread("ringfence_request_seconds", "How long answers took.", ["surface"])
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Told apart; anybody may send a word of their own."""


class TellRequests:
    """Names, counts and times each request; gives its id back."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = request_id(request.headers.get(HEADER))
        method = request.method if request.method in METHODS else "other"
        begun = time.perf_counter()
        with answering_request(name), span(f"{method} request", {"request": name}, request.headers):
            response = self.answer(request)
            seconds = time.perf_counter() - begun
            surface, status = surface_of(request.path_info), response.status_code
            REQUESTS.of(surface, method, f"{status // 100}xx").add()
            SECONDS.of(surface).observe(seconds)
            tell({"http.response.status_code": status, "http.route": route(request)})
            if LOG.isEnabledFor(logging.INFO):
                _log(request, status, seconds)
        response[HEADER] = name
        return response


def _log(request: HttpRequest, status: int, seconds: float) -> None:
    match = request.resolver_match
    firm = match.kwargs.get("firm") if match is not None else None
    told = {
        "status": status,
        "method": request.method,
        "route": route(request),
        "milliseconds": round(seconds * 1000, 1),
    }
    LOG.info("answered", extra=told | ({"firm": firm} if isinstance(firm, int) else {}))


def surface_of(path: str) -> str:
    """What was asked for: a page, the management API, or a file."""
    if path.startswith("/api/"):
        return "api"
    if path.startswith("/scim/"):
        return "scim"
    return "static" if path.startswith("/static/") else "pages"
