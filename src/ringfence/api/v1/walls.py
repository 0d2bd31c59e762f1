"""Walls: for who reads the control side, and for nobody else (rules.md 9, knowing)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from django.http import Http404
from ninja import Router
from pydantic import BaseModel, Field

from ringfence.access import Side
from ringfence.access.listing.clients import client_name_of
from ringfence.access.reading import rows_by_number
from ringfence.api.caller import Caller
from ringfence.api.names import Ref, member_refs
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.routes import number_in_path, read
from ringfence.core.terms import Capability, Thing

ROUTER = Router()


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
