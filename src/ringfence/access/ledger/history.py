"""The history of one client, member or group: the entries that are about it, told of it alone.

For whoever may read the ledger (rules.md 5); whoever asks sees to that.
"""

from array import array
from collections.abc import Iterator

import msgspec
from pyroaring import BitMap

from ringfence.access.firm_now import FirmNow
from ringfence.core import events as e
from ringfence.core.events import packed, unpacked
from ringfence.core.terms import Thing

from .entries import Entry, entries_numbered
from .finding import Sought, find_entries
from .members_and_clients import clients_in, groups_in, members_in


def history_of(firm_now: FirmNow, thing: Thing, number: int, *, noted: bool = False) -> BitMap:
    """The numbers of the entries about a client, a member (done by them, too) or a group.

    `noted`: also records opened and exports taken. Raises `KeyError` for other things, `StateUnavailable`.
    """
    alone = BitMap([number])
    sought = {
        Thing.CLIENT: Sought(clients=alone, noted=noted),
        Thing.MEMBER: Sought(people=alone, noted=noted),
        Thing.GROUP: Sought(groups=alone, noted=noted),
    }[thing]
    return find_entries(firm_now.firm, firm_now.version, sought)


def entries_about(firm_now: FirmNow, thing: Thing, number: int, numbers: BitMap) -> list[Entry]:
    """These entries, newest first, each with those of its events alone that are about the thing.

    Of an event about many it is left what it says of this one, so that its sentence names it. An entry that
    a member made and that is about others keeps all its events.
    """
    found = []
    for entry in reversed(entries_numbered(firm_now.firm, numbers)):
        theirs = tuple(_about(firm_now, thing, number, entry.events))
        found.append(msgspec.structs.replace(entry, events=theirs) if theirs else entry)
    return found


def _about(firm_now: FirmNow, thing: Thing, number: int, events: tuple[e.Event, ...]) -> Iterator[e.Event]:
    register = firm_now.moment.state.register
    for event in events:
        match thing:
            case Thing.CLIENT if number in clients_in([event], register):
                yield _of_client(event, number, BitMap(list(register.chain(number))))
            case Thing.MEMBER if number in members_in([event]):
                yield _of_member(event, number)
            case Thing.GROUP if number in groups_in([event]):
                yield event
            case _:
                pass


def _of_client(event: e.Event, client: int, engagements: BitMap) -> e.Event:
    alone = BitMap([client])
    match event:
        case e.ClientsAdded():
            services = zip(unpacked(event.client_of), unpacked(event.service_of), strict=True)
            theirs = array("I", [service for owner, service in services if owner == client])
            return msgspec.structs.replace(
                event,
                first_client=client,
                count=1,
                client_of=packed(array("I", [client] * len(theirs))),
                service_of=packed(theirs),
            )
        case e.EngagementsAdded():
            services = zip(unpacked(event.client_of), unpacked(event.service_of), strict=True)
            theirs = array("I", [service for owner, service in services if owner == client])
            return msgspec.structs.replace(
                event, client_of=packed(array("I", [client] * len(theirs))), service_of=packed(theirs)
            )
        case e.GrantsSet(kind="client") | e.GrantsRemoved(kind="client"):
            return msgspec.structs.replace(event, targets=alone)
        case e.GrantsSet(kind="engagement") | e.GrantsRemoved(kind="engagement"):
            return msgspec.structs.replace(event, targets=event.targets & engagements)
        case e.ClientsExcluded() | e.ClientsIncluded():
            return msgspec.structs.replace(event, clients=alone)
    return event


def _of_member(event: e.Event, member: int) -> e.Event:
    match event:
        case e.GroupJoined() | e.GroupLeft():
            return msgspec.structs.replace(event, members=BitMap([member]))
    return event


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of these kinds that one event names."""

    members: BitMap
    clients: BitMap
    engagements: BitMap
    """Of those clients, what the event is about."""
    words_of: tuple[Thing, int] | None
    """The thing whose name, reference or address it says was changed."""


def named_in(firm_now: FirmNow, event: e.Event) -> Named:
    """What the event names, however much that is."""
    register = firm_now.moment.state.register
    clients = clients_in([event], register)
    match event:
        case e.GrantsSet(kind="engagement") | e.GrantsRemoved(kind="engagement"):
            engagements = event.targets
        case _:
            engagements = register.spread(clients)
    return Named(
        members=members_in([event]),
        clients=clients,
        engagements=engagements,
        words_of=(event.thing, event.number) if isinstance(event, e.Described) else None,
    )
