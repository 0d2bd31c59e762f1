"""Delegations: who lets whom reach what they reach."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from ringfence.api.caller import Caller
from ringfence.api.names import Ref, member_refs
from ringfence.api.paging import ListAnswer, Pages
from ringfence.api.routes import read
from ringfence.core.terms import Capability

from .grants import sliced

ROUTER = Router()


class DelegationAnswer(BaseModel):
    """One delegation, expired ones too."""

    model_config = ConfigDict(populate_by_name=True)

    delegator: Annotated[Ref, Field(alias="from")]
    to: Ref
    cap: Annotated[str, Field(description="The highest level that it passes on.")]
    expires: Annotated[int | None, Field(description="Microseconds since 1970-01-01T00:00:00Z.")]
    cascades: Annotated[bool, Field(description="Whether the delegate's delegates get it too.")]
    counts: Annotated[bool, Field(description="Whether it has not expired, and the firm's setting is on.")]


@read(ROUTER, "/delegations", ListAnswer[DelegationAnswer], needs=Capability.MEMBER, summary="Delegations")
def delegations_list(caller: Caller, page: Pages) -> ListAnswer[DelegationAnswer]:
    """All of them for the control side and for who manages access; others those of their own."""
    now, member = caller.now, caller.member
    every = caller.may(Capability.READ_CONTROL) or caller.may(Capability.MANAGE_ACCESS)
    found = sorted(pair for pair in now.delegations if every or member in pair)
    shown, total, then = sliced(found, page)
    names = member_refs(caller.firm)
    items = [
        DelegationAnswer(
            delegator=names[pair[0]],
            to=names[pair[1]],
            cap=now.delegations[pair].cap.word,
            expires=now.delegations[pair].expires,
            cascades=now.delegations[pair].cascades,
            counts=now.settings.delegation and now.delegations[pair].counts(now.now),
        )
        for pair in shown
    ]
    return ListAnswer(total=total, items=items, next=then)
