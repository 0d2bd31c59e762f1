"""Services, clients and engagements: who has what, and whose compiled grants change with it."""

from array import array
from collections.abc import Iterable

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.state.compiled import CompiledGrants, extended, patched, without_grant
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.register import (
    Register,
    with_client_back,
    with_clients,
    with_engagements,
    without_client,
    without_engagement,
)
from ringfence.core.state.state import State
from ringfence.core.terms import Subject, Target

from .filing import put, without_times
from .patch import Patch, Touched, members_touched


def service_added(event: e.ServiceAdded, state: State) -> Patch:
    numbers = msgspec.structs.replace(state.numbers, service=max(state.numbers.service, event.service))
    return Patch(services=state.services | {event.service}, numbers=numbers)


def service_removed(event: e.ServiceRemoved, state: State) -> Patch:
    return Patch(services=state.services - {event.service})


def _holders(state: State, clients: BitMap, engagements: BitMap) -> list[Subject]:
    """Whose compiled grants can change with these: who holds one of them, or a service."""
    return [
        subject
        for subject, held in state.holdings.items()
        if held.services or held.all or held.reaches(clients, engagements)
    ]


def _touched_by(state: State, subjects: Iterable[Subject], clients: BitMap) -> Touched:
    """The members of these subjects; all where the whole register counts or a wall may stand on it.

    And those with emergency access to one of the clients.
    """
    if not state.settings.control or state.settings.administrators == "unrestricted" or state.walls:
        return None
    found = {member for client, member in state.emergencies if client in clients}
    for subject in subjects:
        found |= members_touched(state, subject)
    return frozenset(found)


def _with_more(state: State, register: Register, clients: BitMap) -> Patch:
    """These clients, who may be new, have more engagements in the register."""
    added = register.engagements - state.register.engagements
    compiled: dict[Subject, CompiledGrants | None] = {}
    for subject in _holders(state, clients, EMPTY):
        known = state.memo.compiled.get(subject)
        compiled[subject] = known and extended(known, state.holdings[subject], register, clients, added)
    return Patch(
        register=register,
        touched=_touched_by(state, compiled, clients),
        compiled=compiled,
        doubtful=added,
        opening=True,
    )


def _with_changed(state: State, register: Register, client: int, doubtful: BitMap) -> Patch:
    """The client or engagements of theirs are no longer there in the register, or are there again."""
    chain = BitMap(list(state.register.chain(client)))
    compiled: dict[Subject, CompiledGrants | None] = {}
    for subject in _holders(state, BitMap([client]), chain):
        known = state.memo.compiled.get(subject)
        compiled[subject] = known and patched(known, state.holdings[subject], register, client)
    return Patch(register=register, touched=None, compiled=compiled, doubtful=doubtful, opening=True)


def clients_added(event: e.ClientsAdded, state: State) -> Patch:
    register = with_clients(
        state.register,
        count=event.count,
        client_of=e.unpacked(event.client_of),
        service_of=e.unpacked(event.service_of),
        confidential=event.confidential,
    )
    return _with_more(state, register, register.clients - state.register.clients)


def client_marked(event: e.ClientMarked, state: State) -> Patch:
    alone = BitMap([event.client])
    marked = state.register.confidential
    register = msgspec.structs.replace(
        state.register, confidential=marked | alone if event.confidential else marked - alone
    )
    return Patch(register=register, opening=True)


def client_removed(event: e.ClientRemoved, state: State) -> Patch:
    gone = BitMap(list(state.register.chain(event.client)))
    return _with_changed(state, without_client(state.register, event.client, event.at), event.client, gone)


def client_restored(event: e.ClientRestored, state: State) -> Patch:
    back = BitMap(list(state.register.chain(event.client)))
    return _with_changed(state, with_client_back(state.register, event.client), event.client, back)


def engagement_added(event: e.EngagementAdded, state: State) -> Patch:
    register = with_engagements(state.register, array("I", [event.client]), array("I", [event.service]))
    return _with_more(state, register, BitMap([event.client]))


def engagements_added(event: e.EngagementsAdded, state: State) -> Patch:
    client_of = e.unpacked(event.client_of)
    register = with_engagements(state.register, client_of, e.unpacked(event.service_of))
    return _with_more(state, register, BitMap(client_of))


def engagement_removed(event: e.EngagementRemoved, state: State) -> Patch:
    target = Target("engagement", event.engagement)
    alone = BitMap([event.engagement])
    client = state.register.client_of[event.engagement]
    patch = _with_changed(state, without_engagement(state.register, event.engagement), client, alone)
    holdings = dict(state.holdings)
    for subject, held in state.holdings.items():
        if held.reaches(EMPTY, alone):
            put(holdings, subject, without_times(without_grant(held, target), [target]))
    return msgspec.structs.replace(patch, holdings=holdings)
