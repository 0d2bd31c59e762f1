"""Walls: for who reads the control side, and for nobody else (rules.md 9, knowing)."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404
from ninja import Router
from pydantic import BaseModel

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


class WallAnswer(BaseModel):
    """A wall with both sides, whole."""

    id: int
    name: str
    sides: list[SideAnswer]


@read(ROUTER, "/walls", ListAnswer[WallListed], needs=Capability.READ_CONTROL, summary="Walls")
def walls_list(caller: Caller, page: Pages) -> ListAnswer[WallListed]:
    """By id."""
    part = part_of(sorted(caller.now.walls), page)
    names = _names(caller, part.numbers)
    items = []
    for number in part.numbers:
        one, other = caller.now.walls[number]
        items.append(
            WallListed(
                id=number,
                name=names[number],
                members=len(one.members | other.members),
                clients=len(one.clients | other.clients),
            )
        )
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(ROUTER, "/walls/{wall}", WallAnswer, needs=Capability.READ_CONTROL, summary="One wall")
def wall_read(caller: Caller, wall: int = number_in_path("wall")) -> WallAnswer:
    """Both sides by id, removed clients left out."""
    sides = caller.now.walls.get(wall)
    if sides is None:
        raise Http404
    members = member_refs(caller.firm)
    clients = client_name_of(caller.firm, {*sides[0].clients, *sides[1].clients} & set(caller.now.clients))
    name = _names(caller, [wall])[wall]
    return WallAnswer(id=wall, name=name, sides=[_side(side, members, clients) for side in sides])


def _names(caller: Caller, walls: Iterable[int]) -> dict[int, str]:
    return dict(rows_by_number(caller.firm, Thing.WALL, ("number", "name"), "number", walls))


def _side(side: Side, members: dict[int, Ref], clients: dict[int, str]) -> SideAnswer:
    return SideAnswer(
        members=[members[number] for number in sorted(side.members)],
        clients=[
            Ref(id=number, name=clients[number]) for number in sorted(side.clients) if number in clients
        ],
    )
