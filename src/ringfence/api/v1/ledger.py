"""The ledger: what was done, by whom, and whom and what it was about."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from django.http import Http404
from ninja import Router
from ninja.params.functions import Query
from pydantic import BaseModel, Field
from pyroaring import BitMap

from ringfence.access import Entry, Sought, entries_numbered, find_entries, named_in
from ringfence.access.listing.clients import client_name_of
from ringfence.api.caller import Caller
from ringfence.api.names import Ref, member_refs
from ringfence.api.paging import ListAnswer, Pages
from ringfence.api.routes import LARGEST, number_in_path, read
from ringfence.core.terms import Capability, Instant
from ringfence.wording import entry_text

ROUTER = Router()
FIRST = 50
"""Members and clients of one entry that are named; all are counted."""


class NamedAnswer(BaseModel):
    """Those whom an entry names."""

    total: int
    first: Annotated[list[Ref], Field(description=f"The first {FIRST} of them by id.")]


class EntryAnswer(BaseModel):
    """An entry of the ledger."""

    number: Annotated[int, Field(description="The firm's version from then on.")]
    at: Annotated[int, Field(description="When: microseconds since 1970-01-01T00:00:00Z.")]
    command: str
    title: Annotated[str, Field(description="What was done, in a few words.")]
    by: Annotated[Ref | None, Field(description="The member who did it; null for whoever runs the server.")]
    reason: str
    self_access: Annotated[bool, Field(description="Whether who did it came to see more.")]
    members: NamedAnswer
    clients: NamedAnswer
    hash: Annotated[str, Field(description="SHA-256 of the entry and of the one before, in hexadecimal.")]


class WholeEntryAnswer(EntryAnswer):
    """An entry with what was hashed."""

    previous: Annotated[str, Field(description="The hash of the entry before.")]
    body: Annotated[dict[str, Any], Field(description="Events in numbers, and digests of the words.")]


@read(ROUTER, "/ledger", ListAnswer[EntryAnswer], needs=Capability.READ_CONTROL, summary="The ledger")
def ledger_list(
    caller: Caller,
    page: Pages,
    command: str = Query("", description="Only entries of this command."),
    member: int = Query(0, ge=0, le=LARGEST, description="Only what this member did, or what names them."),
    by: int = Query(0, ge=0, le=LARGEST, description="Only what this member did."),
    client: int = Query(0, ge=0, le=LARGEST, description="Only what names this client."),
    group: int = Query(0, ge=0, le=LARGEST, description="Only what names this group."),
    since: int | None = Query(
        None, ge=0, le=2**62, description="From this time on: microseconds since 1970."
    ),
    until: int | None = Query(None, ge=0, le=2**62, description="Before this time."),
    noted: bool = Query(False, description="Also records opened and exports taken."),
) -> ListAnswer[EntryAnswer]:
    """Newest first; `cursor` is the number of an entry, of which the older ones follow."""
    now = caller.now
    sought = Sought(
        people=_set(member),
        by=_set(by),
        clients=_set(client),
        groups=_set(group),
        commands=(command,) if command else None,
        noted=noted,
        since=None if since is None else Instant(since),
        until=None if until is None else Instant(until),
    )
    found = find_entries(caller.firm, now.version, sought)
    older = found if page.cursor is None else found & BitMap(range(1, page.after))
    shown = list(older[-page.limit :]) if older else []
    items = _answers(caller, entries_numbered(caller.firm, shown)[::-1])
    more = len(older) > len(shown)
    return ListAnswer(total=len(found), items=items, next=str(shown[0]) if more else None)


@read(ROUTER, "/ledger/{entry}", WholeEntryAnswer, needs=Capability.READ_CONTROL, summary="One entry")
def ledger_entry(caller: Caller, entry: int = number_in_path("entry")) -> WholeEntryAnswer:
    """With what was hashed, by which the chain can be proved."""
    found = entries_numbered(caller.firm, [entry])
    if not found:
        raise Http404
    (answer,) = _answers(caller, found)
    body = msgspec.json.decode(found[0].body)
    return WholeEntryAnswer(**dict(answer), previous=found[0].previous.hex(), body=body)


def _set(number: int) -> BitMap | None:
    return BitMap([number]) if number else None


def _answers(caller: Caller, found: list[Entry]) -> list[EntryAnswer]:
    about = [_about(caller, entry) for entry in found]
    members = member_refs(caller.firm)
    clients = client_name_of(caller.firm, {each for _people, named in about for each in named[:FIRST]})
    return [
        EntryAnswer(
            number=entry.number,
            at=entry.at,
            command=entry.command,
            title=entry_text(entry.command),
            by=None if entry.actor.member is None else _ref(members, entry.actor.member),
            reason=entry.reason,
            self_access=entry.self_access,
            members=NamedAnswer(total=len(people), first=[_ref(members, each) for each in people[:FIRST]]),
            clients=NamedAnswer(
                total=len(named), first=[Ref(id=each, name=clients.get(each, "")) for each in named[:FIRST]]
            ),
            hash=entry.hash.hex(),
        )
        for entry, (people, named) in zip(found, about, strict=True)
    ]


def _about(caller: Caller, entry: Entry) -> tuple[BitMap, BitMap]:
    people, clients = BitMap(), BitMap()
    for event in entry.events:
        named = named_in(caller.now, event)
        people |= named.members
        clients |= named.clients
    return people, clients


def _ref(known: dict[int, Ref], number: int) -> Ref:
    return known.get(number) or Ref(id=number, name="")
