"""The security log as it is read, by person, kind, outcome and day, the latest first; and forgetting it."""

from __future__ import annotations

import msgspec
from django.conf import settings
from django.db.models import QuerySet

from ringfence.core.terms import Instant
from ringfence.firms.models import Firm, SecurityEvent

from .clock import clock
from .security_log import DAY, FAILURES, NO_FIRM, SeenFrom

MOST_LINES = 500_000
"""Lines of one firm beyond which the oldest are forgotten before their time."""


class SecurityQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines are asked for; None asks for all."""

    members: frozenset[int] | None = None
    kind: str | None = None
    failed: bool | None = None
    since: Instant | None = None
    until: Instant | None = None
    """Up to and with this instant."""


class SecurityLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line."""

    member: int
    """0 for nobody of the firm."""
    kind: str
    count: int
    first_at: Instant
    last_at: Instant
    seen_from: SeenFrom
    details: str
    """JSON of words by words, or empty."""

    @property
    def failed(self) -> bool:
        return self.kind in FAILURES


def count_lines(firm: int, asked: SecurityQuestion) -> int:
    """How many lines there are."""
    return _rows(firm, asked).count()


def security_lines(firm: int, asked: SecurityQuestion, offset: int, limit: int) -> list[SecurityLine]:
    """Some of them, the latest first."""
    rows = _rows(firm, asked).order_by("-last_at", "slot")[offset : offset + limit]
    return [_line(row) for row in rows]


def lines_before(
    firm: int, asked: SecurityQuestion, before: Instant | None, limit: int
) -> tuple[list[SecurityLine], bool]:
    """The latest lines of before an instant, and whether there are more of before these.

    More than `limit` where several are of one instant, so that none falls between two parts.
    """
    rows = _rows(firm, asked).order_by("-last_at", "slot")
    if before is not None:
        rows = rows.filter(last_at__lt=before)
    found = list(rows[:limit])
    if len(found) == limit:
        at = found[-1].last_at
        found = [row for row in found if row.last_at != at] + list(rows.filter(last_at=at))
    more = bool(found) and rows.filter(last_at__lt=found[-1].last_at).exists()
    return [_line(row) for row in found], more


def _line(row: SecurityEvent) -> SecurityLine:
    return SecurityLine(
        member=row.member,
        kind=row.kind,
        count=row.count,
        first_at=Instant(row.first_at),
        last_at=Instant(row.last_at),
        seen_from=SeenFrom(address=row.address, browser=row.browser, system=row.system),
        details=row.details,
    )


def _rows(firm: int, asked: SecurityQuestion) -> QuerySet[SecurityEvent]:
    rows = SecurityEvent.objects.filter(firm=firm)
    if asked.members is not None:
        rows = rows.filter(member__in=asked.members)
    if asked.kind is not None:
        rows = rows.filter(kind=asked.kind)
    if asked.failed is not None:
        failures = [kind.value for kind in FAILURES]
        rows = rows.filter(kind__in=failures) if asked.failed else rows.exclude(kind__in=failures)
    if asked.since is not None:
        rows = rows.filter(last_at__gte=asked.since)
    if asked.until is not None:
        rows = rows.filter(first_at__lte=asked.until)
    return rows


def forget_old_lines() -> None:
    """Forget what is kept no longer, and what is too much for one firm."""
    oldest = clock() - settings.SECURITY_LOG_DAYS * DAY
    SecurityEvent.objects.filter(last_at__lt=oldest).delete()
    for firm in [NO_FIRM, *Firm.objects.values_list("pk", flat=True)]:
        rows = SecurityEvent.objects.filter(firm=firm)
        last = rows.order_by("-last_at").values_list("last_at", flat=True)[MOST_LINES : MOST_LINES + 1]
        for at in list(last):
            rows.filter(last_at__lte=at).delete()
