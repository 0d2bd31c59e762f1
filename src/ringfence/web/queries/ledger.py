"""Which commands were given lately: numbers and times from the ledger, for the control side."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from ringfence.core.terms import Instant
from ringfence.firms.models import LedgerEntry


class LastGiven(NamedTuple):
    """When a command was given, and by which member; None for the operator."""

    at: Instant
    member: int | None


def last_given(firm: int, command: str, *, within: timedelta) -> LastGiven | None:
    """When the command was given last, where that is not longer ago."""
    since = int((timezone.now() - within).timestamp() * 1_000_000)
    rows = LedgerEntry.objects.filter(firm=firm, at__gte=since, command=command).order_by("-at")
    found = rows.values_list("at", "actor").first()
    return LastGiven(Instant(found[0]), found[1]) if found is not None else None
