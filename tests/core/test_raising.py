"""Which changes raise what somebody may do, judged by what happened alone."""

from typing import get_args

import pytest
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply, apply_all
from ringfence.core.authority.raising import _RAISES, QUIET, raises_power
from ringfence.core.settings import PROFILES, Settings
from ringfence.core.state.state import State
from ringfence.core.terms import (
    Instant,
    Level,
    ProofStep,
    Role,
    Scope,
    SignInStep,
    Subject,
    WebhookStep,
    group_subject,
    member_subject,
)
from ringfence.core.values import Side

IVY, BOB = 1, 2


def member(number: int, role: Role = Role.STANDARD, *, manages: bool = False) -> e.MemberAdded:
    return e.MemberAdded(member=number, role=role, access=True, manage_access=manages)


def changed(role: Role, *, access: bool = True, manages: bool = False) -> e.MemberChanged:
    return e.MemberChanged(member=BOB, role=role, access=access, manage_access=manages)


def wall(*members: int, other: int = 9, client: int = 1) -> e.WallSet:
    sides = (Side(members=frozenset(members), clients=frozenset({client})), Side(members=frozenset({other})))
    return e.WallSet(wall=1, sides=sides)


def all_clients(level: Level, expires: int | None = None) -> e.GrantsSet:
    return e.GrantsSet(
        subject=member_subject(BOB),
        kind="all",
        targets=BitMap([0]),
        level=level,
        expires=None if expires is None else Instant(expires),
    )


def begun(*events: e.Event, settings: Settings | None = None) -> State:
    first = e.FirmCreated(settings=settings or PROFILES["agency"])
    return apply_all(State.empty(), (first, member(IVY, Role.ADMINISTRATOR), member(BOB), *events))


def raises(state: State, *events: e.Event) -> bool:
    return raises_power(state, apply_all(state, events), events)


def test_every_event_either_may_raise_power_or_is_said_not_to() -> None:
    known = set(get_args(e.Event))
    assert known == set(_RAISES) | QUIET
    assert not set(_RAISES) & QUIET


RAISING: dict[str, tuple[tuple[e.Event, ...], e.Event]] = {
    "a member made an administrator": ((), changed(Role.ADMINISTRATOR)),
    "a member made an auditor": ((), changed(Role.AUDITOR, access=False)),
    "a member who may manage access": ((), changed(Role.STANDARD, manages=True)),
    "a new administrator": ((), member(3, Role.ADMINISTRATOR)),
    "a new member who may manage access": ((), member(3, manages=True)),
    "control turned off": ((), e.ControlTurned(on=False)),
    "emergency access allowed": ((), e.SettingsChanged(values={"emergency": "reader"})),
    "more in an emergency": (
        (e.SettingsChanged(values={"emergency": "reader"}),),
        e.SettingsChanged(values={"emergency": "editor"}),
    ),
    "emergency access for longer": (
        (e.SettingsChanged(values={"emergency": "reader"}),),
        e.SettingsChanged(values={"emergency_hours": 72}),
    ),
    "a wall lowered": ((wall(BOB),), e.WallLowered(wall=1)),
    "a wall that keeps one member fewer": ((wall(IVY, BOB),), wall(IVY)),
    "a wall that keeps another client": ((wall(BOB),), wall(BOB, client=2)),
    "a wall that keeps another": ((wall(IVY),), wall(BOB)),
    "a token": ((), e.TokenAdded(token=1, member=IVY, scopes=Scope.DECIDE, digest=b"x" * 32)),
    "all clients": ((), all_clients(Level.READER)),
    "more on all clients": ((all_clients(Level.READER),), all_clients(Level.OWNER)),
    "all clients instead of none": ((all_clients(Level.BLOCKED),), all_clients(Level.READER)),
    "all clients for longer": ((all_clients(Level.READER, 5),), all_clients(Level.READER, 6)),
    "all clients for ever": ((all_clients(Level.READER, 5),), all_clients(Level.READER)),
    "sharing by owners": ((), e.SettingsChanged(values={"sharing": "owners"})),
    "administrators unrestricted": ((), e.SettingsChanged(values={"administrators": "unrestricted"})),
    "unassigned clients at a higher level": ((), e.SettingsChanged(values={"unassigned": "owner"})),
    "a group that the directory keeps": ((), e.GroupKept(group=2, directory=True)),
    "a successor of leavers": ((), e.SuccessorSet(member=BOB)),
    "a webhook": ((), e.WebhookNoted(webhook=1, did=WebhookStep.ADDED)),
    "a webhook sent elsewhere": ((), e.WebhookNoted(webhook=1, did=WebhookStep.CHANGED)),
    "a new secret of a webhook": ((), e.WebhookNoted(webhook=1, did=WebhookStep.ROTATED)),
    "somebody let into an administrator's place": (
        (changed(Role.ADMINISTRATOR),),
        e.UserSeated(member=BOB, user=b"x" * 32),
    ),
    "sign-in": ((), e.SignInNoted(did=SignInStep.SESSION, count=4)),
}


