"""What may let a member in: the commands that are worth trying for one aim. None of them is tried here.

Each generator is one road of rules.md 2: own grants, blocks, groups, delegations, openness. Roads that open
the whole firm (turning control off, unrestricted administrators) are not offered: a grant does it with less.
"""

from collections.abc import Callable, Iterator

import msgspec
from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core.commands import Command, On
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import Moment
from ringfence.core.decision.single import decide, direct_level, leaves_out, shared_grants
from ringfence.core.explanation.grants import Use, grant_facts, places, walls_between
from ringfence.core.state.state import State
from ringfence.core.terms import (
    EVERYONE,
    Level,
    Reason,
    Role,
    Subject,
    Target,
    group_subject,
    member_subject,
)
from ringfence.core.values import Side


class Aim(msgspec.Struct, frozen=True, kw_only=True):
    """The level that a member is to have, on one engagement of a client or on several."""

    member: int
    client: int
    engagements: tuple[int, ...]
    level: Level

    def lacking(self, moment: Moment) -> tuple[int, ...]:
        """The engagements where the member has less."""
        return tuple(n for n in self.engagements if moment.level(self.member, n) < self.level)


# --- Before any grant helps (steps 2 and 3)


def permission(state: State, member: int) -> Command:
    """The permission to use client records; an auditor, who may have none, becomes a standard member."""
    if state.members[member].role is Role.AUDITOR:
        return w.ChangeMember(member=member, role=Role.STANDARD, access=True)
    return w.ChangeMember(member=member, access=True)


def unwalling(moment: Moment, aim: Aim) -> list[tuple[Command, ...]]:
    """The walls between the two: without the member, without the client, or lowered, all of them alike."""
    between = walls_between(moment, aim.member, aim.client)
    alternatives: list[tuple[Command, ...]] = []
    for change in (_without_member, _without_client, None):
        commands = tuple(_unwall(moment.state, number, aim, change) for number in between)
        if commands not in alternatives:
            alternatives.append(commands)
    return alternatives


def _unwall(state: State, wall: int, aim: Aim, change: Callable[[Side, Side, Aim], Side] | None) -> Command:
    """The wall with both sides changed; lowered where it would keep nobody from anything."""
    stands = state.walls[wall]
    one, other = stands.sides
    if change is None:
        return w.LowerWall(wall=wall)
    sides = change(one, other, aim), change(other, one, aim)
    if (sides[0].members and sides[1].clients) or (sides[1].members and sides[0].clients):
        return w.ChangeWall(wall=wall, sides=sides, starts=stands.starts, ends=stands.ends)
    return w.LowerWall(wall=wall)


def _without_member(side: Side, opposite: Side, aim: Aim) -> Side:
    gone = {aim.member} if aim.client in opposite.clients else set()
    return replace(side, members=side.members - gone)


def _without_client(side: Side, opposite: Side, aim: Aim) -> Side:
    gone = {aim.client} if aim.member in opposite.members else set()
    return replace(side, clients=side.clients - gone)


# --- What steps 6 to 9 offer


def offered(moment: Moment, aim: Aim, lacking: tuple[int, ...]) -> Iterator[tuple[Command, ...]]:
    """Every road, the plainest first. `lacking` are the engagements where the member has too little."""
    yield from _own_grants(moment, aim, lacking)
    yield from _asked_for(moment, aim)
    for engagement in lacking:
        yield from _blocks(moment, aim, engagement)
        yield from _groups_of_theirs(moment, aim, engagement)
        yield from _other_groups(moment, aim, engagement)
        yield from _delegations(moment, aim, engagement)
        yield from _opening(moment, aim, engagement)


def _own_grants(moment: Moment, aim: Aim, lacking: tuple[int, ...]) -> Iterator[tuple[Command, ...]]:
    """A grant of their own, new or changed; or the own grant that holds them down, removed."""
    subject = member_subject(aim.member)
    held = moment.state.held_by(subject)
    yield (_grant(moment, subject, On.client(aim.client), Target("client", aim.client), aim.level),)
    yield (_grant(moment, subject, On.engagement(*lacking), Target("engagement", lacking[0]), aim.level),)
    for target in places(moment.state, lacking[0])[2:]:
        standing = held.grant_on(target)
        if standing is not None:
            yield (_grant(moment, subject, On.target(target), target, aim.level),)
    on_client = On.client(aim.client)
    near = BitMap(number for number in lacking if held.level_on(Target("engagement", number)))
    if near:
        yield (w.RemoveGrant(to=(subject,), on=On(engagements=near)),)
    if held.level_on(Target("client", aim.client)):
        yield (w.RemoveGrant(to=(subject,), on=on_client),)
        if near:
            yield (w.RemoveGrant(to=(subject,), on=replace(on_client, engagements=near)),)


