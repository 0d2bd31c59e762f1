"""The log of decisions: whether the firm keeps what its software was answered, how long, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router
from ninja.params.functions import Body, Query
from pydantic import BaseModel, Field, StrictBool

from ringfence.access.decision_log import (
    LEAST_DAYS,
    MOST_DAYS,
    Logged,
    LogQuestion,
    count_lost,
    logged_decisions,
    switch_decision_log,
)
from ringfence.access.door import Beside
from ringfence.api.bodies import BodyPart, example
from ringfence.api.caller import Caller
from ringfence.api.foretelling import foretold, register_foretold
from ringfence.api.paging import MOST, USUAL
from ringfence.api.repeating import Once, key_of
from ringfence.api.routes import LARGEST, read, told
from ringfence.api.writes import around, parameter
from ringfence.core.terms import Capability, Instant
from ringfence.firms.models import Firm

ROUTER = Router()
LAST = 2**62
"""Microseconds: no instant is later."""


class DecisionLogBody(BodyPart):
    """Whether answers are logged."""

    model_config = example(on=True, days=30)

    on: StrictBool
    days: Annotated[
        int | None,
        Field(
            None, ge=LEAST_DAYS, le=MOST_DAYS, strict=True, description="Kept for so long; else as before."
        ),
    ]


class DecisionLogAnswer(BaseModel):
    """How the log stands."""

    on: Annotated[bool, Field(description="Whether answers to the firm's software are logged.")]
    days: Annotated[int, Field(description="For how many days they are kept.")]
    lost: Annotated[int, Field(description="Answers that came too fast to be kept, of these days.")]


class LoggedAnswer(BaseModel):
    """One question and its answer; 0 for what the firm does not have."""

    at: Annotated[int, Field(description="When: microseconds since 1970-01-01T00:00:00Z.")]
    kind: Annotated[str, Field(description="evaluation, or of a search subject, resource or action.")]
    token: int
    member: int
    client: int
    engagement: Annotated[int, Field(description="0 where the client as a whole was asked for.")]
    action: str
    answer: Annotated[int, Field(description="Of an evaluation 1 for yes; of a search how many were found.")]
    reason: str
    version: Annotated[int, Field(description="The firm's version that answered.")]


class LoggedAnswers(BaseModel):
    """A part of the log, the latest first."""

    items: list[LoggedAnswer]
    next: Annotated[int | None, Field(description="`before` of the next part; null on the last.")]


@read(ROUTER, "/decision-log", DecisionLogAnswer, needs=Capability.READ_CONTROL, summary="How the log stands")
def decision_log_read(caller: Caller) -> DecisionLogAnswer:
    """Whether answers are logged, and for how long they are kept."""
    return _standing(caller)


@read(
    ROUTER,
    "/decision-log/answers",
    LoggedAnswers,
    needs=Capability.READ_CONTROL,
    summary="What the firm's software asked and was answered",
)
def decision_log_answers(
    caller: Caller,
    member: int = Query(0, ge=0, le=LARGEST, description="Only what was asked of this member."),
    client: int = Query(0, ge=0, le=LARGEST, description="Only what was asked of this client."),
    token: int = Query(0, ge=0, le=LARGEST, description="Only what this token asked."),
    denied: bool = Query(False, description="Only evaluations that were answered with no."),
    since: int | None = Query(None, ge=0, le=LAST, description="From this time on: microseconds since 1970."),
    before: int | None = Query(None, ge=0, le=LAST, description="Before this time."),
    limit: int = Query(USUAL, ge=1, le=MOST, description="How many; more where several are of one instant."),
) -> LoggedAnswers:
    """The latest first. It grows while it is read, so it is not counted out."""
    wanted = LogQuestion(
        members=frozenset({member}) if member else None,
        client=client or None,
        token=token or None,
        denied=denied,
        since=None if since is None else Instant(since),
        before=None if before is None else Instant(before),
    )
    found = logged_decisions(caller.firm, wanted)
    items = list(islice(found, limit))
    more = _rest_of_instant(items, found)
    answers = [LoggedAnswer(**each._asdict()) for each in items]
    return LoggedAnswers(items=answers, next=items[-1].at if more else None)


def _rest_of_instant(items: list[Logged], found: Iterator[Logged]) -> bool:
    """Add those of the last one's instant, so that none falls between two parts; whether more are left."""
    for each in found:
        if each.at != items[-1].at:
            return True
        items.append(each)
    return False


def decision_log_set(caller: Caller, *, body: DecisionLogBody, **headers: Any) -> HttpResponse:
    """Log what is answered from now on, or do not; what is kept stays for its days."""
    caller.need(Capability.MANAGE)
    days = body.days or caller.row.decision_days

    def do(beside: Beside) -> None:
        switch_decision_log(caller.firm, on=body.on, days=days, actor=caller.actor, beside=beside)

    if headers["preview"]:
        return foretold(caller, do, lambda _: _standing(caller), headers)
    key = key_of(headers["idempotency_key"] or "")
    said = {"decision_log": body.model_dump()}
    once = Once(caller, match=headers["if_match"] or "", key=key, said=said)
    done = once.carried_out(do, lambda committed: {"version": committed.version})
    # Where it stood so already nothing was written.
    answer = told(caller, _standing(caller), done.answer.get("version", caller.now.version))
    if done.repeated:
        answer["Idempotency-Replayed"] = "true"
    return answer


def _standing(caller: Caller) -> DecisionLogAnswer:
    row = Firm.objects.only("logs_decisions", "decision_days").get(pk=caller.firm)
    return DecisionLogAnswer(on=row.logs_decisions, days=row.decision_days, lost=count_lost(caller.firm))


register_foretold(
    ROUTER,
    "PUT",
    "/decision-log",
    decision_log_set,
    answer=DecisionLogAnswer,
    summary="Switch the log of decisions",
    parameters=(parameter("body", DecisionLogBody, Body(...)), *around()),
)
