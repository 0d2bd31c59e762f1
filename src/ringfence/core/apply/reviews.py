"""Access reviews started, decided item by item, handed over, extended and closed. Nobody's reach changes."""

from typing import Any

from msgspec.structs import replace

from ringfence.core import events as e
from ringfence.core.review_schedule import ScheduledReview
from ringfence.core.review_values import Review
from ringfence.core.state.state import State

from .patch import Patch, without


def review_started(event: e.ReviewStarted, state: State) -> Patch:
    review = Review(terms=event.terms, due=event.terms.due)
    numbers = replace(state.numbers, review=max(state.numbers.review, event.review))
    return Patch(reviews={**state.reviews, event.review: review}, numbers=numbers)


def review_decided(event: e.ReviewDecided, state: State) -> Patch:
    """The last decision counts."""
    was, items = state.reviews[event.review].progress, event.items
    return _going_on(
        state,
        event.review,
        kept=was.kept | items if event.decision == "keep" else was.kept - items,
        removed=was.removed | items if event.decision == "remove" else was.removed - items,
        lowered=was.lowered | items if event.decision == "lower" else was.lowered - items,
    )


def review_handed(event: e.ReviewHanded, state: State) -> Patch:
    handed = state.reviews[event.review].progress.handed
    left = {member: rest for member, items in handed.items() if (rest := items - event.items)}
    left[event.member] = left.get(event.member, event.items) | event.items
    return _going_on(state, event.review, handed=left)


def _going_on(state: State, number: int, **parts: Any) -> Patch:
    review = state.reviews[number]
    review = replace(review, progress=replace(review.progress, **parts))
    return Patch(reviews={**state.reviews, number: review})


def review_extended(event: e.ReviewExtended, state: State) -> Patch:
    review = replace(state.reviews[event.review], due=event.due)
    return Patch(reviews={**state.reviews, event.review: review})


def review_closed(event: e.ReviewClosed, state: State) -> Patch:
    return Patch(reviews=without(state.reviews, event.review))


def review_scheduled(event: e.ReviewScheduled, state: State) -> Patch:
    plan = ScheduledReview(plan=event.plan, next=event.plan.first)
    numbers = replace(state.numbers, review=max(state.numbers.review, event.review))
    return Patch(schedules={**state.schedules, event.review: plan}, numbers=numbers)


def scheduled_review_begun(event: e.ScheduledReviewBegun, state: State) -> Patch:
    gone_on = replace(state.schedules[event.review], next=event.next, last=event.begun)
    return Patch(schedules={**state.schedules, event.review: gone_on})


def review_unscheduled(event: e.ReviewUnscheduled, state: State) -> Patch:
    return Patch(schedules=without(state.schedules, event.review))
