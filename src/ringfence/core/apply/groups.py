"""Groups made, deleted, joined and left."""

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.terms import group_subject

from .patch import Patch, members_touched, without


def group_created(event: e.GroupCreated, state: State) -> Patch:
    numbers = msgspec.structs.replace(state.numbers, group=max(state.numbers.group, event.group))
    return Patch(groups={**state.groups, event.group: EMPTY}, numbers=numbers)


def group_deleted(event: e.GroupDeleted, state: State) -> Patch:
    subject = group_subject(event.group)
    standing = state.compiled(subject).standing()
    defaults = {
        member: left
        for member, grants in state.defaults.items()
        if (left := tuple(grant for grant in grants if grant.subject != subject))
    }
    return Patch(
        groups=without(state.groups, event.group),
        kept=state.kept - BitMap([event.group]),
        holdings=without(state.holdings, subject),
        defaults=defaults,
        touched=members_touched(state, subject),
        compiled={subject: None},
        doubtful=BitMap.union(*standing) if standing else EMPTY,
    )


def group_kept(event: e.GroupKept, state: State) -> Patch:
    """Nobody's reach: who is in the group stays as it is."""
    alone = BitMap([event.group])
    return Patch(kept=state.kept | alone if event.directory else state.kept - alone)


def group_joined(event: e.GroupJoined, state: State) -> Patch:
    members = state.groups[event.group] | event.members
    return Patch(groups={**state.groups, event.group: members}, touched=frozenset(event.members))


def group_left(event: e.GroupLeft, state: State) -> Patch:
    members = state.groups[event.group] - event.members
    return Patch(groups={**state.groups, event.group: members}, touched=frozenset(event.members))
