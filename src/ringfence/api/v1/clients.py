"""Clients and their engagements, who can open each, and what stands on them."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import Http404
from ninja import Router
from ninja.params.functions import Query
from pydantic import BaseModel, Field
from pyroaring import BitMap

from ringfence.access.listing.clients import Wanted, clients_matching, seen_numbers
from ringfence.access.reading import client_numbered, refused_sharing, restorable, rows_by_number
from ringfence.api.caller import Caller
from ringfence.api.names import Ref, member_refs
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.routes import LARGEST, number_in_path, read
from ringfence.core.terms import Capability, Target, Thing

from .client_rows import ClientAnswer, client_answers
from .grants import GrantAnswer, grants_on

ROUTER = Router()
ENGAGEMENTS = Router()


class AccessAnswer(BaseModel):
    """A member who can open the client, or a part of it."""

    member: Ref
    level: Annotated[str, Field(description="On the client as a whole; none where only parts can be opened.")]
    services: Annotated[list[int], Field(description="The ids of the services that they can open.")]


class RemovedAnswer(BaseModel):
    """A client that was removed and can be restored."""

    id: int
    name: str
    at: Annotated[int, Field(description="When it was removed: microseconds since 1970-01-01T00:00:00Z.")]
    until: Annotated[int, Field(description="Until when it can be restored.")]


def _seen(caller: Caller, wanted: Wanted) -> tuple[BitMap, BitMap]:
    return seen_numbers(caller.now, caller.member, wanted)


def _known(caller: Caller, wanted: Wanted) -> tuple[BitMap, BitMap]:
    caller.need(Capability.READ_CONTROL)
    return clients_matching(caller.now, caller.member, caller.now.clients, wanted), BitMap()


@read(ROUTER, "/clients", ListAnswer[ClientAnswer], needs=Capability.MEMBER, summary="Clients")
def clients_list(
    caller: Caller,
    page: Pages,
    which: Literal["open", "all"] = Query(
        "open",
        description="open: what the token's member can open, and under `named` the rest by name. "
        "all: every client, for the control side.",
    ),
    text: str = Query(
        "", description="A part of a name or reference; a tax reference of a closed one: whole."
    ),
    reference: str | None = Query(None, description="Exactly this client reference."),
    service: int = Query(0, ge=0, le=LARGEST, description="Only clients with this service."),
    group: int = Query(0, ge=0, le=LARGEST, description="Only clients of which something is in this group."),
) -> ListAnswer[ClientAnswer]:
    """By id."""
    if which == "open":
        caller.need(Capability.READ_CLIENTS)
    wanted = Wanted(text=text, service=service, group=group)
    clients, closed = (_seen if which == "open" else _known)(caller, wanted)
    if reference is not None:
        # What is known by name alone is found by nothing else.
        clients, closed = clients & BitMap(client_numbered(caller.firm, reference)), BitMap()
    part = part_of(clients | closed, page)
    items = client_answers(caller, part.numbers, closed=closed)
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(
    ROUTER,
    "/clients/removed",
    ListAnswer[RemovedAnswer],
    needs=Capability.MEMBER,
    summary="Removed clients that can be restored",
)
def clients_removed(caller: Caller, page: Pages) -> ListAnswer[RemovedAnswer]:
    """Those that the token's member may restore, by id."""
    found = restorable(caller.now, caller.member)
    part = part_of(sorted(found), page)
    rows = rows_by_number(caller.firm, Thing.CLIENT, ("number", "name"), "number", part.numbers)
    items = [
        RemovedAnswer(id=number, name=name, at=found[number].at, until=found[number].until)
        for number, name in rows
    ]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(ROUTER, "/clients/{client}", ClientAnswer, needs=Capability.MEMBER, summary="One client")
def client_read(caller: Caller, client: int = number_in_path("client")) -> ClientAnswer:
    """What the token's member may know of it."""
    now, member = caller.now, caller.member
    if not now.knows(member, client):
        raise Http404
    open_to_them = caller.may(Capability.READ_CONTROL) or now.sees(member, client)
    return client_answers(caller, [client], closed=BitMap() if open_to_them else BitMap([client]))[0]


@read(
    ROUTER,
    "/clients/{client}/access",
    ListAnswer[AccessAnswer],
    needs=Capability.READ_CONTROL,
    summary="Who can open a client",
)
def client_access(
    caller: Caller, page: Pages, client: int = number_in_path("client")
) -> ListAnswer[AccessAnswer]:
    """Every member who can open the client or a part of it, by id."""
    now = caller.now
    if client not in now.clients:
        raise Http404
    levels = now.who(client)
    part = part_of(sorted(levels), page)
    names, engagements = member_refs(caller.firm), now.engagements_of(client)
    items = [
        AccessAnswer(
            member=names[member],
            level=levels[member].word,
            services=sorted(now.service_of(each) for each in engagements if now.can(member, each)),
        )
        for member in part.numbers
    ]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(
    ROUTER,
    "/clients/{client}/grants",
    ListAnswer[GrantAnswer],
    needs=Capability.MEMBER,
    summary="What was given on a client",
)
def client_grants(
    caller: Caller, page: Pages, client: int = number_in_path("client")
) -> ListAnswer[GrantAnswer]:
    """Every grant that bears on the client: for the control side, and for who may share the client."""
    if not caller.may(Capability.READ_CONTROL):
        refused = refused_sharing(caller.now, caller.member, Target("client", client))
        if refused is not None:
            raise refused
    elif client not in caller.now.clients:
        raise Http404
    return grants_on(caller, client, page)
