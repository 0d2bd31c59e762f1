"""How often a token may ask."""

from __future__ import annotations

import pytest

from ringfence.access.rates import RATES, Rates
from tests.api.caller import Caller, caller_as
from tests.web.cast import Cast


@pytest.fixture(autouse=True)
def counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RATES, "_counts", {})


def test_every_answer_says_what_is_left(owen: Caller, settings: object) -> None:
    settings.API_PER_MINUTE = 5  # type: ignore[attr-defined]  # a fixture of pytest-django
    first, second = owen.get("/firm"), owen.get("/nothing/here")
    assert first.headers["RateLimit-Policy"] == '"minute";q=5;w=60'
    assert first.headers["RateLimit"].startswith('"minute";r=4;t=')
    assert second.status == 404
    assert owen.get("/members/999").headers["RateLimit"].startswith('"minute";r=3;t=')


def test_a_token_that_asks_too_often_waits_and_others_do_not(
    cast: Cast, owen: Caller, settings: object
) -> None:
    settings.API_PER_MINUTE = 2  # type: ignore[attr-defined]  # a fixture of pytest-django
    assert [owen.get("/firm").status for _ in range(4)] == [200, 200, 429, 429]
    refused = owen.get("/firm")
    assert refused.code == "too_many"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    other = caller_as(cast.other, 1)
    assert other.get("/firm").status == 200


def test_a_new_minute_counts_anew(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    settings.API_PER_MINUTE = 1  # type: ignore[attr-defined]  # a fixture of pytest-django
    rates = Rates()
    monkeypatch.setattr("time.monotonic", lambda: 60.0)
    assert not rates.count(1, 1).exceeded
    assert rates.count(1, 1).exceeded
    monkeypatch.setattr("time.monotonic", lambda: 120.5)
    assert not rates.count(1, 1).exceeded
