"""Reviews whose date has come, closed by nobody; what nobody decided is kept or removed, as they said."""

from contextlib import ExitStack

from django.db.models import QuerySet

from ringfence.access.actor import OPERATOR
from ringfence.access.clock import clock
from ringfence.access.door import Beside, execute
from ringfence.access.open_firms import open_only
from ringfence.core.commands.definitions import CloseReview
from ringfence.core.refusals import Refusal, Refused
from ringfence.firms.models import Review


def close_due() -> int:
    """Close them, and how many were. One that somebody has closed or extended meanwhile is passed over.

    Where taking away what nobody decided is refused, as a policy may, everything undecided is kept. One that
    cannot be closed is a fault at the end: no other review, of this firm or another, waits for it.
    """
    due = open_only(_due()).order_by("firm", "number").values_list("firm", "number")
    closed: list[bool] = []
    with ExitStack() as all_reviews:
        for firm, number in due:
            all_reviews.callback(lambda *which: closed.append(_closed(*which)), firm, number)
    return sum(closed)


def _due() -> QuerySet[Review]:
    return Review.objects.filter(closed=None, schedule=None, due__lte=clock())


class _NotDue(Exception):
    """The review has been closed, or given a later date."""


class _StillDue(Beside):
    """Under the firm's lock: that the review's date has come, and was not moved since it was looked for."""

    def __init__(self, firm: int, number: int) -> None:
        self._firm, self._number = firm, number

    def before(self, version: int) -> None:
        if not _due().filter(firm=self._firm, number=self._number).exists():
            raise _NotDue


def _closed(firm: int, number: int) -> bool:
    for command in (CloseReview(review=number), CloseReview(review=number, undecided="keep")):
        try:
            execute(firm, command, actor=OPERATOR, beside=_StillDue(firm, number))
        except _NotDue:
            return False
        except Refused as refused:
            if refused.refusal is Refusal.NOT_FOUND:
                return False
        else:
            return True
    return False
