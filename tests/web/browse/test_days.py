"""Days and times as people type them."""

from datetime import date, time

import pytest

from ringfence.web.browse.days import read_day, read_time


@pytest.mark.parametrize(
    "text",
    [
        "27/3/2026",
        "27 3 2026",
        "27-03-2026",
        "27.3.2026",
        " 2026-03-27 ",
        "27 March 2026",
        "27th mar 2026",
        "27 Mawrth 2026",
    ],
)
def test_a_day_is_read_in_the_order_of_day_month_and_year(text: str) -> None:
    assert read_day(text) == date(2026, 3, 27)


@pytest.mark.parametrize(
    "text", ["", "31 2 2026", "3/27/2026", "27 Ma 2026", "27 M 2026", "today", "27 3 26", "1 1 0000"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("14:30", time(14, 30)),
        ("9.05", time(9, 5)),
        ("2pm", time(14)),
        ("12:30 am", time(0, 30)),
        ("12pm", time(12)),
    ],
)
def test_a_time_is_read(text: str, read: time) -> None:
    assert read_time(text) == read


@pytest.mark.parametrize("text", ["", "14", "25:00", "14:60", "13pm", "noon"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_time(text) is None
