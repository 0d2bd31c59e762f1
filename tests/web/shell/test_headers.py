"""What every answer tells the browser, so that it lets nobody else in; and what cookies are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from django.urls import reverse

if TYPE_CHECKING:
    from tests.web.cast import Cast
    from tests.web.checks import PageClient


@pytest.mark.parametrize("route", ["clients", "ledger-csv", "security-log"])
def test_pages_and_files_tell_browsers_to_guess_nothing_and_to_tell_nobody(
    route: str, cast: Cast, owen: PageClient
) -> None:
    response = owen.get(reverse(route, args=[cast.firm]))
    assert response.status_code == 200
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert "charset=utf-8" in response["Content-Type"].lower()
    assert "Access-Control-Allow-Origin" not in response


def test_the_policy_of_pages_lets_nothing_foreign_in(cast: Cast, owen: PageClient) -> None:
    policy = owen.get(reverse("clients", args=[cast.firm]))["Content-Security-Policy"]
    for directive in (
        "default-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ):
        assert directive in policy
    assert "unsafe" not in policy


def test_a_file_is_an_attachment(cast: Cast, owen: PageClient) -> None:
    response = owen.get(reverse("ledger-csv", args=[cast.firm]))
    assert response["Content-Disposition"].startswith("attachment;")


def test_every_cookie_is_kept_from_scripts_and_other_sites(cast: Cast, owen: PageClient) -> None:
    owen.get(reverse("account_login"))
    owen.get(reverse("clients", args=[cast.firm]))
    assert len(owen.cookies) >= 2
    for cookie in owen.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert (cookie["path"], cookie["domain"]) == ("/", ""), cookie.key


@override_settings(SECURE_HSTS_SECONDS=31_536_000)
def test_behind_tls_browsers_are_told_to_come_back_over_it(cast: Cast, visitor: PageClient) -> None:
    response = visitor.get(reverse("account_login"), secure=True)
    assert response["Strict-Transport-Security"] == "max-age=31536000"
