"""Walls: for who reads the control side, and for nobody else (rules.md 9, knowing)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Annotated

from django.http import Http404
from ninja import Router
from ninja.params.functions import Query
from pydantic import BaseModel, Field

from ringfence.access import Side, Working, all_words_at, ask_walls_between
from ringfence.access.listing.clients import client_name_of
from ringfence.access.reading import rows_by_number
from ringfence.api.caller import Caller
from ringfence.api.names import Ref, member_refs
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.problems import ApiProblem
from ringfence.api.routes import number_in_path, read
from ringfence.core.terms import Capability, Instant, Thing
from ringfence.wording.saying import gettext as _

ROUTER = Router()
WORKING_SECONDS = "2"
"""After which the past may have been worked out."""


class SideAnswer(BaseModel):
    """Whom it keeps from the clients of the other side."""

    members: list[Ref]
    clients: list[Ref]


class WallListed(BaseModel):
    """A wall in the list: whom and what it keeps apart is counted."""

    id: int
    name: str
    members: int
    clients: int
    starts: Annotated[int | None, Field(description="Microseconds since 1970-01-01T00:00:00Z.")]
    ends: Annotated[int | None, Field(description="Microseconds since 1970-01-01T00:00:00Z.")]
    stands: Annotated[bool, Field(description="Whether it has begun and has not ended.")]


class WallAnswer(BaseModel):
    """A wall with both sides, whole."""

    id: int
    name: str
    reason: str
    sides: list[SideAnswer]
    starts: Annotated[int | None, Field(description="Microseconds since 1970-01-01T00:00:00Z.")]
    ends: Annotated[int | None, Field(description="Microseconds since 1970-01-01T00:00:00Z.")]
    stands: Annotated[bool, Field(description="Whether it has begun and has not ended.")]
    acknowledgements: list[AcknowledgementAnswer]


class AcknowledgementAnswer(BaseModel):
    """A member on a side, and when they acknowledged it; null who has not."""

    member: Ref
    at: Annotated[int | None, Field(description="Microseconds since 1970-01-01T00:00:00Z.")]


@read(ROUTER, "/walls", ListAnswer[WallListed], needs=Capability.READ_CONTROL, summary="Walls")
def walls_list(caller: Caller, page: Pages) -> ListAnswer[WallListed]:
    """By id."""
    part = part_of(sorted(caller.now.walls), page)
    names = _names(caller, part.numbers)
    items = []
    for number in part.numbers:
        wall = caller.now.walls[number]
        items.append(
            WallListed(
                id=number,
                name=names[number],
                members=len(wall.members),
                clients=len(wall.clients),
                starts=wall.starts,
                ends=wall.ends,
                stands=wall.stands(caller.now.now),
            )
        )
    return ListAnswer(total=part.total, items=items, next=part.next)


class KeptAnswer(BaseModel):
    """From `since` on, up to and without `until`, a wall kept a client from a member."""

    wall: Ref
    member: Ref
    client: Ref
    since: Annotated[int, Field(description="Microseconds since 1970-01-01T00:00:00Z.")]
    until: Annotated[int, Field(description="Microseconds since 1970-01-01T00:00:00Z.")]


@read(
    ROUTER,
    "/walls/kept",
    ListAnswer[KeptAnswer],
    needs=Capability.READ_CONTROL,
    summary="What walls kept from whom",
)
def walls_kept(
    caller: Caller,
    page: Pages,
    since: int = Query(..., ge=0, le=2**62, description="From this time on: microseconds since 1970."),
    until: int = Query(..., ge=0, le=2**62, description="Before this time, or until now."),
) -> ListAnswer[KeptAnswer]:
    """By wall, member and time, walls that were lowered since included; names as they were at the end."""
    if until < since:
        told = _("until is before since: give the earlier of the two as since.")
        raise ApiProblem("unreadable", told, field="until")
    ends = min(until, caller.now.now)
    if ends <= since:
        return ListAnswer(total=0, items=[], next=None)
    found = ask_walls_between(caller.firm, Instant(since), Instant(ends))
    if isinstance(found, Working):
        raise ApiProblem("unavailable", headers={"Retry-After": WORKING_SECONDS})
    part = part_of(range(1, 1 + sum(len(each.clients) for each in found.kept)), page)
    first = part.numbers[0] - 1 if part.numbers else 0
    rows = ((each, client) for each in found.kept for client in each.clients)
    shown = list(islice(rows, first, first + len(part.numbers)))
    words = all_words_at(
        caller.firm,
        {
            Thing.WALL: {each.wall for each, _client in shown},
            Thing.MEMBER: {each.member for each, _client in shown},
            Thing.CLIENT: {client for _each, client in shown},
        },
        found.version,
    )

    def called(thing: Thing, number: int) -> Ref:
        return Ref(id=number, name=words[thing].get(number, {}).get("name", ""))

    items = [
        KeptAnswer(
            wall=called(Thing.WALL, each.wall),
            member=called(Thing.MEMBER, each.member),
            client=called(Thing.CLIENT, client),
            since=each.since,
            until=each.until,
        )
        for each, client in shown
    ]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(ROUTER, "/walls/{wall}", WallAnswer, needs=Capability.READ_CONTROL, summary="One wall")
def wall_read(caller: Caller, wall: int = number_in_path("wall")) -> WallAnswer:
    """Both sides by id, removed clients left out."""
    found = caller.now.walls.get(wall)
    if found is None:
        raise Http404
    members = member_refs(caller.firm)
    clients = client_name_of(caller.firm, found.clients & set(caller.now.clients))
    ((_number, name, reason),) = rows_by_number(
        caller.firm, Thing.WALL, ("number", "name", "reason"), "number", [wall]
    )
    return WallAnswer(
        id=wall,
        name=name,
        reason=reason,
        sides=[_side(side, members, clients) for side in found.sides],
        starts=found.starts,
        ends=found.ends,
        stands=found.stands(caller.now.now),
        acknowledgements=[
            AcknowledgementAnswer(member=members[number], at=found.acknowledged.get(number))
            for number in sorted(found.members)
        ],
    )


def _names(caller: Caller, walls: Iterable[int]) -> dict[int, str]:
    return dict(rows_by_number(caller.firm, Thing.WALL, ("number", "name"), "number", walls))


def _side(side: Side, members: dict[int, Ref], clients: dict[int, str]) -> SideAnswer:
    return SideAnswer(
        members=[members[number] for number in sorted(side.members)],
        clients=[
            Ref(id=number, name=clients[number]) for number in sorted(side.clients) if number in clients
        ],
    )
