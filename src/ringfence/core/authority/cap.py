"""The cap on members who share by the firm's `sharing` setting (rules.md 5, first bullet).

Nothing above their own authority, nothing that outlasts it, and nothing more for themselves. Whoever manages
access is not capped and never gets here.
"""

from collections.abc import Iterable
from itertools import product

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply, apply_all
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.sets import authority
from ringfence.core.decision.walls import later_starts
from ringfence.core.refusals import Problem, Refusal, Refused
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.terms import (
    ALL_CLIENTS,
    EVERYONE,
    FOREVER,
    GIVING,
    Instant,
    Level,
    Subject,
    Target,
    group_subject,
    member_subject,
)
from ringfence.core.values import GrantTerms

from .acting import Acting
from .sharing import authority_for, sharing_right


def refused_above_cap(
    acting: Acting, subject: Subject, target: Target, new: GrantTerms | None, later: Moment | None = None
) -> Refused | None:
    """Setting the subject's grant on an engagement or client to `new`, or taking it away where that is None.

    `later` is another state to look at than the present one. The refusal is `above_own_level`.
    """
    looked_at = later or acting.moment
    assert acting.actor is not None
    old = looked_at.state.held_by(subject).grant_on(target)
    authority = authority_for(looked_at, acting.actor, target)
    for level in (old.level if old else Level.NONE, new.level if new else Level.NONE):
        if _weight(level) > authority:
            return _above(Problem.ABOVE_OWN_LEVEL)
    if new is not None and _outlasts(looked_at, acting.actor, target, new):
        return _above(Problem.OUTLASTS_OWN_ACCESS)
    if subject == member_subject(acting.actor) and _raises_own(looked_at, acting.actor, target, old, new):
        return _above(Problem.OWN_GRANT)
    return None


def refused_touching(acting: Acting, subject: Subject, target: Target) -> Refused | None:
    """How the cap refuses whatever a standing grant might be changed to; None where some change is within it.

    The least that it could be changed to is to end at once; one of their own also a lower level that stays,
    or another fee split and nothing else.
    """
    old = acting.state.held_by(subject).grant_on(target)
    if old is None or sharing_right(acting, target) != "capped":
        return None
    soon = Instant(acting.now + 1)
    ends = msgspec.structs.replace(old, expires=min(old.expires or soon, soon))
    splits = acting.settings.fee_splits and target.kind == "client" and subject.kind == "member"
    levels = [level for level in (*GIVING, Level.BLOCKED) if splits or level is not old.level]
    others = (msgspec.structs.replace(old, level=level) for level in levels)
    refused = refused_above_cap(acting, subject, target, ends)
    if refused is None or any(refused_above_cap(acting, subject, target, each) is None for each in others):
        return None
    return refused


def never_above_cap(acting: Acting) -> BitMap:
    """The clients on which the cap refuses nothing that the actor gives or takes from somebody else.

    They have authority Owner of the whole, by nothing that is still to expire, and no wall will come between.
    """
    assert acting.actor is not None
    state, register = acting.state, acting.state.register
    ending = BitMap()
    for subject in (member_subject(acting.actor), *map(group_subject, state.groups_of(acting.actor))):
        for target in state.held_by(subject).expires:
            if target.kind == "client":
                ending.add(target.number)
            elif target.kind == "engagement":
                ending.add(register.client_of[target.number])
            else:
                return EMPTY
    for wall in state.walls.values():
        if not wall.begun(acting.now):
            ending |= BitMap(wall.across(acting.actor))
    owned = authority(acting.moment.evaluation, acting.actor).own
    return register.clients - register.clients_of(register.engagements - owned) - ending


def _weight(level: Level) -> Level:
    """Blocked counts as Owner."""
    return Level.OWNER if level is Level.BLOCKED else level


def _above(problem: Problem) -> Refused:
    return Refused(Refusal.ABOVE_OWN_LEVEL, problem, "level")


