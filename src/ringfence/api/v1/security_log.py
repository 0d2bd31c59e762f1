"""The security log: who signed in, failed to, or changed how they sign in. It lies beside the ledger."""

from __future__ import annotations

import json
from typing import Annotated

from ninja import Router
from ninja.params.functions import Query
from pydantic import BaseModel, Field

from ringfence.access.security_lines import SecurityLine, SecurityQuestion, lines_before
from ringfence.access.security_log import SecurityKind
from ringfence.api.caller import Caller
from ringfence.api.paging import MOST, USUAL
from ringfence.api.routes import LARGEST, read
from ringfence.core.terms import Capability, Instant

ROUTER = Router()
KIND = Query(None, description="Only what happened so.")
LAST = 2**62
"""Microseconds: no instant is later."""


class SecurityLineAnswer(BaseModel):
    """What happened, once or several times within an hour."""

    member: Annotated[int, Field(description="0 for nobody of the firm.")]
    kind: SecurityKind
    failed: bool
    count: Annotated[int, Field(description="How often; of the rest of a busy day one line.")]
    first: Annotated[int, Field(description="The first time: microseconds since 1970-01-01T00:00:00Z.")]
    last: Annotated[int, Field(description="The last time.")]
    address: Annotated[str, Field(description="The IP address; empty where it is not known.")]
    browser: str
    system: str
    details: Annotated[dict[str, str], Field(description="Words that tell more: the reason, the factor.")]


class SecurityLinesAnswer(BaseModel):
    """A part of the log, the latest first."""

    items: list[SecurityLineAnswer]
    next: Annotated[int | None, Field(description="`before` of the next part; null on the last.")]


@read(
    ROUTER,
    "/security-log",
    SecurityLinesAnswer,
    needs=Capability.READ_CONTROL,
    summary="Sign-ins, failures, and changes of how somebody signs in",
)
def security_log_read(
    caller: Caller,
    member: int | None = Query(None, ge=0, le=LARGEST, description="Only of this member; 0: of nobody."),
    kind: SecurityKind | None = KIND,
    failed: bool | None = Query(None, description="Only what failed, or only what did not."),
    since: int | None = Query(None, ge=0, le=LAST, description="From this time on: microseconds since 1970."),
    before: int | None = Query(None, ge=0, le=LAST, description="Before this time."),
    limit: int = Query(USUAL, ge=1, le=MOST, description="How many; more where several are of one instant."),
) -> SecurityLinesAnswer:
    """By their last time. A line that grows moves up: ask anew from the last time that you have seen."""
    asked = SecurityQuestion(
        members=None if member is None else frozenset({member}),
        kind=None if kind is None else kind.value,
        failed=failed,
        since=None if since is None else Instant(since),
    )
    found, more = lines_before(caller.firm, asked, None if before is None else Instant(before), limit)
    items = [_answer(each) for each in found]
    return SecurityLinesAnswer(items=items, next=items[-1].last if more else None)


def _answer(line: SecurityLine) -> SecurityLineAnswer:
    return SecurityLineAnswer(
        member=line.member,
        kind=SecurityKind(line.kind),
        failed=line.failed,
        count=line.count,
        first=line.first_at,
        last=line.last_at,
        address=line.seen_from.address,
        browser=line.seen_from.browser,
        system=line.seen_from.system,
        details=json.loads(line.details) if line.details else {},
    )
