"""A session ends after a quarter of an hour without a request, and after twelve hours."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.web.cast import Cast
from tests.web.reading import heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def test_whoever_is_idle_for_a_quarter_of_an_hour_is_signed_out(cast: Cast, cai: PageClient) -> None:
    address = reverse("clients", args=[cast.firm])
    with patch("time.time", return_value=1_000_000.0):
        assert cai.get(address).status_code == 200
    with patch("time.time", return_value=1_000_000.0 + 901):
        response = cai.get(address, follow=True)
    assert heading(response) == "Sign in"
    assert "because nothing was asked for in 15 minutes" in text(response)


def test_whoever_goes_on_working_stays_signed_in(cast: Cast, cai: PageClient) -> None:
    address = reverse("clients", args=[cast.firm])
    for minute in range(0, 40, 10):
        with patch("time.time", return_value=1_000_000.0 + minute * 60):
            assert cai.get(address).status_code == 200


def test_looking_how_long_the_session_lasts_does_not_prolong_it(cast: Cast, cai: PageClient) -> None:
    left = []
    for seconds in (0, 400, 800):
        with patch("time.time", return_value=1_000_000.0 + seconds):
            left.append(cai.get(reverse("session")).json()["left"])
    assert left == [900, 500, 100]


def test_staying_signed_in_prolongs_the_session(cast: Cast, cai: PageClient) -> None:
    with patch("time.time", return_value=1_000_000.0):
        cai.get(reverse("clients", args=[cast.firm]))
    with patch("time.time", return_value=1_000_000.0 + 850):
        assert cai.post(reverse("session")).json()["left"] == 900
    with patch("time.time", return_value=1_000_000.0 + 1_700):
        assert cai.get(reverse("clients", args=[cast.firm])).status_code == 200


def test_a_session_that_has_ended_has_nothing_left(visitor: PageClient) -> None:
    assert visitor.get(reverse("session")).json()["left"] == 0


def test_whoever_has_been_signed_in_for_twelve_hours_is_signed_out(cast: Cast, cai: PageClient) -> None:
    address = reverse("clients", args=[cast.firm])
    for minute in range(0, 12 * 60, 10):
        with patch("time.time", return_value=1_000_000.0 + minute * 60):
            assert cai.get(address).status_code == 200
            assert cai.get(reverse("session")).json()["left"] <= (12 * 60 - minute) * 60
    with patch("time.time", return_value=1_000_000.0 + 12 * 3600):
        response = cai.get(address, follow=True)
    assert "because you had been signed in for 12 hours" in text(response)


def test_what_was_noted_in_another_session_prolongs_none(
    cast: Cast, cai: PageClient, dilys: PageClient
) -> None:
    address = reverse("clients", args=[cast.firm])
    with patch("time.time", return_value=1_000_000.0):
        cai.get(address)
    with patch("time.time", return_value=1_000_000.0 + 901):
        dilys.get(address)
        cai.cookies["seen"] = dilys.cookies["seen"].value
        assert cai.get(address).status_code == 302


def test_whoever_takes_the_note_away_is_not_here_for_longer(cast: Cast, cai: PageClient) -> None:
    address = reverse("clients", args=[cast.firm])
    with patch("time.time", return_value=1_000_000.0):
        cai.get(address)
    del cai.cookies["seen"]
    with patch("time.time", return_value=1_000_000.0 + 901):
        assert cai.get(address).status_code == 302


def test_a_page_that_only_reads_writes_nothing(cast: Cast, cai: PageClient) -> None:
    address = reverse("clients", args=[cast.firm])
    for seconds, status in ((0, 200), (60, 200), (120, 200), (2_000, 302)):
        with CaptureQueriesContext(connection) as queries, patch("time.time", return_value=1e6 + seconds):
            assert cai.get(address).status_code == status
        # The first page after signing in another way than by the page notes when that was.
        assert seconds == 0 or all(each["sql"].startswith("SELECT") for each in queries)
