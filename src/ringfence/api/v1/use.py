"""Use of access: what was given and nobody needs, counted and listed. For the control side."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from ninja import Router
from ninja.params.functions import Query
from pydantic import BaseModel, Field
from pyroaring import BitMap

from ringfence.access.listing.clients import client_name_of
from ringfence.access.use import (
    AWAY_DAYS,
    MOST_DAYS,
    USUAL_DAYS,
    GrantedTargets,
    Sizing,
    targets_between,
)
from ringfence.api.caller import Caller
from ringfence.api.names import Ref, member_refs, refs
from ringfence.api.paging import ListAnswer, PageAsked, Pages, part_of
from ringfence.api.routes import read
from ringfence.core.terms import Capability, Subject, Thing

from .grants import GrantAnswer, grants_at, sliced

ROUTER = Router()

DAYS = Query(USUAL_DAYS, ge=1, le=MOST_DAYS, description="How many days to look back.")
AWAY = Query(AWAY_DAYS, ge=1, le=MOST_DAYS, description="For how many days nobody saw them.")


class UseAnswer(BaseModel):
    """How much each report finds, and since when use is known."""

    since: Annotated[int, Field(description="The beginning of the days looked at, in microseconds.")]
    old_enough: Annotated[bool, Field(description="Whether the firm was there then; else nothing is found.")]
    openings_known_since: Annotated[int, Field(description="Records opened are known since then.")]
    decisions_known_since: Annotated[
        int | None,
        Field(description="What other software let people do is known since then; null while not logged."),
    ]
    unused: Annotated[int, Field(description="Grants that nobody who has them used.")]
    only_reading: Annotated[int, Field(description="Owner grants by which nobody did more than read.")]
    groups_of_nobody: int
    one_holder_away: Annotated[
        int, Field(description="Clients that one person alone could open, who is away or deactivated.")
    ]
    delegations_never_used: int


class AwayAnswer(BaseModel):
    """A client, and who alone could open it."""

    client: Ref
    holder: Ref
    active: bool


class UnusedDelegationAnswer(BaseModel):
    """A delegation that let nobody in."""

    delegator: Ref
    delegate: Ref


def _sizing(caller: Caller, days: int) -> Sizing:
    return Sizing(caller.now, days, ZoneInfo(caller.row.timezone))


@read(ROUTER, "/reports/use", UseAnswer, needs=Capability.READ_CONTROL, summary="Use of access, counted")
def reports_use(caller: Caller, days: int = DAYS, away: int = AWAY) -> UseAnswer:
    """Exact numbers. Nothing of it changes anything."""
    found = _sizing(caller, days)
    known, holders = found.use.known, found.over(away)
    return UseAnswer(
        since=found.since,
        old_enough=found.old_enough,
        openings_known_since=known.openings,
        decisions_known_since=known.decisions,
        unused=sum(map(len, found.unused.values())),
        only_reading=sum(map(len, found.only_reading.values())),
        groups_of_nobody=len(found.groups_of_nobody),
        one_holder_away=sum(map(len, holders.one_holder_away.values())),
        delegations_never_used=len(found.never_used),
    )


def _grants(caller: Caller, found: dict[Subject, GrantedTargets], page: PageAsked) -> ListAnswer[GrantAnswer]:
    parts = sorted(found.items())
    total, until = sum(len(part) for _subject, part in parts), page.after + page.limit
    items = grants_at(caller, targets_between(parts, page.after, until))
    return ListAnswer(total=total, items=items, next=str(until) if until < total else None)


@read(
    ROUTER,
    "/reports/use/unused",
    ListAnswer[GrantAnswer],
    needs=Capability.READ_CONTROL,
    summary="Grants that nobody used",
)
def reports_use_unused(caller: Caller, page: Pages, days: int = DAYS) -> ListAnswer[GrantAnswer]:
    """Groups first, then members, by id."""
    return _grants(caller, _sizing(caller, days).unused, page)


@read(
    ROUTER,
    "/reports/use/only-reading",
    ListAnswer[GrantAnswer],
    needs=Capability.READ_CONTROL,
    summary="Owners who only read",
)
def reports_use_only_reading(caller: Caller, page: Pages, days: int = DAYS) -> ListAnswer[GrantAnswer]:
    """Groups first, then members, by id."""
    return _grants(caller, _sizing(caller, days).only_reading, page)


@read(
    ROUTER,
    "/reports/use/groups-of-nobody",
    ListAnswer[Ref],
    needs=Capability.READ_CONTROL,
    summary="Groups in which nobody is",
)
def reports_use_groups(caller: Caller, page: Pages, days: int = DAYS) -> ListAnswer[Ref]:
    """By id."""
    part = part_of(_sizing(caller, days).groups_of_nobody, page)
    names = refs(caller.firm, Thing.GROUP)
    return ListAnswer(total=part.total, items=[names[each] for each in part.numbers], next=part.next)


@read(
    ROUTER,
    "/reports/use/one-holder-away",
    ListAnswer[AwayAnswer],
    needs=Capability.READ_CONTROL,
    summary="Clients whose one holder is away",
)
def reports_use_away(caller: Caller, page: Pages, days: int = AWAY) -> ListAnswer[AwayAnswer]:
    """By id of the client."""
    found = _sizing(caller, days).one_holder_away
    holders = {client: holder for holder, clients in found.items() for client in clients}
    part = part_of(BitMap(holders) & caller.now.known_clients(caller.member), page)
    names, people = client_name_of(caller.firm, part.numbers), member_refs(caller.firm)
    items = [
        AwayAnswer(
            client=Ref(id=each, name=names.get(each, "")),
            holder=people[holders[each]],
            active=holders[each] in caller.now.active_members,
        )
        for each in part.numbers
    ]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(
    ROUTER,
    "/reports/use/delegations-never-used",
    ListAnswer[UnusedDelegationAnswer],
    needs=Capability.READ_CONTROL,
    summary="Delegations that let nobody in",
)
def reports_use_delegations(
    caller: Caller, page: Pages, days: int = DAYS
) -> ListAnswer[UnusedDelegationAnswer]:
    """By delegator and delegate."""
    shown, total, then = sliced(_sizing(caller, days).never_used, page)
    people = member_refs(caller.firm)
    items = [UnusedDelegationAnswer(delegator=people[one], delegate=people[two]) for one, two in shown]
    return ListAnswer(total=total, items=items, next=then)
