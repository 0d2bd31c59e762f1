"""The bodies of the commands by which a firm makes sure (rules.md 10): walls, policies, reviews, emergencies.

The other commands' bodies, and the pieces that these are made of, are in bodies.py.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .bodies import (
    BodyPart,
    ClientKey,
    Clients,
    CommandBody,
    Expires,
    GroupNamed,
    Id,
    MemberKey,
    MemberNamed,
    Members,
    ServiceKey,
    Subjects,
    Targets,
    Text,
    example,
)

Starts = Annotated[
    Text | None,
    Field(
        None,
        description="A day (2026-12-01, from its beginning in the firm's time zone) or a time with its zone. "
        "Left out or null: at once.",
    ),
]


class WallSide(BodyPart):
    members: Annotated[Members, Field([])]
    clients: Annotated[Clients, Field([])]


Sides = Annotated[list[WallSide], Field(min_length=2, max_length=2, description="Both sides, whole.")]


class RaiseWallBody(CommandBody):
    model_config = example(
        name="Merger",
        sides=[{"members": ["susan@example.org"]}, {"clients": ["ACM001"]}],
        starts="2026-12-01",
        reason="Bid for Acme",
    )

    name: Annotated[Text, Field(description="The new wall's name.")]
    sides: Sides
    starts: Starts
    ends: Expires


class ChangeWallBody(CommandBody):
    model_config = example(sides=[{"members": ["susan@example.org"]}, {"clients": ["ACM001", 12]}])

    sides: Sides
    starts: Starts
    ends: Expires


class SetPolicyBody(CommandBody):
    model_config = example(
        policy="Nobody of Audit sees a client of Tax advisory",
        mode="refuse",
        statements=[{"never": {"group": "Audit"}, "sees": {"service": "Tax advisory"}}],
    )

    policy: Annotated[
        Id | Text, Field(description="A policy: id or name; where none has the name, a new one is made.")
    ]
    name: Annotated[Text | None, Field(None, description="Another name for it from now on.")]
    mode: Annotated[
        Literal["warn", "refuse"] | None,
        Field(
            None,
            description="What is done about a change that would break it. Left out: as it is, or the"
            " firm's setting.",
        ),
    ]
    statements: Annotated[
        list[dict[str, Any]] | None, Field(None, description="All statements, in the words of the rules.")
    ]
    text: Annotated[str | None, Field(None, description="The policy as it was written, to be kept with it.")]


class ServiceNamed(BodyPart):
    service: ServiceKey


class ScopeClients(BodyPart):
    clients: Clients


ReviewScopeKey = Annotated[
    Literal["all", "confidential"] | ServiceNamed | GroupNamed | MemberNamed | ScopeClients,
    Field(description="What is reviewed: a set of clients, or one member's reach."),
]
ReviewDue = Annotated[
    Text, Field(description="When it ends: a day (until its close in the firm's time zone), or a time.")
]


class ReviewedGrant(BodyPart):
    to: Subjects
    on: Targets


class ReviewedDelegation(BodyPart):
    giver: Annotated[MemberKey, Field(alias="from")]
    to: MemberKey


ReviewedItem = Id | ReviewedGrant | ReviewedDelegation
ReviewedItems = Annotated[
    ReviewedItem | list[ReviewedItem],
    Field(description="Numbers of items, grants, or delegations.", examples=[[1, 2, 3]]),
]


class StartReviewBody(CommandBody):
    model_config = example(name="Yearly review", scope="all", due="2027-03-31", undecided="keep")

    name: Annotated[Text, Field(description="What the review is called.")]
    scope: ReviewScopeKey
    due: ReviewDue
    undecided: Annotated[
        Literal["keep", "remove"], Field("keep", description="What happens to what nobody decided.")
    ]
    reviewers: Annotated[
        Members, Field([], description="Who reviews; left out: each client's Owners, else administrators.")
    ]


class ScheduleReviewBody(CommandBody):
    model_config = example(name="Yearly review", scope="all", first="2027-03-01", every="year", days=30)

    name: Annotated[Text, Field(description="What it is called; each that begins has its day after that.")]
    scope: ReviewScopeKey
    first: Annotated[Text, Field(description="The day on which the first one begins: 2027-03-01.")]
    every: Literal["quarter", "half_year", "year"]
    days: Annotated[int, Field(description="Days from the start of each until it is due, 89 at the most.")]
    undecided: Annotated[
        Literal["keep", "remove"], Field("keep", description="What happens to what nobody decided.")
    ]
    reviewers: Annotated[
        Members, Field([], description="Who reviews; left out: each client's Owners, else administrators.")
    ]


class DecideReviewBody(CommandBody):
    model_config = example(items=[1, 2, 3], decision="lower", level="reader")

    items: ReviewedItems
    decision: Literal["keep", "remove", "lower"]
    level: Annotated[
        Literal["reader", "editor", "owner"] | None, Field(None, description="To which it is lowered.")
    ]


class HandOverReviewBody(CommandBody):
    model_config = example(items=[1, 2, 3], to="susan@example.org")

    items: ReviewedItems
    to: MemberKey


class ExtendReviewBody(CommandBody):
    model_config = example(due="2027-04-30")

    due: ReviewDue


class CloseReviewBody(CommandBody):
    model_config = example(undecided="keep")

    undecided: Annotated[
        Literal["keep", "remove"] | None, Field(None, description="Left out: as the review said.")
    ]


class OpenEmergencyBody(CommandBody):
    model_config = example(client="ACM001", reason="Their return is due at midnight")

    client: ClientKey
    reason: Annotated[
        Text, Field(description="Why, for the Owners and administrators, who are told at once.")
    ]


class AcknowledgeEmergencyBody(CommandBody):
    model_config = example(note="Agreed by telephone")

    note: Annotated[Text, Field("", description="What there is to say of it; kept in the ledger.")]
