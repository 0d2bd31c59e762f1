"""Draws events of what a firm makes sure of (rules.md 10): walls, policies, emergency access, reviews.

The other events, and which is drawn how often, are in histories.py.
"""

from datetime import date

from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.decision.moment import at
from ringfence.core.decision.review_items import become, items_in
from ringfence.core.review_schedule import ReviewPlan
from ringfence.core.review_values import ReviewDecision, ReviewScope, ReviewTerms
from ringfence.core.specification.facts import Facts
from ringfence.core.state.state import State
from ringfence.core.terms import Instant, Level
from tests.core.drawn import Maker, one_of, standing
from tests.core.firms import NOW, emergencies, some_of, walls_between
from tests.core.random_statements import RandomStatements


def _wall_set(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    if not facts.members or not facts.clients:
        return None
    wall = draw(st.sampled_from([*facts.walls, state.numbers.wall + 1]))
    drawn = draw(walls_between(sorted(facts.members), sorted(facts.clients)))
    known = sorted(facts.walls[wall].acknowledged) if wall in facts.walls else []
    anew = draw(st.frozensets(st.sampled_from(known))) if known else frozenset()
    return e.WallSet(wall=wall, sides=drawn.sides, starts=drawn.starts, ends=drawn.ends, anew=anew)


def _wall_acknowledged(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    asked = [
        (number, member)
        for number, wall in facts.walls.items()
        for member in sorted(wall.members - wall.acknowledged.keys())
    ]
    if not asked:
        return None
    wall, member = draw(st.sampled_from(asked))
    return e.WallAcknowledged(wall=wall, member=member, at=NOW)


def _wall_lowered(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    wall = one_of(draw, facts.walls)
    return None if wall is None else e.WallLowered(wall=wall)


def _policy_set(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    if not facts.members or not facts.clients:
        return None
    policy = RandomStatements.about(lambda choices: draw(st.sampled_from(choices)), facts).policy()
    number = draw(st.sampled_from([*facts.policies, state.numbers.policy + 1]))
    return e.PolicySet(policy=number, mode=policy.mode, statements=list(policy.statements))


def _policy_removed(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    policy = one_of(draw, facts.policies)
    return None if policy is None else e.PolicyRemoved(policy=policy)


def _emergency_opened(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    client, member = one_of(draw, standing(facts)), one_of(draw, facts.members)
    if client is None or member is None:
        return None
    opened = draw(emergencies)
    return e.EmergencyOpened(
        client=client, member=member, level=opened.level, at=opened.opened, expires=opened.expires
    )


def _emergency_over(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    if not facts.emergencies:
        return None
    client, member = draw(st.sampled_from(sorted(facts.emergencies)))
    opened = facts.emergencies[client, member]
    if opened.stands and (opened.acknowledged or draw(st.booleans())):
        return e.EmergencyEnded(client=client, member=member)
    return e.EmergencyAcknowledged(client=client, member=member)


def _review(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    number = one_of(draw, facts.reviews)
    if number is None or draw(st.integers(0, 3)) == 0:
        grants, delegations = items_in(at(state, NOW), ReviewScope(kind="all"))
        if not grants:
            return None
        terms = ReviewTerms(
            scope=ReviewScope(kind="all"),
            reviewers=tuple(draw(some_of(facts.members))),
            due=Instant(NOW + 9),
            undecided="keep",
            grants=grants,
            delegations=delegations,
        )
        return e.ReviewStarted(review=state.numbers.review + 1, terms=terms)
    items = BitMap(draw(some_of(range(1, facts.reviews[number].terms.count + 1))))
    member = one_of(draw, facts.members)
    match draw(st.sampled_from(["decide", "decide", "hand", "extend", "close"])):
        case "hand" if member is not None and items:
            return e.ReviewHanded(review=number, items=items, member=member)
        case "extend":
            return e.ReviewExtended(review=number, due=Instant(NOW + 99))
        case "close":
            return e.ReviewClosed(review=number, outcome=become(state, facts.reviews[number]))
    decision: ReviewDecision = draw(st.sampled_from(["keep", "remove", "lower"]))
    return e.ReviewDecided(review=number, items=items, decision=decision, level=Level.READER)


def _review_scheduled(draw: st.DrawFn, facts: Facts, state: State) -> e.Event | None:
    number = one_of(draw, facts.schedules)
    if number is None or draw(st.booleans()):
        plan = ReviewPlan(
            scope=ReviewScope(kind="all"),
            reviewers=tuple(draw(some_of(facts.members))),
            first=date(2026, 1, draw(st.integers(1, 31))),
            every=draw(st.sampled_from(["quarter", "half_year", "year"])),
            days=draw(st.integers(1, 89)),
            undecided="remove",
        )
        return e.ReviewScheduled(review=state.numbers.review + 1, plan=plan)
    if draw(st.booleans()):
        return e.ReviewUnscheduled(review=number)
    return e.ScheduledReviewBegun(review=number, begun=0, next=date(2027, 1, 1))


ASSURANCE: tuple[Maker, ...] = (
    _wall_set,
    _wall_acknowledged,
    _wall_lowered,
    _policy_set,
    _policy_removed,
    _emergency_opened,
    _emergency_over,
    _review,
    _review_scheduled,
)
