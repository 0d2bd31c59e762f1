"""`delegation.*`, `defaults.set`, `wall.*` and `request.*` (rules.md 5, 7)."""

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.authority.cap import need_within_cap
from ringfence.core.authority.capability import may
from ringfence.core.authority.sharing import (
    another_could,
    manages_access,
    need_access,
    need_administrator,
    need_sharing,
    stands_on,
)
from ringfence.core.refusals import (
    Problem,
    Refusal,
    Refused,
    conflict,
    forbid,
    invalid,
    missing,
    switched_off,
)
from ringfence.core.terms import (
    EVERYONE,
    Capability,
    Instant,
    Level,
    Target,
    Thing,
    group_subject,
    member_subject,
)
from ringfence.core.texts import WALL_NAME, clean
from ringfence.core.values import DefaultGrant, Side, Standing

from . import definitions as w
from .context import Desk, need_future
from .grants import need_grants_to_give, need_level
from .text_changes import Done

# --- Delegations


def set_delegation(desk: Desk, command: w.SetDelegation) -> list[e.Event]:
    if not manages_access(desk) and desk.actor != command.delegator:
        forbid(Problem.ONLY_DELEGATOR, "from")
    if not desk.settings.delegation:
        switched_off(Problem.DELEGATION_SETTING)
    desk.need_member(command.delegator, "from")
    desk.need_member(command.delegate, "to")
    if command.delegator == command.delegate:
        invalid(Problem.TO_ONESELF, "to")
    need_level(command.cap, "cap")
    if command.cap is Level.BLOCKED:
        invalid(Problem.CAP_BLOCKED, "cap")
    need_future(desk, command.expires)
    event = e.DelegationSet(
        delegator=command.delegator,
        delegate=command.delegate,
        cap=command.cap,
        expires=command.expires,
        cascades=command.cascades,
    )
    was = desk.state.delegations.get((command.delegator, command.delegate))
    if was is not None and (was.cap, was.expires, was.cascades) == (
        event.cap,
        event.expires,
        event.cascades,
    ):
        conflict()
    return [event]


def remove_delegation(desk: Desk, command: w.RemoveDelegation) -> list[e.Event]:
    """Also by the delegate, and also while delegations are switched off."""
    if not manages_access(desk) and desk.actor not in {command.delegator, command.delegate}:
        forbid(Problem.ONLY_DELEGATOR, "from")
    desk.need_member(command.delegator, "from")
    desk.need_member(command.delegate, "to")
    if (command.delegator, command.delegate) not in desk.state.delegations:
        missing(Problem.UNKNOWN_DELEGATION, "to")
    return [e.DelegationRemoved(delegator=command.delegator, delegate=command.delegate)]


# --- Personal defaults


def set_defaults(desk: Desk, command: w.SetDefaults) -> list[e.Event]:
    """What stands may be ended while the setting is off; only what is made is refused (rules.md 3)."""
    member = desk.actor if command.member is None else command.member
    if member != desk.actor:
        need_administrator(desk)
    else:
        need_access(desk)
    grants = [DefaultGrant(subject=grant.to, level=grant.level) for grant in command.grants]
    was = () if member is None else desk.state.defaults.get(member, ())
    made = [grant for grant in grants if grant not in was]
    if made and not desk.settings.personal_defaults:
        switched_off(Problem.DEFAULTS_SETTING)
    everyone = group_subject(EVERYONE)
    if not desk.settings.everyone_may_be_granted and any(grant.subject == everyone for grant in made):
        switched_off(Problem.EVERYONE_SETTING, "grants")
    if member is None:
        invalid(Problem.NO_MEMBER_ACTING, "member")
    desk.need_member(member)
    for grant in command.grants:
        desk.need_subject(grant.to, "grants")
    need_grants_to_give(command.grants)
    if set(grants) == set(was):
        conflict()
    return [e.DefaultsSet(member=member, grants=grants)]


# --- Walls


def raise_wall(desk: Desk, command: w.RaiseWall) -> Done:
    _need_clients_known(desk, command.sides)
    need_administrator(desk)
    _need_members_there(desk, command.sides)
    name = clean(command.name, "name", most=WALL_NAME)
    _need_sides_full(command.sides)
    desk.free_name(Thing.WALL, name, "name")
    number = desk.state.numbers.wall + 1
    text = e.Text(thing=Thing.WALL, number=number, fields={"name": name})
    return [e.WallSet(wall=number, sides=command.sides)], [text]


def change_wall(desk: Desk, command: w.ChangeWall) -> list[e.Event]:
    _need_clients_known(desk, command.sides)
    _need_wall(desk, command.wall)
    _need_members_there(desk, command.sides)
    _need_sides_full(command.sides)
    if desk.state.walls[command.wall] in (command.sides, command.sides[::-1]):
        conflict()
    return [e.WallSet(wall=command.wall, sides=command.sides)]


def lower_wall(desk: Desk, command: w.LowerWall) -> list[e.Event]:
    _need_wall(desk, command.wall)
    return [e.WallLowered(wall=command.wall)]


def _need_wall(desk: Desk, wall: int) -> None:
    """Refuses who may not change it; a member on the wall may not while another could (rules.md 5).

    Walls are told of to those who read the control side, to nobody else (rules.md 2).
    """
    if not may(desk.state, desk.actor, Capability.READ_CONTROL):
        missing(Problem.UNKNOWN_WALL, "name")
    need_administrator(desk)
    if wall not in desk.state.walls:
        missing(Problem.UNKNOWN_WALL, "name")
    if stands_on(desk, wall) and another_could(desk, wall):
        forbid(Problem.OWN_WALL)


