"""Who may manage, use clients, and share them (rules.md 5). Every answer is for the present instant.

Whoever shares by the firm's `sharing` setting is capped; the cap itself is in `cap.py`.
"""

from typing import Literal

from pyroaring import BitMap

from ringfence.core.decision.moment import Moment
from ringfence.core.decision.sets import authority
from ringfence.core.decision.single import authority_level, authority_on
from ringfence.core.refusals import Problem, Refused, forbidden
from ringfence.core.state.holding import EMPTY
from ringfence.core.terms import Capability, Level, Target

from .acting import Acting
from .capability import may

SharingRight = Literal["full", "capped"] | None


def refused_acting(acting: Acting) -> Refused | None:
    """An inactive member commands nothing, nor does anybody from outside."""
    return None if _may(acting, Capability.MEMBER) else forbidden(Problem.INACTIVE_ACTOR)


def administers(acting: Acting) -> bool:
    """The operator, or an administrator or principal."""
    return _may(acting, Capability.MANAGE)


def manages_access(acting: Acting) -> bool:
    """Those, or a member with `manage_access`."""
    return _may(acting, Capability.MANAGE_ACCESS)


def refused_managing(acting: Acting) -> Refused | None:
    """Whatever only administrators and principals may do."""
    return None if administers(acting) else forbidden(Problem.ONLY_ADMINISTRATORS)


def refused_using(acting: Acting) -> Refused | None:
    """Whatever a member who may use client records at all may do."""
    return None if _may(acting, Capability.USE_CLIENTS) else forbidden(Problem.ONLY_WITH_ACCESS)


def sharing_right(acting: Acting, target: Target, later: Moment | None = None) -> SharingRight:
    """How the actor may share a client or engagement: as who manages access, capped by the setting, or not.

    `later` is another state to look at, such as that in which a client has just been added.
    """
    if manages_access(acting):
        return "full"
    assert acting.actor is not None
    sharing = acting.settings.sharing
    if sharing == "administrators":
        return None
    level = authority_for(later or acting.moment, acting.actor, target)
    least = Level.OWNER if sharing == "owners" else Level.READER
    return "capped" if level >= least else None


def authority_for(moment: Moment, member: int, target: Target) -> Level:
    """The member's authority level on an engagement or client."""
    if target.kind == "engagement":
        return authority_level(moment, member, target.number)
    return authority_on(moment, member, target.number)


def refused_sharing(acting: Acting, target: Target, later: Moment | None = None) -> Refused | None:
    """Any grant on the client or engagement, also for a wall that the actor stands on themselves."""
    if sharing_right(acting, target, later) is None:
        return forbidden(Problem.ONLY_SHARERS)
    if not acting.state.walls:
        return None
    register = (later or acting.moment).state.register
    client = register.client_of[target.number] if target.kind == "engagement" else target.number
    return refused_by_own_wall(acting, BitMap([client]))


def shareable(acting: Acting) -> BitMap:
    """The clients on which the actor may set grants: those of which `refused_sharing` refuses none."""
    register = acting.state.register
    if refused_acting(acting) is not None:
        return EMPTY
    found = register.clients
    if not manages_access(acting):
        found = _shared_by_setting(acting)
    kept = kept_by_own_walls(acting)
    return found - kept if kept else found


def shares_any(acting: Acting) -> bool:
    """Whether there is a client that the actor may share: the first that is found is enough."""
    if refused_acting(acting) is not None:
        return False
    if manages_access(acting) or acting.state.walls:
        return bool(shareable(acting))
    enough, register = _sharing_engagements(acting), acting.state.register
    return any(
        all(each in enough for each in register.engagements_of(register.client_of[number]))
        for number in enough
    )


def _shared_by_setting(acting: Acting) -> BitMap:
    enough, register = _sharing_engagements(acting), acting.state.register
    if not enough:
        return EMPTY
    return register.clients - acting.moment.clients_of(register.engagements - enough)


def _sharing_engagements(acting: Acting) -> BitMap:
    """The engagements at which the actor's authority level is enough for the firm's setting."""
    sharing = acting.settings.sharing
    if sharing == "administrators" or acting.actor is None:
        return EMPTY
    levels = authority(acting.moment.evaluation, acting.actor)
    return levels.own if sharing == "owners" else levels.see


def refused_by_own_wall(acting: Acting, clients: BitMap) -> Refused | None:
    """A member may not share clients that a wall keeps from them while somebody else could (rules.md 5).

    Whatever takes a grant on a client away or gives one is sharing it (rules.md 9, walls).
    """
    kept = kept_by_own_walls(acting) & clients
    return forbidden(Problem.OWN_WALL) if kept else None


def kept_by_own_walls(acting: Acting) -> BitMap:
    """The clients that walls keep from the actor while somebody else could share them."""
    found = EMPTY
    for number, wall in acting.state.walls.items() if acting.actor is not None else ():
        kept = BitMap(wall.across(acting.actor or 0)) if wall.stands(acting.moment.now) else EMPTY
        if kept and others_who_could(acting, number):
            found = found | kept
    return found


def stands_on(acting: Acting, wall: int) -> bool:
    return acting.actor is not None and acting.actor in acting.state.walls[wall].members


def others_who_could(acting: Acting, wall: int) -> tuple[int, ...]:
    """The active administrators and principals who are not on the wall, but for the actor."""
    involved = acting.state.walls[wall].members
    return tuple(
        number
        for number in acting.state.members
        if number != acting.actor and number not in involved and may(acting.state, number, Capability.MANAGE)
    )


def refused_on_own_wall(acting: Acting, wall: int) -> Refused | None:
    """A member on a wall may neither change nor lower it while another could (rules.md 5).

    Nor before its start or after its end: who takes themselves off in time is kept from nothing.
    """
    if stands_on(acting, wall) and others_who_could(acting, wall):
        return forbidden(Problem.OWN_WALL)
    return None


def refused_below(acting: Acting, target: Target, level: Level) -> Refused | None:
    """Whatever needs `level` by the decision, on an engagement or on a client as a whole (rules.md 2)."""
    if acting.actor is None:
        return None
    has = acting.moment.client_level if target.kind == "client" else acting.moment.level
    if has(acting.actor, target.number) >= level:
        return None
    return forbidden(Problem.ONLY_OWNERS if level is Level.OWNER else Problem.ONLY_EDITORS)


def _may(acting: Acting, capability: Capability) -> bool:
    return may(acting.state, acting.actor, capability)
