"""Whom grants stand for: what a group was given, which grants stand on a client, what is nobody's, what
everybody's.

The questions of pages and lists that show grants; who sees what by them is decided in `single.py` and
`moment.py`.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec
from pyroaring import BitMap

from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.terms import ALL_CLIENTS, GIVING, Level, Reason, Subject, Target
from ringfence.core.values import GrantTerms

from . import sets
from .moment import Moment
from .single import leaves_out


class Idle(StrEnum):
    """Why a grant that stands gives nobody anything (rules.md 1)."""

    EXPIRED = "expired"
    INACTIVE_MEMBER = Reason.INACTIVE_MEMBER.value
    NO_ACCESS_PERMISSION = Reason.NO_ACCESS_PERMISSION.value
    EMPTY_GROUP = "empty_group"


class HeldGrant(msgspec.Struct, frozen=True, kw_only=True):
    """One grant that stands on a client, on one of its engagements or on one of its services."""

    subject: Subject
    target: Target
    terms: GrantTerms
    idle: Idle | None
    """What makes it give nothing; None where it counts."""
    opens: tuple[int, ...]
    """The engagements of the client that removing this one grant would open to all (rules.md 1, 2)."""


def given(moment: Moment, group: int) -> BitMap:
    """The engagements that the group's counting grants give its members; one block denies (step 7)."""
    return sets.given(moment.evaluation, group)


def denied(moment: Moment, group: int) -> BitMap:
    """The engagements that the group's counting Blocked grants deny its members (step 7)."""
    return sets.denied(moment.evaluation, group)


def levels(moment: Moment, subject: Subject) -> tuple[Level, ...]:
    """The levels of the subject's counting grants, lowest first, Blocked last; none where none counts."""
    gathered: list[list[BitMap]] = [[], [], [], []]
    moment.evaluation.compiled(subject).gather(gathered)
    wide = moment.evaluation.wide_level(subject)
    return tuple(level for level in (*GIVING, Level.BLOCKED) if gathered[level - 1] or level is wide)


def open_to_everybody(moment: Moment) -> BitMap:
    """The engagements that are open to all (rules.md 6) or that Everyone was given.

    Blocks, walls and missing permissions keep single members out all the same.
    """
    return sets.everybodys(moment.evaluation)


def unassigned(moment: Moment) -> BitMap:
    """The engagements on which no grant but Blocked stands (rules.md 1), of confidential clients too."""
    return moment.evaluation.everything() - moment.state.assigned


def holders(moment: Moment, client: int) -> tuple[HeldGrant, ...]:
    """Every grant that stands on the client, its engagements or its services, counting or not.

    Blocked ones too; grants on all clients are not about this one and left out.
    """
    standing = list(_standing_on(moment.state, client))
    opened = _opened_by_removing(moment, client, standing)
    return tuple(
        HeldGrant(
            subject=subject,
            target=target,
            terms=terms,
            idle=_idle(moment, subject, terms),
            opens=opened.get((subject, target), ()),
        )
        for subject, target, terms in standing
    )


def fee_splits(moment: Moment, client: int) -> dict[int, int]:
    """By member, the share of the client's fee that their grant on it carries: hundredths of a per cent.

    Of counting grants other than Blocked, those above 0 % alone; none while the firm has no fee splits
    (rules.md 1, 3).
    """
    state = moment.state
    if not state.settings.fee_splits or client not in state.register.clients:
        return {}
    found: dict[int, int] = {}
    for subject, held in state.holdings.items():
        split = held.fee_splits.get(client, 0)
        counting = held.counting_on(Target("client", client), moment.now) if split else Level.NONE
        if counting in GIVING and state.members[subject.number].active:
            found[subject.number] = split
    return found


def wide_holders(moment: Moment) -> tuple[HeldGrant, ...]:
    """Every grant that stands on all clients, counting or not, Blocked ones too: they assign nothing."""
    standing = ((subject, held.grant_on(ALL_CLIENTS)) for subject, held in moment.state.holdings.items())
    return tuple(
        HeldGrant(
            subject=subject,
            target=ALL_CLIENTS,
            terms=terms,
            idle=_idle(moment, subject, terms),
            opens=(),
        )
        for subject, terms in standing
        if terms is not None
    )


class ServiceUse(msgspec.Struct, frozen=True, kw_only=True):
    """What has a service of the catalogue, so that it cannot be removed (rules.md 9, `service.remove`)."""

    clients: int
    removed: int
    """Removed clients that had it."""
    groups: int
    members: int
    """Groups and members for whom a grant stands on all of the service."""


