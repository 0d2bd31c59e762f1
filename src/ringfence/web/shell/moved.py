"""Whoever comes to a firm that has left this database is led to where it is, before anything else is asked.

Only where the deployment has several databases. Nothing is told of the firm but that.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from ringfence.access import FirmMoved
from ringfence.access.moved import firm_moved, key_moved

KEYED = {"invitation": "key", "provider": "uid", "provider-go": "uid"}
"""Pages outside of firms that are one firm's all the same, by what in their address says whose."""


class LeadToTheFirm:
    """Answers for firms that have left."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, _view: object, _given: object, named: dict[str, Any]
    ) -> HttpResponse | None:
        """Before the view; None where the firm is here, or the page is no firm's."""
        if not settings.NAMED_DATABASES:
            return None
        moved = _moved(request, named)
        return None if moved is None else _led(request, moved)


def _moved(request: HttpRequest, named: dict[str, Any]) -> FirmMoved | None:
    if isinstance(firm := named.get("firm"), int):
        return firm_moved(firm)
    name = request.resolver_match.url_name if request.resolver_match is not None else None
    if (word := KEYED.get(name or "")) is None:
        return None
    return key_moved(sha256(str(named[word]).encode()).digest())


def _led(request: HttpRequest, moved: FirmMoved) -> HttpResponse:
    """On to the same page there. What was sent by a form cannot go along, and is told so."""
    there = f"{moved.address}{request.get_full_path()}"
    if moved.address and request.method in {"GET", "HEAD"}:
        # Not for good: it may come back.
        answer = HttpResponse(status=HTTPStatus.TEMPORARY_REDIRECT, headers={"Location": there})
    else:
        shown = {"address": moved.address}
        answer = render(request, "errors/moved.html", shown, status=HTTPStatus.MISDIRECTED_REQUEST)
    add_never_cache_headers(answer)
    return answer
