"""Notices by the clock, a firm at a time: requests that wait or lapse, and access that ends within a week.

How far a firm was told moves in the transaction that hands the notices down: so each is told once.
"""

from collections.abc import Callable
from contextlib import ExitStack

from django.db import transaction

from ringfence.access.notices_due import ToldUntil, lapse_requests, look_for_due, move_mark
from ringfence.access.open_firms import open_only
from ringfence.firms.models import Firm
from ringfence.wording.catalogue import in_language
from ringfence.wording.saying import gettext as _

from .enqueue import Track, job
from .send_notice import tell


@job(Track.SHORT)
def remind_of_requests() -> None:
    """Remind of requests that have waited for days, and end those that have waited too long."""
    _each_firm(_remind)


def _remind(firm: Firm) -> None:
    _tell_due(firm.pk, ToldUntil.REMINDED)
    with in_language(firm.language):
        reason = _("Nobody answered in time.")
    lapse_requests(firm.pk, reason)


@job(Track.SHORT)
def warn_of_endings() -> None:
    """Tell members of access of theirs that ends within a week."""
    _each_firm(lambda firm: _tell_due(firm.pk, ToldUntil.WARNED))


def _each_firm(work: Callable[[Firm], None]) -> None:
    """Do it for every firm. One that fails is a fault at the end: no other firm waits for it."""
    with ExitStack() as all_firms:
        for firm in open_only(Firm.objects.order_by("-pk"), "pk"):
            all_firms.callback(work, firm)


def _tell_due(firm: int, mark: ToldUntil) -> None:
    due = look_for_due(firm, mark)
    with transaction.atomic():
        if move_mark(due):
            tell(firm, due.at, due.new)
