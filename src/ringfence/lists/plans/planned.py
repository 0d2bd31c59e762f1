"""A plan as commands (rules.md 7), each with the rows of the list that it comes from.

What was planned is put into commands, nothing more: all rules are the core's, which may still refuse.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec
from msgspec import UNSET
from pyroaring import BitMap

from ringfence.core.commands import definitions as w
from ringfence.core.directory import unique_key
from ringfence.core.terms import Role, Subject
from ringfence.lists.plans.access_plan import GrantChange, KnownGrant
from ringfence.lists.plans.client_plan import ClientChange, Plan
from ringfence.lists.plans.people_plan import MemberChange, Place
from ringfence.lists.rows.typed_rows import MemberRow, TypedClient

EngagementFor = Callable[[int, int], int | None]
"""The number of a client's engagement for a service."""


class PlannedCommand(msgspec.Struct, frozen=True):
    """One command and the lines it comes from; where it has rows, a line for each of them."""

    command: w.Command
    lines: tuple[int, ...]


def client_commands(
    plan: Plan[TypedClient, ClientChange],
    services: Mapping[str, int],
    engagement_for: EngagementFor,
    *,
    shared: tuple[w.GrantTo, ...] | None = None,
    given: Mapping[int, tuple[w.GrantTo, ...]] = {},
) -> list[PlannedCommand]:
    """Additions in one command, new services in one, then a command for each thing that changes of a client.

    `services` gives numbers by the catalogue's names. New clients start with the grants `given` for their
    line, else with those `shared` by all, else with the defaults.
    """
    commands = []
    if plan.added:
        rows = tuple(_new_client(row, services, given.get(row.line)) for row in plan.added)
        lines = tuple(row.line for row in plan.added)
        commands.append(PlannedCommand(w.ImportClients(rows=rows, grants=shared), lines))
    new = [
        (
            w.EngagementRow(client=change.number, service=services[name], reference=reference),
            change.row.line_of(name),
        )
        for change in plan.changed
        for name, reference in change.services_added.items()
    ]
    if new:
        commands.append(
            PlannedCommand(
                w.ImportEngagements(rows=tuple(row for row, _ in new)), tuple(line for _, line in new)
            )
        )
    commands += (planned for change in plan.changed for planned in _changes(change, services, engagement_for))
    return commands


def _new_client(
    row: TypedClient, services: Mapping[str, int], grants: tuple[w.GrantTo, ...] | None
) -> w.ClientRow:
    return w.ClientRow(
        name=row.name,
        reference=row.reference,
        kind=row.kind or "",
        confidential=bool(row.confidential),
        services={services[name]: reference for name, reference in row.services.items()},
        grants=grants,
    )


def _changes(
    change: ClientChange, services: Mapping[str, int], engagement_for: EngagementFor
) -> Iterator[PlannedCommand]:
    row, client = change.row, change.number
    if (change.name, change.kind, change.confidential) != (None, None, None):
        command = w.ChangeClient(
            client=client,
            name=UNSET if change.name is None else change.name,
            kind=UNSET if change.kind is None else change.kind,
            confidential=UNSET if change.confidential is None else change.confidential,
        )
        yield PlannedCommand(command, (row.line,))
    for name, reference in change.services_changed.items():
        engagement = engagement_for(client, services[name])
        assert engagement is not None, "a plan changes only what is there"
        yield PlannedCommand(
            w.ChangeEngagement(engagement=engagement, reference=reference), (row.line_of(name),)
        )


def member_commands(plan: Plan[MemberRow, MemberChange], next_member: int) -> list[PlannedCommand]:
    """A command for each member and change; `next_member` is the number that the first new one is given.

    Changes come first, so that an address is free before somebody else gets it.
    """
    commands: list[PlannedCommand] = []
    for change in _freed_first(plan.changed, commands):
        commands += _member_changes(change)
    for number, row in enumerate(plan.added, next_member):
        commands.append(PlannedCommand(_new_member(row), (row.line,)))
        if row.active is False:
            commands.append(PlannedCommand(w.DeactivateMember(member=number), (row.line,)))
    return commands


def _freed_first(changes: Sequence[MemberChange], commands: list[PlannedCommand]) -> Iterator[MemberChange]:
    """The changes, each after the one that frees its address; of a ring, one is freed before."""
    holders = {unique_key(each.was.email): each for each in changes if each.email is not None}
    done: set[int] = set()
    for change in changes:
        chain: list[MemberChange] = []
        under_way: set[int] = set()
        following: MemberChange | None = change
        while following is not None and following.number not in done:
            if following.number in under_way:
                free = w.ChangeMember(member=following.number, email="")
                commands.append(PlannedCommand(free, (following.row.line,)))
                break
            under_way.add(following.number)
            chain.append(following)
            wanted = following.email
            following = None if wanted is None else holders.get(unique_key(wanted))
        for each in reversed(chain):
            done.add(each.number)
            yield each


def _new_member(row: MemberRow) -> w.AddMember:
    return w.AddMember(
        name=row.name,
        email=row.email,
        external=row.external,
        role=row.role or Role.STANDARD,
        access=UNSET if row.access is None else row.access,
        manage_access=bool(row.manage_access),
    )


def _member_changes(change: MemberChange) -> Iterator[PlannedCommand]:
    lines = (change.row.line,)
    if change.active:
        yield PlannedCommand(w.ReactivateMember(member=change.number), lines)
    if change.changes_words:
        command = w.ChangeMember(
            member=change.number,
            name=UNSET if change.name is None else change.name,
            email=UNSET if change.email is None else change.email,
            external=UNSET if change.external is None else change.external,
            role=UNSET if change.role is None else change.role,
            access=UNSET if change.access is None else change.access,
            manage_access=UNSET if change.manage_access is None else change.manage_access,
        )
        yield PlannedCommand(command, lines)
    if change.active is False:
        yield PlannedCommand(w.DeactivateMember(member=change.number), lines)


def grant_commands(changes: Sequence[GrantChange], *, fee_splits: bool) -> list[PlannedCommand]:
    """One `grant.set` for each subject and grant, on all its targets at once.

    While the firm's setting `fee_splits` is off, a split that stands is kept by leaving it out (rules.md 3).
    """
    alike: dict[tuple[Subject, KnownGrant], list[GrantChange]] = {}
    for change in changes:
        grant, before = change.grant, change.before
        if not fee_splits and before is not None and grant.fee_split == before.fee_split:
            grant = msgspec.structs.replace(grant, fee_split=None)
        alike.setdefault((change.subject, grant), []).append(change)
    commands = []
    for (subject, grant), same in alike.items():
        targets = [change.target for change in same]
        command = w.SetGrant(
            to=(subject,),
            on=w.On(
                engagements=BitMap(target.number for target in targets if target.kind == "engagement"),
                clients=BitMap(target.number for target in targets if target.kind == "client"),
            ),
            level=grant.level,
            expires=grant.expires,
            fee_split=grant.fee_split,
        )
        commands.append(PlannedCommand(command, tuple(change.row.line for change in same)))
    return commands


def place_commands(places: Sequence[Place]) -> list[PlannedCommand]:
    """One `group.add_members` for each group."""
    groups: dict[int, list[Place]] = {}
    for place in places:
        groups.setdefault(place.group, []).append(place)
    return [
        PlannedCommand(
            w.AddToGroup(group=group, members=frozenset(place.member for place in same)),
            tuple(place.row.line for place in same),
        )
        for group, same in groups.items()
    ]
