"""Why an entry cannot be undone, and what undoing one does not give back."""

from enum import StrEnum

from ringfence.core import events as e

from . import facts as f


class Why(StrEnum):
    """Why an entry cannot be undone."""

    ONLY_NOTED = "only_noted"
    """Nothing was changed: a record was opened, a list was taken."""
    FOUNDING = "founding"
    ERASING = "erasing"
    SEATING = "seating"
    REQUEST_ENDED = "request_ended"
    """Only whoever asked can ask again."""
    EMERGENCY_OVER = "emergency_over"
    """Emergency access that ended, or was acknowledged, stays so."""
    TOKEN_REVOKED = "token_revoked"
    """A token never stands again."""
    REVIEW = "review"
    """A review that began, was handed over or given another date: it is closed, handed over and extended."""
    REVIEW_SCHEDULE = "review_schedule"
    """A review that was scheduled is stopped, and scheduled again; one that began is closed."""
    CHANGED_SINCE = "changed_since"
    WORDS_GONE = "words_gone"
    """A name that would have to be given back was erased."""
    EXPIRED = "expired"
    """An access or a delegation whose time is over cannot be given again."""
    NOT_EXACT = "not_exact"
    """The opposite commands would leave something else than what stood before."""
    NOTES_SINCE = "notes_since"
    """Notes were written about what the entry added."""


class Left(StrEnum):
    """What undoing does not give back, though everything else is as it was."""

    REQUESTS = "requests"
    """Requests that were withdrawn or answered stay so."""
    EMERGENCY_ENDED = "emergency_ended"
    """Emergency access that a grant replaced stays ended."""
    EMERGENCY_LISTED = "emergency_listed"
    """Emergency access that was opened ends, and is listed until it is acknowledged."""
    TOKENS = "tokens"
    """Tokens that were revoked stay so."""
    REVIEW = "review"
    """What a review decided stays in its record, and one that was closed stays closed."""
    MEMBER_STAYS = "member_stays"
    """A member who was added stays, deactivated."""
    RESTORABLE = "restorable"
    """Clients that were added are removed, and can be restored for 30 days."""


class CannotUndo(Exception):
    """The entry cannot be undone; `changed` are the facts that stand otherwise now."""

    def __init__(self, why: Why, changed: tuple[f.Fact, ...] = ()) -> None:
        super().__init__(why.value)
        self.why = why
        self.changed = changed


UNDONE_OTHERWISE: dict[str, Why] = {
    "firm.create": Why.FOUNDING,
    "member.erase": Why.ERASING,
    "client.erase": Why.ERASING,
    "user.seat": Why.SEATING,
    "token.revoke": Why.TOKEN_REVOKED,
    **dict.fromkeys(("review.start", "review.hand_over", "review.extend"), Why.REVIEW),
    **dict.fromkeys(("review.schedule", "review.begin", "review.unschedule"), Why.REVIEW_SCHEDULE),
    "emergency.end": Why.EMERGENCY_OVER,
    "emergency.acknowledge": Why.EMERGENCY_OVER,
    **dict.fromkeys(e.NOTED.values(), Why.ONLY_NOTED),
}
"""Entries of which nothing can be undone, by their command."""
