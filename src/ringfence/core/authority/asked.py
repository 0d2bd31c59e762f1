"""What a firm's other software asks: may this member view, edit, remove or share that client or engagement?

View, edit and remove are the decision (rules.md 2): Reader of one engagement, Editor and Owner of the whole.
Share is the right to set grants on it (rules.md 5), for whoever sees it. Nothing is decided here anew.
"""

from enum import StrEnum
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core.decision.moment import Moment
from ringfence.core.decision.single import decide
from ringfence.core.state.holding import EMPTY
from ringfence.core.terms import Level, Reason, Target

from .acting import Acting
from .sharing import refused_acting, refused_sharing, shareable


class Action(StrEnum):
    """What somebody may do to a client or an engagement."""

    VIEW = "view"
    EDIT = "edit"
    REMOVE = "remove"
    SHARE = "share"


NEEDED = {
    Action.VIEW: Level.READER,
    Action.EDIT: Level.EDITOR,
    Action.REMOVE: Level.OWNER,
    Action.SHARE: Level.READER,
}
"""The level from which on each is allowed; sharing needs the right to besides."""


class Judgement(NamedTuple):
    """One answer. A client's `level` is that of the whole, or where it is viewed that of what shows of it."""

    allowed: bool
    level: Level
    reason: Reason
    partial: bool = False
    """Whether the member sees some engagements of the client and others not."""


def judge(moment: Moment, member: int, target: Target, action: Action) -> Judgement:
    """May the member do this to the client or engagement now? Numbers of nothing are outside the firm."""
    if target.kind == "engagement":
        level, reason = decide(moment, member, target.number)
        found = Judgement(level >= NEEDED[action], level, reason)
    else:
        found = _judge_client(moment, member, target.number, action)
    if action is Action.SHARE and found.allowed:
        acting = Acting(moment=moment, actor=member)
        return found._replace(allowed=refused_sharing(acting, target) is None)
    return found


def _judge_client(moment: Moment, member: int, client: int, action: Action) -> Judgement:
    found = [decide(moment, member, each) for each in moment.state.register.engagements_of(client)]
    if not found:
        return Judgement(False, *decide(moment, member, 0))
    seen = [one for one in found if one.allowed]
    partial = 0 < len(seen) < len(found)
    whole = action is Action.EDIT or action is Action.REMOVE
    level, reason = min(found if whole or not seen else seen, key=_by_level)
    return Judgement(level >= NEEDED[action], level, reason, partial)


def _by_level(decision: tuple[Level, Reason]) -> Level:
    return decision[0]


def clients_for(moment: Moment, member: int, action: Action) -> BitMap:
    """All clients of which `judge` says yes."""
    if action is Action.VIEW:
        return moment.clients(member)
    if action is Action.SHARE:
        return moment.clients(member) & shareable(Acting(moment=moment, actor=member))
    register, reach = moment.state.register, moment.reach(member)
    enough = reach.edit if action is Action.EDIT else reach.own
    if not enough:
        return EMPTY
    return register.clients - moment.clients_of(register.engagements - enough)


def engagements_for(moment: Moment, member: int, action: Action) -> BitMap:
    """All engagements of which `judge` says yes."""
    see, edit, own = moment.reach(member)
    if action is not Action.SHARE:
        return {Action.VIEW: see, Action.EDIT: edit, Action.REMOVE: own}[action]
    acting = Acting(moment=moment, actor=member)
    if refused_acting(acting) is not None:
        return EMPTY
    return BitMap(each for each in see if refused_sharing(acting, Target("engagement", each)) is None)


def members_for(moment: Moment, target: Target, action: Action) -> list[int]:
    """All members of whom `judge` says yes, by number."""
    return [member for member in moment.state.everyone if judge(moment, member, target, action).allowed]
