"""While the state cannot be read every page is an error, never an older answer (rules.md 2)."""

from __future__ import annotations

import time
from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.urls import reverse

from ringfence.access import StateUnavailable
from tests.support.unwritable import unwritable_database
from tests.web.cast import Cast
from tests.web.checks import PageClient
from tests.web.reading import heading

pytestmark = pytest.mark.both_databases


@pytest.fixture
def client(cast: Cast, signed_in: Callable[[Cast, str], PageClient]) -> PageClient:
    """A client that is shown the error page instead of the error."""
    found = signed_in(cast, "Cai")
    found.raise_request_exception = False
    return found


def test_a_state_that_cannot_be_read_is_a_503(cast: Cast, client: PageClient) -> None:
    address = reverse("clients", args=[cast.firm])
    assert client.get(address).status_code == 200
    with patch("ringfence.web.shell.visit.firm_state", side_effect=StateUnavailable("gone")):
        response = client.get(address)
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert heading(response) == "Ringfence cannot answer at the moment"


def test_a_database_that_is_gone_is_a_503(cast: Cast, client: PageClient) -> None:
    with patch("ringfence.web.shell.visit.memberships", side_effect=OperationalError("gone")):
        response = client.get(reverse("clients", args=[cast.firm]))
    assert response.status_code == 503


def test_a_database_that_cannot_be_written_keeps_nobody_from_reading(cast: Cast, client: PageClient) -> None:
    address = reverse("clients", args=[cast.firm])
    assert client.get(address).status_code == 200
    with unwritable_database(), patch("time.time", return_value=time.time() + 600):
        assert client.get(address).status_code == 200


def test_signing_in_to_a_database_that_cannot_be_written_is_a_503(cast: Cast) -> None:
    stranger = PageClient(raise_request_exception=False)
    with unwritable_database():
        response = stranger.post(
            reverse("account_login"), {"login": "dilys@pike.example", "password": "no matter"}
        )
    assert response.status_code == 503


def test_any_other_fault_is_a_500_that_tells_nothing(cast: Cast, client: PageClient) -> None:
    with patch("ringfence.web.shell.visit.memberships", side_effect=ValueError("a secret")):
        response = client.get(reverse("clients", args=[cast.firm]))
    assert response.status_code == 500
    assert "a secret" not in response.content.decode()
