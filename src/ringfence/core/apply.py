"""How each event changes a state, and what of the worked-out sets survives it.

Events are taken as true: whether a command may give them is decided in `commands/`. What survives is
chosen on the safe side; a set that may be wrong is thrown away, or patched where that is exact.
"""

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import singledispatch
from typing import TYPE_CHECKING

import msgspec
from pyroaring import BitMap

from . import events as e
from .cover import Cover, extended, patched, services_cover, without_grant
from .filing import filed, left_out, put, without_times
from .kept import Kept
from .parts import EMPTY, Delegation, Member, Numbers, Request
from .register import (
    Register,
    with_client_back,
    with_clients,
    with_engagements,
    without_client,
    without_engagement,
)
from .settings import replaced
from .step import NOTHING, Step, Touched, members_touched, without
from .terms import EVERYONE, GENERAL, Level, Subject, Target, group_subject

if TYPE_CHECKING:
    from .state import State


@singledispatch
def _step(event: object, state: "State") -> Step:
    raise TypeError(f"{type(event).__name__} is no event")


def apply(state: "State", event: e.Event) -> "State":
    """The state after `event`; `state` itself stays as it is."""
    step = _step(event, state)
    if step is NOTHING:
        # A record opened must cost no member's reach: not even a copy of what has been worked out.
        return state
    covers = dict(state.kept.covers)
    for subject, cover in step.covers.items():
        if cover is None:
            covers.pop(subject, None)
        else:
            covers[subject] = cover
    old = state.kept
    kept = Kept(covers=covers, assigned=None if step.doubtful is None else old.assigned)
    if "groups" not in step.parts:
        kept.places = old.places
    if step.doubtful is not None:
        kept.doubtful = old.doubtful | step.doubtful
    after = msgspec.structs.replace(state, kept=kept, **step.parts)
    if old.sight is not None:
        kept.sight = old.sight.after(after, _downstream(after.delegations, step.touched), step.expires)
        if not step.opening and step.doubtful is not None and not kept.doubtful:
            kept.sight.keep_open(old.sight)
    return after


def touched_by(state: "State", events: Sequence[e.Event]) -> Touched:
    """The members whose grants, places, delegations or walls these events change; all of them where None.

    Others can be touched only by what becomes open or stops being so.
    """
    found: set[int] = set()
    *earlier, last = events
    for event in earlier:
        touched = _touching(event, state)
        if touched is None:
            return None
        found |= touched
        state = apply(state, event)
    touched = _touching(last, state)
    return None if touched is None else touched | found


def _touching(event: e.Event, state: "State") -> Touched:
    step = _step(event, state)
    return _downstream(step.parts.get("delegations", state.delegations), step.touched)


def _downstream(delegations: Mapping[tuple[int, int], Delegation], touched: Touched) -> Touched:
    """The members and everyone whom their delegations reach."""
    if not touched or not delegations:
        return touched
    found = list(touched)
    seen = set(touched)
    for number in found:
        for giver, taker in delegations:
            if giver == number and taker not in seen:
                seen.add(taker)
                found.append(taker)
    return frozenset(seen)


# --- The firm and its settings


@_step.register(e.FirmCreated)
def _(event: e.FirmCreated, state: "State") -> Step:
    parts = {
        "settings": event.settings,
        "was_on": event.settings.control,
        "groups": {EVERYONE: EMPTY},
        "services": frozenset({GENERAL}),
        "numbers": Numbers(group=EVERYONE, service=GENERAL),
    }
    return Step(parts=parts, touched=None, doubtful=None)


@_step.register(e.ControlTurned)
def _(event: e.ControlTurned, state: "State") -> Step:
    settings = msgspec.structs.replace(state.settings, control=event.on)
    return Step(parts={"settings": settings, "was_on": state.was_on or event.on}, touched=None, opening=True)


@_step.register(e.SettingsChanged)
def _(event: e.SettingsChanged, state: "State") -> Step:
    return Step(parts={"settings": replaced(state.settings, event.values)}, touched=None, opening=True)


# --- Members and groups


