"""Why a decision is what it is: every fact that was looked at, what became of it, and the paths that won.

Decides nothing itself: the answer is `decision.decide`'s, and each fact is judged against it (rules.md 2).
What delegations come to is in `hops.py`, what would change the answer in `remedies.py`, sentences in
`ringfence.wording`. Nothing here is safe to show to the member as it is.
"""

import msgspec

from ringfence.core.decision.moment import Moment
from ringfence.core.decision.single import Decision, decide
from ringfence.core.terms import Instant, Level, Reason
from ringfence.core.values import Member

from .grants import (
    Delegator,
    GrantFact,
    Hop,
    Openness,
    Path,
    emergency_fact,
    grant_facts,
    openness,
    walls_between,
)
from .hops import hops_and_delegators, paths_over

STEPS: dict[Reason, int] = {
    Reason.OUTSIDE_FIRM: 1,
    Reason.INACTIVE_MEMBER: 2,
    Reason.NO_ACCESS_PERMISSION: 2,
    Reason.WALL: 3,
    Reason.CONTROL_OFF: 4,
    Reason.ADMINISTRATOR: 5,
    Reason.DIRECT: 6,
    Reason.BLOCKED: 6,
    Reason.GROUP: 7,
    Reason.ALL_CLIENTS: 7,
    Reason.BLOCKED_BY_GROUP: 7,
    Reason.DELEGATED: 8,
    Reason.UNASSIGNED: 9,
    Reason.NOT_ASSIGNED: 10,
}
"""The step of rules.md 2 that gives each reason."""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """One decision with its proof. Of what is outside the firm nothing is told but the member, if any."""

    member: int
    engagement: int
    client: int
    service: int
    at: Instant
    decision: Decision
    person: Member | None
    control: bool
    walls: tuple[int, ...]
    grants: tuple[GrantFact, ...]
    """Every grant of the member and of their groups that stands here, counting or not."""
    hops: tuple[Hop, ...]
    delegators: tuple[Delegator, ...]
    openness: Openness
    paths: tuple[Path, ...]
    """The ways that give the answer, every grant that won among them; empty where no grant did."""

    @property
    def step(self) -> int:
        """The step of rules.md 2 that answered."""
        return STEPS[self.decision.reason]

    @property
    def won(self) -> tuple[GrantFact, ...]:
        """The grants that gave the answer, here or with a delegator."""
        return tuple(path.grant for path in self.paths)

    @property
    def emergency_until(self) -> Instant | None:
        """Until when, where emergency access gave the answer (rules.md 10)."""
        return next((fact.expires for fact in self.won if fact.emergency), None)


class ClientExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a member's level on a client as a whole is what it is: the lowest over its engagements."""

    member: int
    client: int
    level: Level
    engagements: tuple[Explanation, ...]
    """One per engagement; none where the client is not there."""

    @property
    def lowest(self) -> tuple[Explanation, ...]:
        """The engagements that hold the whole down to its level."""
        return tuple(one for one in self.engagements if one.decision.level is self.level)

    @property
    def sees(self) -> bool:
        """Whether the member sees the client at all: at least one of its engagements."""
        return any(one.decision.allowed for one in self.engagements)


def explain(moment: Moment, member: int, engagement: int) -> Explanation:
    """The decision for one member and one engagement with everything that bore on it (rules.md 2)."""
    decision = decide(moment, member, engagement)
    state = moment.state
    if decision.reason is Reason.OUTSIDE_FIRM:
        return _outside(moment, member, engagement, decision)
    client = state.register.client_of[engagement]
    grants = (
        *grant_facts(moment, member, engagement, decision),
        *emergency_fact(moment, member, engagement, decision),
    )
    hops, delegators = hops_and_delegators(moment, member, engagement, decision)
    return Explanation(
        member=member,
        engagement=engagement,
        client=client,
        service=state.register.service_of[engagement],
        at=moment.now,
        decision=decision,
        person=state.members[member],
        control=state.settings.control,
        walls=walls_between(moment, member, client),
        grants=grants,
        hops=hops,
        delegators=delegators,
        openness=openness(moment, engagement),
        paths=paths_over(member, grants, hops, delegators),
    )


def explain_client(moment: Moment, member: int, client: int) -> ClientExplanation:
    """The member's level on the client as a whole, engagement by engagement (rules.md 2, "Client level")."""
    engagements = moment.state.register.engagements_of(client)
    found = tuple(explain(moment, member, number) for number in engagements)
    level = min((one.decision.level for one in found), default=Level.NONE)
    return ClientExplanation(member=member, client=client, level=level, engagements=found)


def _outside(moment: Moment, member: int, engagement: int, decision: Decision) -> Explanation:
    """As if it did not exist: not even what there is of it is told."""
    return Explanation(
        member=member,
        engagement=engagement,
        client=0,
        service=0,
        at=moment.now,
        decision=decision,
        person=moment.state.members.get(member),
        control=moment.state.settings.control,
        walls=(),
        grants=(),
        hops=(),
        delegators=(),
        openness=Openness(level=Level.NONE, confidential=False, assigned_by=()),
        paths=(),
    )
