"""Clients opened in an emergency: what stands, and what waits to be acknowledged."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import BaseModel, Field
from pyroaring import BitMap

from ringfence.access.emergencies import shown_emergencies, to_acknowledge
from ringfence.access.ledger.emergencies import emergencies_in, opening_entries
from ringfence.access.listing.clients import client_name_of
from ringfence.api.caller import Caller
from ringfence.api.names import Ref, member_refs
from ringfence.api.paging import ListAnswer, Pages
from ringfence.api.routes import read
from ringfence.core.terms import Capability

from .grants import sliced

ROUTER = Router()


class EmergencyAnswer(BaseModel):
    """A member's emergency access to a client."""

    client: Ref
    member: Ref
    level: str
    opened: Annotated[int, Field(description="When: microseconds since 1970-01-01T00:00:00Z.")]
    expires: Annotated[int, Field(description="When it ends by itself.")]
    stands: Annotated[bool, Field(description="Whether it has not been ended yet.")]
    acknowledged: bool
    reason: Annotated[str, Field(description="Why the client was opened; empty once it was erased.")]
    acknowledgeable: Annotated[bool, Field(description="Whether the token's member may acknowledge it.")]


@read(
    ROUTER,
    "/emergencies",
    ListAnswer[EmergencyAnswer],
    needs=Capability.MEMBER,
    summary="Emergency access that stands or waits to be acknowledged",
)
def emergencies_list(caller: Caller, page: Pages) -> ListAnswer[EmergencyAnswer]:
    """By client and member."""
    now, member = caller.now, caller.member
    shown_to, theirs = shown_emergencies(now, member), to_acknowledge(now, member)
    shown, total, then = sliced(sorted(shown_to), page)
    members = member_refs(caller.firm)
    clients = client_name_of(caller.firm, {client for client, _holder in shown})
    since = min((shown_to[pair].opened for pair in shown), default=None)
    numbers = opening_entries(caller.firm, until=now.version, since=since) if shown else BitMap()
    reasons = {
        (one.client, one.member, one.at): one.reason
        for one in emergencies_in(caller.firm, numbers, until=now.version)
    }
    items = [
        EmergencyAnswer(
            client=Ref(id=client, name=clients[client]),
            member=members[holder],
            level=opened.level.word,
            opened=opened.opened,
            expires=opened.expires,
            stands=opened.stands,
            acknowledged=opened.acknowledged,
            reason=reasons.get((client, holder, opened.opened), ""),
            acknowledgeable=(client, holder) in theirs,
        )
        for client, holder in shown
        for opened in (shown_to[client, holder],)
    ]
    return ListAnswer(total=total, items=items, next=then)
