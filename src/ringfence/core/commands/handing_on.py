"""Own grants of one member going to another: the hand-over of `member.deactivate`, and `access.copy`."""

from collections.abc import Iterable

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.refusals import (
    Problem,
    conflict,
    invalid,
)
from ringfence.core.terms import (
    EVERYONE,
    Instant,
    Level,
    Subject,
    Target,
    TargetKind,
    member_subject,
)
from ringfence.core.values import GrantTerms

from . import definitions as w
from .context import Context


def handed_over(context: Context, member: int, successor: int) -> list[e.Event]:
    """The member's own unexpired grants except Blocked, moved to the successor grant by grant."""
    giver, taker = member_subject(member), member_subject(successor)
    gone, arrives = context.state.held_by(giver), context.state.held_by(taker)
    moved: dict[Target, GrantTerms] = {}
    for target in gone.targets():
        grant = gone.grant_on(target)
        assert grant is not None
        if grant.level is Level.BLOCKED or not grant.counts(context.now):
            continue
        there = arrives.grant_on(target)
        if there is not None:
            if there.level is Level.BLOCKED and there.counts(context.now):
                continue
            grant = _handed(grant, there, context.now)
        moved[target] = grant
    context.need_no_own_wall(_clients_of(context, moved))
    removed: dict[TargetKind, list[int]] = {}
    for target in moved:
        removed.setdefault(target.kind, []).append(target.number)
    events = _set_each(taker, moved)
    events += [
        e.GrantsRemoved(subject=giver, kind=kind, targets=BitMap(numbers))
        for kind, numbers in removed.items()
    ]
    return events


def copy_access(context: Context, command: w.CopyAccess) -> list[e.Event]:
    """The groups and own unexpired grants of one member to another, who keeps what they have."""
    context.need_administrator()
    context.need_member(command.source, "from")
    context.need_member(command.to, "to")
    if command.source == command.to:
        invalid(Problem.TO_ONESELF, "to")
    alone = BitMap([command.to])
    events: list[e.Event] = [
        e.GroupJoined(group=number, members=alone)
        for number, members in sorted(context.state.groups.items())
        if number != EVERYONE and command.source in members and command.to not in members
    ]
    source = context.state.held_by(member_subject(command.source))
    taker = member_subject(command.to)
    mine = context.state.held_by(taker)
    changed: dict[Target, GrantTerms] = {}
    for target in source.targets():
        grant = source.grant_on(target)
        assert grant is not None
        if not grant.counts(context.now):
            continue
        there = mine.grant_on(target)
        if there is not None and there.counts(context.now):
            grant = _higher(grant, there)
        grant = msgspec.structs.replace(grant, fee_split=there.fee_split if there else None)
        if grant != there:
            changed[target] = grant
    context.need_no_own_wall(_clients_of(context, changed))
    events += _set_each(taker, changed)
    if not events:
        conflict()
    return events


def _clients_of(context: Context, targets: Iterable[Target]) -> BitMap:
    """The clients that these grants are on, themselves or by an engagement."""
    client_of = context.state.register.client_of
    on = [target for target in targets if target.kind in {"client", "engagement"}]
    return BitMap(target.number if target.kind == "client" else client_of[target.number] for target in on)


def _higher(one: GrantTerms, other: GrantTerms) -> GrantTerms:
    """The one at the higher level, for the longer time where they are equal."""
    return max(one, other, key=lambda grant: (grant.level, grant.expires is None, grant.expires or 0))


def _handed(arriving: GrantTerms, there: GrantTerms, now: Instant) -> GrantTerms:
    """What a hand-over makes of two grants, neither of them a block that counts; fee splits add up.

    The successor's lasting grant is never replaced by one that expires (rules.md 5, "Deactivating").
    """
    stays = arriving
    if there.counts(now):
        lasts = there.expires is None and arriving.expires is not None
        stays = there if lasts else _higher(arriving, there)
    splits = [grant.fee_split for grant in (arriving, there) if grant.fee_split is not None]
    return msgspec.structs.replace(stays, fee_split=sum(splits) if splits else None)


def _set_each(subject: Subject, grants: dict[Target, GrantTerms]) -> list[e.Event]:
    """Events that set these grants, targets with the same grant together."""
    alike: dict[tuple[TargetKind, GrantTerms], list[int]] = {}
    for target, grant in grants.items():
        alike.setdefault((target.kind, grant), []).append(target.number)
    return [
        e.GrantsSet(
            subject=subject,
            kind=kind,
            targets=BitMap(numbers),
            level=grant.level,
            expires=grant.expires,
            fee_split=grant.fee_split,
        )
        for (kind, grant), numbers in alike.items()
    ]
