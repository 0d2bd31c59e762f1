"""The way in to `/scim/v2`, in front of the pages' middleware: no session, no cookie, no page is made.

Requests for other addresses go on to the pages.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language_from_request

from ringfence.wording.catalogue import in_language

from . import PREFIX


class AnswerScim:
    """Answers what a firm's directory asks."""

    def __init__(self, others: Callable[[HttpRequest], HttpResponse]) -> None:
        self.others = others

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path: str = request.path_info
        if path != PREFIX and not path.startswith(PREFIX + "/"):
            return self.others(request)
        # Imported with the first request: whoever serves pages alone does without.
        from .answering import answer

        with in_language(get_language_from_request(request)):
            told = answer(request, path.removeprefix(PREFIX))
        add_never_cache_headers(told)
        told["X-Content-Type-Options"] = "nosniff"
        return told
