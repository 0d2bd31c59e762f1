"""Reviews that are scheduled: which there are, and beginning those whose day has come, in nobody's name."""

from contextlib import ExitStack
from itertools import count

import msgspec

from ringfence.access.actor import OPERATOR
from ringfence.access.clock import clock
from ringfence.access.door import execute, firm_state
from ringfence.access.firm_now import FirmNow
from ringfence.access.open_firms import open_only
from ringfence.core.commands.definitions import BeginReview
from ringfence.core.refusals import Refusal, Refused
from ringfence.core.review_schedule import MONTHS as MONTHS
from ringfence.core.review_schedule import MOST_DAYS as MOST_DAYS
from ringfence.core.review_schedule import ScheduledReview
from ringfence.firms.models import Review


class ScheduleRow(msgspec.Struct, frozen=True, kw_only=True):
    """One that is scheduled, with its name."""

    number: int
    name: str
    made: ScheduledReview


def schedule_rows(now: FirmNow) -> list[ScheduleRow]:
    """Those that nobody has stopped, the next one first."""
    made = now.moment.state.schedules
    if not made:
        return []
    names = dict(Review.objects.filter(firm=now.firm, number__in=list(made)).values_list("number", "name"))
    rows = [ScheduleRow(number=number, name=names[number], made=each) for number, each in made.items()]
    return sorted(rows, key=lambda row: (row.made.next, row.number))


def begin_due() -> int:
    """Begin what is due, each once, and how many had come round.

    Whoever looks at the same time finds that its next day is another one. One that cannot begin is a fault at
    the end: no other, of this firm or another, waits for it.
    """
    due = Review.objects.filter(closed=None, schedule__isnull=False, due__lte=clock())
    rows = open_only(due).order_by("firm", "number").values_list("firm", "number", "name")
    begun: list[bool] = []
    with ExitStack() as all_of_them:
        for firm, number, name in rows:
            all_of_them.callback(lambda *which: begun.append(_begun(*which)), firm, number, name)
    return sum(begun)


def _begun(firm: int, number: int, name: str) -> bool:
    made = firm_state(firm).moment.state.schedules.get(number)
    if made is None:
        return False
    dated = f"{name} {made.next.isoformat()}"
    for again in count(1):
        called = dated if again == 1 else f"{dated} ({again})"
        try:
            execute(firm, BeginReview(review=number, name=called), actor=OPERATOR)
        except Refused as refused:
            if refused.field == "name" and again < MOST_NAMES:
                continue
            if refused.refusal in (Refusal.NOT_FOUND, Refusal.CONFLICT) and refused.field == "review":
                # Somebody was quicker, or has stopped it.
                return False
            raise
        return True
    return False


MOST_NAMES = 50
"""Names that are tried where others of the day are open still."""
