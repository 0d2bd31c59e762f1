"""What software may change of how people sign in: ask more of them, and have the directory asked.

Never less, and never who comes in as whom (decision 103): that is judged by `access.sign_in_policy`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

from django.http import HttpResponse
from ninja.params.functions import Body
from pydantic import BaseModel, Field

from ringfence.access.sign_in_policy import (
    MOST_GRACE,
    MOST_HOURS,
    NotBySoftware,
    ask_second_step,
    limit_sessions,
)
from ringfence.api.bodies import BodyPart, RoleWord, example
from ringfence.api.caller import Caller
from ringfence.api.foretelling import foretold, foretold_answer, register_foretold
from ringfence.api.problems import ApiProblem
from ringfence.api.repeating import Once, key_of
from ringfence.api.routes import told
from ringfence.api.writes import around, parameter
from ringfence.core.terms import Capability, Role
from ringfence.jobs.directory import ask_directory
from ringfence.wording.saying import gettext as _

from . import sign_in
from .sign_in import DirectoryAnswer, SignInAnswer, directory_answer, sign_in_answer

ROUTER = sign_in.ROUTER


class SecondStepBody(BodyPart):
    """Of which roles a second step is asked, of no others."""

    model_config = example(roles=["administrator", "principal"], grace_days=14)

    roles: Annotated[list[RoleWord], Field(max_length=len(Role))]
    grace_days: Annotated[
        int, Field(0, strict=True, ge=0, le=MOST_GRACE, description="For how long they may go on without.")
    ]


class SessionBody(BodyPart):
    """For how long a session lasts."""

    model_config = example(hours=8)

    hours: Annotated[int, Field(strict=True, ge=1, le=MOST_HOURS)]


def second_step_ask(caller: Caller, *, body: SecondStepBody, **headers: Any) -> HttpResponse:
    """Of more roles, or sooner; asking less of anybody is left to the pages."""
    roles = [Role(each) for each in body.roles]
    do = partial(ask_second_step, caller.firm, roles, body.grace_days, actor=caller.actor)
    return _done(caller, do, {"second_step": body.model_dump()}, headers)


def session_limit(caller: Caller, *, body: SessionBody, **headers: Any) -> HttpResponse:
    """For a shorter time than now; a longer one is left to the pages."""
    do = partial(limit_sessions, caller.firm, body.hours, actor=caller.actor)
    return _done(caller, do, {"session": body.model_dump()}, headers)


def _done(
    caller: Caller, do: Callable[..., None], said: Mapping[str, Any], headers: Mapping[str, Any]
) -> HttpResponse:
    caller.need(Capability.MANAGE)
    key = key_of(headers["idempotency_key"] or "")
    once = Once(caller, match=headers["if_match"] or "", key=key, said=said)
    try:
        if headers["preview"]:
            return foretold(caller, do, lambda _: sign_in_answer(caller.firm), headers)
        done = once.carried_out(
            lambda beside: do(beside=beside), lambda committed: {"version": committed.version}
        )
    except NotBySoftware as refused:
        detail = _(
            "Software may ask more of who signs in, never less. Change this on the page Sign-in settings."
        )
        raise ApiProblem("not_permitted", detail) from refused
    # Where it stood so already nothing was written.
    answer = told(caller, sign_in_answer(caller.firm), done.answer.get("version", caller.now.version))
    if done.repeated:
        answer["Idempotency-Replayed"] = "true"
    return answer


def directory_ask(caller: Caller, *, preview: bool) -> HttpResponse:
    """Have the directory asked now, as it is by the hour; `last` says soon what came of it.

    Where too many would go, nothing is taken: that is let through on the page, by the number.
    """
    caller.need(Capability.MANAGE)
    stands = directory_answer(caller.firm)
    if preview:
        return foretold_answer(caller, stands)
    ask_directory(caller.firm)
    return told(caller, stands, caller.now.version, status=202)


def _declare(
    method: str,
    path: str,
    asked: Callable[..., HttpResponse],
    answer: type[BaseModel],
    summary: str,
    body: type[BodyPart] | None = None,
    status: int = 200,
) -> None:
    found = around() if body is not None else around()[:1]
    if body is not None:
        found.insert(0, parameter("body", body, Body(...)))
    register_foretold(
        ROUTER,
        method,
        path,
        asked,
        answer=answer,
        summary=summary,
        parameters=found,
        status=status,
    )


_declare(
    "PUT", "/sign-in/second-step", second_step_ask, SignInAnswer, "Ask for a second step", SecondStepBody
)
_declare("PUT", "/sign-in/session", session_limit, SignInAnswer, "Shorten sessions", SessionBody)
_declare("POST", "/directory/ask", directory_ask, DirectoryAnswer, "Have the directory asked now", None, 202)
