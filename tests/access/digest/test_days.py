"""When digests are due: seven in the morning of the firm's own time, on every day of the year."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.access.digest.days import hour_before
from ringfence.core.days import instant, local_time
from ringfence.core.terms import Instant
from tests.core.random_examples import name_the_seed, random_examples

HOUR = 3600 * 1_000_000


def at(zone: str, text: str) -> Instant:
    return instant(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)))


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("Europe/London", "2026-11-29T07:00", "2026-11-29T07:00"),
        ("Europe/London", "2026-11-29T06:59", "2026-11-28T07:00"),
        # Clocks go forward on 29 March and back on 25 October.
        ("Europe/London", "2026-03-29T07:00", "2026-03-29T07:00"),
        ("Europe/London", "2026-03-29T06:59", "2026-03-28T07:00"),
        ("Europe/London", "2026-10-25T06:59", "2026-10-24T07:00"),
        ("Asia/Kathmandu", "2026-06-01T23:00", "2026-06-01T07:00"),
        ("Pacific/Apia", "2026-06-01T06:00", "2026-05-31T07:00"),
    ],
)
def test_the_latest_hour_is_that_of_the_firms_clocks(zone: str, now: str, expected: str) -> None:
    assert hour_before(at(zone, now), ZoneInfo(zone)) == at(zone, expected)


@pytest.mark.parametrize(("year", "hours"), [("2026-03-28", 23), ("2026-10-24", 25), ("2026-06-01", 24)])
def test_a_day_is_as_long_as_the_clocks_make_it(year: str, hours: int) -> None:
    zone = ZoneInfo("Europe/London")
    start = at("Europe/London", f"{year}T07:00")
    assert hour_before(Instant(start + hours * HOUR), zone) == start + hours * HOUR
    assert hour_before(Instant(start + hours * HOUR - 1), zone) == start


@random_examples(200)
@given(
    zone=st.sampled_from(["Europe/London", "America/St_Johns", "Australia/Lord_Howe", "Asia/Tehran", "UTC"]),
    seconds=st.integers(631_152_000, 2_145_916_800),
)
def test_every_instant_belongs_to_one_day_and_none_is_longer_than_a_day_may_be(
    zone: str, seconds: int
) -> None:
    name_the_seed()
    where = ZoneInfo(zone)
    now = Instant(seconds * 1_000_000)
    hours = [now]
    for _ in range(4):
        hours.append(hour_before(Instant(hours[-1] - 1), where))
    assert hour_before(now, where) <= now
    for later, earlier in pairwise(hours[1:]):
        assert 23 * HOUR <= later - earlier <= 25 * HOUR
        assert local_time(later, where).time().hour == 7
