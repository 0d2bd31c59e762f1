"""What happens to access reviews (rules.md 10). What a decision takes away is an event of its own."""

from datetime import date

from pyroaring import BitMap

from ringfence.core.review_schedule import ReviewPlan
from ringfence.core.review_values import ReviewDecision, ReviewOutcome, ReviewTerms
from ringfence.core.terms import Instant, Level

from .base import EventBase


class ReviewStarted(EventBase, frozen=True, tag="review.started"):
    review: int
    terms: ReviewTerms


class ReviewDecided(EventBase, frozen=True, tag="review.decided"):
    review: int
    items: BitMap
    decision: ReviewDecision
    level: Level = Level.NONE
    """To which they were lowered."""


class ReviewHanded(EventBase, frozen=True, tag="review.handed"):
    """These items go to the member from now on."""

    review: int
    items: BitMap
    member: int


class ReviewExtended(EventBase, frozen=True, tag="review.extended"):
    """Due at another time from now on."""

    review: int
    due: Instant


class ReviewClosed(EventBase, frozen=True, tag="review.closed"):
    """What became of each item. What is taken away undecided is an event of its own."""

    review: int
    outcome: ReviewOutcome


class ReviewScheduled(EventBase, frozen=True, tag="review.scheduled"):
    """Numbered among the reviews."""

    review: int
    plan: ReviewPlan


class ScheduledReviewBegun(EventBase, frozen=True, tag="review.scheduled_begun"):
    """Its day has come. The review that begins is an event of its own."""

    review: int
    begun: int
    """0 where there was nothing to review."""
    next: date


class ReviewUnscheduled(EventBase, frozen=True, tag="review.unscheduled"):
    """No more of them begin. One that is open goes on."""

    review: int
