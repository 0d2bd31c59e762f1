"""Own grants of one member going to others: the hand-over of `member.deactivate`, and `access.copy`."""

from collections.abc import Iterable, Mapping

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.decision.moment import Moment
from ringfence.core.refusals import (
    Problem,
    conflict,
    invalid,
)
from ringfence.core.terms import (
    EVERYONE,
    GIVING,
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


def handable_clients(moment: Moment, member: int) -> BitMap:
    """The clients there on which the member has an unexpired grant of their own that is no block."""
    register = moment.state.register
    clients, engagements = _counting_on(moment, member, GIVING)
    return clients | register.clients_of(engagements)


def clients_kept_by_block(moment: Moment, member: int, heir: int) -> BitMap:
    """Those of them that would not go to the heir, who has a block of their own in the same place."""
    (given, parts), (blocked, blocked_parts) = (
        _counting_on(moment, who, levels) for who, levels in ((member, GIVING), (heir, (Level.BLOCKED,)))
    )
    return (given & blocked) | moment.state.register.clients_of(parts & blocked_parts)


def _counting_on(moment: Moment, member: int, levels: Iterable[Level]) -> tuple[BitMap, BitMap]:
    """Clients and engagements that are there, with an unexpired grant of the member's own at these levels."""
    register, held = moment.state.register, moment.state.held_by(member_subject(member))
    clients, engagements = BitMap(), BitMap()
    for level in levels:
        clients |= held.clients[level - 1]
        engagements |= held.engagements[level - 1]
    for target, expires in held.expires.items():
        if expires <= moment.now and target.kind in {"client", "engagement"}:
            (clients if target.kind == "client" else engagements).discard(target.number)
    return clients & register.clients, engagements & register.engagements


def hand_over_commands(moment: Moment, member: int, heirs: Mapping[int, BitMap]) -> list[w.Command]:
    """The commands that hand the member's own unexpired grants on single clients to their heirs.

    `heirs`: by member number, the clients that go to them, no client to two. Each grant ends up as the
    hand-over of `member.deactivate` would leave it (rules.md 5, "Deactivating"), but for a fee split while
    `fee_splits` is off: that cannot be stated then, and ends.
    """
    state, now, giver = moment.state, moment.now, member_subject(member)
    gone, register = state.held_by(giver), state.register
    heir_of = {client: heir for heir, clients in heirs.items() for client in clients}
    given: dict[tuple[int, GrantTerms], list[Target]] = {}
    moved: list[Target] = []
    for target in gone.targets():
        if target.kind == "client":
            heir = heir_of.get(target.number)
        elif target.kind == "engagement" and target.number in register.engagements:
            heir = heir_of.get(register.client_of[target.number])
        else:
            continue
        grant = gone.grant_on(target)
        assert grant is not None
        if heir is None or grant.level is Level.BLOCKED or not grant.counts(now):
            continue
        there = state.held_by(member_subject(heir)).grant_on(target)
        if there is not None:
            if there.level is Level.BLOCKED and there.counts(now):
                continue
            grant = _handed(grant, there, now)
        if not state.settings.fee_splits:
            theirs = there.fee_split if there else None
            grant = msgspec.structs.replace(grant, fee_split=theirs)
        moved.append(target)
        if grant != there:
            given.setdefault((heir, grant), []).append(target)
    commands: list[w.Command] = [
        w.SetGrant(
            to=(member_subject(heir),),
            on=_on(targets),
            level=grant.level,
            expires=grant.expires,
            fee_split=grant.fee_split if state.settings.fee_splits else None,
        )
        for (heir, grant), targets in given.items()
    ]
    if moved:
        commands.append(w.RemoveGrant(to=(giver,), on=_on(moved)))
    return commands


def _on(targets: Iterable[Target]) -> w.On:
    """These clients and engagements."""
    numbers: dict[TargetKind, BitMap] = {"client": BitMap(), "engagement": BitMap()}
    for target in targets:
        numbers[target.kind].add(target.number)
    return w.On(clients=numbers["client"], engagements=numbers["engagement"])


def copy_access(context: Context, command: w.CopyAccess) -> list[e.Event]:
    """The groups and own unexpired grants of one member to another, who keeps what they have.

    The firm's directory alone says who is in the groups that it keeps: they are left out.
    """
    context.need_administrator()
    context.need_member(command.source, "from")
    context.need_member(command.to, "to")
    if command.source == command.to:
        invalid(Problem.TO_ONESELF, "to")
    alone = BitMap([command.to])
    events: list[e.Event] = [
        e.GroupJoined(group=number, members=alone)
        for number, members in sorted(context.state.groups.items())
        if number != EVERYONE
        and number not in context.state.kept
        and command.source in members
        and command.to not in members
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
