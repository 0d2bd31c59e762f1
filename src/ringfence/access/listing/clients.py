"""Clients by name for a page: which of them a member may be shown is asked of the state, first of all.

Sets of numbers do the counting, so totals are exact; rows are read for the one page shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.access.firm_now import FirmNow
from ringfence.access.reading import client_names, rows_by_number
from ringfence.core.terms import Capability, Thing
from ringfence.wording.references import masked

CLIENT = ("number", "name", "reference", "kind", "confidential")
ENGAGEMENT = ("number", "client", "service", "reference")
"""The columns that lists show."""


class Wanted(NamedTuple):
    """What a list is searched for: part of a name or reference, a service and a group (0 for any)."""

    text: str = ""
    service: int = 0
    group: int = 0


class ListedEngagement(NamedTuple):
    """One service provided to one client."""

    number: int
    client: int
    service: int
    reference: str


class ListedClient(NamedTuple):
    """A client as a list shows it, with those of its engagements that may be shown."""

    number: int
    name: str
    reference: str
    kind: str
    confidential: bool
    engagements: tuple[ListedEngagement, ...]


class ServiceOfClient(NamedTuple):
    """One service with the client to whom it is provided, as a list of services shows it."""

    number: int
    client: int
    name: str
    client_reference: str
    service: int
    reference: str


class SeenClients(NamedTuple):
    """What a search within what a member sees has found."""

    total: int
    page: Callable[[int, int], list[int]]
    """The clients from an offset on, up to a limit, by name."""
    closed: BitMap
    """Those that are there by name alone and cannot be opened."""


def seen_clients(firm_now: FirmNow, member: int, wanted: Wanted) -> SeenClients:
    """The clients to show of a search within what the member sees.

    Under `named` (rules.md 3) also clients that the member may know by name alone: these are found by their
    name and by nothing else.
    """
    see = firm_now.seen_by(member)
    names = client_names(firm_now.firm)
    if wanted.service:
        found = engagements_matching(firm_now, member, see, wanted)

        def page(offset: int, limit: int) -> list[int]:
            # Of one service a client has one engagement at most.
            return [firm_now.client_of(each) for each in names.page_of_engagements(found, offset, limit)]

        return SeenClients(len(found), page, BitMap())
    clients, closed = seen_numbers(firm_now, member, wanted)
    return SeenClients(len(clients) + len(closed), partial(names.page, clients | closed), closed)


def seen_numbers(firm_now: FirmNow, member: int, wanted: Wanted) -> tuple[BitMap, BitMap]:
    """What `seen_clients` finds as sets: the clients that the member sees, and those known by name alone."""
    see = firm_now.seen_by(member)
    if wanted.group or wanted.service:
        # What is known by name alone is not said to be in any group, nor to have any service.
        return firm_now.clients_of(engagements_matching(firm_now, member, see, wanted)), BitMap()
    clients = firm_now.clients_seen_by(member)
    closed = firm_now.known_clients(member) - clients if shows_closed(firm_now, member) else BitMap()
    if wanted.text:
        names = client_names(firm_now.firm)
        matches = names.matching(wanted.text)
        clients = (matches.clients & clients) | firm_now.clients_of(matches.engagements & see)
        closed = names.matching_names(wanted.text) & closed if closed else closed
    return clients, closed


def shows_closed(firm_now: FirmNow, member: int) -> bool:
    """Whether the list of clients has those by name that the member cannot open.

    Under `named`, and for who manages access without the control side: they share what they cannot open.
    """
    if firm_now.may(member, Capability.KNOW_CLIENTS) and not firm_now.may(member, Capability.READ_CONTROL):
        return True
    return firm_now.settings.inaccessible == "named" and member in firm_now.active_members


def engagements_matching(firm_now: FirmNow, reader: int, within: BitMap, wanted: Wanted) -> BitMap:
    """Those of the engagements `within` that a search of the reader's finds.

    A tax reference is found by a part of it where the reader may open the engagement, else by the whole of it
    alone (rules.md 5).
    """
    found = within
    if wanted.service:
        found = found & firm_now.with_service(wanted.service)
    if wanted.group:
        found = found & in_group(firm_now, reader, wanted.group)
    if wanted.text:
        names = client_names(firm_now.firm)
        matches = names.matching(wanted.text)
        tax = (matches.engagements & firm_now.seen_by(reader)) | names.with_tax_reference(wanted.text)
        found = found & (firm_now.engagements_of_all(matches.clients & firm_now.clients) | tax)
    return found


def in_group(firm_now: FirmNow, reader: int, group: int) -> BitMap:
    """The engagements in the group: for who reads the control side all on which its grants stand, for others
    those that it gives now."""
    if firm_now.may(reader, Capability.READ_CONTROL):
        return firm_now.held_by_group(group)
    return firm_now.given(group)


def groups_of_clients(firm_now: FirmNow, reader: int, engagements: BitMap) -> dict[int, list[int]]:
    """The groups in which these few engagements are, by client, as far as lists name groups to the reader."""
    named = firm_now.groups_named_to(reader)
    counting_only = not firm_now.may(reader, Capability.READ_CONTROL)
    found: dict[int, list[int]] = {}
    on = firm_now.groups_on(engagements, counting_only=counting_only, among=named)
    for group, theirs in on.items():
        for client in firm_now.clients_of(theirs):
            found.setdefault(client, []).append(group)
    return found


def clients_matching(firm_now: FirmNow, reader: int, within: BitMap, wanted: Wanted) -> BitMap:
    """Those of the clients `within` that a search of the reader's finds, by name, reference or tax reference.

    For members who may know of every client: the pages of those who manage.
    """
    if wanted == Wanted():
        return within
    engagements = engagements_matching(firm_now, reader, firm_now.engagements, wanted)
    found = firm_now.clients_of(engagements)
    if not wanted.service and not wanted.group:
        found = found | client_names(firm_now.firm).matching(wanted.text).clients
    return found & within


def page_of_clients(firm_now: FirmNow, clients: BitMap, offset: int, limit: int) -> list[int]:
    """Up to `limit` of the clients from `offset` on, by name."""
    return client_names(firm_now.firm).page(clients, offset, limit)


def client_rows(
    firm_now: FirmNow, reader: int, numbers: Iterable[int], shown: BitMap
) -> dict[int, ListedClient]:
    """The clients with those of their engagements that are `shown`, by number: two queries.

    Tax references of what the reader may not open are masked here, and so on every page (rules.md 5).
    """
    firm, wanted = firm_now.firm, list(numbers)
    # The state knows whose engagements are whose; the tables are asked by their primary key alone.
    theirs = [each for client in wanted for each in firm_now.engagements_of(client) if each in shown]
    engagements: dict[int, list[ListedEngagement]] = {}
    seen = firm_now.seen_by(reader)
    rows = rows_by_number(firm, Thing.ENGAGEMENT, ENGAGEMENT, "number", theirs)
    for number, client, service, whole in rows:
        reference = whole if number in seen else masked(whole)
        listed = ListedEngagement(number, client, service, reference)
        engagements.setdefault(client, []).append(listed)
    found = rows_by_number(firm, Thing.CLIENT, CLIENT, "number", wanted)
    return {
        number: ListedClient(
            number, name, reference, kind, bool(confidential), tuple(engagements.get(number, ()))
        )
        for number, name, reference, kind, confidential in found
    }


def engagement_rows(firm_now: FirmNow, reader: int, numbers: Iterable[int]) -> dict[int, ServiceOfClient]:
    """The engagements with their clients, by number: two queries.

    Tax references of what the reader may not open are masked, as in `client_rows`.
    """
    firm, wanted = firm_now.firm, list(numbers)
    owners = {firm_now.client_of(number) for number in wanted}
    found = rows_by_number(firm, Thing.CLIENT, ("number", "name", "reference"), "number", owners)
    clients = {number: (name, reference) for number, name, reference in found}
    rows = rows_by_number(firm, Thing.ENGAGEMENT, ENGAGEMENT, "number", wanted)
    return {
        number: ServiceOfClient(
            number,
            client,
            *clients[client],
            service,
            whole if firm_now.can(reader, number) else masked(whole),
        )
        for number, client, service, whole in rows
        if client in clients
    }


def client_name_of(firm: int, numbers: Iterable[int]) -> dict[int, str]:
    """The names of these clients."""
    return dict(rows_by_number(firm, Thing.CLIENT, ("number", "name"), "number", numbers))
