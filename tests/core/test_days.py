"""Days of a firm and their closes, on clocks that go forward and back (rules.md 1, "Firm")."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ringfence.core.days import close_of, day_closing_at, instant, local_time

ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Apia"]


@pytest.mark.parametrize(
    ("zone", "close"),
    [
        ("UTC", datetime(2026, 7, 1, tzinfo=UTC)),
        ("Europe/London", datetime(2026, 6, 30, 23, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 6, 30, 18, 15, tzinfo=UTC)),
    ],
)
def test_a_day_closes_at_the_next_midnight_of_the_firm(zone: str, close: datetime) -> None:
    assert close_of(date(2026, 6, 30), ZoneInfo(zone)) == instant(close)


@pytest.mark.parametrize("zone", ZONES)
def test_the_day_that_closes_is_found_again_on_every_day_of_a_year(zone: str) -> None:
    for number in range(366):
        day = date(2026, 1, 1) + timedelta(days=number)
        close = close_of(day, ZoneInfo(zone))
        assert day_closing_at(close, ZoneInfo(zone)) == day
        assert day_closing_at(type(close)(close - 1), ZoneInfo(zone)) is None


def test_a_time_without_a_zone_is_utc() -> None:
    assert instant(datetime(2026, 7, 1, 12)) == instant(datetime(2026, 7, 1, 12, tzinfo=UTC))  # noqa: DTZ001


def test_an_instant_is_read_back_to_the_microsecond() -> None:
    moment = datetime(2026, 10, 25, 1, 30, 0, 123456, tzinfo=UTC)
    assert local_time(instant(moment), ZoneInfo("Europe/London")).astimezone(UTC) == moment


def test_what_lies_beyond_a_zones_calendar_stays_in_utc() -> None:
    last = datetime(9999, 12, 31, 23, 30, tzinfo=UTC)
    assert local_time(instant(last), ZoneInfo("Asia/Kathmandu")) == last
    with pytest.raises(OverflowError):
        close_of(date.max, UTC)
