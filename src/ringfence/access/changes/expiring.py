"""Noting in the ledger that access has ended by the clock, so that whoever follows the ledger is told.

Nothing changes by it: an expired grant gives nothing from its instant on, whoever notes it when (rules.md 2).
"""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from ringfence.access.actor import OPERATOR
from ringfence.access.clock import clock
from ringfence.access.connection import answering
from ringfence.access.firm_now import FirmNow
from ringfence.access.ledger.noting import note
from ringfence.core.events import AccessExpired
from ringfence.core.terms import Instant
from ringfence.firms.models import Delegation, Firm, Grant


def firms_with_endings() -> list[int]:
    """The firms of which something has ended since their last entry."""
    with answering():
        return list(_with_endings(clock()).order_by("pk").values_list("pk", flat=True))


def note_endings(firm: int) -> None:
    """Note that what was given until now has ended, unless an entry was written since it did.

    May be done by several at once. Raises `FirmUnknown`, `StateUnavailable`.
    """
    since = Instant(0)

    def known(now: FirmNow) -> bool:
        nonlocal since
        since = Instant(Firm.objects.values_list("changed_at", flat=True).get(pk=firm))
        return not _with_endings(now.now).filter(pk=firm).exists()

    note(firm, lambda _: AccessExpired(since=since), OPERATOR, unless=known)


def _with_endings(now: Instant) -> "models.QuerySet[Firm]":
    ended = {"firm": OuterRef("pk"), "expires__gt": OuterRef("changed_at"), "expires__lte": now}
    rows = Firm.objects.filter(changed_at__lt=now)
    return rows.filter(
        Q(Exists(Grant.objects.filter(**ended))) | Q(Exists(Delegation.objects.filter(**ended)))
    )