def _with_member(state: "State", number: int, member: Member) -> Step:
    alone = BitMap([number])
    everyone = state.everyone | alone if member.active else state.everyone - alone
    parts = {
        "members": {**state.members, number: member},
        "groups": {**state.groups, EVERYONE: everyone},
        "numbers": msgspec.structs.replace(state.numbers, member=max(state.numbers.member, number)),
    }
    return Step(parts=parts, touched=frozenset({number}))


@_step.register(e.MemberAdded)
def _(event: e.MemberAdded, state: "State") -> Step:
    member = Member(role=event.role, access=event.access, manage_access=event.manage_access)
    return _with_member(state, event.member, member)


@_step.register(e.MemberChanged)
def _(event: e.MemberChanged, state: "State") -> Step:
    member = msgspec.structs.replace(
        state.members[event.member],
        role=event.role,
        access=event.access,
        manage_access=event.manage_access,
    )
    return _with_member(state, event.member, member)


@_step.register(e.MemberDeactivated)
def _(event: e.MemberDeactivated, state: "State") -> Step:
    member = msgspec.structs.replace(state.members[event.member], active=False)
    return _with_member(state, event.member, member)


@_step.register(e.MemberReactivated)
def _(event: e.MemberReactivated, state: "State") -> Step:
    member = msgspec.structs.replace(state.members[event.member], active=True)
    return _with_member(state, event.member, member)


@_step.register(e.GroupCreated)
def _(event: e.GroupCreated, state: "State") -> Step:
    numbers = msgspec.structs.replace(state.numbers, group=max(state.numbers.group, event.group))
    return Step(parts={"groups": {**state.groups, event.group: EMPTY}, "numbers": numbers})


@_step.register(e.GroupDeleted)
def _(event: e.GroupDeleted, state: "State") -> Step:
    subject = group_subject(event.group)
    standing = state.cover(subject).standing()
    defaults = {
        member: left
        for member, grants in state.defaults.items()
        if (left := tuple(grant for grant in grants if grant.subject != subject))
    }
    return Step(
        parts={
            "groups": without(state.groups, event.group),
            "holdings": without(state.holdings, subject),
            "defaults": defaults,
        },
        touched=members_touched(state, subject),
        covers={subject: None},
        doubtful=BitMap.union(*standing) if standing else EMPTY,
    )


@_step.register(e.GroupJoined)
def _(event: e.GroupJoined, state: "State") -> Step:
    members = state.groups[event.group] | event.members
    return Step(parts={"groups": {**state.groups, event.group: members}}, touched=frozenset(event.members))


@_step.register(e.GroupLeft)
def _(event: e.GroupLeft, state: "State") -> Step:
    members = state.groups[event.group] - event.members
    return Step(parts={"groups": {**state.groups, event.group: members}}, touched=frozenset(event.members))


# --- Services, clients, engagements


@_step.register(e.ServiceAdded)
def _(event: e.ServiceAdded, state: "State") -> Step:
    numbers = msgspec.structs.replace(state.numbers, service=max(state.numbers.service, event.service))
    return Step(parts={"services": state.services | {event.service}, "numbers": numbers})


@_step.register(e.ServiceRemoved)
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


def unpacked(data: bytes) -> "array[int]":
    """Little-endian 4-byte numbers."""
    found = array("I")
    found.frombytes(data)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def packed(values: "array[int]") -> bytes:
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()


@_step.register(e.ClientsAdded)
def _(event: e.ClientsAdded, state: "State") -> Step:
    register = with_clients(
        state.register,
        count=event.count,
        client_of=unpacked(event.client_of),
        service_of=unpacked(event.service_of),
        confidential=event.confidential,
    )
    added = register.engagements - state.register.engagements
    return _with_register(state, register, None, added)


@_step.register(e.ClientMarked)
def _(event: e.ClientMarked, state: "State") -> Step:
    alone = BitMap([event.client])
    marked = state.register.confidential
    register = msgspec.structs.replace(
        state.register, confidential=marked | alone if event.confidential else marked - alone
    )
    return Step(parts={"register": register}, opening=True)


@_step.register(e.ClientRemoved)
def _(event: e.ClientRemoved, state: "State") -> Step:
    gone = BitMap(list(state.register.chain(event.client)))
    register = without_client(state.register, event.client, event.at)
    step = _with_register(state, register, event.client, gone)
    return msgspec.structs.replace(step, touched=None)


