"""A firm's webhooks as they stand."""

from enum import StrEnum

import msgspec

from ringfence.access.changes import FeedPlace
from ringfence.core.terms import Instant
from ringfence.firms.models import Firm, Webhook


class WebhookState(StrEnum):
    """Whether events are sent there."""

    ACTIVE = "active"
    PAUSED = "paused"
    """Somebody paused it."""
    FAILED = "failed"
    """Paused because nothing could be sent for days."""
    GONE = "gone"
    """Paused because the receiver answered that it is gone for good."""
    RESTORED = "restored"
    """Paused because the firm was restored from a backup, perhaps as a copy."""
    REMOVED = "removed"
    """No longer shown; its row keeps the number."""


class KeptWebhook(msgspec.Struct, frozen=True, kw_only=True):
    """One webhook. Times are microseconds since 1970 UTC, 0 for never."""

    firm: int
    uid: str
    """The firm's."""
    number: int
    address: str
    secret: str
    """Sealed, as `earlier_secret` is, which is empty for none."""
    earlier_secret: str
    earlier_until: Instant
    families: frozenset[str]
    """What is sent; everything where it is empty."""
    standing: WebhookState
    made_at: Instant
    place: FeedPlace
    """Up to where all has been sent."""
    version: int
    """The firm's, when this was read."""
    attempts: int
    failing_since: Instant
    next_attempt: Instant

    @property
    def active(self) -> bool:
        return self.standing is WebhookState.ACTIVE

    @property
    def behind(self) -> int:
        """Entries that have not been sent or passed over."""
        return max(self.version - self.place.entry, 0)


def webhooks(firm: int) -> list[KeptWebhook]:
    """The firm's webhooks by number, without those that were removed."""
    rows = Webhook.objects.filter(firm=firm).exclude(state=WebhookState.REMOVED).order_by("number")
    return [kept(row) for row in rows.select_related("firm")]


def webhook_numbered(firm: int, number: int, *, removed: bool = False) -> KeptWebhook | None:
    """One of them, None where there is none of that number; with `removed` also one that was removed."""
    rows = Webhook.objects.filter(firm=firm, number=number)
    if not removed:
        rows = rows.exclude(state=WebhookState.REMOVED)
    row = rows.select_related("firm").first()
    return kept(row) if row is not None else None


def kept(row: Webhook) -> KeptWebhook:
    """The row as it is read; its firm came with it."""
    firm: Firm = row.firm
    return KeptWebhook(
        firm=firm.pk,
        uid=str(firm.uid),
        number=row.number,
        address=row.address,
        secret=row.secret or "",
        earlier_secret=row.earlier_secret or "",
        earlier_until=Instant(row.earlier_until),
        families=frozenset(row.families),
        standing=WebhookState(row.state),
        made_at=Instant(row.made_at),
        place=FeedPlace(row.entry, row.events),
        version=firm.version,
        attempts=row.attempts,
        failing_since=Instant(row.failing_since),
        next_attempt=Instant(row.next_attempt),
    )
