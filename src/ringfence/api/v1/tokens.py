"""Tokens of the firm's other software: which stand. They are made on a page, which shows their text once."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404
from ninja import Router
from pydantic import BaseModel, Field

from ringfence.access.listing.tokens import TokenRow, standing_tokens
from ringfence.api.caller import Caller
from ringfence.api.names import Ref
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.routes import number_in_path, read
from ringfence.core.terms import Capability, Scope

ROUTER = Router()
TIMES = "Microseconds since 1970-01-01T00:00:00Z"


class TokenAnswer(BaseModel):
    """A token that nobody has revoked, never its text."""

    id: int
    name: str
    beginning: Annotated[
        str, Field(description="How its text begins: by this one that was found somewhere is known.")
    ]
    scopes: list[str]
    member: Annotated[Ref, Field(description="For whom it acts.")]
    made: Annotated[int, Field(description=f"{TIMES}.")]
    made_by: Annotated[Ref | None, Field(description="Null for whoever runs Ringfence.")]
    expires: Annotated[int | None, Field(description=f"{TIMES}; null for never.")]
    used: Annotated[
        int | None, Field(description=f"When last, to the minute: {TIMES.lower()}; null for never.")
    ]
    addresses: Annotated[list[str], Field(description="From where alone it is taken; none for anywhere.")]


@read(
    ROUTER,
    "/tokens",
    ListAnswer[TokenAnswer],
    needs=Capability.READ_CONTROL,
    summary="Tokens that nobody has revoked",
)
def tokens_list(caller: Caller, page: Pages) -> ListAnswer[TokenAnswer]:
    """By id, expired ones too."""
    found = {each.row.number: each for each in standing_tokens(caller.firm)}
    part = part_of(sorted(found), page)
    return ListAnswer(
        total=part.total, items=[_answer(found[number]) for number in part.numbers], next=part.next
    )


@read(ROUTER, "/tokens/{token}", TokenAnswer, needs=Capability.READ_CONTROL, summary="One token")
def token_read(caller: Caller, token: int = number_in_path("token")) -> TokenAnswer:
    """One that nobody has revoked."""
    found = next((each for each in standing_tokens(caller.firm) if each.row.number == token), None)
    if found is None:
        raise Http404
    return _answer(found)


def _answer(each: TokenRow) -> TokenAnswer:
    row = each.row
    return TokenAnswer(
        id=row.number,
        name=row.name,
        beginning=row.beginning,
        scopes=list(Scope(row.scopes).words),
        member=Ref(id=row.member, name=each.member),
        made=row.made,
        made_by=None if each.made_by is None else Ref(id=each.made_by, name=each.maker),
        expires=row.expires,
        used=row.used,
        addresses=row.addresses.split(),
    )
