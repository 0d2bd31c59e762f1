"""The log of a webhook: every attempt, with what was answered, but not what was sent.

What was sent can be made again from the ledger, so nobody's address lies here.
"""

import msgspec

from ringfence.access.clock import clock
from ringfence.access.open_firms import open_only
from ringfence.core.terms import Instant
from ringfence.firms.models import WebhookDelivery

KEPT_DAYS = 30
DAY = 24 * 3600 * 1_000_000


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt. `at` is microseconds since 1970 UTC."""

    number: int
    entry: int
    """The ledger's entry; 0 for a test."""
    part: int
    type: str
    at: Instant
    milliseconds: int
    status: int | None
    fault: str
    again: bool

    @property
    def taken(self) -> bool:
        """Whether the receiver said that it has it."""
        return self.status is not None and 200 <= self.status < 300


def deliveries(firm: int, webhook: int, *, first: int = 0, count: int = 50) -> list[Delivery]:
    """Some of its attempts, newest first; `first` counts from 0."""
    rows = WebhookDelivery.objects.filter(firm=firm, webhook=webhook).order_by("-number")
    return [_read(row) for row in rows[first : first + count]]


def delivery_count(firm: int, webhook: int) -> int:
    """How many attempts are remembered."""
    return WebhookDelivery.objects.filter(firm=firm, webhook=webhook).count()


def delivery_numbered(firm: int, webhook: int, number: int) -> Delivery | None:
    """One of them, None where it is not remembered."""
    row = WebhookDelivery.objects.filter(firm=firm, webhook=webhook, number=number).first()
    return _read(row) if row is not None else None


def forget_deliveries() -> None:
    """Remove what was sent long ago, in all firms."""
    open_only(WebhookDelivery.objects.filter(at__lt=clock() - KEPT_DAYS * DAY)).delete()


def _read(row: WebhookDelivery) -> Delivery:
    return Delivery(
        number=row.number,
        entry=row.entry,
        part=row.part,
        type=row.type,
        at=Instant(row.at),
        milliseconds=row.milliseconds,
        status=row.status,
        fault=row.fault,
        again=row.again,
    )
