"""Why an entry of the ledger cannot be undone, and what undoing one does not give back."""

from ringfence.core.undoing.why import Left, Why

from .saying import LazyText
from .saying import gettext_lazy as _

REASONS: dict[Why, LazyText] = {
    Why.ONLY_NOTED: _("It changed nothing, so there is nothing to undo."),
    Why.FOUNDING: _("It is the beginning of the firm."),
    Why.ERASING: _("What was erased is gone for good."),
    Why.SEATING: _("It only records who signs in."),
    Why.REQUEST_ENDED: _("Only whoever asked for access can ask for it again."),
    Why.REVIEW_SCHEDULE: _("A schedule is not undone: stop it, schedule it again, or close what began."),
    Why.REVIEW: _("A review is not undone: close it, hand it over again, or give it another date."),
    Why.EMERGENCY_OVER: _("Emergency access that ended or was acknowledged stays so."),
    Why.TOKEN_REVOKED: _("A token that was revoked never works again. Make a new one."),
    Why.CHANGED_SINCE: _(
        "What was changed since stands against it. Undo that first, or make the change you want yourself."
    ),
    Why.WORDS_GONE: _("A name that would have to be given back was erased."),
    Why.EXPIRED: _("It would give back access or a delegation whose time is over."),
    Why.NOT_EXACT: _("Not everything would be as it was before. Make the change you want yourself instead."),
    Why.NOTES_SINCE: _("Notes were written about what it added."),
}
"""Each says what to do where something can be done."""

REMAINS: dict[Left, LazyText] = {
    Left.REQUESTS: _("Requests that were answered or withdrawn with it stay so: they can be made again."),
    Left.REVIEW: _("What the access review decided stays in its record; a review that was closed stays so."),
    Left.EMERGENCY_ENDED: _("Emergency access that ended with it stays ended."),
    Left.EMERGENCY_LISTED: _("The emergency access ends, and stays listed until it is acknowledged."),
    Left.TOKENS: _("Tokens that were revoked with it stay so: new ones can be made."),
    Left.MEMBER_STAYS: _("Whoever was added stays in the list of [members], deactivated."),
    Left.RESTORABLE: _(
        "The [clients] that it added are removed. They can be restored for 30 days, and keep their "
        "references until then."
    ),
}


def cannot_text(why: Why) -> str:
    """Why the entry cannot be undone."""
    return str(REASONS[why])


def remains_text(left: Left) -> str:
    """What stays though the entry is undone."""
    return str(REMAINS[left])