def _outlasts(moment: Moment, actor: int, target: Target, new: GrantTerms) -> bool:
    """Whether the grant outlasts the giver's own access."""
    mine = [member_subject(actor), *map(group_subject, moment.state.groups_of(actor))]
    client = moment.client_of(target.number) if target.kind == "engagement" else target.number
    ends = _ends(moment, mine, target) | set(later_starts(moment.state, client, moment.now))
    for end in sorted(ends):
        if new.counts(end):
            later = msgspec.structs.replace(moment, now=end)
            if authority_for(later, actor, target) < _weight(new.level):
                return True
    return False


def refused_opening(acting: Acting, after: State, targets: Iterable[Target]) -> Refused | None:
    """Opening an engagement to all by these grants without Owner of their target (`above_own_level`).

    Judged as though control were on, now and at each later time at which a block on Everyone ends, and as
    though emergency access were over: the clock ends it, and would open what it alone still assigns.
    """
    assert acting.actor is not None
    touched, times = BitMap(), {acting.now}
    for target in targets:
        if authority_for(acting.moment, acting.actor, target) is not Level.OWNER:
            touched |= BitMap(_engagements(acting.moment, target))
            times |= _ends(acting.moment, [group_subject(EVERYONE)], target)
    before, later = as_though_over(as_though_on(acting.state)), as_though_over(as_though_on(after))
    for time in times if touched else ():
        opened = at(later, time).open_to_all - at(before, time).open_to_all
        if found := opened & touched:
            refused = _above(Problem.OPENS_TO_ALL)
            refused.clients = acting.state.register.clients_of(found)
            return refused
    return None


def as_though_on(state: State) -> State:
    """The state with control turned on (rules.md 5, "as though control were on")."""
    return state if state.settings.control else apply(state, e.ControlTurned(on=True))


def as_though_over(state: State) -> State:
    """The state once all emergency access in it has ended, as it does by itself."""
    pairs = [pair for pair, one in state.emergencies.items() if one.stands]
    ended = [e.EmergencyEnded(client=client, member=member) for client, member in pairs]
    return apply_all(state, ended) if ended else state


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


def _raises_own(
    moment: Moment, actor: int, target: Target, old: GrantTerms | None, new: GrantTerms | None
) -> bool:
    """Their own grant may be lowered, shortened or removed, where that raises nothing at any time."""
    if new is not None and (old is None or not old.counts(moment.now) or _is_more(old, new)):
        return True
    after = apply(moment.state, _event(member_subject(actor), target, new))
    return _raises(moment, after, actor, [target])


def refused_raising_own(acting: Acting, after: State, targets: Iterable[Target]) -> Refused | None:
    """Own grants on these, each of which may be changed by itself, raising something together."""
    assert acting.actor is not None
    raises = _raises(acting.moment, after, acting.actor, targets)
    return _above(Problem.OWN_GRANT) if raises else None


def _raises(moment: Moment, after: State, actor: int, targets: Iterable[Target]) -> bool:
    """Whether the actor reaches more of the targets, at any time.

    Judged as though control were on, also while it is off (rules.md 9, own grants); with the emergency access
    that stands, and once it is over.
    """
    touched, times = BitMap(), {moment.now}
    before, later = as_though_on(moment.state), as_though_on(after)
    for target in targets:
        touched |= BitMap(_engagements(moment, target))
        for state in (before, later):
            times |= _ends(at(state, moment.now), state.holdings, target)
    if not touched:
        return False
    made = [*before.delegations.values(), *later.delegations.values()]
    times |= {each.expires for each in made if each.expires is not None and each.expires > moment.now}
    ends = (wall.ends for wall in before.walls.values())
    times |= {end for end in ends if end is not None and end > moment.now}
    views = {(before, later), (as_though_over(before), as_though_over(later))}
    for (was_state, will_state), time in product(views, sorted(times)):
        was, will = at(was_state, time), at(will_state, time)
        for engagement in touched:
            if will.level(actor, engagement) > was.level(actor, engagement):
                return True
    return False


def _is_more(old: GrantTerms, new: GrantTerms) -> bool:
    """Whether a grant rises or lasts longer. To be Blocked is less than anything."""
    rises = new.level is not Level.BLOCKED and (old.level is Level.BLOCKED or new.level > old.level)
    return rises or (new.expires or FOREVER) > (old.expires or FOREVER)


def _event(subject: Subject, target: Target, new: GrantTerms | None) -> e.Event:
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
