"""The lists that were brought in, each kept as it was sent beside the entries that it became.

Like texts they lie apart from the chain, for they are full of names. Nobody can take one person out of a
file: where a person or a client is erased, the files of the firm's lists are let go of. What they did stays.
"""

import zlib
from enum import StrEnum

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.events import unpacked
from ringfence.core.terms import Thing
from ringfence.firms.models import ImportedList

from .connection import answering
from .ledger.entries import Entry

LARGEST = 16 * 1024 * 1024
"""Compressed bytes of a file that is kept; of a larger one, only what it did."""
QUICKLY = 4
"""How much zlib tries: more takes twice as long, to save a twentieth of the bytes."""
LONGEST_NAME = 255


class ListState(StrEnum):
    """Whether the file of a list is there."""

    KEPT = "kept"
    TOO_LARGE = "too_large"
    LET_GO = "let_go"


class PackedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file ready to be kept: compressed before anybody waits for the firm's lock."""

    kind: str
    name: str
    size: int
    rows: int
    content: bytes | None
    """None for one that is too large to be kept."""


class BroughtIn(msgspec.Struct, frozen=True, kw_only=True):
    """A list and the entries that it became, from `first` to `last`."""

    first: int
    last: int
    kind: str
    name: str
    size: int
    rows: int
    standing: ListState


def pack_file(kind: str, name: str, content: bytes, rows: int) -> PackedFile:
    """Compress the bytes of a list of so many rows; `kind` is a word of `lists.rows.headers.ListKind`."""
    packed = zlib.compress(content, QUICKLY)
    return PackedFile(
        kind=kind,
        name=name[-LONGEST_NAME:],
        size=len(content),
        rows=rows,
        content=packed if len(packed) <= LARGEST else None,
    )


def keep_file(firm: int, first: int, last: int, file: PackedFile) -> None:
    """Keep the file beside its entries, in the transaction that writes them (`batches.save`, `alongside`)."""
    ImportedList.objects.create(
        firm_id=firm,
        first=first,
        last=last,
        kind=file.kind,
        name=file.name,
        size=file.size,
        rows=file.rows,
        state=(ListState.TOO_LARGE if file.content is None else ListState.KEPT).value,
        content=file.content,
    )


def list_behind(firm: int, entry: int) -> BroughtIn | None:
    """The list that the entry came of, None where it came of none. Raises `StateUnavailable`."""
    with answering():
        rows = ImportedList.objects.filter(firm=firm, last__gte=entry, first__lte=entry).order_by("last")
        found = rows.defer("content").first()
    if found is None:
        return None
    return BroughtIn(
        first=found.first,
        last=found.last,
        kind=found.kind,
        name=found.name,
        size=found.size,
        rows=found.rows,
        standing=ListState(found.state),
    )


def file_of(firm: int, last: int) -> bytes | None:
    """The bytes of the list whose last entry that is, as they were sent; None where they are not there."""
    with answering():
        rows = ImportedList.objects.filter(firm=firm, last=last)
        content = rows.values_list("content", flat=True).first()
    return None if content is None else zlib.decompress(bytes(content))


def let_files_go(firm: int) -> None:
    """Forget the files of all lists of the firm, with their names: for who erases a person or a client."""
    kept = ImportedList.objects.filter(firm=firm)
    kept.update(content=None, name="", state=ListState.LET_GO.value)


class Did(StrEnum):
    """What lists do, in the order in which it is told."""

    CLIENTS_ADDED = "clients_added"
    CLIENTS_CHANGED = "clients_changed"
    SERVICES_GIVEN = "services_given"
    REFERENCES_CHANGED = "references_changed"
    SERVICES_ADDED = "services_added"
    MEMBERS_ADDED = "members_added"
    MEMBERS_CHANGED = "members_changed"
    GROUPS_ADDED = "groups_added"
    PLACES_CHANGED = "places_changed"
    GRANTS_GIVEN = "grants_given"
    GRANTS_TAKEN = "grants_taken"


def counted(entries: list[Entry]) -> dict[Did, int]:
    """How many things these entries did to; nothing that they did not do. People and clients count once."""
    things: dict[Did, BitMap] = {did: BitMap() for did in Did}
    numbers = dict.fromkeys(Did, 0)
    for entry in entries:
        for event in entry.events:
            _count(event, things, numbers)
    found = {did: len(things[did]) + numbers[did] for did in Did}
    return {did: count for did, count in found.items() if count}


def _count(event: e.Event, things: dict[Did, BitMap], numbers: dict[Did, int]) -> None:
    match event:
        case e.ClientsAdded():
            numbers[Did.CLIENTS_ADDED] += event.count
        case e.ClientMarked():
            things[Did.CLIENTS_CHANGED].add(event.client)
        case e.EngagementsAdded():
            numbers[Did.SERVICES_GIVEN] += len(unpacked(event.client_of))
        case e.ServiceAdded():
            numbers[Did.SERVICES_ADDED] += 1
        case e.MemberAdded():
            numbers[Did.MEMBERS_ADDED] += 1
        case e.MemberChanged() | e.MemberDeactivated() | e.MemberReactivated():
            things[Did.MEMBERS_CHANGED].add(event.member)
        case e.GroupCreated():
            numbers[Did.GROUPS_ADDED] += 1
        case e.GroupJoined() | e.GroupLeft():
            numbers[Did.PLACES_CHANGED] += len(event.members)
        case e.GrantsSet():
            numbers[Did.GRANTS_GIVEN] += len(event.targets)
        case e.GrantsRemoved():
            numbers[Did.GRANTS_TAKEN] += len(event.targets)
        case e.Described():
            _count_words(event, things)
        case _:
            pass


def _count_words(event: e.Described, things: dict[Did, BitMap]) -> None:
    match event.thing:
        case Thing.CLIENT:
            things[Did.CLIENTS_CHANGED].add(event.number)
        case Thing.ENGAGEMENT:
            things[Did.REFERENCES_CHANGED].add(event.number)
        case Thing.MEMBER:
            things[Did.MEMBERS_CHANGED].add(event.number)
        case _:
            pass
