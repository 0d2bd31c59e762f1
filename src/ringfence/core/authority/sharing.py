"""Who may give which command (rules.md 5). Every answer is for the present instant.

Whoever shares by the firm's `sharing` setting is capped; the cap itself is in `cap.py`.
"""

from typing import Literal

from pyroaring import BitMap

from ringfence.core.commands.context import Desk
from ringfence.core.decision.moment import Moment
from ringfence.core.decision.single import authority_level, authority_on
from ringfence.core.decision.walls import kept_apart
from ringfence.core.refusals import Problem, forbid
from ringfence.core.state.holding import EMPTY
from ringfence.core.terms import Capability, Level, Target

from .capability import may

SharingRight = Literal["full", "capped"] | None


def need_active(desk: Desk) -> None:
    """An inactive member commands nothing, nor does anybody from outside."""
    if not may(desk.state, desk.actor, Capability.MEMBER):
        forbid(Problem.INACTIVE_ACTOR)


def administers(desk: Desk) -> bool:
    """The operator, or an administrator or principal."""
    return may(desk.state, desk.actor, Capability.MANAGE)


def manages_access(desk: Desk) -> bool:
    """Those, or a member with `manage_access`."""
    return may(desk.state, desk.actor, Capability.MANAGE_ACCESS)


def need_administrator(desk: Desk) -> None:
    if not administers(desk):
        forbid(Problem.ONLY_ADMINISTRATORS)


def need_access(desk: Desk) -> None:
    """A member who may use client records at all."""
    if not may(desk.state, desk.actor, Capability.USE_CLIENTS):
        forbid(Problem.ONLY_WITH_ACCESS)


def sharing_right(desk: Desk, target: Target, moment: Moment | None = None) -> SharingRight:
    """How the actor may share a client or engagement: as who manages access, capped by the setting, or not.

    `moment` is another state to look at, such as that in which a client has just been added.
    """
    looked_at = moment or desk.moment
    if manages_access(desk):
        return "full"
    assert desk.actor is not None
    sharing = desk.settings.sharing
    if sharing == "administrators":
        return None
    level = authority_for(looked_at, desk.actor, target)
    least = Level.OWNER if sharing == "owners" else Level.READER
    return "capped" if level >= least else None


def authority_for(moment: Moment, member: int, target: Target) -> Level:
    """The member's authority level on an engagement or client."""
    if target.kind == "engagement":
        return authority_level(moment, member, target.number)
    return authority_on(moment, member, target.number)


def need_sharing(desk: Desk, target: Target, moment: Moment | None = None) -> SharingRight:
    """Refuses whoever may not share the target, also for a wall they stand on themselves."""
    right = sharing_right(desk, target, moment)
    if right is None:
        forbid(Problem.ONLY_SHARERS)
    register = (moment or desk.moment).state.register
    client = register.client_of[target.number] if target.kind == "engagement" else target.number
    if desk.state.walls:
        need_no_own_wall(desk, BitMap([client]))
    return right


def need_no_own_wall(desk: Desk, clients: BitMap) -> None:
    """A member may not share clients that a wall keeps from them while somebody else could (rules.md 5).

    Whatever takes a grant on a client away or gives one is sharing it (rules.md 9, walls).
    """
    if desk.actor is None:
        return
    for number, sides in desk.state.walls.items():
        kept = kept_apart([sides]).get(desk.actor, EMPTY)
        if kept & clients and another_could(desk, number):
            forbid(Problem.OWN_WALL)


def stands_on(desk: Desk, wall: int) -> bool:
    one, other = desk.state.walls[wall]
    return desk.actor is not None and desk.actor in one.members | other.members


def another_could(desk: Desk, wall: int) -> bool:
    """Whether another active administrator or principal is not on the wall."""
    one, other = desk.state.walls[wall]
    involved = one.members | other.members
    return any(
        number != desk.actor and number not in involved and may(desk.state, number, Capability.MANAGE)
        for number in desk.state.members
    )


def need_level_on_client(desk: Desk, client: int, level: Level) -> None:
    """Refuses whoever has less than `level` on the client as a whole, by the decision (rules.md 2)."""
    if desk.actor is not None and desk.moment.client_level(desk.actor, client) < level:
        forbid(Problem.ONLY_OWNERS if level is Level.OWNER else Problem.ONLY_EDITORS)


def need_level_on_engagement(desk: Desk, engagement: int, level: Level) -> None:
    if desk.actor is not None and desk.moment.level(desk.actor, engagement) < level:
        forbid(Problem.ONLY_OWNERS if level is Level.OWNER else Problem.ONLY_EDITORS)
