"""Reports: what needs a look. For the control side, and counted over the whole firm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from ninja import Router
from pydantic import BaseModel, Field
from pyroaring import BitMap

from ringfence.access import FirmNow
from ringfence.access.refused_attempts import refused_attempts
from ringfence.api.caller import Caller
from ringfence.api.names import Ref, member_refs
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.routes import read
from ringfence.core.terms import Capability

from .client_rows import ClientAnswer, client_answers
from .grants import sliced

ROUTER = Router()

REPORTS: Mapping[str, Callable[[FirmNow], BitMap]] = {
    "closed": lambda now: now.coverage.nobody,
    "one-holder": lambda now: now.coverage.one,
    "confidential": lambda now: now.confidential,
    "unassigned": lambda now: now.clients_of(now.unassigned),
}
"""Lists of clients by name."""


class ReportsAnswer(BaseModel):
    """How many clients each report has."""

    closed: Annotated[int, Field(description="Clients that nobody can open.")]
    one_holder: Annotated[int, Field(description="Clients that only one person can open.")]
    confidential: Annotated[int, Field(description="Clients that are marked confidential.")]
    unassigned: Annotated[int, Field(description="Clients with a part that was given to nobody.")]
    refused: Annotated[int, Field(description="What members tried and may not do.")]


class ReachAnswer(BaseModel):
    """How much a member can open."""

    member: Ref
    clients: int
    engagements: int


class RefusedAnswer(BaseModel):
    """What a member tried on one day and may not do."""

    member: Ref
    what: Annotated[str, Field(description="A command, or what was asked for.")]
    count: int
    last_at: Annotated[int, Field(description="Microseconds since 1970-01-01T00:00:00Z.")]


@read(ROUTER, "/reports", ReportsAnswer, needs=Capability.READ_CONTROL, summary="All reports, counted")
def reports_read(caller: Caller) -> ReportsAnswer:
    """Exact numbers."""
    counts = {name.replace("-", "_"): len(find(caller.now)) for name, find in REPORTS.items()}
    refused = sum(each.count for each in refused_attempts(caller.firm))
    return ReportsAnswer(**counts, refused=refused)


@read(
    ROUTER,
    "/reports/reach",
    ListAnswer[ReachAnswer],
    needs=Capability.READ_CONTROL,
    summary="Who can open how much",
)
def reports_reach(caller: Caller, page: Pages) -> ListAnswer[ReachAnswer]:
    """Active members by id."""
    now = caller.now
    part = part_of(now.active_members, page)
    names = member_refs(caller.firm)
    items = [
        ReachAnswer(
            member=names[number],
            clients=len(now.clients_seen_by(number)),
            engagements=len(now.seen_by(number)),
        )
        for number in part.numbers
    ]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(
    ROUTER,
    "/reports/refused",
    ListAnswer[RefusedAnswer],
    needs=Capability.READ_CONTROL,
    summary="Refused attempts",
)
def reports_refused(caller: Caller, page: Pages) -> ListAnswer[RefusedAnswer]:
    """Latest first."""
    shown, total, then = sliced(refused_attempts(caller.firm), page)
    names = member_refs(caller.firm)
    items = [
        RefusedAnswer(
            member=names.get(each.member) or Ref(id=each.member, name=""),
            what=each.what,
            count=each.count,
            last_at=each.last_at,
        )
        for each in shown
    ]
    return ListAnswer(total=total, items=items, next=then)


def _declare(name: str, summary: str) -> None:
    def clients(caller: Caller, page: Pages) -> ListAnswer[ClientAnswer]:
        """By id."""
        part = part_of(REPORTS[name](caller.now), page)
        return ListAnswer(total=part.total, items=client_answers(caller, part.numbers), next=part.next)

    clients.__name__ = f"reports_{name.replace('-', '_')}"
    declare = read(
        ROUTER,
        f"/reports/{name}",
        ListAnswer[ClientAnswer],
        needs=Capability.READ_CONTROL,
        summary=summary,
    )
    declare(clients)


_declare("closed", "Clients that nobody can open")
_declare("one-holder", "Clients that one person can open")
_declare("confidential", "Confidential clients")
_declare("unassigned", "Clients with a part that was given to nobody")