def service_uses(moment: Moment) -> dict[int, ServiceUse]:
    """Every service of the catalogue with what has it, counted exactly."""
    state, register = moment.state, moment.state.register
    granted = {(service, subject) for subject, held in state.holdings.items() for service in held.services}
    found = {}
    for service in state.services:
        engagements = register.by_service.get(service, EMPTY) - register.ended
        kinds = [subject.kind for number, subject in granted if number == service]
        found[service] = ServiceUse(
            # Of one service a client has one engagement at most.
            clients=len(engagements & register.engagements),
            removed=len(register.clients_of(engagements - register.engagements)),
            groups=kinds.count("group"),
            members=kinds.count("member"),
        )
    return found


def owns(moment: Moment, member: int, client: int) -> bool:
    """Whether a grant of the member's own on the client or one of its engagements is Owner."""
    held = moment.state.held_by(Subject("member", member))
    targets = [Target("client", client)]
    targets += [Target("engagement", number) for number in moment.state.register.engagements_of(client)]
    return any(held.counting_on(target, moment.now) is Level.OWNER for target in targets)


def owners_or_grantees(moment: Moment, clients: BitMap) -> dict[int, BitMap]:
    """Who is told of which of these clients where somebody lets themselves in (rules.md 5, "Self-access").

    By member, the clients of which they are an Owner, or that have none and on which they have a grant, each
    time by a counting grant of their own on the client or one of its engagements. Blocked ones give nothing.
    """
    owned: dict[int, BitMap] = {}
    given: dict[int, BitMap] = {}
    register = moment.state.register
    for subject in moment.state.holdings:
        member = moment.state.members.get(subject.number)
        if subject.kind != "member" or member is None or not member.works:
            continue
        found = moment.evaluation.compiled(subject)
        levels = [near | far for near, far in zip(found.engagements, found.clients, strict=True)]
        *_, owner = giving = levels[: Level.OWNER]
        owned[subject.number] = register.clients_of(owner) & clients
        given[subject.number] = register.clients_of(BitMap.union(*giving)) & clients
    with_owner = BitMap.union(BitMap(), *owned.values())
    told = {number: owned[number] | (given[number] - with_owner) for number in owned}
    return {number: those for number, those in told.items() if those}


def _standing_on(state: State, client: int) -> Iterator[tuple[Subject, Target, GrantTerms]]:
    register = state.register
    engagements = register.engagements_of(client)
    targets = [Target("client", client)]
    targets += [Target("engagement", number) for number in engagements]
    targets += [Target("service", register.service_of[number]) for number in engagements]
    for subject, held in state.holdings.items():
        for target in targets:
            terms = held.grant_on(target)
            if terms is not None and not leaves_out(held, target, client):
                yield subject, target, terms


def _idle(moment: Moment, subject: Subject, terms: GrantTerms) -> Idle | None:
    state = moment.state
    if not terms.counts(moment.now):
        return Idle.EXPIRED
    if subject.kind == "group":
        working = state.groups[subject.number] & state.everyone
        return None if working else Idle.EMPTY_GROUP
    member = state.members[subject.number]
    if not member.active:
        return Idle.INACTIVE_MEMBER
    return None if member.access else Idle.NO_ACCESS_PERMISSION


def opens_ungranted(state: State, client: int) -> bool:
    """Whether step 9 opens those engagements of the client on which no grant but Blocked stands."""
    closed = state.settings.unassigned_level is Level.NONE or client in state.register.confidential
    return not closed and client not in state.in_emergency


def _opened_by_removing(
    moment: Moment, client: int, standing: list[tuple[Subject, Target, GrantTerms]]
) -> dict[tuple[Subject, Target], tuple[int, ...]]:
    """By grant, the engagements that it alone closes in a firm that leaves unassigned ones open."""
    state = moment.state
    if not opens_ungranted(state, client):
        return {}
    found: dict[tuple[Subject, Target], tuple[int, ...]] = {}
    for number in state.register.engagements_of(client):
        on = {Target("client", client), Target("engagement", number)}
        on.add(Target("service", state.register.service_of[number]))
        assigning = [
            (subject, target)
            for subject, target, terms in standing
            if target in on and terms.level is not Level.BLOCKED
        ]
        if len(assigning) == 1:
            found[assigning[0]] = (*found.get(assigning[0], ()), number)
    return found
