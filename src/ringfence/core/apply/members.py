"""Members and what they make: delegations, defaults, requests."""

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.state.state import State
from ringfence.core.terms import EVERYONE
from ringfence.core.values import Delegation, Member, Request

from .patch import Patch, without


def _with_member(state: State, number: int, member: Member) -> Patch:
    alone = BitMap([number])
    everyone = state.everyone | alone if member.active else state.everyone - alone
    return Patch(
        members={**state.members, number: member},
        groups={**state.groups, EVERYONE: everyone},
        numbers=msgspec.structs.replace(state.numbers, member=max(state.numbers.member, number)),
        touched=frozenset({number}),
    )


def member_added(event: e.MemberAdded, state: State) -> Patch:
    member = Member(role=event.role, access=event.access, manage_access=event.manage_access)
    return _with_member(state, event.member, member)


def member_changed(event: e.MemberChanged, state: State) -> Patch:
    member = msgspec.structs.replace(
        state.members[event.member],
        role=event.role,
        access=event.access,
        manage_access=event.manage_access,
    )
    return _with_member(state, event.member, member)


def member_deactivated(event: e.MemberDeactivated, state: State) -> Patch:
    member = msgspec.structs.replace(state.members[event.member], active=False)
    return _with_member(state, event.member, member)


def member_reactivated(event: e.MemberReactivated, state: State) -> Patch:
    member = msgspec.structs.replace(state.members[event.member], active=True)
    return _with_member(state, event.member, member)


def successor_set(event: e.SuccessorSet, state: State) -> Patch:
    return Patch(successor=event.member)


def delegation_set(event: e.DelegationSet, state: State) -> Patch:
    made = Delegation(cap=event.cap, expires=event.expires, cascades=event.cascades)
    pair = (event.delegator, event.delegate)
    return Patch(
        delegations={**state.delegations, pair: made},
        touched=frozenset({event.delegate}),
        expires=event.expires,
    )


def delegation_removed(event: e.DelegationRemoved, state: State) -> Patch:
    pair = (event.delegator, event.delegate)
    return Patch(delegations=without(state.delegations, pair), touched=frozenset({event.delegate}))


def defaults_set(event: e.DefaultsSet, state: State) -> Patch:
    defaults = without(state.defaults, event.member)
    if event.grants:
        defaults[event.member] = tuple(event.grants)
    return Patch(defaults=defaults)


def request_opened(event: e.RequestOpened, state: State) -> Patch:
    asked = Request(level=event.level, expires=event.expires)
    return Patch(requests={**state.requests, (event.client, event.member): asked})


def request_closed(event: e.RequestClosed, state: State) -> Patch:
    return Patch(requests=without(state.requests, (event.client, event.member)))
