"""The firm, and as whom the token acts in it."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import BaseModel, Field

from ringfence.api.caller import Caller
from ringfence.api.names import Ref, member_refs
from ringfence.api.routes import read
from ringfence.core.terms import Capability

ROUTER = Router()


class FirmNowAnswer(BaseModel):
    """The firm as it is now, and who asks."""

    id: int
    name: str
    timezone: Annotated[str, Field(description="Where its days end.")]
    version: Annotated[int, Field(description="The number of its last entry in the ledger.")]
    profile: str
    control: bool
    member: Annotated[Ref, Field(description="As whom the token acts.")]
    scopes: list[str]


@read(ROUTER, "/firm", FirmNowAnswer, needs=Capability.MEMBER, summary="The firm, and as whom the token acts")
def firm_read(caller: Caller) -> FirmNowAnswer:
    """A first question, to see that a token works."""
    row, now = caller.row, caller.now
    return FirmNowAnswer(
        id=row.pk,
        name=row.name,
        timezone=row.timezone,
        version=now.version,
        profile=now.settings.profile,
        control=now.settings.control,
        member=member_refs(caller.firm)[caller.member],
        scopes=caller.acting.token.scopes.words,
    )
