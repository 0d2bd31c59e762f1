"""What happened to a firm's clients in a stretch of time, as far as digests tell of it: in numbers.

From the ledger, and from what keeps a history of its own beside it: details and documents. Who of it may be
told to whom is in `reader.py`.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec
from pyroaring import BitMap

from ringfence.access.connection import answering
from ringfence.access.documents import written_since
from ringfence.access.firm_now import FirmNow
from ringfence.access.sql import rows_of
from ringfence.core import events as e
from ringfence.core.events import NOTED, unpacked
from ringfence.core.terms import Level, Subject, Thing
from ringfence.firms.models import LedgerEntry
from ringfence.store.body import decode_body

from .days import Stretch

ALONE = 20
"""Clients that an event names up to which each is told of by itself; of more it is told how many."""


class Deed(StrEnum):
    """A kind of thing that happens to a client."""

    ADDED = "added"
    RESTORED = "restored"
    CORRECTED = "corrected"
    """Name, client reference or kind."""
    CONFIDENTIAL = "confidential"
    NOT_CONFIDENTIAL = "not_confidential"
    DETAILED = "detailed"
    """The details that lie beside the ledger."""
    SERVICE_ADDED = "service_added"
    SERVICE_REMOVED = "service_removed"
    REFERRED = "referred"
    """The tax reference of a service."""
    GIVEN = "given"
    BLOCKED = "blocked"
    TAKEN = "taken"
    SHARED = "shared"
    """Any of these three, to who is not told whose access it was."""
    WRITTEN = "written"
    """A document, for the first time."""
    REWRITTEN = "rewritten"


ACCESS = frozenset({Deed.GIVEN, Deed.BLOCKED, Deed.TAKEN})
"""Who has access to the client."""


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to one client; equal ones are the same done again."""

    deed: Deed
    client: int
    actor: int | None
    """The member who did it, None for the operator."""
    engagement: int = 0
    """The engagement that it was about; 0 for the client itself."""
    subject: Subject | None = None
    """Whose access it was about."""
    document: str = ""
    """The kind of the document."""


