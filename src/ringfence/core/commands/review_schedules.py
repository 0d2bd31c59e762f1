"""Access reviews that begin by the clock, every quarter, half-year or year (rules.md 10)."""

from ringfence.core import events as e
from ringfence.core.authority.capability import may
from ringfence.core.decision.review_items import items_in
from ringfence.core.refusals import Problem, conflict, invalid, missing
from ringfence.core.review_schedule import MOST_DAYS, ReviewPlan, ScheduledReview, beginning, day_of
from ringfence.core.review_values import ReviewTerms
from ringfence.core.terms import Capability, Instant, Thing
from ringfence.core.texts import REVIEW_NAME, clean

from . import definitions as w
from .context import Context
from .reviews import need_asked_for, need_no_leavers
from .text_changes import EventsAndTexts

DAY = 24 * 3_600_000_000
"""Microseconds."""
DATED = 20
"""Characters that each review adds to the name: its day, and a number where the name is taken."""


def schedule_review(context: Context, command: w.ScheduleReview) -> EventsAndTexts:
    """That there is nothing to review today is no hindrance: it may be otherwise on the day."""
    need_asked_for(context, command.scope, command.reviewers)
    name = clean(command.name, "name", most=REVIEW_NAME - DATED)
    if not 1 <= command.days <= MOST_DAYS:
        invalid(Problem.REVIEW_DAYS, "days", limit=MOST_DAYS)
    if beginning(command.first) <= context.now:
        invalid(Problem.FIRST_DAY_PASSED, "first")
    need_no_leavers(context, command.reviewers)
    context.free_name(Thing.REVIEW, name, "name")
    number = context.state.numbers.review + 1
    plan = ReviewPlan(
        scope=command.scope,
        reviewers=tuple(dict.fromkeys(command.reviewers)),
        first=command.first,
        every=command.every,
        days=command.days,
        undecided=command.undecided,
    )
    text = e.Text(thing=Thing.REVIEW, number=number, fields={"name": name})
    return [e.ReviewScheduled(review=number, plan=plan)], [text]


def begin_review(context: Context, command: w.BeginReview) -> EventsAndTexts:
    """One review, however many days have passed; none where nothing stands in the scope any more.

    A named reviewer who has left is passed over; where all have, it is as though nobody had been named.
    """
    scheduled = need_schedule(context, command.review)
    context.need_administrator()
    name = clean(command.name, "name", most=REVIEW_NAME)
    if beginning(scheduled.next) > context.now:
        conflict(Problem.NOT_YET_DUE, "review")
    plan = scheduled.plan
    today = day_of(context.now)
    later = plan.begins_after(today)
    grants, delegations = items_in(context.moment, plan.scope)
    if not grants and not delegations:
        return [e.ScheduledReviewBegun(review=command.review, begun=0, next=later)], []
    context.free_name(Thing.REVIEW, name, "name")
    number = context.state.numbers.review + 1
    terms = ReviewTerms(
        scope=plan.scope,
        reviewers=tuple(one for one in plan.reviewers if may(context.state, one, Capability.MEMBER)),
        # At the hour at which they begin, however late in the day this one did.
        due=Instant(beginning(today) + plan.days * DAY),
        undecided=plan.undecided,
        grants=grants,
        delegations=delegations,
    )
    begun = e.ScheduledReviewBegun(review=command.review, begun=number, next=later)
    text = e.Text(thing=Thing.REVIEW, number=number, fields={"name": name})
    return [begun, e.ReviewStarted(review=number, terms=terms)], [text]


def unschedule_review(context: Context, command: w.UnscheduleReview) -> list[e.Event]:
    need_schedule(context, command.review)
    context.need_administrator()
    return [e.ReviewUnscheduled(review=command.review)]


def need_schedule(context: Context, number: int) -> ScheduledReview:
    """Refused alike where there is none and where the actor is told of none."""
    scheduled = context.state.schedules.get(number)
    if scheduled is None or not may(context.state, context.actor, Capability.READ_CONTROL):
        missing(Problem.UNKNOWN_SCHEDULE, "review")
    return scheduled
