"""Groups: their members, and what was given to them."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404
from ninja import Router
from ninja.params.functions import Query
from pydantic import BaseModel, Field

from ringfence.api.caller import Caller
from ringfence.api.names import Ref, refs
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.routes import number_in_path, read
from ringfence.core.directory import sort_key
from ringfence.core.terms import EVERYONE, Capability, Thing

from .client_rows import ClientAnswer, client_answers
from .grants import GrantAnswer, grants_held

ROUTER = Router()


class GroupAnswer(BaseModel):
    """A named set of members."""

    id: int
    name: str
    built_in: Annotated[bool, Field(description="Whether it is Everyone.")]
    members: Annotated[int, Field(description="How many active members it has.")]
    clients: Annotated[int, Field(description="Of how many clients it gives its members something now.")]
    gives_nothing: Annotated[
        list[str], Field(description="Why it gives nobody anything; empty where it does.")
    ]


class PlaceAnswer(BaseModel):
    """A member of the group."""

    member: Ref
    active: bool


def _group(caller: Caller, group: int) -> None:
    if group not in caller.now.groups:
        raise Http404


@read(ROUTER, "/groups", ListAnswer[GroupAnswer], needs=Capability.READ_CONTROL, summary="Groups")
def groups_list(
    caller: Caller, page: Pages, text: str = Query("", description="A part of a name.")
) -> ListAnswer[GroupAnswer]:
    """By id, Everyone among them."""
    known, wanted = refs(caller.firm, Thing.GROUP), sort_key(text)
    found = sorted(number for number, ref in known.items() if wanted in sort_key(ref.name))
    part = part_of(found, page)
    items = [_answer(caller, known[number]) for number in part.numbers]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(ROUTER, "/groups/{group}", GroupAnswer, needs=Capability.READ_CONTROL, summary="One group")
def group_read(caller: Caller, group: int = number_in_path("group")) -> GroupAnswer:
    """With its exact numbers."""
    _group(caller, group)
    return _answer(caller, refs(caller.firm, Thing.GROUP)[group])


@read(
    ROUTER,
    "/groups/{group}/members",
    ListAnswer[PlaceAnswer],
    needs=Capability.READ_CONTROL,
    summary="The members of a group",
)
def group_members(
    caller: Caller, page: Pages, group: int = number_in_path("group")
) -> ListAnswer[PlaceAnswer]:
    """By id; inactive ones keep their places."""
    _group(caller, group)
    part = part_of(caller.now.groups[group], page)
    names, active = refs(caller.firm, Thing.MEMBER), caller.now.active_members
    items = [PlaceAnswer(member=names[number], active=number in active) for number in part.numbers]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(
    ROUTER,
    "/groups/{group}/clients",
    ListAnswer[ClientAnswer],
    needs=Capability.READ_CONTROL,
    summary="The clients in a group",
)
def group_clients(
    caller: Caller, page: Pages, group: int = number_in_path("group")
) -> ListAnswer[ClientAnswer]:
    """Clients of which the group gives its members something now, by id."""
    _group(caller, group)
    part = part_of(caller.now.clients_given(group), page)
    return ListAnswer(total=part.total, items=client_answers(caller, part.numbers), next=part.next)


@read(
    ROUTER,
    "/groups/{group}/grants",
    ListAnswer[GrantAnswer],
    needs=Capability.READ_CONTROL,
    summary="What a group was given",
)
def group_grants(
    caller: Caller, page: Pages, group: int = number_in_path("group")
) -> ListAnswer[GrantAnswer]:
    """Its grants, expired ones too."""
    _group(caller, group)
    return grants_held(caller, "group", group, page)


def _answer(caller: Caller, ref: Ref) -> GroupAnswer:
    now = caller.now
    return GroupAnswer(
        id=ref.id,
        name=ref.name,
        built_in=ref.id == EVERYONE,
        members=len(now.groups[ref.id] & now.active_members),
        clients=len(now.clients_given(ref.id)),
        gives_nothing=[each.value for each in now.gives_nothing(ref.id)],
    )
