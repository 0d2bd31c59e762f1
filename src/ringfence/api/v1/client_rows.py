"""Clients as answers: what of each may be shown, by the same rows as pages show (rules.md 5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pyroaring import BitMap

from ringfence.access.listing.clients import ListedClient, client_rows
from ringfence.api.caller import Caller
from ringfence.api.names import Ref, refs
from ringfence.core.terms import Capability, Level, Thing


class EngagementAnswer(BaseModel):
    """One service provided to the client."""

    service: Ref
    reference: Annotated[str, Field(description="Tax reference; masked for who may not open the engagement.")]
    level: str


class ClientAnswer(BaseModel):
    """A client as the token's member may be told of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": 12,
                    "name": "Acme Ltd",
                    "reference": "ACM001",
                    "kind": "company",
                    "confidential": False,
                    "name_only": False,
                    "level": "editor",
                    "engagements": [
                        {
                            "service": {"id": 2, "name": "VAT"},
                            "reference": "GB 123 4567 89",
                            "level": "editor",
                        }
                    ],
                }
            ]
        }
    )

    id: int
    name: str
    reference: Annotated[
        str | None, Field(description="Client reference; null where only the name is known.")
    ]
    kind: str | None
    confidential: bool | None
    name_only: Annotated[bool, Field(description="Whether nothing but the name may be known.")]
    level: Annotated[
        str,
        Field(description="On the client as a whole: the lowest over its engagements; none where denied."),
    ]
    engagements: Annotated[list[EngagementAnswer], Field(description="Those that may be known.")]


def client_answers(
    caller: Caller, numbers: Sequence[int], *, closed: BitMap | None = None, of: int | None = None
) -> list[ClientAnswer]:
    """These clients in this order. `closed` ones are known by name alone; levels are `of` a member.

    The control side is shown every engagement, masked; others those that they see.
    """
    now, by_name = caller.now, closed or BitMap()
    shown = now.engagements if caller.may(Capability.READ_CONTROL) else now.seen_by(caller.member)
    rows = client_rows(now, caller.member, numbers, shown)
    services = refs(caller.firm, Thing.SERVICE)
    who = caller.member if of is None else of
    return [
        _by_name(rows[number]) if number in by_name else _answer(caller, rows[number], services, who)
        for number in numbers
        if number in rows
    ]


def _by_name(row: ListedClient) -> ClientAnswer:
    return ClientAnswer(
        id=row.number,
        name=row.name,
        reference=None,
        kind=None,
        confidential=None,
        name_only=True,
        level=Level.NONE.word,
        engagements=[],
    )


def _answer(caller: Caller, row: ListedClient, services: dict[int, Ref], who: int) -> ClientAnswer:
    now = caller.now
    return ClientAnswer(
        id=row.number,
        name=row.name,
        reference=row.reference,
        kind=row.kind,
        confidential=row.confidential,
        name_only=False,
        level=now.client_level(who, row.number).word,
        engagements=[
            EngagementAnswer(
                service=services[each.service],
                reference=each.reference,
                level=now.level(who, each.number).word,
            )
            for each in row.engagements
        ],
    )
