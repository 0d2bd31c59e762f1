"""Reviews whose date has come, closed by nobody; what nobody decided is kept or removed, as they said."""

from contextlib import ExitStack

from ringfence.access.actor import OPERATOR
from ringfence.access.clock import clock
from ringfence.access.door import execute
from ringfence.core.commands.definitions import CloseReview
from ringfence.core.refusals import Refusal, Refused
from ringfence.firms.models import Review


def close_due() -> int:
    """Close them, and how many were. One that somebody has closed meanwhile is passed over.

    Where taking away what nobody decided is refused, as a policy may, everything undecided is kept. One that
    cannot be closed is a fault at the end: no other review, of this firm or another, waits for it.
    """
    due = Review.objects.filter(closed=None, schedule=None, due__lte=clock()).values_list("firm", "number")
    closed: list[bool] = []
    with ExitStack() as all_reviews:
        for firm, number in due.order_by("firm", "number"):
            all_reviews.callback(lambda *which: closed.append(_closed(*which)), firm, number)
    return sum(closed)


def _closed(firm: int, number: int) -> bool:
    for command in (CloseReview(review=number), CloseReview(review=number, undecided="keep")):
        try:
            execute(firm, command, actor=OPERATOR)
        except Refused as refused:
            if refused.refusal is Refusal.NOT_FOUND:
                return False
        else:
            return True
    return False
