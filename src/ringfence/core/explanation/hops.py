"""Delegations in an explanation: who is upstream, what each has to pass on, and the ways that won (step 8).

Delegations may run in circles, so upstream is a flat list of people and hops, each of them once; a way is
the shortest over the hops that carry the level (rules.md 2, "Delegation cascades").
"""

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from ringfence.core.decision.delegated import passes
from ringfence.core.decision.moment import Moment
from ringfence.core.decision.single import Asked, Decision, decide
from ringfence.core.terms import Level, Reason
from ringfence.core.values import Delegation

from .grants import Delegator, GrantFact, Hop, Path, Use, grant_facts


def hops_and_delegators(
    moment: Moment, member: int, engagement: int, decision: Decision
) -> tuple[tuple[Hop, ...], tuple[Delegator, ...]]:
    """All delegations on the way to the member, nearest first, and everybody whom they come from."""
    made_to = _by_delegate(moment)
    people: dict[int, Delegator] = {}
    hops: list[Hop] = []
    seen, row = {member}, [member]
    for taker in row:
        for giver, made in made_to.get(taker, ()):
            if giver == member:
                continue
            hop = _hop(moment, giver, taker, made, engagement, first=taker == member)
            hops.append(hop)
            if giver not in people:
                people[giver] = _delegator(moment, giver, engagement)
            if hop.use not in _IDLE and giver not in seen:
                seen.add(giver)
                row.append(giver)
    return tuple(_with_winners(hops, people, member, decision)), tuple(people.values())


_IDLE = frozenset({Use.EXPIRED, Use.NOT_PASSED_ON, Use.SWITCHED_OFF})
"""Hops over which nothing comes, whatever the delegator has: what is behind them does not matter."""


def _by_delegate(moment: Moment) -> dict[int, list[tuple[int, Delegation]]]:
    found: dict[int, list[tuple[int, Delegation]]] = {}
    for (giver, taker), made in sorted(moment.state.delegations.items(), key=lambda pair: pair[0]):
        found.setdefault(taker, []).append((giver, made))
    return found


def _hop(moment: Moment, giver: int, taker: int, made: Delegation, engagement: int, *, first: bool) -> Hop:
    passed = min(made.cap, passes(moment.evaluation, giver).level(engagement))
    if not moment.state.settings.delegation:
        use = Use.SWITCHED_OFF
    elif not made.counts(moment.now):
        use = Use.EXPIRED
    elif not first and not made.cascades:
        use = Use.NOT_PASSED_ON
    else:
        use = Use.OVERRIDDEN if passed else Use.NOTHING_TO_PASS
    return Hop(
        delegator=giver,
        delegate=taker,
        cap=made.cap,
        expires=made.expires,
        cascades=made.cascades,
        passes=Level.NONE if use in _IDLE else passed,
        use=use,
    )


def _delegator(moment: Moment, member: int, engagement: int) -> Delegator:
    decision = decide(moment, member, engagement, Asked.HANDED_ON)
    return Delegator(
        member=member, decision=decision, grants=grant_facts(moment, member, engagement, decision)
    )


def _with_winners(
    hops: list[Hop], people: dict[int, Delegator], member: int, decision: Decision
) -> list[Hop]:
    """The same hops, those that carry the decided level from a grant to the member marked as winners."""
    if decision.reason is not Reason.DELEGATED:
        return hops
    strong = [hop for hop in hops if hop.passes >= decision.level]
    taking = {member}
    for hop in _spreading(strong, taking, lambda hop: (hop.delegate, hop.delegator)):
        if people[hop.delegator].decision.reason is Reason.DELEGATED:
            taking.add(hop.delegator)
    # Members in a circle seem to reach what only the circle hands round: a grant must be at the far end.
    having = {
        number
        for number, one in people.items()
        if one.decision.level >= decision.level and one.decision.reason is not Reason.DELEGATED
    }
    for hop in _spreading(strong, having, lambda hop: (hop.delegator, hop.delegate)):
        having.add(hop.delegate)
    return [
        replace(hop, use=Use.WON)
        if hop in strong and hop.delegate in taking and hop.delegator in having
        else hop
        for hop in hops
    ]


def _spreading(hops: list[Hop], reached: set[int], ends: Callable[[Hop], tuple[int, int]]) -> Iterator[Hop]:
    """Every hop once, as soon as its near end is in `reached`, which the caller extends meanwhile."""
    waiting = list(hops)
    while ready := [hop for hop in waiting if ends(hop)[0] in reached]:
        waiting = [hop for hop in waiting if hop not in ready]
        yield from ready


def paths_over(
    member: int, grants: tuple[GrantFact, ...], hops: tuple[Hop, ...], people: tuple[Delegator, ...]
) -> tuple[Path, ...]:
    """The ways that won: to every winning grant of the member, or over the fewest hops to a delegator's."""
    found = [Path(holder=member, hops=(), grant=fact) for fact in grants if fact.use is Use.WON]
    way: dict[int, tuple[Hop, ...]] = {member: ()}
    winning = [hop for hop in hops if hop.use is Use.WON]
    reached = {member}
    for hop in _spreading(winning, reached, lambda hop: (hop.delegate, hop.delegator)):
        if hop.delegator not in way:
            way[hop.delegator] = (*way[hop.delegate], hop)
            reached.add(hop.delegator)
    for one in people:
        if one.member in way:
            found += [
                Path(holder=one.member, hops=way[one.member], grant=fact)
                for fact in one.grants
                if fact.use is Use.WON
            ]
    return tuple(found)
