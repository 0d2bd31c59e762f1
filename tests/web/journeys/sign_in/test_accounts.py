"""Signing in and out, the first password, the idle session, choosing a firm."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.urls import reverse

from ringfence.access.password_links import password_link
from ringfence.core.commands.definitions import DeactivateMember
from tests.web.cast import DILYS, Cast, do, seat
from tests.web.reading import errors, heading, link, text, title, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]
PASSWORD = "three unrelated words"


@pytest.fixture
def known(cast: Cast) -> Cast:
    """Cai has a password."""
    cai = cast.users["Cai"]
    cai.set_password(PASSWORD)
    cai.save()
    return cast


def give(client: PageClient, email: str, password: str, after: str = "/") -> object:
    return client.post(reverse("account_login"), {"login": email, "password": password, "next": after})


def test_the_right_password_signs_in(known: Cast, visitor: PageClient) -> None:
    response = visitor.post(
        reverse("account_login"), {"login": "cai@pike.example", "password": PASSWORD}, follow=True
    )
    assert heading(response) == "Clients"


def test_signing_in_leads_on_to_the_page_that_was_asked_for(known: Cast, visitor: PageClient) -> None:
    wanted = reverse("clients", args=[known.firm])
    asked = visitor.get(wanted, follow=True)
    response = visitor.post(
        reverse("account_login"),
        {"login": "cai@pike.example", "password": PASSWORD, "next": value(asked, "next")},
    )
    assert response["Location"] == wanted


def test_signing_in_never_leads_to_another_site(known: Cast, visitor: PageClient) -> None:
    form = {"login": "cai@pike.example", "password": PASSWORD, "next": "https://evil.example/"}
    assert visitor.post(reverse("account_login"), form)["Location"] == "/"


def test_a_wrong_password_is_said_without_saying_which_is_wrong(known: Cast, visitor: PageClient) -> None:
    wrong = visitor.post(reverse("account_login"), {"login": "cai@pike.example", "password": "guess"})
    unknown = visitor.post(reverse("account_login"), {"login": "no@pike.example", "password": "guess"})
    assert errors(wrong) == errors(unknown) == [("The e-mail address or the password is not right", "#login")]
    assert wrong.status_code == 422


def test_an_empty_form_says_what_to_enter(visitor: PageClient) -> None:
    response = visitor.post(reverse("account_login"), {})
    assert title(response).startswith("Error: Sign in")
    assert errors(response) == [
        ("Enter your e-mail address, like name@example.com", "#login"),
        ("Enter your password", "#password"),
    ]


def test_too_many_guesses_are_stopped_even_with_the_right_password(known: Cast, visitor: PageClient) -> None:
    for _guess in range(20):
        give(visitor, "cai@pike.example", "guess")
    response = visitor.post(reverse("account_login"), {"login": "cai@pike.example", "password": PASSWORD})
    assert response.status_code in (422, 429)
    assert "_auth_user_id" not in visitor.session


def test_a_user_who_was_shut_out_is_told_so(known: Cast, visitor: PageClient) -> None:
    cai = known.users["Cai"]
    cai.is_active = False
    cai.save()
    form = {"login": "cai@pike.example", "password": PASSWORD}
    response = visitor.post(reverse("account_login"), form, follow=True)
    assert heading(response) == "Sign in"
    assert "You can no longer sign in." in text(response)


def test_nobody_signs_themselves_up(visitor: PageClient) -> None:
    assert visitor.get("/account/signup/").status_code == 404


def test_signing_out_ends_the_session(cast: Cast, cai: PageClient) -> None:
    response = cai.post(reverse("account_logout"), follow=True)
    assert "You are signed out." in text(response)
    assert cai.get(reverse("clients", args=[cast.firm])).status_code == 302


def test_signing_out_takes_no_link(cai: PageClient) -> None:
    assert cai.get(reverse("account_logout")).status_code == 405


def test_whoever_is_idle_for_a_quarter_of_an_hour_is_signed_out(cast: Cast, cai: PageClient) -> None:
    address = reverse("clients", args=[cast.firm])
    with patch("ringfence.web.shell.middleware.time.time", return_value=1_000_000.0):
        assert cai.get(address).status_code == 200
    with patch("ringfence.web.shell.middleware.time.time", return_value=1_000_000.0 + 901):
        response = cai.get(address, follow=True)
    assert heading(response) == "Sign in"
    assert "because nothing was asked for in 15 minutes" in text(response)


def test_whoever_goes_on_working_stays_signed_in(cast: Cast, cai: PageClient) -> None:
    address = reverse("clients", args=[cast.firm])
    for minute in range(0, 40, 10):
        with patch("ringfence.web.shell.middleware.time.time", return_value=1_000_000.0 + minute * 60):
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


def test_a_link_sets_a_password_to_sign_in_with(known: Cast, visitor: PageClient) -> None:
    dilys = known.users["Dilys"]
    address = password_link(dilys, "")
    assert "dilys@pike.example" in text(visitor.get(address))
    visitor.post(address, {"password1": PASSWORD, "password2": PASSWORD})
    response = visitor.post(
        reverse("account_login"), {"login": "dilys@pike.example", "password": PASSWORD}, follow=True
    )
    assert heading(response) == "Clients"


def test_a_link_sets_a_password_only_once(cast: Cast, visitor: PageClient) -> None:
    address = password_link(cast.users["Dilys"], "")
    visitor.post(address, {"password1": PASSWORD, "password2": PASSWORD})
    response = visitor.get(address)
    assert response.status_code == 404
    assert heading(response) == "This link cannot be used any more"


def test_a_made_up_link_sets_nothing(cast: Cast, visitor: PageClient) -> None:
    assert visitor.get(reverse("set-password", args=["1", "abc-def"])).status_code == 404


BAD_PASSWORDS = {
    "": "Enter a password",
    "short": "The password must have at least 10 characters",
    "password123": "This password is too common: choose one that nobody would guess",
    "dilys@pike.example": "The password is too like your name or e-mail address",
}


@pytest.mark.parametrize("password", BAD_PASSWORDS)
def test_a_bad_password_is_refused_with_what_to_do(password: str, cast: Cast, visitor: PageClient) -> None:
    form = {"password1": password, "password2": password}
    response = visitor.post(password_link(cast.users["Dilys"], ""), form)
    assert errors(response) == [(BAD_PASSWORDS[password], "#password1")]
    assert not cast.users["Dilys"].has_usable_password()


def test_two_different_passwords_are_refused(cast: Cast, visitor: PageClient) -> None:
    form = {"password1": PASSWORD, "password2": PASSWORD + "!"}
    response = visitor.post(password_link(cast.users["Dilys"], ""), form)
    assert errors(response) == [("Type the same password in both fields", "#password2")]
    assert not cast.users["Dilys"].has_usable_password()


def test_who_is_in_one_firm_goes_straight_to_it(cast: Cast, cai: PageClient) -> None:
    assert heading(cai.get("/", follow=True)) == "Clients"


def test_who_is_in_two_firms_chooses(cast: Cast, signed_in: SignIn) -> None:
    seat(cast.other, cast.users["Cai"], "Cai L")
    response = signed_in(cast, "Cai").get("/")
    assert heading(response) == "Choose a firm"
    assert link(response, "Larks") == reverse("firm-home", args=[cast.other])


def test_who_is_in_no_firm_is_told_so(cast: Cast, signed_in: SignIn) -> None:
    do(cast.firm, DeactivateMember(member=DILYS))
    assert heading(signed_in(cast, "Dilys").get("/")) == "You have no place in a firm"


def test_a_deactivated_members_pages_do_not_exist(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, DeactivateMember(member=DILYS))
    assert dilys.get(reverse("clients", args=[cast.firm])).status_code == 404


def test_an_auditor_starts_on_the_control_side(cast: Cast, ada: PageClient) -> None:
    assert heading(ada.get("/", follow=True)) == "Manage account"
