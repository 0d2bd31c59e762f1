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


REQUEST = re.compile(r" request=[0-9a-f]{32}$", re.MULTILINE)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What stands on stderr, without the ids of requests."""
    return lambda: REQUEST.sub("", capsys.readouterr().err)


@pytest.fixture
def client(cast: Cast, signed_in: Callable[[Cast, str], PageClient]) -> PageClient:
    """A client that is shown the error page instead of the error."""
    found = signed_in(cast, "Cai")
    found.raise_request_exception = False
    return found


def test_a_fault_of_ours_leaves_time_method_path_and_traceback(
    cast: Cast, client: PageClient, said: Callable[[], str]
) -> None:
    with patch("ringfence.web.shell.visit.memberships", side_effect=ValueError):
        client.get(reverse("clients", args=[cast.firm]))
    lines = said()
    first, second = lines.splitlines()[:2]
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d \S+ ERROR 500 GET /firms/{cast.firm}/clients", first)
    assert second == "Traceback (most recent call last):"
    assert 'visit.py", line' in lines
    assert lines.endswith("ValueError\n")


def test_neither_a_query_nor_the_text_of_an_error_is_in_the_log(
    cast: Cast, client: PageClient, said: Callable[[], str]
) -> None:
    problem = ValueError("Pryce & Daughters")
    problem.__cause__ = KeyError("dilys@pike.example")
    with patch("ringfence.web.shell.visit.memberships", side_effect=problem):
        client.get(reverse("clients", args=[cast.firm]), {"text": "Pryce"})
    lines = said()
    assert lines.count("Traceback") == 2
    assert "Pryce" not in lines
    assert "dilys" not in lines


def test_the_key_of_a_link_is_not_in_the_log(visitor: PageClient, said: Callable[[], str]) -> None:
    visitor.raise_request_exception = False
    with patch("ringfence.access.password_links.UserTokenForm", side_effect=ValueError):
        visitor.get(reverse("set-password", args=["1", "the-secret-key"]))
    lines = said()
    assert "500 GET /set-password/<slug:uid>/<slug:key>\n" in lines
    assert "the-secret-key" not in lines


def test_a_state_that_cannot_be_read_leaves_one_line(
    cast: Cast, client: PageClient, said: Callable[[], str]
) -> None:
    with patch("ringfence.web.shell.visit.firm_state", side_effect=StateUnavailable("the database is\ngone")):
        client.get(reverse("clients", args=[cast.firm]))
    lines = said()
    assert lines.endswith(
        f"ERROR 503 GET /firms/{cast.firm}/clients: ringfence.store.sources"
        ".StateUnavailable: the database is\n"
    )
    assert len(lines.splitlines()) == 1


def test_a_database_that_is_gone_before_the_page_is_known_leaves_its_line(
    cast: Cast, client: PageClient, said: Callable[[], str]
) -> None:
    with patch("django.contrib.sessions.backends.db.SessionStore.load", side_effect=OperationalError("gone")):
        client.get(reverse("clients", args=[cast.firm]))
    assert f"503 GET /firms/{cast.firm}/clients: django.db.utils.OperationalError: gone\n" in (said())


def test_a_page_that_is_not_found_leaves_no_line(visitor: PageClient, said: Callable[[], str]) -> None:
    assert visitor.get("/nothing-here").status_code == 404
    assert said() == ""


def test_an_unknown_host_gets_words_of_its_own_and_a_line_that_names_the_setting(
    visitor: PageClient, said: Callable[[], str]
) -> None:
    response = visitor.get("/sign-in", headers={"host": "other.example"})
    assert response.status_code == 400
    assert heading(response) == "This request cannot be understood"
    assert said().endswith("WARNING 400 GET /sign-in: RINGFENCE_HOSTS does not name 'other.example'\n")


def test_too_many_fields_are_told_as_too_much_at_once_in_welsh_too(
    visitor: PageClient, said: Callable[[], str]
) -> None:
    fields = {f"field-{number}": "x" for number in range(10_001)}
    response = visitor.post("/sign-in", fields, headers={"accept-language": "cy"})
    assert response.status_code == 413
    assert heading(response) == "Anfonoch ormod ar unwaith"
    assert said().endswith("WARNING 413 POST /sign-in: TooManyFieldsSent\n")


def test_a_form_without_a_token_leaves_its_reason(said: Callable[[], str], db: None) -> None:
    from tests.web.checks import PageClient

    response = PageClient(enforce_csrf_checks=True).post("/sign-in", {"login": "dilys@pike.example"})
    assert heading(response) == "This form cannot be used any more"
    assert said().endswith("WARNING 403 POST /sign-in: CSRF cookie not set.\n")