@pytest.mark.parametrize("case", RAISING)
def test_it_raises_power(case: str) -> None:
    before, event = RAISING[case]
    assert raises(begun(*before), event)


LEAVING: dict[str, tuple[tuple[e.Event, ...], e.Event]] = {
    "a standard member": ((), member(3)),
    "a member who may use no client": ((), changed(Role.STANDARD, access=False)),
    "an administrator made a standard member": ((changed(Role.ADMINISTRATOR),), changed(Role.STANDARD)),
    "a principal made an administrator": ((changed(Role.PRINCIPAL),), changed(Role.ADMINISTRATOR)),
    "a standard member back": ((e.MemberDeactivated(member=BOB),), e.MemberReactivated(member=BOB)),
    "control turned on": ((), e.ControlTurned(on=True)),
    "a new wall": ((), wall(BOB)),
    "a wall that keeps one more": ((wall(IVY),), wall(IVY, BOB)),
    "a token revoked": ((), e.TokenRevoked(token=1, member=IVY)),
    "less on all clients": ((all_clients(Level.OWNER),), all_clients(Level.READER)),
    "all clients blocked": ((all_clients(Level.OWNER),), all_clients(Level.BLOCKED)),
    "all clients for less long": ((all_clients(Level.READER),), all_clients(Level.READER, 5)),
    "unassigned clients closed": ((), e.SettingsChanged(values={"unassigned": "none"})),
    "emergency access not allowed": (
        (e.SettingsChanged(values={"emergency": "reader"}),),
        e.SettingsChanged(values={"emergency": "no", "emergency_hours": 72}),
    ),
    "emergency access for less long": (
        (e.SettingsChanged(values={"emergency": "reader"}),),
        e.SettingsChanged(values={"emergency_hours": 1}),
    ),
    "more hours of what is not allowed": ((), e.SettingsChanged(values={"emergency_hours": 72})),
    "another setting": ((), e.SettingsChanged(values={"requests": True})),
    "a group that the directory keeps no more": ((), e.GroupKept(group=2, directory=False)),
    "somebody let into a standard member's place": ((), e.UserSeated(member=BOB, user=b"x" * 32)),
    "no successor": ((), e.SuccessorSet(member=0)),
    "a webhook removed": ((), e.WebhookNoted(webhook=1, did=WebhookStep.REMOVED)),
    "another key of the ledger": ((), e.ProofNoted(did=ProofStep.KEY, words=("example.com/1+0+A",))),
}


@pytest.mark.parametrize("case", LEAVING)
def test_it_raises_nobodys_power(case: str) -> None:
    before, event = LEAVING[case]
    assert not raises(begun(*before), event)


def test_an_administrator_back_raises_power() -> None:
    gone = (changed(Role.ADMINISTRATOR), e.MemberDeactivated(member=BOB))
    assert raises(begun(*gone), e.MemberReactivated(member=BOB))


def test_a_wall_whose_sides_change_places_keeps_as_many_apart() -> None:
    stood = wall(BOB)
    turned = e.WallSet(wall=1, sides=(stood.sides[1], stood.sides[0]))
    assert not raises(begun(stood), turned)


def test_opening_a_client_in_an_emergency_raises_power() -> None:
    one = (1).to_bytes(4, "little")
    client = e.ClientsAdded(first_client=1, count=1, first_engagement=1, client_of=one, service_of=one)
    opened = e.EmergencyOpened(
        client=1, member=BOB, level=Level.READER, at=Instant(0), expires=Instant(3_600_000_000)
    )
    assert raises(begun(client), opened)


def test_a_grant_on_a_client_is_everyday() -> None:
    given = e.GrantsSet(subject=Subject("member", BOB), kind="client", targets=BitMap([1]), level=Level.OWNER)
    one = (1).to_bytes(4, "little")
    client = e.ClientsAdded(first_client=1, count=1, first_engagement=1, client_of=one, service_of=one)
    assert not raises(begun(client), given)


def test_of_several_events_one_is_enough() -> None:
    state = begun()
    events = (e.ControlTurned(on=True), changed(Role.ADMINISTRATOR))
    assert raises(state, *events)
    assert not raises_power(apply(state, events[1]), apply_all(state, events), (events[0],))


def test_joining_a_group_that_has_all_clients_raises_power_and_another_does_not() -> None:
    joined = e.GroupJoined(group=2, members=BitMap([BOB]))
    plain = begun(e.GroupCreated(group=2))
    given = e.GrantsSet(subject=group_subject(2), kind="all", targets=BitMap([0]), level=Level.READER)
    blocked = e.GrantsSet(subject=group_subject(2), kind="all", targets=BitMap([0]), level=Level.BLOCKED)
    assert not raises(plain, joined)
    assert raises(apply_all(plain, (given,)), joined)
    assert not raises(apply_all(plain, (blocked,)), joined)
