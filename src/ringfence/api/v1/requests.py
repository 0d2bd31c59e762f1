"""Open requests for access: one's own, and those that one may decide."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import BaseModel, Field

from ringfence.access.ledger.requests import open_requests
from ringfence.access.listing.clients import client_name_of
from ringfence.access.reading import decidable
from ringfence.api.caller import Caller
from ringfence.api.names import Ref, member_refs
from ringfence.api.paging import ListAnswer, Pages
from ringfence.api.routes import read
from ringfence.core.terms import Capability

from .grants import sliced

ROUTER = Router()


class OpenRequestAnswer(BaseModel):
    """A request that waits for its answer."""

    client: Ref
    member: Ref
    level: str
    expires: Annotated[int | None, Field(description="Until when access is asked for.")]
    reason: str
    opened: Annotated[int, Field(description="When: microseconds since 1970-01-01T00:00:00Z.")]
    decidable: Annotated[bool, Field(description="Whether the token's member may decide it.")]


@read(
    ROUTER,
    "/requests",
    ListAnswer[OpenRequestAnswer],
    needs=Capability.MEMBER,
    summary="Open requests for access",
)
def requests_list(caller: Caller, page: Pages) -> ListAnswer[OpenRequestAnswer]:
    """By client and member."""
    now, member = caller.now, caller.member
    theirs = set(decidable(now, member))
    # A client that is hidden from them again is not named, though they asked for it once.
    own = {(client, member) for client in now.asked_for(member) if now.knows(member, client)}
    shown, total, then = sliced(sorted(theirs | own), page)
    members = member_refs(caller.firm)
    clients = client_name_of(caller.firm, {client for client, _asker in shown})
    waiting = {(each.client, each.member): each for each in open_requests(caller.firm, shown)}
    items = [
        OpenRequestAnswer(
            client=Ref(id=pair[0], name=clients[pair[0]]),
            member=members[pair[1]],
            level=waiting[pair].level.word,
            expires=waiting[pair].expires,
            reason=waiting[pair].reason,
            opened=waiting[pair].opened,
            decidable=pair in theirs,
        )
        for pair in shown
        if pair in waiting
    ]
    return ListAnswer(total=total, items=items, next=then)
