"""What goes wrong leaves a trace on stderr: where and what, and nothing personal beyond ids."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.db import OperationalError
from django.urls import reverse

from ringfence.access import StateUnavailable
from tests.web.cast import Cast
from tests.web.reading import heading

if TYPE_CHECKING:
    from tests.web.checks import PageClient


@pytest.fixture
def client(cast: Cast, signed_in: Callable[[Cast, str], PageClient]) -> PageClient:
    """A client that is shown the error page instead of the error."""
    found = signed_in(cast, "Cai")
    found.raise_request_exception = False
    return found


def test_a_fault_of_ours_leaves_time_method_path_and_traceback(
    cast: Cast, client: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with patch("ringfence.web.shell.visit.memberships", side_effect=ValueError):
        client.get(reverse("clients", args=[cast.firm]))
    said = capsys.readouterr().err
    first, second = said.splitlines()[:2]
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d \S+ ERROR 500 GET /firms/{cast.firm}/clients", first)
    assert second == "Traceback (most recent call last):"
    assert 'visit.py", line' in said
    assert said.endswith("ValueError\n")


def test_neither_a_query_nor_the_text_of_an_error_is_in_the_log(
    cast: Cast, client: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    problem = ValueError("Pryce & Daughters")
    problem.__cause__ = KeyError("dilys@pike.example")
    with patch("ringfence.web.shell.visit.memberships", side_effect=problem):
        client.get(reverse("clients", args=[cast.firm]), {"text": "Pryce"})
    said = capsys.readouterr().err
    assert said.count("Traceback") == 2
    assert "Pryce" not in said
    assert "dilys" not in said


def test_the_key_of_a_link_is_not_in_the_log(visitor: PageClient, capsys: pytest.CaptureFixture[str]) -> None:
    visitor.raise_request_exception = False
    with patch("ringfence.access.password_links.UserTokenForm", side_effect=ValueError):
        visitor.get(reverse("set-password", args=["1", "the-secret-key"]))
    said = capsys.readouterr().err
    assert "500 GET /set-password/<slug:uid>/<slug:key>\n" in said
    assert "the-secret-key" not in said


def test_a_state_that_cannot_be_read_leaves_one_line(
    cast: Cast, client: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with patch("ringfence.web.shell.visit.firm_state", side_effect=StateUnavailable("the database is\ngone")):
        client.get(reverse("clients", args=[cast.firm]))
    said = capsys.readouterr().err
    assert said.endswith(
        f"ERROR 503 GET /firms/{cast.firm}/clients: ringfence.store.sources"
        ".StateUnavailable: the database is\n"
    )
    assert len(said.splitlines()) == 1


def test_a_database_that_is_gone_before_the_page_is_known_leaves_its_line(
    cast: Cast, client: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with patch("django.contrib.sessions.backends.db.SessionStore.load", side_effect=OperationalError("gone")):
        client.get(reverse("clients", args=[cast.firm]))
    assert f"503 GET /firms/{cast.firm}/clients: django.db.utils.OperationalError: gone\n" in (
        capsys.readouterr().err
    )


def test_a_page_that_is_not_found_leaves_no_line(
    visitor: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    assert visitor.get("/nothing-here").status_code == 404
    assert capsys.readouterr().err == ""


def test_an_unknown_host_gets_words_of_its_own_and_a_line_that_names_the_setting(
    visitor: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    response = visitor.get("/sign-in", headers={"host": "other.example"})
    assert response.status_code == 400
    assert heading(response) == "This request cannot be understood"
    assert capsys.readouterr().err.endswith(
        "WARNING 400 GET /sign-in: RINGFENCE_HOSTS does not name 'other.example'\n"
    )


def test_too_many_fields_are_a_bad_request_in_welsh_too(
    visitor: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    fields = {f"field-{number}": "x" for number in range(1_001)}
    response = visitor.post("/sign-in", fields, headers={"accept-language": "cy"})
    assert response.status_code == 400
    assert heading(response) == "Ni ellir deall y cais hwn"
    assert capsys.readouterr().err.endswith("WARNING 400 POST /sign-in: TooManyFieldsSent\n")


def test_a_form_without_a_token_leaves_its_reason(capsys: pytest.CaptureFixture[str], db: None) -> None:
    from tests.web.checks import PageClient

    response = PageClient(enforce_csrf_checks=True).post("/sign-in", {"login": "dilys@pike.example"})
    assert heading(response) == "This form cannot be used any more"
    assert capsys.readouterr().err.endswith("WARNING 403 POST /sign-in: CSRF cookie not set.\n")
