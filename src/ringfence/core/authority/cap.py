"""The cap on members who share by the firm's `sharing` setting (rules.md 5, first bullet).

Nothing above their own authority, nothing that outlasts it, and nothing more for themselves. Whoever manages
access is not capped and never gets here.
"""

from collections.abc import Iterable

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply
from ringfence.core.commands.context import Desk
from ringfence.core.decision.moment import FOREVER, Moment, at
from ringfence.core.refusals import Problem, Refusal, Refused
from ringfence.core.state.state import State
from ringfence.core.terms import (
    ALL_CLIENTS,
    EVERYONE,
    Instant,
    Level,
    Subject,
    Target,
    group_subject,
    member_subject,
)
from ringfence.core.values import Standing

from .sharing import authority_for


def need_within_cap(
    desk: Desk, subject: Subject, target: Target, new: Standing | None, moment: Moment | None = None
) -> None:
    """Refuses (`above_own_level`) to set the subject's grant on an engagement or client to `new`, or to take
    it away where that is None. `moment` is another state to look at than the present one."""
    looked_at = moment or desk.moment
    assert desk.actor is not None
    old = looked_at.state.held_by(subject).grant_on(target)
    authority = authority_for(looked_at, desk.actor, target)
    for level in (old.level if old else Level.NONE, new.level if new else Level.NONE):
        if _weight(level) > authority:
            _refuse(Problem.ABOVE_OWN_LEVEL)
    if new is not None:
        _need_no_outlasting(looked_at, desk.actor, target, new)
    if subject == member_subject(desk.actor):
        _need_no_more_for_oneself(looked_at, desk.actor, target, old, new)


def _weight(level: Level) -> Level:
    """Blocked counts as Owner."""
    return Level.OWNER if level is Level.BLOCKED else level


def _refuse(problem: Problem) -> None:
    raise Refused(Refusal.ABOVE_OWN_LEVEL, problem, "level")


def _need_no_outlasting(moment: Moment, actor: int, target: Target, new: Standing) -> None:
    mine = [member_subject(actor), *map(group_subject, moment.state.groups_of(actor))]
    for time in sorted(_ends(moment, mine, target)):
        if new.counts(time):
            later = msgspec.structs.replace(moment, now=time)
            if authority_for(later, actor, target) < _weight(new.level):
                _refuse(Problem.OUTLASTS_OWN_ACCESS)


def need_nothing_opened(desk: Desk, after: State, targets: Iterable[Target]) -> None:
    """Refuses (`above_own_level`) opening an engagement to all by these grants without Owner of their target.

    Judged as though control were on, now and at each later time at which a block on Everyone ends.
    """
    assert desk.actor is not None
    touched, times = BitMap(), {desk.now}
    for target in targets:
        if authority_for(desk.moment, desk.actor, target) is not Level.OWNER:
            touched |= BitMap(_engagements(desk.moment, target))
            times |= _ends(desk.moment, [group_subject(EVERYONE)], target)
    before, later = as_though_on(desk.state), as_though_on(after)
    for time in times if touched else ():
        opened = at(later, time).open_to_all - at(before, time).open_to_all
        if opened & touched:
            _refuse(Problem.OPENS_TO_ALL)


def as_though_on(state: State) -> State:
    """The state with control turned on (rules.md 5, "as though control were on")."""
    return state if state.settings.control else apply(state, e.ControlTurned(on=True))


def _ends(moment: Moment, subjects: Iterable[Subject], target: Target) -> set[Instant]:
    """When grants of the subjects that bear on the target are still to expire."""
    register = moment.state.register
    near = {ALL_CLIENTS, target}
    for number in _engagements(moment, target):
        near |= {
            Target("engagement", number),
            Target("client", register.client_of[number]),
            Target("service", register.service_of[number]),
        }
    held = (moment.state.held_by(subject).expires for subject in subjects)
    ends = {expires[on] for expires in held if expires for on in near if on in expires}
    return {time for time in ends if time > moment.now}


def _need_no_more_for_oneself(
    moment: Moment, actor: int, target: Target, old: Standing | None, new: Standing | None
) -> None:
    """Their own grant may be lowered, shortened or removed, where that raises nothing at any time.

    What it raises is judged as though control were on, also while it is off (rules.md 9, own grants).
    """
    if new is not None and (old is None or not old.counts(moment.now) or _is_more(old, new)):
        _refuse(Problem.OWN_GRANT)
    state = as_though_on(moment.state)
    after = apply(state, _event(member_subject(actor), target, new))
    ends = _ends(moment, state.holdings, target)
    ends |= {made.expires for made in state.delegations.values() if made.expires is not None}
    if new is not None and new.expires is not None:
        ends.add(new.expires)
    for time in sorted({moment.now, *(time for time in ends if time > moment.now)}):
        was, will = at(state, time), at(after, time)
        for engagement in _engagements(moment, target):
            if will.level(actor, engagement) > was.level(actor, engagement):
                _refuse(Problem.OWN_GRANT)


def _is_more(old: Standing, new: Standing) -> bool:
    """Whether a grant rises or lasts longer. To be Blocked is less than anything."""
    rises = new.level is not Level.BLOCKED and (old.level is Level.BLOCKED or new.level > old.level)
    return rises or (new.expires or FOREVER) > (old.expires or FOREVER)


def _event(subject: Subject, target: Target, new: Standing | None) -> e.Event:
    targets = BitMap([target.number])
    if new is None:
        return e.GrantsRemoved(subject=subject, kind=target.kind, targets=targets)
    return e.GrantsSet(
        subject=subject, kind=target.kind, targets=targets, level=new.level, expires=new.expires
    )


def _engagements(moment: Moment, target: Target) -> list[int]:
    if target.kind == "engagement":
        return [target.number]
    return moment.state.register.engagements_of(target.number)
