"""How far each webhook has been sent: one process sends to it at a time, one event after the other.

An event that is not taken is tried again after pauses that grow, and nothing after it is sent before. After
three days without anything being taken it is paused. At least once: what was sent when a process died, and
not written down, is sent again.
"""

from enum import StrEnum
from typing import NamedTuple

import msgspec
from django.db import models, transaction
from django.db.models import F, Q

from ringfence.access.actor import OPERATOR
from ringfence.access.changes import ChangeEvent, FeedPlace
from ringfence.access.clock import clock
from ringfence.access.connection import answering
from ringfence.access.open_firms import open_only
from ringfence.core.terms import Instant
from ringfence.firms.models import Webhook, WebhookDelivery

from .keeping import pause_webhook
from .reading import KeptWebhook, WebhookState, kept

SECOND = 1_000_000
PAUSES = (5, 30, 120, 600, 1800)
"""Seconds before an event is tried again, after each attempt in vain …"""
LONGEST_PAUSE = 3600
"""… and from then on."""
GIVEN_UP = 3 * 24 * 3600 * SECOND
"""Microseconds after which nothing is tried any more."""
LEASE = 120 * SECOND
"""Microseconds for which a process has a webhook for itself; far longer than one attempt takes."""
GONE = 410


class SendFault(StrEnum):
    """Why nothing was answered."""

    NAME = "name"
    """The host's name leads nowhere."""
    PRIVATE = "private"
    """It leads where nothing may be sent."""
    CONNECTION = "connection"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    ANSWER = "answer"
    """What came back is no answer of HTTP."""
    SECRET = "secret"
    """Nothing can be signed: the secret key is another one than that which sealed its secret."""


class Sent(NamedTuple):
    """What came of one attempt."""

    status: int | None
    fault: SendFault | None
    milliseconds: int
    retry_after: int = 0
    """Seconds that the receiver asks to be left alone."""

    @property
    def taken(self) -> bool:
        """Whether the receiver said that it has it."""
        return self.status is not None and 200 <= self.status < 300


class Leased(NamedTuple):
    """A webhook that this process has for itself until then."""

    webhook: KeptWebhook
    until: int


def due_webhooks() -> list[tuple[int, int]]:
    """Firm and number of each to which something may have to be sent now."""
    with answering():
        rows = open_only(_free(Webhook.objects.filter(entry__lt=F("firm__version")), clock()))
        return list(rows.order_by("next_attempt").values_list("firm", "number"))


def lease(firm: int, number: int) -> Leased | None:
    """Have it for oneself; None where another process has, or nothing is to be sent any more."""
    now = clock()
    with answering():
        rows = Webhook.objects.filter(firm=firm, number=number)
        if not _free(rows, now).update(leased_until=now + LEASE):
            return None
        return Leased(kept(rows.select_related("firm").get()), now + LEASE)


def _free(rows: "models.QuerySet[Webhook]", now: int) -> "models.QuerySet[Webhook]":
    # What lies further ahead than anything is put off was written by a clock that has been set back since.
    due = Q(next_attempt__lte=now) | Q(next_attempt__gt=now + LONGEST_PAUSE * SECOND)
    free = Q(leased_until__lte=now) | Q(leased_until__gt=now + LEASE)
    return rows.filter(due, free, state=WebhookState.ACTIVE)


def let_go(leased: Leased, place: FeedPlace | None = None) -> None:
    """Leave it to whoever comes; with a place, all up to there was passed over."""
    columns: dict[str, int] = {"leased_until": 0}
    if place is not None:
        columns |= {"entry": place.entry, "events": place.events}
    with answering():
        _mine(leased).update(**columns)


def note_sent(leased: Leased, event: ChangeEvent, sent: Sent) -> Leased | None:
    """Write down what came of an attempt; the lease with which to go on, None where one must not.

    Pauses the webhook where it is gone, or has failed for days; with its entry in the ledger.
    """
    hook, now = leased.webhook, clock()
    since = hook.failing_since or now
    columns: dict[str, int] = {"leased_until": now + LEASE if sent.taken else 0}
    if sent.taken:
        columns |= {"entry": event.done.entry, "events": event.done.events}
        columns |= {"attempts": 0, "failing_since": 0, "told": 0}
    else:
        pause = max(_pause(hook.attempts), min(sent.retry_after, LONGEST_PAUSE))
        columns |= {
            "attempts": hook.attempts + 1,
            "failing_since": since,
            "next_attempt": now + pause * SECOND,
        }
    with answering(), transaction.atomic():
        if not _mine(leased).update(**columns):
            return None
        log_attempt(hook.firm, hook.number, event, sent, at=now)
    if sent.taken:
        return Leased(
            msgspec.structs.replace(hook, place=event.done, attempts=0, failing_since=Instant(0)), now + LEASE
        )
    if sent.status == GONE:
        pause_webhook(hook.firm, hook.number, actor=OPERATOR, state=WebhookState.GONE)
    elif now - since >= GIVEN_UP:
        pause_webhook(hook.firm, hook.number, actor=OPERATOR, state=WebhookState.FAILED)
    return None


def log_attempt(
    firm: int, number: int, event: ChangeEvent, sent: Sent, *, at: int, again: bool = False
) -> None:
    """One more row of the log, within the caller's transaction."""
    rows = Webhook.objects.filter(firm=firm, number=number)
    rows.update(last_delivery=F("last_delivery") + 1)
    WebhookDelivery.objects.create(
        firm_id=firm,
        webhook=number,
        number=rows.values_list("last_delivery", flat=True).get(),
        entry=event.entry,
        part=event.part,
        type=event.type,
        at=at,
        milliseconds=sent.milliseconds,
        status=sent.status,
        fault=sent.fault or "",
        again=again,
    )


def pause_restored(firm: int = 0) -> None:
    """After a restore of the firm, or all, maybe a copy: nothing is sent until somebody says so."""
    hooks = Webhook.objects.filter(firm=firm) if firm else Webhook.objects.all()
    hooks.filter(state=WebhookState.ACTIVE).update(state=WebhookState.RESTORED, leased_until=0)


def _pause(attempts: int) -> int:
    """Seconds until the next attempt, after so many in vain before this one."""
    return PAUSES[attempts] if attempts < len(PAUSES) else LONGEST_PAUSE


def _mine(leased: Leased) -> "models.QuerySet[Webhook]":
    hook = leased.webhook
    rows = Webhook.objects.filter(firm=hook.firm, number=hook.number, state=WebhookState.ACTIVE)
    return rows.filter(leased_until=leased.until)