def _grant(moment: Moment, subject: Subject, on: On, target: Target, level: Level) -> Command:
    """The grant at this level, otherwise as it stands on `target`: its fee split, and a time not yet up."""
    standing = moment.state.held_by(subject).grant_on(target)
    if standing is None:
        return w.SetGrant(to=(subject,), on=on, level=level)
    return w.SetGrant(
        to=(subject,),
        on=on,
        level=level,
        expires=standing.expires if standing.counts(moment.now) else None,
        fee_split=standing.fee_split if moment.state.settings.fee_splits else None,
    )


def _asked_for(moment: Moment, aim: Aim) -> Iterator[tuple[Command, ...]]:
    """The request they have made, granted at the level asked for."""
    if (aim.client, aim.member) in moment.state.requests:
        yield (w.GrantRequest(client=aim.client, member=aim.member),)


def _blocks(moment: Moment, aim: Aim, engagement: int) -> Iterator[tuple[Command, ...]]:
    """The blocks of step 7: left with their groups, excluded for this client, or removed, all of them."""
    if decide(moment, aim.member, engagement).reason is not Reason.BLOCKED_BY_GROUP:
        return
    blocks = [
        (subject, target)
        for subject, target, level in shared_grants(moment, aim.member, engagement)
        if level is Level.BLOCKED
    ]
    leaving: list[Command] = []
    for subject, target in blocks:
        command = _leaving(aim, subject) or _removal(subject, target)
        if command not in leaving:
            leaving.append(command)
    yield tuple(leaving)
    yield tuple(_exclusion(aim, subject, target) or _removal(subject, target) for subject, target in blocks)
    yield tuple(_removal(subject, target) for subject, target in blocks)


def _leaving(aim: Aim, subject: Subject) -> Command | None:
    if subject.kind == "member" or subject.number == EVERYONE:
        return None
    return w.RemoveFromGroup(group=subject.number, members=frozenset({aim.member}))


def _exclusion(aim: Aim, subject: Subject, target: Target) -> Command | None:
    if subject.kind == "member" or target.kind != "service":
        return None
    return w.ExcludeClients(group=subject.number, service=target.number, clients=BitMap([aim.client]))


def _removal(subject: Subject, target: Target) -> Command:
    return w.RemoveGrant(to=(subject,), on=On.target(target))


def _groups_of_theirs(moment: Moment, aim: Aim, engagement: int) -> Iterator[tuple[Command, ...]]:
    """What their own groups have here, raised, renewed, or no longer leaving the client out."""
    for fact in grant_facts(moment, aim.member, engagement, decide(moment, aim.member, engagement)):
        if fact.subject.kind != "group" or fact.level is Level.BLOCKED:
            continue
        if fact.use is Use.EXCLUDED:
            back = w.IncludeClients(
                group=fact.subject.number, service=fact.target.number, clients=BitMap([aim.client])
            )
            yield (back,)
        else:
            level = max(fact.level, aim.level)
            yield (_grant(moment, fact.subject, On.target(fact.target), fact.target, level),)


def _other_groups(moment: Moment, aim: Aim, engagement: int) -> Iterator[tuple[Command, ...]]:
    """A place in a group that has the level here."""
    for group, members in sorted(moment.state.groups.items()):
        if group == EVERYONE or aim.member in members:
            continue
        if aim.level <= _level_of_group(moment, group, engagement, aim.client) <= Level.OWNER:
            yield (w.AddToGroup(group=group, members=frozenset({aim.member})),)


def _level_of_group(moment: Moment, group: int, engagement: int, client: int) -> Level:
    held = moment.state.held_by(group_subject(group))
    return max(
        (
            held.counting_on(target, moment.now)
            for target in places(moment.state, engagement)
            if not leaves_out(held, target, client)
        ),
        default=Level.NONE,
    )


def _delegations(moment: Moment, aim: Aim, engagement: int) -> Iterator[tuple[Command, ...]]:
    """A delegation that stands, renewed or less capped; a new one by who has a grant of their own here."""
    state = moment.state
    standing = {giver: made for (giver, taker), made in state.delegations.items() if taker == aim.member}
    if not state.settings.delegation:
        if standing:
            yield (w.ChangeSettings(values={"delegation": True}),)
        return
    for giver, made in sorted(standing.items()):
        yield (
            w.SetDelegation(
                delegator=giver,
                delegate=aim.member,
                cap=max(made.cap, aim.level),
                expires=made.expires if made.counts(moment.now) else None,
                cascades=made.cascades,
            ),
        )
    for giver in state.everyone:
        has = direct_level(moment, giver, engagement)
        if giver not in standing and giver != aim.member and aim.level <= has <= Level.OWNER:
            yield (w.SetDelegation(delegator=giver, delegate=aim.member, cap=aim.level),)


def _opening(moment: Moment, aim: Aim, engagement: int) -> Iterator[tuple[Command, ...]]:
    """An unassigned client opened to all who are not stopped (step 9)."""
    state = moment.state
    if engagement in state.assigned:
        return
    commands: list[Command] = []
    if aim.client in state.register.confidential:
        commands.append(w.ChangeClient(client=aim.client, confidential=False))
    if state.settings.unassigned_level < aim.level:
        commands.append(w.ChangeSettings(values={"unassigned": aim.level.word}))
    if commands:
        yield tuple(commands)
