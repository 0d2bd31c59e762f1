"""Wrong passwords are counted where they come from: nobody locks another out from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.test import override_settings
from django.urls import reverse

from ringfence.web.shell import visitors
from tests.web.cast import Cast
from tests.web.reading import errors

if TYPE_CHECKING:
    from tests.web.checks import PageClient

PASSWORD = "three unrelated words"
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
TOO_MANY = [("There were too many attempts to sign in. Try again in a few minutes", "#login")]


@pytest.fixture
def known(cast: Cast) -> Iterator[Cast]:
    """Cai has a password; passwords are worked out at once."""
    cai = cast.users["Cai"]
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        cai.set_password(PASSWORD)
        cai.save()
        yield cast


def give(client: PageClient, password: str, address: str = HOME) -> Any:
    form = {"login": "cai@pike.example", "password": password}
    return client.post(reverse("account_login"), form, REMOTE_ADDR=address)


def guess(client: PageClient, times: int, address: str) -> None:
    for _guess in range(times):
        give(client, "guess", address)


def test_too_many_guesses_are_stopped_even_with_the_right_password(known: Cast, visitor: PageClient) -> None:
    guess(visitor, 5, HOME)
    assert errors(give(visitor, PASSWORD)) == TOO_MANY
    assert "_auth_user_id" not in visitor.session


def test_guesses_from_elsewhere_lock_nobody_out(known: Cast, visitor: PageClient) -> None:
    guess(visitor, 6, ELSEWHERE)
    assert give(visitor, PASSWORD).status_code == 302


def test_an_ipv4_address_counts_as_one_in_either_form(known: Cast, visitor: PageClient) -> None:
    guess(visitor, 5, f"::ffff:{ELSEWHERE}")
    assert errors(give(visitor, PASSWORD, ELSEWHERE)) == TOO_MANY
    assert give(visitor, PASSWORD, f"::ffff:{HOME}").status_code == 302


def test_guesses_from_everywhere_are_stopped_but_for_a_browser_that_is_known(
    known: Cast, visitor: PageClient, owen: PageClient
) -> None:
    assert give(visitor, PASSWORD).status_code == 302
    visitor.post(reverse("account_logout"))
    stranger = owen.__class__()
    for number in range(10):
        guess(stranger, 5, f"203.0.113.{number}")
    assert errors(give(stranger, PASSWORD)) == TOO_MANY
    assert give(visitor, PASSWORD).status_code == 302


def test_a_known_browser_is_counted_by_itself(known: Cast, visitor: PageClient) -> None:
    assert give(visitor, PASSWORD).status_code == 302
    visitor.post(reverse("account_logout"))
    guess(visitor, 5, HOME)
    assert errors(give(visitor, PASSWORD, ELSEWHERE)) == TOO_MANY


def test_a_browser_is_known_for_those_who_signed_in_alone(known: Cast, visitor: PageClient) -> None:
    assert give(visitor, PASSWORD).status_code == 302
    known_as = visitor.cookies["known"].value
    request = visitor.get(reverse("password-link")).wsgi_request
    request.COOKIES["known"] = known_as
    assert visitors.known_browser(request, "Cai@pike.example")
    assert not visitors.known_browser(request, "dilys@pike.example")
    request.COOKIES["known"] = known_as[:-1] + "x"
    assert not visitors.known_browser(request, "Cai@pike.example")


def test_a_proxy_that_nobody_heeds_is_told_once_in_the_log(
    known: Cast, visitor: PageClient, capsys: pytest.CaptureFixture[str]
) -> None:
    visitors._say_that_a_proxy_is_not_heeded.cache_clear()
    form = {"login": "cai@pike.example", "password": "guess"}
    for _time in range(2):
        visitor.post(reverse("account_login"), form, headers={"x-forwarded-for": HOME})
    said = capsys.readouterr().err
    assert said.count("X-Forwarded-For is not heeded") == 1
    assert "RINGFENCE_TLS=1" in said
