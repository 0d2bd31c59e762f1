"""The firm's service catalogue."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import BaseModel, Field

from ringfence.api.caller import Caller
from ringfence.api.names import refs
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.routes import read
from ringfence.core.terms import GENERAL, Capability, Thing

ROUTER = Router()


class ServiceAnswer(BaseModel):
    """An entry of the catalogue."""

    id: int
    name: str
    built_in: Annotated[bool, Field(description="Whether it is General, which every firm keeps.")]
    clients: Annotated[
        int | None, Field(description="How many clients have it; null for who may not read the control side.")
    ]


@read(
    ROUTER, "/services", ListAnswer[ServiceAnswer], needs=Capability.MEMBER, summary="The service catalogue"
)
def services_list(caller: Caller, page: Pages) -> ListAnswer[ServiceAnswer]:
    """By id: the services that the token's member is offered (rules.md 9)."""
    now = caller.now
    control = caller.may(Capability.READ_CONTROL)
    names = refs(caller.firm, Thing.SERVICE)
    part = part_of(sorted(now.services if control else now.offered_services(caller.member)), page)
    uses = now.service_uses() if control else {}
    items = [
        ServiceAnswer(
            id=number,
            name=names[number].name,
            built_in=number == GENERAL,
            clients=uses[number].clients if control else None,
        )
        for number in part.numbers
    ]
    return ListAnswer(total=part.total, items=items, next=part.next)
