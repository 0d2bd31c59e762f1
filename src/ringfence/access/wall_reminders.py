"""Who is asked by mail to acknowledge that work is kept apart (rules.md 10): once a week, until they have."""

from django.db.models import Q
from pyroaring import BitMap

from ringfence.access.open_firms import open_only
from ringfence.core.terms import Instant
from ringfence.firms.models import Wall

from .clock import clock
from .firm_now import FirmNow
from .ledger.requests import DAY
from .notices import NewNotice, NoticeKind, notices_of_kind

EVERY_DAYS = 7
"""Days after which who has not acknowledged is told again, of all walls at once."""


def firms_with_walls() -> list[int]:
    """The firms that have a wall which is not over."""
    lasting = Wall.objects.filter(Q(ends=None) | Q(ends__gt=clock()))
    return list(open_only(lasting).order_by("firm").values_list("firm", flat=True).distinct())


def wall_reminders(now: FirmNow) -> list[NewNotice]:
    """Whom to tell now. To be asked and handed down in one transaction that holds the firm's row."""
    waits = BitMap(
        [member for wall in now.walls.values() if not wall.over(now.now) for member in wall.members]
    )
    late = [member for member in waits & now.active_members if now.walls_asking(member)]
    since = Instant(now.now - EVERY_DAYS * DAY + 1)
    told = notices_of_kind(now.firm, late, NoticeKind.WALL_ASKED, since=since)
    return [
        NewNotice(member=member, kind=NoticeKind.WALL_ASKED)
        for member in BitMap(late) - BitMap([each.member for each in told])
    ]
