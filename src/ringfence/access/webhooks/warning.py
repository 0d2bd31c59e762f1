"""Which webhooks have failed for so long that administrators are to be told, each once.

The mark moves in the caller's transaction, which hands the notices down.
"""

from enum import IntEnum

from django.db.models import Q

from ringfence.access.clock import clock
from ringfence.access.connection import answering
from ringfence.access.open_firms import open_only
from ringfence.firms.models import Webhook

from .reading import WebhookState

WARNED_AFTER = 3600 * 1_000_000
"""Microseconds of failing after which they are told."""


class WebhookWarning(IntEnum):
    """What they were told of a webhook. Stored."""

    NOTHING = 0
    FAILS = 1
    STOPPED = 2
    """It was paused because it failed for days, or the receiver said that it is gone."""


def untold() -> list[tuple[int, int, WebhookWarning]]:
    """Firm and number of each webhook of which something is to be told, and what."""
    stopped = Q(state__in=(WebhookState.FAILED, WebhookState.GONE), told__lt=WebhookWarning.STOPPED)
    late = clock() - WARNED_AFTER
    fails = Q(state=WebhookState.ACTIVE, failing_since__gt=0, failing_since__lte=late, told=0)
    with answering():
        rows = open_only(Webhook.objects.filter(stopped | fails)).values_list("firm", "number", "state")
        return [
            (firm, number, WebhookWarning.FAILS if state == WebhookState.ACTIVE else WebhookWarning.STOPPED)
            for firm, number, state in rows
        ]


def note_warned(firm: int, number: int, warning: WebhookWarning) -> bool:
    """Remember within the caller's transaction that they are told; whether nobody had done so before."""
    rows = Webhook.objects.filter(firm=firm, number=number, told__lt=warning)
    return bool(rows.update(told=warning))
