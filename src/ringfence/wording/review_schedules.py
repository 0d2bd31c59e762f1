"""What is said of access reviews that begin by the clock."""

from ringfence.core import events as e
from ringfence.core.review_schedule import Every

from .reviews import ReviewNames, scope_text
from .saying import gettext as _
from .saying import ngettext
from .times import day_text


def every_text(every: Every) -> str:
    """How often it begins: ``every year``."""
    return {"quarter": _("every quarter"), "half_year": _("every half-year"), "year": _("every year")}[every]


def days_text(days: int) -> str:
    """``30 days``."""
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


def scheduled(event: e.ReviewScheduled, names: ReviewNames) -> str:
    plan = event.plan
    text = _("The access review %(review)s of %(scope)s begins %(every)s, first on %(day)s")
    return text % {
        "review": names.review(event.review),
        "scope": scope_text(plan.scope, names),
        "every": every_text(plan.every),
        "day": day_text(plan.first),
    }


def begun(event: e.ScheduledReviewBegun, names: ReviewNames) -> str:
    said = {"review": names.review(event.review), "day": day_text(event.next)}
    if not event.begun:
        return _("The access review %(review)s found nothing to review; next on %(day)s") % said
    return _("The scheduled access review %(review)s came round; next on %(day)s") % said


def unscheduled(event: e.ReviewUnscheduled, names: ReviewNames) -> str:
    return _("The access review %(review)s is scheduled no more") % {"review": names.review(event.review)}