class HappenedToMany(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to many clients at once."""

    deed: Deed
    actor: int | None
    clients: BitMap
    engagements: BitMap | None = None
    """What it was about of these clients; None for the clients themselves."""
    subject: Subject | None = None


class Happenings(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, the earliest first."""

    to_one: dict[int, list[Happened]]
    """By client."""
    to_many: list[HappenedToMany]

    @property
    def clients(self) -> BitMap:
        """All clients to which something happened."""
        return BitMap.union(BitMap(self.to_one), *(each.clients for each in self.to_many))


def happenings(firm_now: FirmNow, stretch: Stretch) -> Happenings:
    """What happened in the stretch to the firm's clients, removed ones too; each entry is read once.

    Raises `StateUnavailable`.
    """
    found = Happenings(to_one={}, to_many=[])
    with answering():
        for each in (*_in_ledger(firm_now, stretch), *_beside(firm_now, stretch)):
            if isinstance(each, HappenedToMany):
                found.to_many.append(each)
            else:
                found.to_one.setdefault(each.client, []).append(each)
    return found


# --- In the ledger


def _in_ledger(firm_now: FirmNow, stretch: Stretch) -> Iterator[Happened | HappenedToMany]:
    rows = LedgerEntry.objects.filter(firm=stretch.firm, at__gte=stretch.since, at__lt=stretch.until)
    rows = rows.exclude(command__in=NOTED.values()).order_by("number")
    for actor, body in rows.values_list("actor", "body").iterator(chunk_size=1_000):
        events = decode_body(bytes(body)).events
        # What a new client starts with is part of its being added.
        new = BitMap.union(BitMap(), *map(_added, events))
        for event in events:
            yield from _told_of(firm_now, actor, event, new)


def _added(event: e.Event) -> BitMap:
    if not isinstance(event, e.ClientsAdded):
        return BitMap()
    return BitMap(range(event.first_client, event.first_client + event.count))


def _told_of(
    firm_now: FirmNow, actor: int | None, event: e.Event, new: BitMap
) -> Iterator[Happened | HappenedToMany]:
    match event:
        case e.ClientsAdded():
            yield from _clients(Deed.ADDED, actor, new & _added(event))
        case e.ClientRestored():
            yield Happened(deed=Deed.RESTORED, client=event.client, actor=actor)
        case e.ClientMarked():
            deed = Deed.CONFIDENTIAL if event.confidential else Deed.NOT_CONFIDENTIAL
            yield Happened(deed=deed, client=event.client, actor=actor)
        case e.Described(thing=Thing.CLIENT):
            yield Happened(deed=Deed.CORRECTED, client=event.number, actor=actor)
        case e.Described(thing=Thing.ENGAGEMENT):
            yield from _engagements(firm_now, Deed.REFERRED, actor, BitMap([event.number]))
        case e.EngagementAdded():
            yield from _engagements(firm_now, Deed.SERVICE_ADDED, actor, BitMap([event.engagement]))
        case e.EngagementsAdded():
            count = len(unpacked(event.client_of))
            added = BitMap(range(event.first_engagement, event.first_engagement + count))
            yield from _engagements(firm_now, Deed.SERVICE_ADDED, actor, added)
        case e.EngagementRemoved():
            yield from _engagements(firm_now, Deed.SERVICE_REMOVED, actor, BitMap([event.engagement]))
        case e.GrantsSet() | e.GrantsRemoved():
            yield from _access(firm_now, actor, event, new)
        case e.ClientsExcluded() | e.ClientsIncluded():
            deed = Deed.TAKEN if isinstance(event, e.ClientsExcluded) else Deed.GIVEN
            yield from _clients(deed, actor, event.clients, Subject("group", event.group))
        case _:
            pass


def _access(
    firm_now: FirmNow, actor: int | None, event: e.GrantsSet | e.GrantsRemoved, new: BitMap
) -> Iterator[Happened | HappenedToMany]:
    """Who was given or lost access to single clients; what is wider is about no client."""
    deed = Deed.TAKEN
    if isinstance(event, e.GrantsSet):
        deed = Deed.BLOCKED if event.level is Level.BLOCKED else Deed.GIVEN
    match event.kind:
        case "client":
            yield from _clients(deed, actor, event.targets - new, event.subject)
        case "engagement":
            old = BitMap([each for each in event.targets if firm_now.client_of(each) not in new])
            yield from _engagements(firm_now, deed, actor, old, event.subject)
        case _:
            pass


def _clients(
    deed: Deed, actor: int | None, clients: BitMap, subject: Subject | None = None
) -> Iterator[Happened | HappenedToMany]:
    if len(clients) > ALONE:
        yield HappenedToMany(deed=deed, actor=actor, clients=clients, subject=subject)
        return
    for client in clients:
        yield Happened(deed=deed, client=client, actor=actor, subject=subject)


def _engagements(
    firm_now: FirmNow, deed: Deed, actor: int | None, engagements: BitMap, subject: Subject | None = None
) -> Iterator[Happened | HappenedToMany]:
    client_of = {each: firm_now.client_of(each) for each in engagements}
    if len(client_of) > ALONE:
        yield HappenedToMany(
            deed=deed,
            actor=actor,
            clients=BitMap(set(client_of.values())),
            engagements=engagements,
            subject=subject,
        )
        return
    for engagement, client in client_of.items():
        yield Happened(deed=deed, client=client, actor=actor, engagement=engagement, subject=subject)


# --- Beside the ledger


def _beside(firm_now: FirmNow, stretch: Stretch) -> Iterable[Happened]:
    details = rows_of(
        "SELECT at, client, author FROM firms_clientdetails WHERE firm_id = %s AND at >= %s AND at < %s",
        stretch.firm,
        stretch.since,
        stretch.until,
    )
    found = [
        (at, Happened(deed=Deed.DETAILED, client=client, actor=author)) for at, client, author in details
    ]
    for each in written_since(stretch.firm, stretch.since, stretch.until):
        written = Happened(
            deed=Deed.WRITTEN if each.number == 1 else Deed.REWRITTEN,
            client=firm_now.client_of(each.engagement),
            actor=each.author,
            engagement=each.engagement,
            document=each.kind,
        )
        found.append((each.at, written))
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]
