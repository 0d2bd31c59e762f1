"""What goes wrong, as RFC 9457 problem details: stable codes, and what to do about it. Never a stack trace.

A refusal of the core keeps its kind as `code` and its exact cause as `cause`; the rest is said here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse

from ringfence.access import FirmMoved, Refused
from ringfence.core.refusals import Refusal
from ringfence.wording import problem_text, refusal_text
from ringfence.wording.saying import LazyText
from ringfence.wording.saying import gettext_lazy as _

MEDIA_TYPE = "application/problem+json"
MOVING_SECONDS = 30
"""When to try again while a firm is on its way."""
TYPES = "/api/v1/#problem-"
"""The page on which each code has its place."""

REFUSED: Mapping[Refusal, HTTPStatus] = {
    Refusal.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Refusal.NOT_PERMITTED: HTTPStatus.FORBIDDEN,
    Refusal.SETTING_OFF: HTTPStatus.CONFLICT,
    Refusal.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    Refusal.NAME_TAKEN: HTTPStatus.CONFLICT,
    Refusal.CONFLICT: HTTPStatus.CONFLICT,
    Refusal.ABOVE_OWN_LEVEL: HTTPStatus.FORBIDDEN,
    Refusal.LAST_ADMINISTRATOR: HTTPStatus.CONFLICT,
    Refusal.LAST_OWNER: HTTPStatus.CONFLICT,
    Refusal.POLICY: HTTPStatus.CONFLICT,
}
"""How each refusal of rules.md 7 is answered."""

CODES: Mapping[str, tuple[HTTPStatus, LazyText, LazyText]] = {
    "unreadable": (
        HTTPStatus.BAD_REQUEST,
        _("The request cannot be read."),
        _("Send a body in JSON, with Content-Type: application/json, and only parameters that are listed."),
    ),
    "no_token": (
        HTTPStatus.UNAUTHORIZED,
        _("No token was sent that lets you in."),
        _(
            "Send Authorization: Bearer and a token. One that is expired, revoked, sent from another "
            "address or of [a member] who is inactive lets nobody in: ask an administrator for a new one."
        ),
    ),
    "scope_missing": (
        HTTPStatus.FORBIDDEN,
        _("The token was made for other purposes."),
        _("Ask an administrator for a token with the scope manage."),
    ),
    "not_permitted": (
        HTTPStatus.FORBIDDEN,
        _("You may not do this."),
        _("Ask an administrator, or use a token of [a member] who may."),
    ),
    "not_found": (
        HTTPStatus.NOT_FOUND,
        _("What you named is not there, or you may not know of it."),
        _("Look at the list in which it would stand."),
    ),
    "no_such_address": (
        HTTPStatus.NOT_FOUND,
        _("There is nothing at this address."),
        _("Look at the addresses in /api/v1/openapi.json."),
    ),
    "wrong_method": (
        HTTPStatus.METHOD_NOT_ALLOWED,
        _("This address is not asked so."),
        _("Use one of the methods that the header Allow names."),
    ),
    "too_slow": (
        HTTPStatus.REQUEST_TIMEOUT,
        _("The body took too long."),
        _("Send it again."),
    ),
    "no_length": (
        HTTPStatus.LENGTH_REQUIRED,
        _("The body came without its length."),
        _("Send Content-Length, and no Transfer-Encoding."),
    ),
    "changed_meanwhile": (
        HTTPStatus.PRECONDITION_FAILED,
        _("The firm has changed since."),
        _("Read again, look at what you were about to change, and send If-Match with the new ETag."),
    ),
    "place_unknown": (
        HTTPStatus.CONFLICT,
        _("The ledger does not reach the place after which changes are asked for."),
        _("Read all that you keep anew, and go on after the version that the answers name."),
    ),
    "too_large": (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        _("The body is too long."),
        _("Send less at once; longer lists go to /api/v1/imports."),
    ),
    "not_json": (
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        _("The body is of another kind."),
        _("Send JSON, with Content-Type: application/json."),
    ),
    "key_reused": (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("The Idempotency-Key was used for another request."),
        _("Use a new key for each new request, and the same one only to repeat it."),
    ),
    "too_many": (
        HTTPStatus.TOO_MANY_REQUESTS,
        _("The token has asked too often."),
        _("Wait as many seconds as the header Retry-After says."),
    ),
    "broken": (
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("Something went wrong on our side."),
        _("Try again. What was not answered may have been done: look before you repeat it."),
    ),
    "unavailable": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("The firm cannot be read at the moment."),
        _("Try again in as many seconds as the header Retry-After says."),
    ),
    "moving": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("The firm is being moved, so nothing of it can be changed at the moment."),
        _("Nothing was changed. Try again in as many seconds as the header Retry-After says."),
    ),
    "moved": (
        HTTPStatus.MISDIRECTED_REQUEST,
        _("The firm has moved to another address."),
        _("Ask whoever runs Ringfence for your firm where it is now. The token is good there."),
    ),
}
"""What is no refusal of the rules, by its code: status, what it is, what to do."""


class ApiProblem(Exception):
    """A request that is not answered as it was asked; `code` is one of `CODES`."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        field: str = "",
        errors: Iterable[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.field = field
        self.errors = list(errors)
        self.headers = dict(headers or {})


def problem_answer(problem: ApiProblem) -> HttpResponse:
    """The answer to who asked."""
    status, title, remedy = CODES[problem.code]
    told: dict[str, Any] = {"detail": problem.detail or str(remedy)}
    if problem.field:
        told["field"] = problem.field
    if problem.errors:
        told["errors"] = problem.errors
    return problem_written(problem.code, status, str(title), told, problem.headers)


def moving_answer() -> HttpResponse:
    """For a change of a firm that is on its way to another database."""
    return problem_answer(ApiProblem("moving", headers={"Retry-After": str(MOVING_SECONDS)}))


def moved_answer(moved: FirmMoved) -> HttpResponse:
    """For what was asked of a firm that has left: where it is."""
    if not moved.address:
        return problem_answer(ApiProblem("moved"))
    detail = _("Send the request to %(address)s instead, with the same token.")
    return problem_answer(ApiProblem("moved", str(detail) % {"address": moved.address}))


def refused_answer(refused: Refused, place: int | None = None, detail: str = "") -> HttpResponse:
    """The core's refusal of a command; `place`: which one of a list (from 0); `detail`: what says more."""
    told: dict[str, Any] = {
        "detail": detail or problem_text(refused.problem, refused.limit),
        "cause": refused.problem.value,
    }
    if refused.names:
        told["policies"] = list(refused.names)
    if refused.field:
        told["field"] = refused.field
    if refused.row is not None:
        told["row"] = refused.row
    if place is not None:
        told["command"] = place
    status = REFUSED[refused.refusal]
    return problem_written(refused.refusal.value, status, refusal_text(refused.refusal), told, {})


def invalid_answer(detail: str, errors: Iterable[Mapping[str, Any]] = ()) -> HttpResponse:
    """For arguments that a command does not take, or of the wrong kind: `invalid` as the core says it."""
    told: dict[str, Any] = {"detail": detail}
    if found := list(errors):
        told["field"] = found[0]["field"]
        told["errors"] = found
    refusal = Refusal.INVALID
    return problem_written(refusal.value, REFUSED[refusal], refusal_text(refusal), told, {})


def stands_against_answer(detail: str, why: str, later: list[int]) -> HttpResponse:
    """For an entry of the ledger that cannot be undone; `later` are the entries that stand against it."""
    told: dict[str, Any] = {"detail": detail, "cause": f"cannot_undo.{why}", "later": later}
    refusal = Refusal.CONFLICT
    return problem_written(refusal.value, REFUSED[refusal], refusal_text(refusal), told, {})


def limit_answer(detail: str) -> HttpResponse:
    """For one more than there may be."""
    refusal = Refusal.CONFLICT
    return problem_written(refusal.value, REFUSED[refusal], refusal_text(refusal), {"detail": detail}, {})


def problem_written(
    code: str,
    status: HTTPStatus,
    title: str,
    told: Mapping[str, Any],
    headers: Mapping[str, str],
    kind: str = "",
) -> HttpResponse:
    """The problem over the wire; `kind` is its type where that is not ours to name."""
    whole = {"type": kind or TYPES + code, "title": title, "status": int(status), "code": code, **told}
    text = json.dumps(whole, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE, headers=dict(headers))
