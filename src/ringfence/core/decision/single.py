"""One decision with its reason, step by step as in rules.md 2: for one member and one engagement.

The same steps, fewer of them, say what a delegator hands on and what the authority level is (`Asked`).
`sets.py` answers for all engagements at once, without reasons; what delegators pass on is read from there.
"""

from enum import Enum, auto
from typing import NamedTuple

from ringfence.core.state.holding import Holding
from ringfence.core.terms import Level, Reason, Subject, Target, group_subject, member_subject

from .delegated import passes
from .moment import Moment
from .walls import walled


class Decision(NamedTuple):
    """`level` is `Level.NONE` where access is denied."""

    level: Level
    reason: Reason

    @property
    def allowed(self) -> bool:
        return self.level is not Level.NONE


class Asked(Enum):
    """Which steps of rules.md 2 a question asks."""

    ALL = auto()
    """May the member reach the engagement?"""
    HANDED_ON = auto()
    """What a delegator hands on: steps 2, 3 and 6 to 8, over delegations that cascade."""
    AUTHORITY = auto()
    """The authority level of rules.md 5: steps 2, 3 and 5 to 7, as though control were on."""


def _denied(reason: Reason) -> Decision:
    return Decision(Level.NONE, reason)


def decide(moment: Moment, member: int, engagement: int, asked: Asked = Asked.ALL) -> Decision:
    """May the member reach the engagement now, at what level, and by which step (rules.md 2)?"""
    state = moment.state
    who = state.members.get(member)
    if who is None or engagement not in state.register.engagements:
        return _denied(Reason.OUTSIDE_FIRM)
    if not who.active:
        return _denied(Reason.INACTIVE_MEMBER)
    if not who.access:
        return _denied(Reason.NO_ACCESS_PERMISSION)
    if walled(state, member, engagement, moment.now):
        return _denied(Reason.WALL)
    if asked is Asked.ALL and not state.settings.control:
        return Decision(Level.EDITOR, Reason.CONTROL_OFF)
    unrestricted = who.administers and state.settings.administrators == "unrestricted"
    if asked is not Asked.HANDED_ON and unrestricted:
        return Decision(Level.OWNER, Reason.ADMINISTRATOR)
    direct = direct_level(moment, member, engagement)
    if direct:
        return _denied(Reason.BLOCKED) if direct is Level.BLOCKED else Decision(direct, Reason.DIRECT)
    return _beyond_own(moment, member, engagement, asked)


def _beyond_own(moment: Moment, member: int, engagement: int, asked: Asked) -> Decision:
    """Steps 7 to 10; before them emergency access, past everything but a block (rules.md 10)."""
    grants = shared_grants(moment, member, engagement)
    shared = max((level for _, _, level in grants), default=Level.NONE)
    if shared is Level.BLOCKED:
        return _denied(Reason.BLOCKED_BY_GROUP)
    emergencies = asked is Asked.ALL and moment.state.emergencies
    if emergencies and (opened := emergency_level(moment, member, engagement)):
        return Decision(opened, Reason.DIRECT)
    answer = _denied(Reason.NOT_ASSIGNED)
    if shared:
        by_groups = any(subject.kind == "group" and level is shared for subject, _, level in grants)
        answer = Decision(shared, Reason.GROUP if by_groups else Reason.ALL_CLIENTS)
    if asked is Asked.AUTHORITY:
        return answer
    delegated = delegated_level(moment, member, engagement, handing_on=asked is Asked.HANDED_ON)
    if delegated > answer.level:
        answer = Decision(delegated, Reason.DELEGATED)
    if asked is Asked.HANDED_ON:
        return answer
    unassigned = moment.state.settings.unassigned_level
    if unassigned > answer.level and engagement in moment.open:
        answer = Decision(unassigned, Reason.UNASSIGNED)
    return answer


def direct_level(moment: Moment, member: int, engagement: int) -> Level:
    """Step 6: the member's own counting grant on the engagement, else on its client."""
    held = moment.state.holdings.get(member_subject(member))
    if held is None:
        return Level.NONE
    nearer = held.counting_on(Target("engagement", engagement), moment.now)
    client = moment.state.register.client_of[engagement]
    return nearer or held.counting_on(Target("client", client), moment.now)


def emergency_level(moment: Moment, member: int, engagement: int) -> Level:
    """The member's counting emergency access to the engagement's client, which no step 7 block stops."""
    client = moment.state.register.client_of[engagement]
    opened = moment.state.emergencies.get((client, member))
    return opened.level if opened is not None and opened.counts(moment.now) else Level.NONE


def shared_grants(moment: Moment, member: int, engagement: int) -> list[tuple[Subject, Target, Level]]:
    """Step 7: what counts here of the groups' grants and of the member's own wide ones."""
    state, register = moment.state, moment.state.register
    client, service = register.client_of[engagement], register.service_of[engagement]
    near = [Target("engagement", engagement), Target("client", client)]
    wide = [Target("service", service), Target("all", 0)]
    subjects = [(member_subject(member), wide)]
    subjects += [(group_subject(number), near + wide) for number in state.groups_of(member)]
    found = []
    for subject, targets in subjects:
        held = state.holdings.get(subject)
        if held is None:
            continue
        for target in targets:
            level = held.counting_on(target, moment.now)
            if level and not leaves_out(held, target, client):
                found.append((subject, target, level))
    return found


def leaves_out(held: Holding, target: Target, client: int) -> bool:
    """Whether a grant on a service excludes the client."""
    return target.kind == "service" and client in held.excluded.get(target.number, ())


def delegated_level(moment: Moment, member: int, engagement: int, *, handing_on: bool = False) -> Level:
    """Step 8: the highest level that any delegator passes on, under the delegation's cap.

    Where the member is `handing_on` what they get, only over delegations that cascade.
    """
    return max(
        (
            min(cap, passes(moment.evaluation, giver).level(engagement))
            for giver, cap, cascades in moment.evaluation.delegators(member)
            if cascades or not handing_on
        ),
        default=Level.NONE,
    )


def authority_level(moment: Moment, member: int, engagement: int) -> Level:
    """The authority level on an engagement (rules.md 5); `Level.NONE` where there is none."""
    return decide(moment, member, engagement, Asked.AUTHORITY).level


def authority_on(moment: Moment, member: int, client: int) -> Level:
    """The authority level on a client: the lowest over its engagements (rules.md 5)."""
    engagements = moment.state.register.engagements_of(client)
    return min((authority_level(moment, member, number) for number in engagements), default=Level.NONE)
