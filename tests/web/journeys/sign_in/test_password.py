"""A link sets a password once, for who has a place in a firm; its key does not stay in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access.password_links import password_link
from ringfence.core.commands.definitions import DeactivateMember
from tests.web.cast import DILYS, Cast, do
from tests.web.reading import errors, heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

PASSWORD = "three unrelated words"


@pytest.fixture
def link(cast: Cast) -> str:
    """Dilys's."""
    return password_link(cast.users["Dilys"], "")


def choose(visitor: PageClient, first: str, second: str) -> Any:
    return visitor.post(reverse("choose-password"), {"password1": first, "password2": second})


def test_a_link_sets_a_password_to_sign_in_with(link: str, visitor: PageClient) -> None:
    assert "dilys@pike.example" in text(visitor.get(link, follow=True))
    choose(visitor, PASSWORD, PASSWORD)
    response = visitor.post(
        reverse("account_login"), {"login": "dilys@pike.example", "password": PASSWORD}, follow=True
    )
    assert heading(response) == "Clients"


def test_the_key_leaves_the_address(link: str, visitor: PageClient) -> None:
    response = visitor.get(link)
    assert response["Location"] == reverse("choose-password")
    assert link.rpartition("/")[2] not in visitor.get(reverse("choose-password")).content.decode()


def test_a_link_sets_a_password_only_once(link: str, visitor: PageClient) -> None:
    visitor.get(link)
    choose(visitor, PASSWORD, PASSWORD)
    for response in (visitor.get(link), visitor.get(reverse("choose-password"))):
        assert response.status_code == 404
        assert heading(response) == "This link cannot be used any more"


def test_a_made_up_link_sets_nothing(cast: Cast, visitor: PageClient) -> None:
    assert visitor.get(reverse("set-password", args=["1", "abc-def"])).status_code == 404
    assert choose(visitor, PASSWORD, PASSWORD).status_code == 404


def test_who_has_lost_their_place_sets_no_password(cast: Cast, link: str, visitor: PageClient) -> None:
    visitor.get(link)
    do(cast.firm, DeactivateMember(member=DILYS))
    assert choose(visitor, PASSWORD, PASSWORD).status_code == 404
    assert visitor.get(link).status_code == 404
    cast.users["Dilys"].refresh_from_db()
    assert not cast.users["Dilys"].has_usable_password()


BAD_PASSWORDS = {
    "": "Enter a password",
    "short": "The password must have at least 10 characters",
    "password123": "This password is too common: choose one that nobody would guess",
    "dilys@pike.example": "The password is too like your name or e-mail address",
}


@pytest.mark.parametrize("password", BAD_PASSWORDS)
def test_a_bad_password_is_refused_with_what_to_do(
    password: str, cast: Cast, link: str, visitor: PageClient
) -> None:
    visitor.get(link)
    assert errors(choose(visitor, password, password)) == [(BAD_PASSWORDS[password], "#password1")]
    assert not cast.users["Dilys"].has_usable_password()


def test_two_different_passwords_are_refused(cast: Cast, link: str, visitor: PageClient) -> None:
    visitor.get(link)
    response = choose(visitor, PASSWORD, PASSWORD + "!")
    assert errors(response) == [("Type the same password in both fields", "#password2")]
    assert not cast.users["Dilys"].has_usable_password()


@pytest.mark.parametrize("word", ["Ringfence!2026", "Marlow2026", "pike.example", "Pike&Marlow!"])
def test_a_password_made_of_words_of_here_is_refused(word: str, link: str, visitor: PageClient) -> None:
    visitor.get(link)
    told = errors(choose(visitor, word, word))
    assert told[0][1] == "#password1"


@pytest.mark.parametrize("word", ["a ringfence around nothing", "marlow, mustard and a kettle"])
def test_words_of_here_may_stand_in_a_password_that_is_more(
    word: str, link: str, visitor: PageClient
) -> None:
    visitor.get(link)
    assert not errors(choose(visitor, word, word))


def test_a_long_password_of_any_letters_is_taken_as_it_was_typed(link: str, visitor: PageClient) -> None:
    long = " Ŵy ŷd £ 🦊 " * 20
    visitor.get(link)
    choose(visitor, long, long)
    address = {"login": "dilys@pike.example"}
    for other in (long.strip(), long.casefold(), long[:64]):
        assert errors(visitor.post(reverse("account_login"), {**address, "password": other}))
    assert (
        heading(visitor.post(reverse("account_login"), {**address, "password": long}, follow=True))
        == "Clients"
    )


def test_signing_in_gives_the_session_another_key(link: str, visitor: PageClient) -> None:
    visitor.get(link)
    before = visitor.session.session_key
    choose(visitor, PASSWORD, PASSWORD)
    visitor.post(reverse("account_login"), {"login": "dilys@pike.example", "password": PASSWORD})
    assert visitor.session.session_key not in {before, None}
    assert len(visitor.session.session_key) == 32
