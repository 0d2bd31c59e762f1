"""`member.*`, `group.*` and `access.copy` (rules.md 5, 7)."""

from collections.abc import Iterable

import msgspec
from msgspec import UNSET
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.authority.sharing import need_administrator, need_no_own_wall
from ringfence.core.commands.grants import standing_numbers
from ringfence.core.refusals import Problem, conflict, forbid, invalid
from ringfence.core.terms import (
    EVERYONE,
    Instant,
    Level,
    Role,
    Subject,
    Target,
    TargetKind,
    Thing,
    group_subject,
    member_subject,
)
from ringfence.core.texts import GROUP_NAME, MEMBER_NAME, clean, clean_email
from ringfence.core.values import Member, Standing

from . import definitions as w
from .context import Desk
from .grants import need_level, need_may_share, need_services, need_targets_known, set_events
from .text_changes import Done, described, text_changes


def add_member(desk: Desk, command: w.AddMember) -> Done:
    need_administrator(desk)
    _need_principal_right(desk, Role.STANDARD, command.role)
    access = command.role is not Role.AUDITOR if command.access is UNSET else command.access
    _need_no_auditor_permissions(command.role, access=access, manage_access=command.manage_access)
    name = clean(command.name, "member", most=MEMBER_NAME)
    email = clean_email(command.email)
    if email:
        desk.free_name(Thing.MEMBER, email, "email")
    number = desk.state.numbers.member + 1
    added = e.MemberAdded(
        member=number, role=command.role, access=access, manage_access=command.manage_access
    )
    fields = {"name": name, "email": email} if email else {"name": name}
    return [added], [e.Text(thing=Thing.MEMBER, number=number, fields=fields)]


def _need_principal_right(desk: Desk, was: Role, will: Role) -> None:
    """Only principals make or unmake one; where none is active, an administrator may make the first."""
    if desk.actor is None or was == will or Role.PRINCIPAL not in {was, will}:
        return
    assert desk.acting is not None
    if desk.acting.role is Role.PRINCIPAL:
        return
    active = any(member.active and member.role is Role.PRINCIPAL for member in desk.state.members.values())
    if active or will is not Role.PRINCIPAL:
        forbid(Problem.ONLY_PRINCIPALS, "role")


def _need_no_auditor_permissions(role: Role, *, access: bool, manage_access: bool) -> None:
    if role is Role.AUDITOR and (access or manage_access):
        invalid(Problem.AUDITOR_PERMISSIONS, "access" if access else "manage_access")


def change_member(desk: Desk, command: w.ChangeMember) -> Done:
    need_administrator(desk)
    was = desk.state.members.get(command.member)
    role = command.role if command.role is not UNSET else was.role if was else Role.STANDARD
    if was is not None:
        _need_principal_right(desk, was.role, role)
    was = desk.need_member(command.member)
    becomes_auditor = role is Role.AUDITOR
    access = command.access if command.access is not UNSET else was.access and not becomes_auditor
    manages = (
        command.manage_access
        if command.manage_access is not UNSET
        else was.manage_access and not becomes_auditor
    )
    _need_no_auditor_permissions(role, access=access, manage_access=manages)
    fields: dict[str, str] = {}
    if command.name is not UNSET:
        fields["name"] = clean(command.name, "name", most=MEMBER_NAME)
    if command.email is not UNSET:
        fields["email"] = clean_email(command.email)
        if fields["email"]:
            desk.free_name(Thing.MEMBER, fields["email"], "email", mine=command.member)
    events: list[e.Event] = []
    will = msgspec.structs.replace(was, role=role, access=access, manage_access=manages)
    if will != was:
        events.append(e.MemberChanged(member=command.member, role=role, access=access, manage_access=manages))
    described_events, texts = text_changes(desk, Thing.MEMBER, command.member, fields)
    events += described_events
    if not events:
        conflict()
    return events, texts


