"""What is answered before any view: whether Ringfence works, and requests that no view may see.

How a body is gathered is the server's matter (`ringfence.cli.processes.bodies`); it says here why one is
refused.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from ringfence.access import StateUnavailable
from ringfence.access.connection import tables_are_ours
from ringfence.wording.list_faults import fault_text

from .errors import unavailable
from .lanes import most_file_bytes
from .logs import place

LOG = logging.getLogger(__name__)

Answer = Callable[[HttpRequest], HttpResponse]

METHODS = ["GET", "HEAD", "POST"]
"""Of pages; there are no others."""
ALIVE, READY, HEALTH = "/healthz", "/readyz", "/health"
"""Where monitors ask; the last is the older name of the second."""
REFUSAL = "ringfence.refusal"
"""In a request's environ: the status of its refusal, where its body did not come as it should."""
CAUSES = {
    HTTPStatus.BAD_REQUEST: "the body broke off",
    HTTPStatus.REQUEST_TIMEOUT: "the body took too long",
    HTTPStatus.LENGTH_REQUIRED: "the body came without Content-Length, which a proxy must set",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "the body is too long",
    HTTPStatus.SERVICE_UNAVAILABLE: "too many bodies are in memory",
}
"""For the log, by status."""


class TellHealth:
    """Answers at `ALIVE` while the process does, and at `READY` while it can answer pages, for any host.

    Nothing is told of firms; why it is not ready is one word.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == ALIVE:
            return _told("ok")
        if request.path_info not in {READY, HEALTH}:
            return self.answer(request)
        if hindrance := _hindrance():
            return _told(hindrance, HTTPStatus.SERVICE_UNAVAILABLE)
        return _told("ready" if request.path_info == READY else "ok")


def _told(word: str, status: int = HTTPStatus.OK) -> HttpResponse:
    return HttpResponse(f"{word}\n", status=status, content_type="text/plain")


def _hindrance() -> str:
    """Why no page can be answered, in a word; empty where one can."""
    try:
        return "" if tables_are_ours() else "migrations"
    except StateUnavailable:
        return "unavailable"


class RefuseUnfitRequests:
    """Refuses methods that no page has, and requests whose body did not arrive whole, in time and size."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        refusal = request.META.get(REFUSAL)
        if refusal is None:
            return self.answer(request)
        LOG.warning("%d %s: %s", refusal, place(request), CAUSES[refusal])
        if refusal == HTTPStatus.SERVICE_UNAVAILABLE:
            return unavailable(request)
        too_large = refusal == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        most = most_file_bytes(request.path_info) // 2**20 if too_large else 0
        shown = {
            "too_large": too_large,
            "file_told": fault_text("file_too_large", {"limit": most}) if most else "",
        }
        return render(request, "errors/unfit.html", shown, status=refusal)
