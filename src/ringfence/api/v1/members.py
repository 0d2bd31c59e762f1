"""Members: who is in the firm, what each was given and can open."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404
from ninja import Router
from ninja.params.functions import Query
from pydantic import BaseModel, Field

from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.api.caller import Caller
from ringfence.api.names import Ref, refs
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.problems import ApiProblem
from ringfence.api.routes import number_in_path, read
from ringfence.core.terms import EVERYONE, Capability, Thing
from ringfence.wording import capability_text

from .client_rows import ClientAnswer, client_answers
from .grants import GrantAnswer, grants_held

ROUTER = Router()


class MemberAnswer(BaseModel):
    """A user's place in the firm."""

    id: int
    name: str
    email: str
    external: Annotated[str, Field(description="What the firm's other software calls them.")]
    role: str
    access: Annotated[bool, Field(description="May use client records at all.")]
    manage_access: Annotated[bool, Field(description="May manage who has access.")]
    active: bool
    groups: Annotated[list[Ref], Field(description="The groups they are in, Everyone left out.")]


def own_or_control(caller: Caller, member: int) -> None:
    """What stands of one member is for the control side, and for themselves."""
    if member != caller.member and not caller.may(Capability.READ_CONTROL):
        raise ApiProblem("not_permitted", capability_text(Capability.READ_CONTROL))
    if member not in caller.now.members:
        raise Http404


@read(
    ROUTER, "/members", ListAnswer[MemberAnswer], needs=Capability.READ_CONTROL, summary="Members of the firm"
)
def members_list(
    caller: Caller,
    page: Pages,
    text: str = Query("", description="A part of a name, e-mail address or external id."),
    active: bool | None = Query(None, description="Only those who are active, or who are not."),
) -> ListAnswer[MemberAnswer]:
    """By id, inactive ones too."""
    found = {
        row.number: row
        for row in members_matching(caller.firm, text)
        if active is None or row.active is active
    }
    part = part_of(sorted(found), page)
    groups = refs(caller.firm, Thing.GROUP)
    items = [_answer(caller, found[number], groups) for number in part.numbers]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(ROUTER, "/members/{member}", MemberAnswer, needs=Capability.MEMBER, summary="One member")
def member_read(caller: Caller, member: int = number_in_path("member")) -> MemberAnswer:
    """For the control side, and for the token's own member."""
    own_or_control(caller, member)
    rows = members_matching(caller.firm, "", within=[member])
    return _answer(caller, rows[0], refs(caller.firm, Thing.GROUP))


@read(
    ROUTER,
    "/members/{member}/clients",
    ListAnswer[ClientAnswer],
    needs=Capability.MEMBER,
    summary="The clients that a member can open",
)
def member_clients(
    caller: Caller, page: Pages, member: int = number_in_path("member")
) -> ListAnswer[ClientAnswer]:
    """By id, with the member's level on each and on its parts."""
    own_or_control(caller, member)
    part = part_of(caller.now.clients_seen_by(member), page)
    items = client_answers(caller, part.numbers, of=member)
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(
    ROUTER,
    "/members/{member}/grants",
    ListAnswer[GrantAnswer],
    needs=Capability.READ_CONTROL,
    summary="What a member was given",
)
def member_grants(
    caller: Caller, page: Pages, member: int = number_in_path("member")
) -> ListAnswer[GrantAnswer]:
    """Their own grants, expired ones too; what their groups were given stands at the groups."""
    own_or_control(caller, member)
    return grants_held(caller, "member", member, page)


def _answer(caller: Caller, row: ListedMember, groups: dict[int, Ref]) -> MemberAnswer:
    place = caller.now.members[row.number]
    return MemberAnswer(
        id=row.number,
        name=row.name,
        email=row.email,
        external=row.external,
        role=place.role.value,
        access=place.access,
        manage_access=place.manage_access,
        active=place.active,
        groups=[
            groups[number]
            for number, members in sorted(caller.now.groups.items())
            if number != EVERYONE and row.number in members
        ],
    )