@_step.register(e.ClientRestored)
def _(event: e.ClientRestored, state: "State") -> Step:
    back = BitMap(list(state.register.chain(event.client)))
    register = with_client_back(state.register, event.client)
    step = _with_register(state, register, event.client, back)
    return msgspec.structs.replace(step, touched=None)


@_step.register(e.EngagementAdded)
def _(event: e.EngagementAdded, state: "State") -> Step:
    return _with_engagements(state, array("I", [event.client]), array("I", [event.service]))


@_step.register(e.EngagementsAdded)
def _(event: e.EngagementsAdded, state: "State") -> Step:
    return _with_engagements(state, unpacked(event.client_of), unpacked(event.service_of))


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


@_step.register(e.EngagementRemoved)
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


# --- Grants


@_step.register(e.GrantsSet)
def _(event: e.GrantsSet, state: "State") -> Step:
    step = filed(state, event, event.level)
    held = step.parts["holdings"][event.subject]
    if event.expires is not None:
        times = {Target(event.kind, number): event.expires for number in event.targets}
        held = msgspec.structs.replace(held, expires={**held.expires, **times})
    if event.fee_split is not None:
        splits = dict.fromkeys(event.targets, event.fee_split)
        held = msgspec.structs.replace(held, fee_splits={**held.fee_splits, **splits})
    step.parts["holdings"][event.subject] = held
    return msgspec.structs.replace(step, expires=event.expires)


@_step.register(e.GrantsRemoved)
def _(event: e.GrantsRemoved, state: "State") -> Step:
    return filed(state, event, Level.NONE)


@_step.register(e.ClientsExcluded)
def _(event: e.ClientsExcluded, state: "State") -> Step:
    return left_out(state, event, BitMap.__or__)


@_step.register(e.ClientsIncluded)
def _(event: e.ClientsIncluded, state: "State") -> Step:
    return left_out(state, event, BitMap.__sub__)


# --- Delegations, defaults, walls, requests


@_step.register(e.DelegationSet)
def _(event: e.DelegationSet, state: "State") -> Step:
    made = Delegation(cap=event.cap, expires=event.expires, cascades=event.cascades)
    pair = (event.delegator, event.delegate)
    return Step(
        parts={"delegations": {**state.delegations, pair: made}},
        touched=frozenset({event.delegate}),
        expires=event.expires,
    )


@_step.register(e.DelegationRemoved)
def _(event: e.DelegationRemoved, state: "State") -> Step:
    pair = (event.delegator, event.delegate)
    return Step(parts={"delegations": without(state.delegations, pair)}, touched=frozenset({event.delegate}))


@_step.register(e.DefaultsSet)
def _(event: e.DefaultsSet, state: "State") -> Step:
    defaults = without(state.defaults, event.member)
    if event.grants:
        defaults[event.member] = tuple(event.grants)
    return Step(parts={"defaults": defaults})


@_step.register(e.WallSet)
def _(event: e.WallSet, state: "State") -> Step:
    numbers = msgspec.structs.replace(state.numbers, wall=max(state.numbers.wall, event.wall))
    walls = {**state.walls, event.wall: event.sides}
    return Step(parts={"walls": walls, "numbers": numbers}, touched=None)


@_step.register(e.WallLowered)
def _(event: e.WallLowered, state: "State") -> Step:
    return Step(parts={"walls": without(state.walls, event.wall)}, touched=None)


@_step.register(e.RequestOpened)
def _(event: e.RequestOpened, state: "State") -> Step:
    asked = Request(level=event.level, expires=event.expires)
    return Step(parts={"requests": {**state.requests, (event.client, event.member): asked}})


@_step.register(e.RequestClosed)
def _(event: e.RequestClosed, state: "State") -> Step:
    return Step(parts={"requests": without(state.requests, (event.client, event.member))})


# --- What changes nothing


@_step.register(e.Described)
@_step.register(e.RecordOpened)
@_step.register(e.ExportTaken)
def _(event: e.Described | e.RecordOpened | e.ExportTaken, state: "State") -> Step:
    return NOTHING
