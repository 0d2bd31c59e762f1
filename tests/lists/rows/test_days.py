"""Days and moments of lists: a day is the firm's, and means its close."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.core.terms import Instant
from ringfence.lists.rows.days import instant_of, stated_as

ZONES = ["Europe/London", "America/New_York", "Asia/Kathmandu", "Africa/Cairo", "America/Santiago", "UTC"]
INSTANTS = st.integers(0, 4_102_444_800_000_000).map(Instant)
"""Up to 2100."""


@pytest.mark.parametrize(
    ("zone", "close"),
    [
        ("Europe/London", "2026-06-30T23:00:00+00:00"),
        ("America/New_York", "2026-07-01T04:00:00+00:00"),
        ("UTC", "2026-07-01T00:00:00+00:00"),
    ],
)
def test_a_day_closes_at_the_next_midnight_of_the_firm(zone: str, close: str) -> None:
    expected = datetime.datetime.fromisoformat(close).timestamp() * 1_000_000
    assert instant_of(datetime.date(2026, 6, 30), ZoneInfo(zone)) == expected


def test_a_moment_without_an_offset_is_the_firms() -> None:
    moment = datetime.datetime(2026, 6, 30, 12)  # noqa: DTZ001 - what a list says
    assert instant_of(moment, ZoneInfo("Europe/London")) == 1_782_817_200_000_000


def test_a_moment_with_an_offset_is_that_one() -> None:
    moment = datetime.datetime(2026, 6, 30, 12, tzinfo=datetime.UTC)
    assert instant_of(moment, ZoneInfo("America/New_York")) == 1_782_820_800_000_000


@pytest.mark.parametrize("zone", ZONES)
@given(instant=INSTANTS)
def test_an_instant_is_stated_so_that_it_is_read_back_to_the_microsecond(zone: str, instant: Instant) -> None:
    assert instant_of(stated_as(instant, ZoneInfo(zone)), ZoneInfo(zone)) == instant


@pytest.mark.parametrize("zone", ZONES)
@given(day=st.dates(datetime.date(1970, 1, 2), datetime.date(2099, 12, 31)))
def test_a_days_close_is_read_back_as_the_same_instant(zone: str, day: datetime.date) -> None:
    close = instant_of(day, ZoneInfo(zone))
    assert instant_of(stated_as(close, ZoneInfo(zone)), ZoneInfo(zone)) == close


def test_a_day_beyond_the_calendar_is_an_overflow() -> None:
    with pytest.raises(OverflowError):
        instant_of(datetime.date.max, ZoneInfo("UTC"))
