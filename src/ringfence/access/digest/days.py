"""When a firm's digests are due: at seven in the morning of its own time, each stretch of time told once.

What is told of goes from one such hour to the latest that has passed: a day, more where nobody could look.
"""

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ringfence.access.clock import clock
from ringfence.access.connection import answering
from ringfence.access.open_firms import open_only
from ringfence.core.days import instant, local_time
from ringfence.core.settings import Settings
from ringfence.core.terms import Instant
from ringfence.firms.models import Firm

HOUR = time(7)
"""By the firm's clocks."""
SLACK = 60_000_000
"""Microseconds after the hour in which nothing is told yet: so much may clocks of good machines differ, and
what is dated before the hour is committed by then."""


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """What a firm's digests are about: from `since` on, up to and without `until`."""

    firm: int
    since: Instant
    until: Instant


def stretch_of(firm: int, since: int, until: int) -> Stretch:
    """The stretch between two instants that were kept as whole numbers."""
    return Stretch(firm=firm, since=Instant(since), until=Instant(until))


def hour_before(moment: Instant, zone: tzinfo) -> Instant:
    """The latest such hour that is not after the instant. Each day of the zone has one."""
    today = local_time(moment, zone).date()
    found = _hour_of(datetime.combine(today, HOUR), zone)
    return found if found <= moment else _hour_of(datetime.combine(today - timedelta(days=1), HOUR), zone)


def _hour_of(day: datetime, zone: tzinfo) -> Instant:
    return instant(day.replace(tzinfo=zone))


def firms_due() -> list[tuple[Stretch, bool]]:
    """What is to be told of now, by firm; and whether the firm has digests at all."""
    with answering():
        rows = list(open_only(Firm.objects.all(), "pk").values_list("pk", "timezone", "digested", "settings"))
    latest = {timezone: _latest(timezone) for timezone in {row[1] for row in rows}}
    return [
        (_stretch(firm, timezone, digested, latest[timezone]), _wanted(settings))
        for firm, timezone, digested, settings in rows
        if digested < latest[timezone]
    ]


def _wanted(settings: dict[str, object]) -> bool:
    """As `goes_out`, of settings as they lie in the table: one firm that cannot be read must not stop all."""
    return settings.get("digest") is True and settings.get("control") is True


def due(firm: int) -> Stretch | None:
    """What is to be told of the firm now; None where all is told, or there is no such firm."""
    with answering():
        row = Firm.objects.filter(pk=firm).values_list("timezone", "digested").first()
    if row is None or row[1] >= (until := _latest(row[0])):
        return None
    return _stretch(firm, *row, until)


def so_far(firm: int, timezone: str, digested: int) -> Stretch:
    """What the firm's next digest is about up to now, by what its row says."""
    return _stretch(firm, timezone, digested, clock())


def _stretch(firm: int, timezone: str, digested: int, until: Instant) -> Stretch:
    since = Instant(digested) or hour_before(Instant(until - 1), _zone(timezone))
    return Stretch(firm=firm, since=since, until=until)


def _latest(timezone: str) -> Instant:
    return hour_before(Instant(clock() - SLACK), _zone(timezone))


def _zone(timezone: str) -> tzinfo:
    """The zone; UTC for one that this machine does not know, so that one firm does not stop all."""
    try:
        return ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def note_digested(stretch: Stretch) -> bool:
    """Remember that all up to its end is told; whether nobody had done so before."""
    rows = Firm.objects.filter(pk=stretch.firm, digested__lt=stretch.until)
    return bool(rows.update(digested=stretch.until))


def goes_out(settings: Settings) -> bool:
    """Whether the firm's members get digests: with access control on, as the kyc document has it."""
    return settings.digest and settings.control
