"""Whoever comes to a firm that has left this database is led to where it is, before anything else is asked.

Only where the deployment has several databases. Nothing is told of the firm but that, and that only to who
brings something of it: all others are answered as if no firm had ever had the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from ringfence.access import FirmMoved
from ringfence.access.moved import key_digest, key_moved, session_digest, user_digest
from ringfence.firms.models import User

KEYED = {"invitation": "key", "provider": "uid", "provider-go": "uid"}
"""Pages outside of firms that are one firm's all the same, by what in their address says whose."""
HOME = "choose-firm"
"""Where a browser begins that remembers no page."""


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
    found = (key_moved(digest) for digest in _brought(request, named))
    return next((moved for moved in found if moved is not None), None)


def _brought(request: HttpRequest, named: dict[str, Any]) -> Iterator[bytes]:
    """The digests of what they bring by which a firm that left would know them, the likeliest first."""
    name = (request.resolver_match and request.resolver_match.url_name) or ""
    if word := KEYED.get(name):
        yield key_digest(str(named[word]))
        return
    # Also of a session that has ended: the browser still has it.
    session, firm = request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), named.get("firm")
    if isinstance(firm, int):
        if session:
            yield session_digest(session, firm)
        if isinstance(request.user, User):
            yield user_digest(request.user.pk, firm)
    elif name == HOME and session and not request.user.is_authenticated:
        yield session_digest(session)


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
