"""Access reviews, scheduled, open and closed, in their table."""

from ringfence.core import events as e
from ringfence.core.review_schedule import ScheduledReview, beginning, schedule_bytes
from ringfence.core.review_values import ReviewProgress, as_bytes
from ringfence.core.terms import Thing

from .writing import Writing


def review_started(event: e.ReviewStarted, to: Writing) -> None:
    to.insert(
        "firms_review",
        number=event.review,
        started=to.now,
        due=event.terms.due,
        terms=as_bytes(event.terms),
        progress=as_bytes(ReviewProgress()),
        **to.new_words(Thing.REVIEW, event.review, "name"),
    )


def review_gone_on(event: e.ReviewDecided | e.ReviewHanded, to: Writing) -> None:
    """As the review stands after the whole command; one that it closes as well has its outcome."""
    if (review := to.reviews.get(event.review)) is not None:
        to.update("firms_review", event.review, progress=as_bytes(review.progress))


def review_extended(event: e.ReviewExtended, to: Writing) -> None:
    to.update("firms_review", event.review, due=event.due)


def review_closed(event: e.ReviewClosed, to: Writing) -> None:
    to.update("firms_review", event.review, closed=to.now, outcome=as_bytes(event.outcome))


def review_scheduled(event: e.ReviewScheduled, to: Writing) -> None:
    # As it stands after the whole command, like the progress of an open one.
    made = to.schedules.get(event.review) or ScheduledReview(plan=event.plan, next=event.plan.first)
    to.insert(
        "firms_review",
        number=event.review,
        started=to.now,
        due=beginning(made.next),
        terms=b"",
        progress=b"",
        schedule=schedule_bytes(made),
        **to.new_words(Thing.REVIEW, event.review, "name"),
    )


def scheduled_review_begun(event: e.ScheduledReviewBegun, to: Writing) -> None:
    if (made := to.schedules.get(event.review)) is not None:
        to.update("firms_review", event.review, schedule=schedule_bytes(made), due=beginning(made.next))


def review_unscheduled(event: e.ReviewUnscheduled, to: Writing) -> None:
    to.update("firms_review", event.review, closed=to.now)
