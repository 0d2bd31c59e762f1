"""Who is reminded a week and a day before an access review is due: whoever has items to decide still."""

from collections.abc import Iterator

from pyroaring import BitMap

from ringfence.access.clock import clock
from ringfence.access.firm_now import FirmNow
from ringfence.access.notices import NewNotice, NoticeFacts, NoticeKind, notices_of_kind
from ringfence.access.open_firms import open_only
from ringfence.core.terms import Instant
from ringfence.firms.models import Review

from .asking import open_reviews, pending_items, shares

DAY = 24 * 3600 * 1_000_000
"""Microseconds."""
DAYS_BEFORE = (7, 1)
"""Days before it is due; one that would come within a day of its start is left out."""


def firms_with_reminders() -> list[int]:
    """The firms that have a review which is due within the first of the days."""
    soon = Review.objects.filter(closed=None, schedule=None, due__lte=clock() + max(DAYS_BEFORE) * DAY)
    return list(open_only(soon).order_by("firm").values_list("firm", flat=True).distinct())


def reminders(now: FirmNow) -> list[NewNotice]:
    """Whom to remind now. To be asked and handed down in one transaction that holds the firm's row."""
    rows = Review.objects.filter(firm=now.firm, closed=None, schedule=None).values_list(
        "number", "started", "due"
    )
    return [each for row in rows for each in _reminders(now, *row)]


def _reminders(now: FirmNow, number: int, started: int, due: int) -> Iterator[NewNotice]:
    begun = [at for days in DAYS_BEFORE if started + DAY < (at := due - days * DAY) <= now.now]
    if not begun or number not in open_reviews(now):
        return
    waits = pending_items(now, number)
    late = BitMap([member for member, items in shares(now, number).items() if items & waits])
    told = notices_of_kind(now.firm, late, NoticeKind.REVIEW_DUE, since=Instant(max(begun)))
    for member in late - BitMap([each.member for each in told if each.facts.review == number]):
        yield NewNotice(member=member, kind=NoticeKind.REVIEW_DUE, facts=NoticeFacts(review=number))
