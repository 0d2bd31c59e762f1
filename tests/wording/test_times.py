"""Days and times are written as people write them, and an end at the close of a day names that day."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.dates import get_month_names

from ringfence.core.days import close_of, instant
from ringfence.wording.catalogue import LANGUAGES, in_language
from ringfence.wording.times import MONTHS, day_text, moment_text, until_text

LONDON = ZoneInfo("Europe/London")
DAYS = [date(2026, 12, 31), date(2026, 3, 28), date(2026, 4, 23), date(2026, 10, 24)]
ZONES = ["Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_are_named_as_in_cldr(language: str) -> None:
    assert dict(enumerate(MONTHS[language], 1)) == get_month_names("wide", locale=language)


@pytest.mark.parametrize(("language", "written"), [("en", "3 July 2026"), ("cy", "3 Gorffennaf 2026")])
def test_a_day_is_written_in_the_readers_language(language: str, written: str) -> None:
    with in_language(language):
        assert day_text(date(2026, 7, 3)) == written


def test_a_moment_is_told_by_the_firms_clocks() -> None:
    at = instant(datetime(2026, 7, 3, 13, 5, 59, tzinfo=UTC))
    assert moment_text(at, LONDON) == "3 July 2026, 14:05"


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "day", [date(2026, 12, 31), date(2026, 3, 28), date(2026, 4, 23), date(2026, 10, 24)]
)
def test_an_end_at_the_close_of_a_day_names_that_day(zone: str, day: date) -> None:
    expires = close_of(day, ZoneInfo(zone))
    assert until_text(expires, ZoneInfo(zone)) == f"until the end of {day_text(day)}"


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "until the end of 31 December 2026"), ("cy", "tan ddiwedd 31 Rhagfyr 2026")],
)
def test_an_end_is_said_in_the_readers_language(language: str, written: str) -> None:
    with in_language(language):
        assert until_text(close_of(date(2026, 12, 31), LONDON), LONDON) == written


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 7, 1, 13, 30, tzinfo=UTC), "until 1 July 2026, 14:30"),
        (datetime(2026, 7, 1, 13, 30, 9, tzinfo=UTC), "until 1 July 2026, 14:30:09"),
        (datetime(2027, 1, 1, 0, 0, 0, 1, tzinfo=UTC), "until 1 January 2027, 00:00"),
    ],
)
def test_an_end_within_a_day_is_told_by_the_clock(moment: datetime, written: str) -> None:
    assert until_text(instant(moment), LONDON) == written


def test_an_end_beyond_the_zones_calendar_is_told_in_utc() -> None:
    last = instant(datetime(9999, 12, 31, 23, 30, tzinfo=UTC))
    assert until_text(last, ZoneInfo("Asia/Kathmandu")) == "until 31 December 9999, 23:30"
