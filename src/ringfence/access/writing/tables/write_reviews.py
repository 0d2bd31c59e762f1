"""What happens to access reviews, put into their table. The rest of the events: `write`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.core import events as e
from ringfence.core.review_schedule import ScheduledReview, beginning, schedule_bytes
from ringfence.core.review_values import ReviewProgress, as_bytes
from ringfence.core.terms import Thing

from .words import columns_for

if TYPE_CHECKING:
    from .write import Writing


def started(event: e.ReviewStarted, to: Writing) -> None:
    columns = {
        "firm_id": to.firm,
        "number": event.review,
        "started": to.now,
        "due": event.terms.due,
        "terms": as_bytes(event.terms),
        "progress": as_bytes(ReviewProgress()),
        **columns_for(Thing.REVIEW, {"name": "", **to.words.take(Thing.REVIEW, event.review)}),
    }
    to.statements.insert("firms_review", list(columns), [list(columns.values())])


def gone_on(event: e.ReviewDecided | e.ReviewHanded, to: Writing) -> None:
    """As the review stands after the whole command; one that it closes as well has its outcome."""
    if (review := to.reviews.get(event.review)) is not None:
        _update(to, event.review, "progress", as_bytes(review.progress))


def extended(event: e.ReviewExtended, to: Writing) -> None:
    _update(to, event.review, "due", event.due)


def closed(event: e.ReviewClosed, to: Writing) -> None:
    _update(to, event.review, "closed", to.now)
    _update(to, event.review, "outcome", as_bytes(event.outcome))


def scheduled(event: e.ReviewScheduled, to: Writing) -> None:
    # As it stands after the whole command, like the progress of an open one.
    made = to.schedules.get(event.review) or ScheduledReview(plan=event.plan, next=event.plan.first)
    columns = {
        "firm_id": to.firm,
        "number": event.review,
        "started": to.now,
        "due": beginning(made.next),
        "terms": b"",
        "progress": b"",
        "schedule": schedule_bytes(made),
        **columns_for(Thing.REVIEW, {"name": "", **to.words.take(Thing.REVIEW, event.review)}),
    }
    to.statements.insert("firms_review", list(columns), [list(columns.values())])


def came_round(event: e.ScheduledReviewBegun, to: Writing) -> None:
    if (made := to.schedules.get(event.review)) is not None:
        _update(to, event.review, "schedule", schedule_bytes(made))
        _update(to, event.review, "due", beginning(made.next))


def unscheduled(event: e.ReviewUnscheduled, to: Writing) -> None:
    _update(to, event.review, "closed", to.now)


def _update(to: Writing, review: int, column: str, value: object) -> None:
    to.statements.execute(
        f"UPDATE firms_review SET {column} = %s WHERE firm_id = %s AND number = %s", value, to.firm, review
    )
