"""Noting in the ledger that access has ended by the clock, or a wall has begun or ended, so that whoever
follows the ledger is told.

Nothing changes by it: an expired grant gives nothing from its instant on, whoever notes it when (rules.md 2).
"""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from ringfence.access.actor import OPERATOR
from ringfence.access.clock import clock
from ringfence.access.connection import answering
from ringfence.access.firm_now import FirmNow
from ringfence.access.ledger.noting import note
from ringfence.access.open_firms import open_only
from ringfence.core.events import AccessExpired, WallsTurned
from ringfence.core.terms import Instant
from ringfence.firms.models import Delegation, Firm, Grant, Wall


def firms_with_endings() -> list[int]:
    """The firms of which something has ended since their last entry."""
    with answering():
        return list(open_only(_with_endings(clock()), "pk").order_by("pk").values_list("pk", flat=True))


def note_endings(firm: int) -> None:
    """Note what has ended or begun by the clock, unless an entry was written since it did.

    May be done by several at once. Raises `FirmUnknown`, `StateUnavailable`.
    """
    since = Instant(0)

    def known(now: FirmNow) -> bool:
        nonlocal since
        since = Instant(Firm.objects.values_list("changed_at", flat=True).get(pk=firm))
        return not _given(now.now).filter(pk=firm).exists()

    note(firm, lambda _: AccessExpired(since=since), OPERATOR, unless=known)
    # What was noted just now is no reason to pass over a wall that turned before it.
    note(firm, lambda now: _turned(now, since), OPERATOR, unless=lambda now: _turned(now, since) == NO_WALLS)


NO_WALLS = WallsTurned()


def _turned(now: FirmNow, since: Instant) -> WallsTurned:
    """The walls that began or ended after `since`."""
    walls = now.walls.items()
    began = {number for number, wall in walls if wall.starts is not None and since < wall.starts <= now.now}
    ended = {number for number, wall in walls if wall.ends is not None and since < wall.ends <= now.now}
    return WallsTurned(began=frozenset(began), ended=frozenset(ended))


def _with_endings(now: Instant) -> "models.QuerySet[Firm]":
    starts = _passed("starts", now)
    ends = _passed("ends", now)
    walls = Q(Exists(Wall.objects.filter(**starts))) | Q(Exists(Wall.objects.filter(**ends)))
    return Firm.objects.filter(changed_at__lt=now).filter(_something_given(now) | walls)


def _given(now: Instant) -> "models.QuerySet[Firm]":
    return Firm.objects.filter(changed_at__lt=now).filter(_something_given(now))


def _something_given(now: Instant) -> Q:
    ended = _passed("expires", now)
    return Q(Exists(Grant.objects.filter(**ended))) | Q(Exists(Delegation.objects.filter(**ended)))


def _passed(column: str, now: Instant) -> dict[str, Any]:
    """Rows of the firm in which the time has passed since its last entry."""
    return {"firm": OuterRef("pk"), f"{column}__gt": OuterRef("changed_at"), f"{column}__lte": now}