def _need_clients_known(desk: Desk, sides: tuple[Side, Side]) -> None:
    for side in sides:
        for client in sorted(side.clients):
            desk.need_client(client, "sides")


def _need_members_there(desk: Desk, sides: tuple[Side, Side]) -> None:
    for side in sides:
        for member in sorted(side.members):
            desk.need_member(member, "sides")


def _need_sides_full(sides: tuple[Side, Side]) -> None:
    """A wall that keeps nobody from anything is a mistake."""
    one, other = sides
    if not (one.members and other.clients) and not (other.members and one.clients):
        invalid(Problem.EMPTY_WALL, "sides")


# --- Requests


def open_request(desk: Desk, command: w.OpenRequest) -> Done:
    desk.need_client(command.client)
    need_access(desk)
    if not desk.settings.requests:
        switched_off(Problem.REQUESTS_SETTING)
    if desk.actor is None:
        invalid(Problem.NO_MEMBER_ACTING, "member")
    need_level(command.level)
    if command.level is Level.BLOCKED:
        invalid(Problem.LEVEL_UNKNOWN, "level")
    need_future(desk, command.expires)
    if not command.reason.strip():
        invalid(Problem.TEXT_EMPTY, "reason")
    if (command.client, desk.actor) in desk.state.requests:
        conflict(Problem.ASKED_ALREADY, "client")
    if desk.moment.client_level(desk.actor, command.client) >= command.level:
        conflict(Problem.HAS_ACCESS_ALREADY, "level")
    opened = e.RequestOpened(
        client=command.client, member=desk.actor, level=command.level, expires=command.expires
    )
    text = e.Text(
        thing=Thing.REQUEST,
        number=command.client,
        member=desk.actor,
        fields={"reason": command.reason.strip()},
    )
    return [opened], [text]


def withdraw_request(desk: Desk, command: w.WithdrawRequest) -> list[e.Event]:
    if desk.actor is None:
        invalid(Problem.NO_MEMBER_ACTING, "member")
    if (command.client, desk.actor) not in desk.state.requests:
        desk.need_client(command.client)
        missing(Problem.UNKNOWN_REQUEST, "client")
    return [e.RequestClosed(client=command.client, member=desk.actor, outcome="withdrawn")]


def grant_request(desk: Desk, command: w.GrantRequest) -> list[e.Event]:
    target = Target("client", command.client)
    desk.need_client(command.client)
    right = need_sharing(desk, target)
    if not desk.settings.requests:
        switched_off(Problem.REQUESTS_SETTING)
    asked = _need_request(desk, command.client, command.member)
    level = asked.level if command.level is None else command.level
    expires = asked.expires if command.expires is None else command.expires
    need_level(level)
    if level is Level.BLOCKED:
        invalid(Problem.LEVEL_UNKNOWN, "level")
    need_future(desk, expires)
    if level > asked.level or _later(expires, asked.expires):
        conflict(Problem.MORE_THAN_ASKED, "level" if level > asked.level else "expires")
    subject = member_subject(command.member)
    new = _granted(desk, desk.state.held_by(subject).grant_on(target), Standing(level=level, expires=expires))
    events: list[e.Event] = []
    if new is not None:
        if right == "capped":
            need_within_cap(desk, subject, target, new)
        events.append(
            e.GrantsSet(
                subject=subject,
                kind="client",
                targets=BitMap([command.client]),
                level=new.level,
                expires=new.expires,
                fee_split=new.fee_split,
            )
        )
    events.append(e.RequestClosed(client=command.client, member=command.member, outcome="granted"))
    return events


def _granted(desk: Desk, was: Standing | None, asked: Standing) -> Standing | None:
    """The grant that granting makes of the member's own; None where that one gives as much for as long.

    A Blocked is replaced, nothing that counts is lowered or shortened, its fee split stays (rules.md 7, 9).
    Where more was asked for a shorter time, or less for a longer one, no one grant is both: a conflict.
    """
    new = asked if was is None else msgspec.structs.replace(asked, fee_split=was.fee_split)
    if was is None or not was.counts(desk.now) or was.level is Level.BLOCKED:
        return new
    if new.level <= was.level and not _later(new.expires, was.expires):
        return None
    if new.level < was.level or _later(was.expires, new.expires):
        conflict(Problem.STANDS_OTHERWISE, "expires" if new.level > was.level else "level")
    return new


def _later(one: Instant | None, other: Instant | None) -> bool:
    if other is None:
        return False
    return one is None or one > other


def _need_request(desk: Desk, client: int, member: int) -> e.RequestOpened:
    asked = desk.state.requests.get((client, member))
    desk.need_member(member)
    if asked is None:
        raise Refused(Refusal.NOT_FOUND, Problem.UNKNOWN_REQUEST, "member")
    return e.RequestOpened(client=client, member=member, level=asked.level, expires=asked.expires)


def decline_request(desk: Desk, command: w.DeclineRequest) -> list[e.Event]:
    desk.need_client(command.client)
    need_sharing(desk, Target("client", command.client))
    _need_request(desk, command.client, command.member)
    return [e.RequestClosed(client=command.client, member=command.member, outcome="declined")]
