"""How who manages access lets themselves in to a client: the plain roads, each tried.

A group that the client is in is joined; the client is put into a group of theirs; they get a grant of their
own; a new group takes both. What stands in the way besides (a wall, a block, a missing permission) is for
`remedies.py`.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from ringfence.core.commands import Command, Refused, carry_out
from ringfence.core.commands import definitions as w
from ringfence.core.decision.holders import holders
from ringfence.core.decision.moment import Moment, at
from ringfence.core.directory import NO_TEXTS
from ringfence.core.terms import EVERYONE, Level, Subject, group_subject, member_subject

MOST = 20
"""Roads of one kind that are tried."""


class RoadKind(StrEnum):
    """What is done on a road."""

    JOIN = "join"
    """A group that has access takes the member."""
    PUT = "put"
    """A group of the member's takes the client."""
    OWN = "own"
    NEW = "new"
    """A new group takes both; it is still to be named."""


class SelfHelp(msgspec.Struct, frozen=True, kw_only=True):
    """One road. `group` is the group that it takes, 0 where it takes none that is there."""

    kind: RoadKind
    group: int
    command: Command


def self_help(moment: Moment, member: int, client: int) -> tuple[SelfHelp, ...]:
    """The roads that the member may take, and on which they come to see more of the client than now."""
    return tuple(
        road for road in _roads(moment, member, client) if _leads(moment, member, client, road.command)
    )


def _roads(moment: Moment, member: int, client: int) -> Iterator[SelfHelp]:
    state = moment.state
    theirs = set(state.groups_of(member)) - {EVERYONE}
    has = {held.subject.number for held in holders(moment, client) if held.subject.kind == "group"}
    me = frozenset({member})
    for group in sorted(has - theirs - {EVERYONE})[:MOST]:
        yield SelfHelp(kind=RoadKind.JOIN, group=group, command=w.AddToGroup(group=group, members=me))
    for group in sorted(theirs)[:MOST]:
        yield SelfHelp(kind=RoadKind.PUT, group=group, command=_grant(moment, group_subject(group), client))
    yield SelfHelp(kind=RoadKind.OWN, group=0, command=_grant(moment, member_subject(member), client))
    new = w.CreateGroup(name="New", members=me, on=w.On.client(client))
    yield SelfHelp(kind=RoadKind.NEW, group=0, command=new)


def _grant(moment: Moment, subject: Subject, client: int) -> w.SetGrant:
    """At the level that the firm's screens give at first (rules.md 1, "Levels")."""
    linked = moment.state.settings.profile == "practice" and subject.kind == "member"
    level = Level.OWNER if linked else Level.EDITOR
    return w.SetGrant(to=(subject,), on=w.On.client(client), level=level)


def _leads(moment: Moment, member: int, client: int, command: Command) -> bool:
    try:
        carried = carry_out(moment, NO_TEXTS, command, actor=member)
    except Refused:
        return False
    return _seen(at(carried.after, moment.now), member, client) > _seen(moment, member, client)


def _seen(moment: Moment, member: int, client: int) -> int:
    return sum(moment.can(member, number) for number in moment.state.register.engagements_of(client))
