"""Members and groups, and what members make: delegations, defaults, requests."""

from typing import TYPE_CHECKING

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.state.holding import EMPTY
from ringfence.core.terms import EVERYONE, group_subject
from ringfence.core.values import Delegation, Member, Request

from .dispatch import step_of
from .patch import Step, members_touched, without

if TYPE_CHECKING:
    from ringfence.core.state.state import State


def _with_member(state: "State", number: int, member: Member) -> Step:
    alone = BitMap([number])
    everyone = state.everyone | alone if member.active else state.everyone - alone
    parts = {
        "members": {**state.members, number: member},
        "groups": {**state.groups, EVERYONE: everyone},
        "numbers": msgspec.structs.replace(state.numbers, member=max(state.numbers.member, number)),
    }
    return Step(parts=parts, touched=frozenset({number}))


@step_of.register(e.MemberAdded)
def _(event: e.MemberAdded, state: "State") -> Step:
    member = Member(role=event.role, access=event.access, manage_access=event.manage_access)
    return _with_member(state, event.member, member)


@step_of.register(e.MemberChanged)
def _(event: e.MemberChanged, state: "State") -> Step:
    member = msgspec.structs.replace(
        state.members[event.member],
        role=event.role,
        access=event.access,
        manage_access=event.manage_access,
    )
    return _with_member(state, event.member, member)


@step_of.register(e.MemberDeactivated)
def _(event: e.MemberDeactivated, state: "State") -> Step:
    member = msgspec.structs.replace(state.members[event.member], active=False)
    return _with_member(state, event.member, member)


@step_of.register(e.MemberReactivated)
def _(event: e.MemberReactivated, state: "State") -> Step:
    member = msgspec.structs.replace(state.members[event.member], active=True)
    return _with_member(state, event.member, member)


@step_of.register(e.GroupCreated)
def _(event: e.GroupCreated, state: "State") -> Step:
    numbers = msgspec.structs.replace(state.numbers, group=max(state.numbers.group, event.group))
    return Step(parts={"groups": {**state.groups, event.group: EMPTY}, "numbers": numbers})


@step_of.register(e.GroupDeleted)
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


@step_of.register(e.GroupJoined)
def _(event: e.GroupJoined, state: "State") -> Step:
    members = state.groups[event.group] | event.members
    return Step(parts={"groups": {**state.groups, event.group: members}}, touched=frozenset(event.members))


@step_of.register(e.GroupLeft)
def _(event: e.GroupLeft, state: "State") -> Step:
    members = state.groups[event.group] - event.members
    return Step(parts={"groups": {**state.groups, event.group: members}}, touched=frozenset(event.members))


@step_of.register(e.DelegationSet)
def _(event: e.DelegationSet, state: "State") -> Step:
    made = Delegation(cap=event.cap, expires=event.expires, cascades=event.cascades)
    pair = (event.delegator, event.delegate)
    return Step(
        parts={"delegations": {**state.delegations, pair: made}},
        touched=frozenset({event.delegate}),
        expires=event.expires,
    )


@step_of.register(e.DelegationRemoved)
def _(event: e.DelegationRemoved, state: "State") -> Step:
    pair = (event.delegator, event.delegate)
    return Step(parts={"delegations": without(state.delegations, pair)}, touched=frozenset({event.delegate}))


@step_of.register(e.DefaultsSet)
def _(event: e.DefaultsSet, state: "State") -> Step:
    defaults = without(state.defaults, event.member)
    if event.grants:
        defaults[event.member] = tuple(event.grants)
    return Step(parts={"defaults": defaults})


@step_of.register(e.RequestOpened)
def _(event: e.RequestOpened, state: "State") -> Step:
    asked = Request(level=event.level, expires=event.expires)
    return Step(parts={"requests": {**state.requests, (event.client, event.member): asked}})


@step_of.register(e.RequestClosed)
def _(event: e.RequestClosed, state: "State") -> Step:
    return Step(parts={"requests": without(state.requests, (event.client, event.member))})
