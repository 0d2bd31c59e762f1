"""What is told of a request: its id goes back, it is counted, and has its line where one is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.urls import reverse

from ringfence.access import StateUnavailable
from ringfence.web.shell.watching import REQUESTS, SECONDS
from tests.web.cast import Cast

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def test_a_page_gives_the_id_of_its_request_back(visitor: PageClient) -> None:
    assert visitor.get("/sign-in", headers={"x-request-id": "order-7"})["X-Request-ID"] == "order-7"


def test_an_unfit_id_is_not_given_back(visitor: PageClient) -> None:
    assert len(visitor.get("/sign-in", headers={"x-request-id": "dilys@pike.example"})["X-Request-ID"]) == 32


def test_requests_are_counted_by_outcome_and_timed(visitor: PageClient) -> None:
    good, bad = REQUESTS.of("pages", "GET", "2xx"), REQUESTS.of("pages", "GET", "4xx")
    before, timed = (good.number, bad.number), sum(SECONDS.of("pages").counts)
    visitor.get("/sign-in")
    visitor.get("/nothing-here")
    assert (good.number, bad.number) == (before[0] + 1, before[1] + 1)
    assert sum(SECONDS.of("pages").counts) == timed + 2


def test_a_page_has_its_line_where_everything_is_told(
    cast: Cast,
    signed_in: Callable[[Cast, str], PageClient],
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = signed_in(cast, "Cai")
    with caplog.at_level(logging.INFO, logger="ringfence.web.shell.watching"):
        client.get(reverse("clients", args=[cast.firm]), {"text": "Pryce"})
    (record,) = [each for each in caplog.records if each.name == "ringfence.web.shell.watching"]
    told = vars(record)
    assert (told["status"], told["firm"], told["route"]) == (200, cast.firm, f"/firms/{cast.firm}/clients")
    assert "Pryce" not in str(told)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/health"])
def test_health_is_told_to_anybody_for_any_host(visitor: PageClient, path: str) -> None:
    response = visitor.get(path, headers={"host": "other.example"})
    assert (response.status_code, response.content) in {(200, b"ok\n"), (200, b"ready\n")}


def test_pages_are_not_ready_where_the_database_does_not_answer(visitor: PageClient) -> None:
    with patch("ringfence.web.shell.refusing.tables_are_ours", side_effect=StateUnavailable("gone")):
        assert visitor.get("/readyz").status_code == 503
        assert visitor.get("/health").status_code == 503
        assert visitor.get("/healthz").status_code == 200


def test_pages_are_not_ready_while_tables_are_of_another_release(visitor: PageClient) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('firms', '9999_later', '2030-01-01')"
        )
    response = visitor.get("/readyz")
    assert (response.status_code, response.content) == (503, b"migrations\n")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'firms'")
    assert visitor.get("/readyz").status_code == 503
