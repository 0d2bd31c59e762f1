"""The facts that an explanation is made of, and what became of each: grants, walls, openness.

Shapes and judgement of single facts; how they come together is in `explanation.py`.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from ringfence.core.decision.moment import Moment
from ringfence.core.decision.single import Decision, leaves_out
from ringfence.core.decision.walls import between
from ringfence.core.state.holding import Holding
from ringfence.core.state.state import State
from ringfence.core.terms import (
    ALL_CLIENTS,
    Instant,
    Level,
    Reason,
    Subject,
    Target,
    group_subject,
    member_subject,
)
from ringfence.core.values import Emergency, GrantTerms


class Use(StrEnum):
    """What became of a fact in a decision."""

    WON = "won"
    OVERRIDDEN = "overridden"
    """It counts, and something that goes before it, or is more, gave the answer."""
    EXPIRED = "expired"
    INACTIVE = "inactive"
    """The member whose grant it is, is not active."""
    EXCLUDED = "excluded"
    """The group's grant on the service leaves this client out."""
    EMPTY_GROUP = "empty_group"
    """Nobody active is in the group; it still assigns."""
    FOR_OTHERS = "for_others"
    """It is another's, and bears on the decision only by assigning."""
    NOTHING_TO_PASS = "nothing_to_pass"
    """The delegator does not reach the engagement."""
    NOT_PASSED_ON = "not_passed_on"
    """The delegation stops at the first delegate."""
    SWITCHED_OFF = "switched_off"
    """The firm's setting `delegation` is off."""


class GrantFact(msgspec.Struct, frozen=True, kw_only=True):
    """One grant that stands where the decision looks."""

    subject: Subject
    target: Target
    level: Level
    expires: Instant | None
    use: Use
    emergency: bool = False
    """Whether it is emergency access (rules.md 10)."""


class Hop(msgspec.Struct, frozen=True, kw_only=True):
    """One delegation on the way to the member. `passes` is what arrives over it, under its cap."""

    delegator: int
    delegate: int
    cap: Level
    expires: Instant | None
    cascades: bool
    passes: Level
    use: Use


