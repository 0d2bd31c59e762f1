"""By what a member reaches what they reach, and what keeps them from the rest (rules.md 2).

`ways` says it of every engagement at once, `ways_on` of a single one. Which level a way gives, and the whole
proof of one decision, is not here: see `single.py` and the room `explanation`.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core.state.compiled import counting
from ringfence.core.state.holding import EMPTY
from ringfence.core.terms import (
    ALL_CLIENTS,
    GIVING,
    Level,
    Reason,
    Subject,
    Target,
    group_subject,
    member_subject,
)

from .delegated import delegated, passes_without
from .evaluation import Evaluation
from .grants import own_and_shared
from .moment import Moment
from .reach import Reach, united
from .sets import opened
from .single import Decision, decide, shared_grants


class Way(NamedTuple):
    """What gave an answer: the reason, and where several can give it, which of them.

    `group` and `delegated` name the group and the delegator; the member's own grant on a service or on all
    clients names its target; `blocked_by_group` names the one or the other. All else is the reason alone.
    """

    reason: Reason
    subject: Subject | None = None
    target: Target | None = None


def ways_on(moment: Moment, member: int, engagement: int) -> tuple[Way, ...]:
    """All ways that give the member's answer on the engagement; of a denial, all that deny it."""
    decision = decide(moment, member, engagement)
    match decision.reason:
        case Reason.GROUP | Reason.ALL_CLIENTS | Reason.BLOCKED_BY_GROUP:
            return tuple(dict.fromkeys(_shared_on(moment, member, engagement, decision)))
        case Reason.DELEGATED:
            return tuple(
                Way(Reason.DELEGATED, member_subject(giver))
                for giver, cap, _ in moment.evaluation.delegators(member)
                if min(cap, passes_without(moment.evaluation, giver, member).level(engagement))
                is decision.level
            )
        case reason:
            return (Way(reason),)


def _shared_on(moment: Moment, member: int, engagement: int, decision: Decision) -> Iterator[Way]:
    deciding = decision.level or Level.BLOCKED
    for subject, target, level in shared_grants(moment, member, engagement):
        if level is deciding:
            yield _shared_way(subject, target, blocks=not decision.allowed)


def _shared_way(subject: Subject, target: Target, *, blocks: bool) -> Way:
    if subject.kind == "group":
        return Way(Reason.BLOCKED_BY_GROUP if blocks else Reason.GROUP, subject)
    return Way(Reason.BLOCKED_BY_GROUP if blocks else Reason.ALL_CLIENTS, target=target)


def ways(moment: Moment, member: int) -> dict[Way, BitMap]:
    """Every way of the member's with the engagements whose answer it gives; none that gives no answer.

    Each engagement of the firm is in at least one of the sets, and in several where several give the answer.
    """
    evaluation = moment.evaluation
    who, whole = evaluation.state.members.get(member), evaluation.everything()
    if who is None:
        return {}
    if not who.works:
        reason = Reason.NO_ACCESS_PERMISSION if who.active else Reason.INACTIVE_MEMBER
        return _not_empty({Way(reason): whole})
    walled = evaluation.walled(member)
    settings, rest = evaluation.state.settings, whole - walled
    found = {Way(Reason.WALL): walled}
    if not settings.control:
        found[Way(Reason.CONTROL_OFF)] = rest
    elif who.administers and settings.administrators == "unrestricted":
        found[Way(Reason.ADMINISTRATOR)] = rest
    else:
        found |= _by_grants(evaluation, member, rest)
    return _not_empty(found)


def _not_empty(found: dict[Way, BitMap]) -> dict[Way, BitMap]:
    return {way: engagements for way, engagements in found.items() if engagements}


def _by_grants(evaluation: Evaluation, member: int, there: BitMap) -> dict[Way, BitMap]:
    """Steps 6 to 10 on what no wall keeps from the member."""
    own, shared, _ = own_and_shared(evaluation, member, emergency=True)
    handed = delegated(evaluation, member, passing_on=False)
    blocked = _own_blocks(evaluation, member)
    rest = there - own.see - blocked
    found = {Way(Reason.DIRECT): own.see & there, Way(Reason.BLOCKED): blocked & there}
    grants = list(_shared_grants(evaluation, member))
    for way, levels in grants:
        if denied := levels[Level.BLOCKED - 1] & rest:
            found[way._replace(reason=Reason.BLOCKED_BY_GROUP)] = denied
    rest = rest - united([levels[Level.BLOCKED - 1] for _, levels in grants])
    unassigned = evaluation.state.settings.unassigned_level
    if unassigned:
        at_least = shared[unassigned - 1] | handed[unassigned - 1]
        found[Way(Reason.UNASSIGNED)] = (opened(evaluation) & rest) - at_least
        rest = rest - found[Way(Reason.UNASSIGNED)]
    for level in GIVING:
        more_handed = handed[level] if level < Level.OWNER else EMPTY
        by_shared = (_exactly(shared, level) & rest) - more_handed
        for way, levels in grants:
            found[way] = found.get(way, EMPTY) | (levels[level - 1] & by_shared)
        by_handed = (_exactly(handed, level) & rest) - shared[level - 1]
        for giver, cap, _ in evaluation.delegators(member):
            way, reach = (
                Way(Reason.DELEGATED, member_subject(giver)),
                passes_without(evaluation, giver, member),
            )
            passed = _exactly(reach, level) if cap > level else reach[level - 1] if cap is level else EMPTY
            found[way] = found.get(way, EMPTY) | (passed & by_handed)
    found[Way(Reason.NOT_ASSIGNED)] = rest - shared.see - handed.see
    return found


def _exactly(reach: Reach, level: Level) -> BitMap:
    """The engagements reached at this level and no higher one."""
    return reach[level - 1] - reach[level] if level < Level.OWNER else reach.own


def _own_blocks(evaluation: Evaluation, member: int) -> BitMap:
    """Where the member's own grant answers with Blocked (step 6): on the engagement, else on its client."""
    mine, at = evaluation.compiled(member_subject(member)), Level.BLOCKED - 1
    return mine.engagements[at] | (mine.clients[at] - united(list(mine.engagements)))


def _shared_grants(evaluation: Evaluation, member: int) -> Iterator[tuple[Way, list[BitMap]]]:
    """What step 7 looks at, each with its engagements by level, Blocked last."""
    whole = evaluation.everything()
    for number in evaluation.state.groups_of(member):
        subject = group_subject(number)
        sets: list[list[BitMap]] = [[], [], [], []]
        evaluation.compiled(subject).gather(sets)
        if wide := evaluation.wide_level(subject):
            sets[wide - 1].append(whole)
        yield Way(Reason.GROUP, subject), [united(found, whole) for found in sets]
    held = counting(evaluation.state.held_by(member_subject(member)), evaluation.since)
    register = evaluation.state.register
    for service, level in held.services.items():
        found = register.by_service.get(service, EMPTY) & register.engagements
        yield Way(Reason.ALL_CLIENTS, target=Target("service", service)), _at(level, found)
    if held.all:
        yield Way(Reason.ALL_CLIENTS, target=ALL_CLIENTS), _at(held.all, whole)


def _at(level: Level, engagements: BitMap) -> list[BitMap]:
    return [engagements if each is level else EMPTY for each in (*GIVING, Level.BLOCKED)]
