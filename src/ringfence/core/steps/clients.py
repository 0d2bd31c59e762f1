"""Services, clients and engagements: who has what, and whose covers change with it."""

from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.cover import Cover, extended, patched, services_cover, without_grant
from ringfence.core.parts import EMPTY
from ringfence.core.register import (
    Register,
    with_client_back,
    with_clients,
    with_engagements,
    without_client,
    without_engagement,
)
from ringfence.core.step import Step, Touched, members_touched
from ringfence.core.terms import Subject, Target

from .dispatch import step_of
from .filing import put, without_times

if TYPE_CHECKING:
    from ringfence.core.state import State


@step_of.register(e.ServiceAdded)
def _(event: e.ServiceAdded, state: "State") -> Step:
    numbers = msgspec.structs.replace(state.numbers, service=max(state.numbers.service, event.service))
    return Step(parts={"services": state.services | {event.service}, "numbers": numbers})


@step_of.register(e.ServiceRemoved)
def _(event: e.ServiceRemoved, state: "State") -> Step:
    return Step(parts={"services": state.services - {event.service}})


def _holders(state: "State", client: int | None) -> list[Subject]:
    """Whose covers can change with the client's engagements: who holds it, one of them or a service."""
    alone = BitMap([client]) if client is not None else EMPTY
    chain = BitMap(list(state.register.chain(client))) if client is not None else EMPTY
    return [
        subject
        for subject, held in state.holdings.items()
        if held.services or held.all or held.reaches(alone, chain)
    ]


def _touched_by(state: "State", subjects: Iterable[Subject]) -> Touched:
    """The members of these subjects; all where the whole register counts or a wall may stand on it."""
    if not state.settings.control or state.settings.administrators == "unrestricted" or state.walls:
        return None
    found: set[int] = set()
    for subject in subjects:
        found |= members_touched(state, subject)
    return frozenset(found)


def _with_register(state: "State", register: Register, client: int | None, doubtful: BitMap) -> Step:
    covers: dict[Subject, Cover | None] = {}
    for subject in _holders(state, client):
        held, known = state.holdings[subject], state.kept.covers.get(subject)
        if known is None:
            covers[subject] = None
        elif client is None:
            covers[subject] = Cover(known.engagements, known.clients, services_cover(held, register))
        else:
            covers[subject] = patched(known, held, register, client)
    return Step(
        parts={"register": register},
        touched=_touched_by(state, covers),
        covers=covers,
        doubtful=doubtful,
        opening=True,
    )


@step_of.register(e.ClientsAdded)
def _(event: e.ClientsAdded, state: "State") -> Step:
    register = with_clients(
        state.register,
        count=event.count,
        client_of=e.unpacked(event.client_of),
        service_of=e.unpacked(event.service_of),
        confidential=event.confidential,
    )
    added = register.engagements - state.register.engagements
    return _with_register(state, register, None, added)


@step_of.register(e.ClientMarked)
def _(event: e.ClientMarked, state: "State") -> Step:
    alone = BitMap([event.client])
    marked = state.register.confidential
    register = msgspec.structs.replace(
        state.register, confidential=marked | alone if event.confidential else marked - alone
    )
    return Step(parts={"register": register}, opening=True)


@step_of.register(e.ClientRemoved)
def _(event: e.ClientRemoved, state: "State") -> Step:
    gone = BitMap(list(state.register.chain(event.client)))
    register = without_client(state.register, event.client, event.at)
    step = _with_register(state, register, event.client, gone)
    return msgspec.structs.replace(step, touched=None)


@step_of.register(e.ClientRestored)
def _(event: e.ClientRestored, state: "State") -> Step:
    back = BitMap(list(state.register.chain(event.client)))
    register = with_client_back(state.register, event.client)
    step = _with_register(state, register, event.client, back)
    return msgspec.structs.replace(step, touched=None)


@step_of.register(e.EngagementAdded)
def _(event: e.EngagementAdded, state: "State") -> Step:
    return _with_engagements(state, array("I", [event.client]), array("I", [event.service]))


@step_of.register(e.EngagementsAdded)
def _(event: e.EngagementsAdded, state: "State") -> Step:
    return _with_engagements(state, e.unpacked(event.client_of), e.unpacked(event.service_of))


def _with_engagements(state: "State", client_of: "array[int]", service_of: "array[int]") -> Step:
    register = with_engagements(state.register, client_of, service_of)
    added = register.engagements - state.register.engagements
    clients = BitMap(client_of)
    covers: dict[Subject, Cover | None] = {}
    for subject, held in state.holdings.items():
        concerned = any(found.intersect(clients) for found in held.clients)
        if concerned or held.services or held.all:
            known = state.kept.covers.get(subject)
            covers[subject] = known and extended(known, held, register, clients, added)
    return Step(
        parts={"register": register},
        touched=_touched_by(state, covers),
        covers=covers,
        doubtful=added,
        opening=True,
    )


@step_of.register(e.EngagementRemoved)
def _(event: e.EngagementRemoved, state: "State") -> Step:
    target = Target("engagement", event.engagement)
    alone = BitMap([event.engagement])
    client = state.register.client_of[event.engagement]
    register = without_engagement(state.register, event.engagement)
    step = _with_register(state, register, client, alone)
    holdings = dict(state.holdings)
    for subject, held in state.holdings.items():
        if held.reaches(EMPTY, alone):
            put(holdings, subject, without_times(without_grant(held, target), [target]))
    return msgspec.structs.replace(step, parts={**step.parts, "holdings": holdings}, touched=None)
