"""The API as a whole: every resource under `/api/v1`, and how whatever goes wrong is answered."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from ringfence.access import (
    FirmClosed,
    FirmMoved,
    FirmUnknown,
    ListRefused,
    Overtaken,
    Refused,
    StateUnavailable,
)
from ringfence.access.asking_in_words import BadArgument
from ringfence.access.connection import closes, does_not_answer
from ringfence.wording.saying import gettext as _

from .caller import Bearer
from .policy_refusals import PolicyRefused
from .problems import (
    ApiProblem,
    invalid_answer,
    moved_answer,
    moving_answer,
    problem_answer,
    refused_answer,
)
from .unfit import unfit_text
from .v1 import routers

LOG = logging.getLogger(__name__)


class _Parser(Parser):
    """JSON as RFC 8259 has it: no NaN, and no half of a surrogate pair, which no database keeps."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(request.body, parse_constant=_refuse)
        if b"\\u" in request.body:
            json.dumps(found, ensure_ascii=False).encode()
        return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


RETRY = {"Retry-After": "5"}
"""Seconds after a 503."""

API = NinjaAPI(
    title="Ringfence",
    version="1",
    description="Who in the firm may open which client: read it, change it, see beforehand what that does.",
    docs_url=None,
    openapi_url=None,
    auth=Bearer(),
    parser=_Parser(),
    urls_namespace="api",
)
for tag, router in routers():
    API.add_router("", router, tags=[tag])


@API.exception_handler(ApiProblem)
def _problem(request: HttpRequest, problem: ApiProblem) -> HttpResponse:
    return problem_answer(problem)


@API.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return refused_answer(refused)


@API.exception_handler(ListRefused)
def _list_refused(request: HttpRequest, refused: ListRefused) -> HttpResponse:
    return refused_answer(refused.refused, refused.place)


@API.exception_handler(PolicyRefused)
def _policy_refused(request: HttpRequest, stopped: PolicyRefused) -> HttpResponse:
    return refused_answer(stopped.refused, stopped.place, stopped.detail)


@API.exception_handler(Overtaken)
def _overtaken(request: HttpRequest, overtaken: Overtaken) -> HttpResponse:
    return problem_answer(ApiProblem("changed_meanwhile"))


@API.exception_handler(BadArgument)
def _bad_argument(request: HttpRequest, wrong: BadArgument) -> HttpResponse:
    return invalid_answer(str(wrong))


@API.exception_handler(FirmMoved)
def _moved(request: HttpRequest, moved: FirmMoved) -> HttpResponse:
    return moved_answer(moved)


@API.exception_handler(FirmClosed)
def _closed(request: HttpRequest, closed: FirmClosed) -> HttpResponse:
    return moving_answer()


@API.exception_handler(StateUnavailable)
def _unavailable(request: HttpRequest, away: StateUnavailable) -> HttpResponse:
    return problem_answer(ApiProblem("unavailable", headers=RETRY))


@API.exception_handler(FirmUnknown)
@API.exception_handler(Http404)
def _not_found(request: HttpRequest, missing: Exception) -> HttpResponse:
    return problem_answer(ApiProblem("not_found"))


@API.exception_handler(HttpError)
def _unreadable(request: HttpRequest, wrong: HttpError) -> HttpResponse:
    """Of ninja's own errors only a body that is no JSON comes here."""
    return problem_answer(ApiProblem("unreadable", _("The body is not JSON: send an object.")))


@API.exception_handler(ValidationError)
def _invalid(request: HttpRequest, wrong: ValidationError) -> HttpResponse:
    """An id that cannot be one names nothing; parameters are 400, fields of a body 422."""
    errors = [
        {"in": each["loc"][0], "field": _place(each["loc"]), "detail": unfit_text(each)}
        for each in wrong.errors
    ]
    if any(each["in"] == "path" for each in errors):
        return problem_answer(ApiProblem("not_found"))
    first = errors[0]
    detail = f"{first['field']}: {first['detail']}"
    if all(each["in"] == "body" for each in errors):
        return invalid_answer(detail, errors)
    return problem_answer(ApiProblem("unreadable", detail, field=first["field"], errors=errors))


def _place(loc: tuple[Any, ...]) -> str:
    """Where in the request: ``on.0.client``. The first parts are ninja's own."""
    return ".".join(str(each) for each in loc[2:] or loc[1:]) or "body"


@API.exception_handler(Exception)
def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """What nobody expected: logged with its trace, and told without."""
    if isinstance(error, FirmMoved):
        return moved_answer(error)
    if closes(error):
        return moving_answer()
    if does_not_answer(error):
        return problem_answer(ApiProblem("unavailable", headers=RETRY))
    LOG.error("%d %s %s", HTTPStatus.INTERNAL_SERVER_ERROR, request.method, request.path, exc_info=error)
    return problem_answer(ApiProblem("broken"))
