"""How an address of the API is declared, and what stands around every answer: headers, words, parameters.

Reads give a value of pydantic's; what a write does is in `writes.py`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.params.functions import Path
from pydantic import BaseModel

from ringfence.core.terms import Capability
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import in_words_of

from .caller import Caller
from .problems import ApiProblem

Answers = Callable[..., HttpResponse]
_PART = re.compile(r"\{(\w+)\}")
"""A part of an address that names something."""

LARGEST = 999_999_999
"""A larger number names nothing in any firm."""

VERSION = "Ringfence-Version"
"""The header with the firm's version."""


def number_in_path(what: str) -> Any:
    """A parameter of an address that is an id."""
    return Path(..., ge=1, le=LARGEST, description=f"The id of the {what}.")


def document_in_path() -> Any:
    """A parameter of an address that is a document's id."""
    return Path(..., description="The id of the document.")


def read(
    router: Router, path: str, answer: Any, *, needs: Capability, summary: str
) -> Callable[[Callable[..., BaseModel]], Callable[..., BaseModel]]:
    """Declare a read at `path`; the function is called with who asks and the parameters that it names."""

    def declare(function: Callable[..., BaseModel]) -> Callable[..., BaseModel]:
        def asked(caller: Caller, **given: Any) -> HttpResponse:
            caller.need(needs)
            return told(caller, function(caller, **given), caller.now.version)

        register(router, "GET", path, function, asked, answer=answer, summary=summary)
        return function

    return declare


def register(
    router: Router,
    method: str,
    path: str,
    named: Callable[..., Any],
    asked: Callable[..., HttpResponse],
    *,
    answer: Any,
    summary: str,
    parameters: Mapping[str, inspect.Parameter] | None = None,
    extra: dict[str, Any] | None = None,
    status: int = 200,
    foretold: Any = None,
) -> None:
    """Have ninja call `asked` with who asks; parameters are those of `named` but its first, or as given.

    `foretold` is what a preview answers, where that is not told of every command alike.
    """
    found = parameters
    if found is None:
        found = dict(list(inspect.signature(named, eval_str=True).parameters.items())[1:])

    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        caller: Caller = request.auth  # type: ignore[attr-defined]  # ninja puts it there
        _refuse_parameters(request, view)
        with in_words_of(caller.now.settings):
            return asked(caller, **given)

    request = inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=HttpRequest)
    keywords = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in found.values()]
    view.__signature__ = inspect.Signature([request, *keywords])  # type: ignore[attr-defined]
    view.__name__ = named.__name__
    view.__doc__ = named.__doc__
    router.add_api_operation(
        _PART.sub(lambda part: f"{{{_converter(found[part[1]])}:{part[1]}}}", path),
        [method],
        view,
        response=_answers(answer, status, foretold),
        summary=summary,
        operation_id=named.__name__,
        # As `told` writes it: else the description calls fields as our code does.
        by_alias=True,
        openapi_extra=extra,
    )


def _converter(parameter: inspect.Parameter) -> str:
    """How Django reads that part of an address."""
    return "uuid" if parameter.annotation is UUID else "int"


def _answers(answer: Any, status: int, foretold: Any) -> dict[int, Any]:
    if foretold is None:
        return {status: answer}
    return {200: answer | foretold} if status == HTTPStatus.OK else {status: answer, 200: foretold}


def told(caller: Caller, value: BaseModel, version: int, *, status: int = 200) -> HttpResponse:
    """The answer with the firm's version, by which a later change can say on what it rests."""
    answer = HttpResponse(
        value.model_dump_json(by_alias=True), status=status, content_type="application/json"
    )
    answer[VERSION] = str(version)
    answer["ETag"] = f'"{version}"'
    return answer


def _refuse_parameters(request: HttpRequest, view: Any) -> None:
    """A parameter that nobody reads, or twice, is a mistake of who sends it: said, and nothing done."""
    known = {
        name
        for model in view._ninja_operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    }
    if unknown := sorted(set(request.GET) - known):
        words = {"name": unknown[0], "known": ", ".join(sorted(known))}
        detail = _("There is no parameter %(name)s here. There are: %(known)s.") % words
        if not known:
            detail = _("There is no parameter %(name)s here, nor any other.") % words
        raise ApiProblem("unreadable", detail, field=unknown[0])
    for name, values in request.GET.lists():
        # Of two values one would be passed over: a preview might be carried out.
        if len(values) > 1:
            detail = _("The parameter %(name)s is given more than once: give it once.") % {"name": name}
            raise ApiProblem("unreadable", detail, field=name)
