"""The way in to the API, in front of the pages' middleware: no session, no cookie, no page is made.

Requests for other addresses go on to the pages.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language_from_request

from ringfence.wording.catalogue import in_language

from .caller import Caller
from .problems import ApiProblem, problem_answer

PREFIX = "/api/"
PAGE = "/api/v1/"
"""The page about the API is a page."""
REFUSAL = "ringfence.refusal"
"""In a request's environ: the status of its refusal, where its body did not come as it should."""
CODES = {400: "unreadable", 408: "too_slow", 411: "no_length", 413: "too_large", 503: "unavailable"}
FILES = "most_bytes"
"""On a view that takes a file as its body, the largest."""
BODIED = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose body is read."""


class AnswerApi:
    """Answers what is asked of the API."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX) or request.path_info == PAGE:
            return self.answer(request)
        method = request.method
        if method == "HEAD":
            # The server sends the head of the answer alone.
            request.method = "GET"
        with in_language(get_language_from_request(request)):
            answer = _finished(request, _answered(request))
        request.method = method
        if not answer.has_header("Cache-Control"):
            add_never_cache_headers(answer)
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


def _answered(request: HttpRequest) -> HttpResponse:
    # Imported with the first request: whoever serves pages alone does without.
    from .service import broken

    if (refusal := request.META.get(REFUSAL)) is not None:
        headers = {"Retry-After": "5"} if refusal == 503 else {}
        return problem_answer(ApiProblem(CODES[refusal], headers=headers))
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return problem_answer(ApiProblem("no_such_address"))
    try:
        if request.method in BODIED and not getattr(found.func, FILES, 0) and request.body:
            _need_json(request)
        answer: HttpResponse = found.func(request, *found.args, **found.kwargs)
    except ApiProblem as problem:
        return problem_answer(problem)
    except RequestDataTooBig:
        return problem_answer(ApiProblem("too_large"))
    except Exception as error:  # noqa: BLE001  # nothing that goes wrong is shown as it is
        return broken(request, error)
    return answer


def _need_json(request: HttpRequest) -> None:
    kind = request.content_type or ""
    if kind != "application/json" and not kind.endswith("+json"):
        raise ApiProblem("not_json")


def _finished(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    if answer.status_code == 405:
        allowed = {"Allow": answer.headers.get("Allow", "")}
        return problem_answer(ApiProblem("wrong_method", headers=allowed))
    caller = getattr(request, "auth", None)
    if isinstance(caller, Caller):
        for name, value in caller.rate.headers.items():
            answer[name] = value
    return answer