def deactivate_member(desk: Desk, command: w.DeactivateMember) -> list[e.Event]:
    need_administrator(desk)
    was = _switched(desk, command.member)
    successor = command.hand_over_to
    if successor is not None:
        heir = desk.need_member(successor, "hand_over_to")
        if successor == command.member or not heir.works:
            invalid(Problem.SUCCESSOR, "hand_over_to")
    if not was.active:
        conflict()
    events: list[e.Event] = [] if successor is None else _handed_over(desk, command.member, successor)
    events += [
        e.RequestClosed(client=client, member=asker, outcome="withdrawn")
        for client, asker in sorted(desk.state.requests)
        if asker == command.member
    ]
    events.append(e.MemberDeactivated(member=command.member))
    return events


def _switched(desk: Desk, number: int) -> Member:
    """The member to be deactivated or reactivated; of a principal only principals may (rules.md 5).

    Where none is active, reactivating one makes the first.
    """
    was = desk.state.members.get(number)
    if was is not None and was.role is Role.PRINCIPAL:
        _need_principal_right(
            desk, *((Role.PRINCIPAL, Role.STANDARD) if was.active else (Role.STANDARD, Role.PRINCIPAL))
        )
    return desk.need_member(number)


def _handed_over(desk: Desk, member: int, successor: int) -> list[e.Event]:
    """The member's own unexpired grants except Blocked, moved to the successor grant by grant."""
    giver, taker = member_subject(member), member_subject(successor)
    gone, arrives = desk.state.held_by(giver), desk.state.held_by(taker)
    moved: dict[Target, Standing] = {}
    for target in gone.targets():
        grant = gone.grant_on(target)
        assert grant is not None
        if grant.level is Level.BLOCKED or not grant.counts(desk.now):
            continue
        there = arrives.grant_on(target)
        if there is not None:
            if there.level is Level.BLOCKED and there.counts(desk.now):
                continue
            grant = _handed(grant, there, desk.now)
        moved[target] = grant
    need_no_own_wall(desk, _clients_of(desk, moved))
    removed: dict[TargetKind, list[int]] = {}
    for target in moved:
        removed.setdefault(target.kind, []).append(target.number)
    events = _set_each(taker, moved)
    events += [
        e.GrantsRemoved(subject=giver, kind=kind, targets=BitMap(numbers))
        for kind, numbers in removed.items()
    ]
    return events


def _clients_of(desk: Desk, targets: Iterable[Target]) -> BitMap:
    """The clients that these grants are on, themselves or by an engagement."""
    client_of = desk.state.register.client_of
    on = [target for target in targets if target.kind in {"client", "engagement"}]
    return BitMap(target.number if target.kind == "client" else client_of[target.number] for target in on)


def _higher(one: Standing, other: Standing) -> Standing:
    """The one at the higher level, for the longer time where they are equal."""
    return max(one, other, key=lambda grant: (grant.level, grant.expires is None, grant.expires or 0))


def _handed(arriving: Standing, there: Standing, now: Instant) -> Standing:
    """What a hand-over makes of two grants, neither of them a block that counts; fee splits add up.

    The successor's lasting grant is never replaced by one that expires (rules.md 5, "Deactivating").
    """
    stays = arriving
    if there.counts(now):
        lasts = there.expires is None and arriving.expires is not None
        stays = there if lasts else _higher(arriving, there)
    splits = [grant.fee_split for grant in (arriving, there) if grant.fee_split is not None]
    return msgspec.structs.replace(stays, fee_split=sum(splits) if splits else None)


def _set_each(subject: Subject, grants: dict[Target, Standing]) -> list[e.Event]:
    """Events that set these grants, targets with the same grant together."""
    alike: dict[tuple[TargetKind, Standing], list[int]] = {}
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


def reactivate_member(desk: Desk, command: w.ReactivateMember) -> list[e.Event]:
    need_administrator(desk)
    if _switched(desk, command.member).active:
        conflict()
    return [e.MemberReactivated(member=command.member)]


