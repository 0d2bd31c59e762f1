"""Around every answer: how a body came, methods, and what nobody expected."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from ringfence.access import StateUnavailable
from ringfence.api.door import REFUSAL
from ringfence.web.shell import refusing
from tests.api.caller import PROBLEM, Caller
from tests.web.cast import Cast


def test_a_body_that_did_not_come_whole_is_refused_before_anything_is_done(cast: Cast, owen: Caller) -> None:
    expected = {400: "unreadable", 408: "too_slow", 411: "no_length", 413: "too_large", 503: "unavailable"}
    assert refusing.REFUSAL == REFUSAL
    assert {int(status) for status in refusing.CAUSES} == set(expected)
    for status, code in expected.items():
        found = Client().post(
            "/api/v1/groups",
            b"",
            "application/json",
            headers={"Authorization": f"Bearer {owen.token}"},
            **{REFUSAL: HTTPStatus(status)},  # type: ignore[arg-type]  # goes into the environ
        )
        assert (found.status_code, found.json()["code"]) == (status, code)
        assert found["Content-Type"] == PROBLEM
        assert ("Retry-After" in found.headers) is (status == 503)


def test_the_database_away_is_no_answer(owen: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: Any, **_kwargs: Any) -> None:
        raise StateUnavailable("gone")

    monkeypatch.setattr("ringfence.api.caller.acting_token", away)
    found = owen.get("/firm")
    assert (found.status, found.code) == (503, "unavailable")
    assert found.headers["Retry-After"] == "5"


def test_what_nobody_expected_shows_nothing_of_itself(
    owen: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError("secret-name")

    monkeypatch.setattr("ringfence.api.v1.firm.member_refs", broken)
    found = owen.get("/firm")
    assert (found.status, found.code) == (500, "broken")
    assert "secret" not in str(found.body)
    assert "ZeroDivisionError" in caplog.text


def test_the_head_of_an_answer_is_asked_for_alone(owen: Caller) -> None:
    headers = {"Authorization": f"Bearer {owen.token}"}
    found = Client().head("/api/v1/clients", headers=headers)
    assert found.status_code == 200
    assert not found.content
    assert found["Ringfence-Version"]


def test_the_api_makes_no_session_and_sets_no_cookie(owen: Caller) -> None:
    headers = {"Authorization": f"Bearer {owen.token}"}
    found = Client().get("/api/v1/firm", headers=headers)
    assert not found.cookies
    assert "Content-Security-Policy" not in found.headers
    assert found["X-Content-Type-Options"] == "nosniff"


def test_pages_are_answered_as_before(cast: Cast) -> None:
    found = Client().get("/api/v1/")
    assert found["Content-Type"].startswith("text/html")
    assert "Content-Security-Policy" in found.headers
    assert Client().get("/api").status_code == 404


def test_an_address_of_the_api_is_held_against_no_page_of_a_firm() -> None:
    tried = [str(patterns[0].pattern) for patterns in resolve("/api/v1/clients").tried or ()]
    assert not [each for each in tried if each.startswith("firms/")]