class Delegator(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody upstream has to pass on, by steps 2, 3 and 6 to 8, and their grants here."""

    member: int
    decision: Decision
    grants: tuple[GrantFact, ...]


class Openness(msgspec.Struct, frozen=True, kw_only=True):
    """What step 9 looks at. `level` is the firm's for unassigned clients."""

    level: Level
    confidential: bool
    assigned_by: tuple[GrantFact, ...]
    """Every grant, counting or not, by which the engagement is assigned."""

    @property
    def opens(self) -> bool:
        """Whether step 9 opens the engagement to whoever gets that far."""
        return self.level is not Level.NONE and not self.confidential and not self.assigned_by


class Path(msgspec.Struct, frozen=True, kw_only=True):
    """One way from the member to the client: over delegations, if any, to a grant of a member or group.

    `hops` begins with the one made to the member; the grant is the last delegator's or a group's of theirs.
    """

    holder: int
    """The member whose grant or whose group's grant it is."""
    hops: tuple[Hop, ...]
    grant: GrantFact


WIDE = frozenset({"service", "all"})
"""Kinds of target on which a member's own grant is looked at in step 7 only."""


def places(state: State, engagement: int) -> tuple[Target, Target, Target, Target]:
    """Where a grant bears on the engagement, nearest first."""
    register = state.register
    return (
        Target("engagement", engagement),
        Target("client", register.client_of[engagement]),
        Target("service", register.service_of[engagement]),
        ALL_CLIENTS,
    )


def grant_facts(moment: Moment, member: int, engagement: int, decision: Decision) -> tuple[GrantFact, ...]:
    """The grants of the member and their groups, judged against what was decided for that member."""
    state = moment.state
    subjects = [member_subject(member), *map(group_subject, sorted(state.groups_of(member)))]
    nearest = _nearest(moment, member, engagement)
    found = []
    for subject, target, held, standing in _standing(state, subjects, engagement):
        use = _idle(moment, subject, target, held, standing, engagement)
        if use is None:
            wins = _wins(subject, target, standing.level, decision, nearest)
            use = Use.WON if wins else Use.OVERRIDDEN
        found.append(_fact(subject, target, standing, use))
    return tuple(found)


def emergency_fact(moment: Moment, member: int, engagement: int, decision: Decision) -> tuple[GrantFact, ...]:
    """The member's emergency access to the client, judged against what was decided."""
    won = decision.reason is Reason.DIRECT and _nearest(moment, member, engagement) is None
    client = moment.state.register.client_of[engagement]
    return tuple(
        _emergency_fact(moment, client, who, opened, Use.WON if won else Use.OVERRIDDEN)
        for who, opened in _emergencies(moment.state, client)
        if who == member
    )


def _emergencies(state: State, client: int) -> list[tuple[int, Emergency]]:
    """Those that stand on the client, by member."""
    return [(who, one) for (on, who), one in sorted(state.emergencies.items()) if on == client and one.stands]


def _emergency_fact(moment: Moment, client: int, member: int, opened: Emergency, use: Use) -> GrantFact:
    if not opened.counts(moment.now):
        use = Use.EXPIRED
    elif not moment.state.members[member].active:
        use = Use.INACTIVE
    return GrantFact(
        subject=member_subject(member),
        target=Target("client", client),
        level=opened.level,
        expires=opened.expires,
        use=use,
        emergency=True,
    )


def _standing(
    state: State, subjects: Iterable[Subject], engagement: int
) -> Iterable[tuple[Subject, Target, Holding, GrantTerms]]:
    targets = places(state, engagement)
    for subject in subjects:
        held = state.holdings.get(subject)
        if held is None:
            continue
        for target in targets:
            standing = held.grant_on(target)
            if standing is not None:
                yield subject, target, held, standing


def _fact(subject: Subject, target: Target, standing: GrantTerms, use: Use) -> GrantFact:
    return GrantFact(subject=subject, target=target, level=standing.level, expires=standing.expires, use=use)


def _idle(
    moment: Moment, subject: Subject, target: Target, held: Holding, standing: GrantTerms, engagement: int
) -> Use | None:
    """Why the grant gives and denies nothing here; None where it counts (rules.md 1)."""
    if not standing.counts(moment.now):
        return Use.EXPIRED
    if leaves_out(held, target, moment.state.register.client_of[engagement]):
        return Use.EXCLUDED
    if subject.kind == "member" and not moment.state.members[subject.number].active:
        return Use.INACTIVE
    return None


def _nearest(moment: Moment, member: int, engagement: int) -> Target | None:
    """Step 6: where the member's own grant answers."""
    held = moment.state.holdings.get(member_subject(member))
    if held is None:
        return None
    near = places(moment.state, engagement)[:2]
    return next((target for target in near if held.counting_on(target, moment.now)), None)


def _wins(subject: Subject, target: Target, level: Level, decision: Decision, nearest: Target | None) -> bool:
    own = subject.kind == "member"
    shared = not own or target.kind in WIDE
    match decision.reason:
        case Reason.DIRECT | Reason.BLOCKED:
            return own and target == nearest
        case Reason.GROUP:
            return shared and level is decision.level
        case Reason.ALL_CLIENTS:
            return own and shared and level is decision.level
        case Reason.BLOCKED_BY_GROUP:
            return shared and level is Level.BLOCKED
        case _:
            return False


def walls_between(moment: Moment, member: int, client: int) -> tuple[int, ...]:
    """Step 3: the numbers of the walls that stand with the member on one side and the client on the other."""
    return tuple(
        number
        for number, wall in sorted(moment.state.walls.items())
        if between(wall, member, client) and wall.stands(moment.now)
    )


def openness(moment: Moment, engagement: int) -> Openness:
    """What step 9 looks at; the grants that assign, whoever's they are (rules.md 1)."""
    state = moment.state
    client = state.register.client_of[engagement]
    found = []
    for subject, target, held, standing in _standing(state, sorted(state.holdings), engagement):
        assigns = standing.level is not Level.BLOCKED and target != ALL_CLIENTS
        if assigns and not leaves_out(held, target, client):
            use = _idle(moment, subject, target, held, standing, engagement) or _for_others(state, subject)
            found.append(_fact(subject, target, standing, use))
    for member, opened in _emergencies(state, client):
        found.append(_emergency_fact(moment, client, member, opened, Use.FOR_OTHERS))
    return Openness(
        level=state.settings.unassigned_level,
        confidential=client in state.register.confidential,
        assigned_by=tuple(found),
    )


def _for_others(state: State, subject: Subject) -> Use:
    if subject.kind == "group" and not state.groups[subject.number] & state.everyone:
        return Use.EMPTY_GROUP
    return Use.FOR_OTHERS