def copy_access(desk: Desk, command: w.CopyAccess) -> list[e.Event]:
    """The groups and own unexpired grants of one member to another, who keeps what they have."""
    need_administrator(desk)
    desk.need_member(command.source, "from")
    desk.need_member(command.to, "to")
    if command.source == command.to:
        invalid(Problem.TO_ONESELF, "to")
    alone = BitMap([command.to])
    events: list[e.Event] = [
        e.GroupJoined(group=number, members=alone)
        for number, members in sorted(desk.state.groups.items())
        if number != EVERYONE and command.source in members and command.to not in members
    ]
    source = desk.state.held_by(member_subject(command.source))
    taker = member_subject(command.to)
    mine = desk.state.held_by(taker)
    changed: dict[Target, Standing] = {}
    for target in source.targets():
        grant = source.grant_on(target)
        assert grant is not None
        if not grant.counts(desk.now):
            continue
        there = mine.grant_on(target)
        if there is not None and there.counts(desk.now):
            grant = _higher(grant, there)
        grant = msgspec.structs.replace(grant, fee_split=there.fee_split if there else None)
        if grant != there:
            changed[target] = grant
    need_no_own_wall(desk, _clients_of(desk, changed))
    events += _set_each(taker, changed)
    if not events:
        conflict()
    return events


def create_group(desk: Desk, command: w.CreateGroup) -> Done:
    need_targets_known(desk, command.on)
    need_administrator(desk)
    need_may_share(desk, command.on)
    for member in sorted(command.members):
        desk.need_member(member, "members")
    need_services(desk, command.on)
    name = clean(command.name, "group", most=GROUP_NAME)
    need_level(command.level)
    desk.free_name(Thing.GROUP, name, "group")
    number = desk.state.numbers.group + 1
    events: list[e.Event] = [e.GroupCreated(group=number)]
    if command.members:
        events.append(e.GroupJoined(group=number, members=BitMap(command.members)))
    events += set_events(desk, (group_subject(number),), command.on, Standing(level=command.level))
    return events, [e.Text(thing=Thing.GROUP, number=number, fields={"name": name})]


def rename_group(desk: Desk, command: w.RenameGroup) -> Done:
    _need_changeable(desk, command.group)
    name = clean(command.to, "to", most=GROUP_NAME)
    desk.free_name(Thing.GROUP, name, "to", mine=command.group)
    return described(desk, Thing.GROUP, command.group, {"name": name})


def _need_changeable(desk: Desk, group: int) -> None:
    need_administrator(desk)
    desk.need_group(group)
    if group == EVERYONE:
        invalid(Problem.EVERYONE_FIXED, "group")


def delete_group(desk: Desk, command: w.DeleteGroup) -> list[e.Event]:
    need_administrator(desk)
    need_no_own_wall(desk, held_clients(desk, group_subject(command.group)))
    _need_changeable(desk, command.group)
    return [e.GroupDeleted(group=command.group)]


def held_clients(desk: Desk, subject: Subject) -> BitMap:
    """The clients with a grant of the subject on them or on one of their engagements, removed ones too."""
    held, register = desk.state.held_by(subject), desk.state.register
    return standing_numbers(held, "client") | register.clients_of(standing_numbers(held, "engagement"))


def add_to_group(desk: Desk, command: w.AddToGroup) -> list[e.Event]:
    members = _members_of_change(desk, command)
    new = BitMap(command.members) - members
    if not new:
        conflict()
    return [e.GroupJoined(group=command.group, members=new)]


def remove_from_group(desk: Desk, command: w.RemoveFromGroup) -> list[e.Event]:
    members = _members_of_change(desk, command)
    gone = BitMap(command.members) & members
    if not gone:
        conflict()
    return [e.GroupLeft(group=command.group, members=gone)]


def _members_of_change(desk: Desk, command: w.AddToGroup | w.RemoveFromGroup) -> BitMap:
    need_administrator(desk)
    desk.need_group(command.group)
    for member in sorted(command.members):
        desk.need_member(member, "members")
    if command.group == EVERYONE:
        invalid(Problem.EVERYONE_FIXED, "group")
    if not command.members:
        invalid(Problem.NOTHING_NAMED, "members")
    return desk.state.groups[command.group]
