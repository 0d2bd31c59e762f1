"""A second step is set up, asked for, and removed: codes of an app, each once, and recovery codes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from ringfence.firms.models import User
from tests.web.cast import Cast
from tests.web.journeys.security.cai import EMAIL, PASSWORD
from tests.web.reading import document, errors, heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

NOT_RIGHT = [("The code is not right, or was used already. Enter the one that is shown now", "#code")]


def key_of(response: Any) -> str:
    """The key that the page shows."""
    (code,) = document(response).find(".//main").iter("code")
    return "".join("".join(code.itertext()).split())


def code_at(key: str, moment: float) -> str:
    return str(format_hotp_value(hotp_value(key, int(moment) // 30)))


@pytest.fixture
def key(here: PageClient) -> str:
    """Of the app that Cai has set up."""
    found = key_of(here.get(reverse("add-app")))
    response = here.post(reverse("add-app"), {"code": code_at(found, time.time())}, follow=True)
    assert heading(response) == "Your recovery codes"
    return found


@pytest.fixture
def codes(key: str, here: PageClient) -> list[str]:
    """Cai's recovery codes."""
    shown = document(here.get(reverse("recovery-codes"))).find(".//main").iter("code")
    return ["".join(each.itertext()) for each in shown]


@pytest.fixture
def begin(user: User, cast: Cast) -> Callable[[], PageClient]:
    """A browser that has given the right password, and not the second step."""
    from tests.web.checks import PageClient

    def begun() -> PageClient:
        client = PageClient()
        response = client.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
        assert response["Location"] == reverse("mfa_authenticate")
        return client

    return begun


def second(client: PageClient, code: str) -> Any:
    return client.post(reverse("mfa_authenticate"), {"code": code}, follow=True)


def test_the_picture_and_the_key_say_the_same(here: PageClient) -> None:
    response = here.get(reverse("add-app"))
    picture = next(document(response).iter("img"))
    assert picture.get("src").startswith("data:image/svg+xml;base64,")
    assert len(key_of(response)) == 32


def test_the_key_stays_the_same_until_the_app_is_set_up(here: PageClient) -> None:
    assert key_of(here.get(reverse("add-app"))) == key_of(here.post(reverse("add-app"), {"code": "000000"}))


def test_an_app_is_set_up_by_its_first_code(user: User, here: PageClient) -> None:
    here.get(reverse("add-app"))
    told = errors(here.post(reverse("add-app"), {"code": "12"}))
    assert told == [("The code is not right. Enter the one that the app shows now", "#code")]
    assert errors(here.post(reverse("add-app"), {})) == [("Enter the code that the app shows", "#code")]
    assert not Authenticator.objects.filter(user=user).exists()


def test_who_has_an_app_is_asked_for_its_code(key: str, begin: Callable[[], PageClient]) -> None:
    client = begin()
    assert client.get(reverse("your-sign-in")).status_code == 302
    assert errors(second(client, "12")) == NOT_RIGHT
    assert errors(second(client, "")) == [("Enter the code", "#code")]
    assert heading(second(client, code_at(key, time.time() + 30))) == "Clients"


def test_a_code_is_good_once_for_as_long_as_it_would_be_taken(
    key: str, begin: Callable[[], PageClient]
) -> None:
    start = (int(time.time()) // 30 + 4) * 30
    code = code_at(key, start + 30)
    with patch("time.time", return_value=float(start)):
        assert heading(second(begin(), code)) == "Clients"
    with patch("time.time", return_value=float(start + 59)):
        assert errors(second(begin(), code)) == NOT_RIGHT


def test_a_recovery_code_is_good_once(codes: list[str], begin: Callable[[], PageClient]) -> None:
    assert len(set(codes)) == 10
    response = second(begin(), codes[3])
    assert heading(response) == "Clients"
    assert "You used a recovery code. 9 are left." in text(response)
    assert errors(second(begin(), codes[3])) == NOT_RIGHT


def test_recovery_codes_are_shown_until_their_user_keeps_them_and_never_again(
    codes: list[str], here: PageClient
) -> None:
    assert codes[0] in text(here.get(reverse("recovery-codes")))
    here.post(reverse("recovery-codes"))
    response = here.get(reverse("recovery-codes"), follow=True)
    assert heading(response) == "Your sign-in"
    assert codes[0] not in text(response)


def test_recovery_codes_are_downloaded_whole(codes: list[str], here: PageClient) -> None:
    page = here.get(reverse("recovery-codes")).content.decode()
    found = re.search(r'href="data:text/plain;charset=utf-8,([^"]*)"', page)
    assert found is not None
    assert all(code in found[1] for code in codes)


def test_new_recovery_codes_void_those_of_before(
    codes: list[str], here: PageClient, begin: Callable[[], PageClient]
) -> None:
    here.post(reverse("recovery-codes"))
    response = here.post(reverse("new-recovery-codes"), follow=True)
    assert heading(response) == "Your recovery codes"
    assert codes[0] not in text(response)
    assert errors(second(begin(), codes[0])) == NOT_RIGHT


def test_codes_are_not_guessed(key: str, begin: Callable[[], PageClient]) -> None:
    client = begin()
    for _time in range(5):
        second(client, "000000")
    response = second(client, code_at(key, time.time() + 30))
    assert errors(response) == [("There were too many attempts. Try again in a few minutes", "#code")]


def test_the_second_step_waits_for_a_quarter_of_an_hour(key: str, begin: Callable[[], PageClient]) -> None:
    client = begin()
    with patch("time.time", return_value=time.time() + 901):
        response = client.get(reverse("mfa_authenticate"), follow=True)
    assert heading(response) == "Sign in"
    assert "Sign in again" in text(response)


def test_without_the_password_there_is_no_second_step(key: str, visitor: PageClient) -> None:
    stranger = visitor.__class__()
    assert heading(stranger.get(reverse("mfa_authenticate"), follow=True)) == "Sign in"
    assert heading(second(stranger, code_at(key, time.time() + 30))) == "Sign in"


def test_a_new_password_by_link_does_not_pass_the_second_step_by(
    user: User, key: str, visitor: PageClient
) -> None:
    from ringfence.access.password_links import password_link

    stranger = visitor.__class__()
    stranger.get(password_link(User.objects.get(pk=user.pk), ""))
    form = {"password1": "seven quiet lanterns", "password2": "seven quiet lanterns"}
    stranger.post(reverse("choose-password"), form)
    asked = stranger.post(
        reverse("account_login"), {"login": EMAIL, "password": "seven quiet lanterns"}, follow=True
    )
    assert heading(asked) == "Second step"


def test_an_app_is_removed_with_its_recovery_codes(user: User, key: str, here: PageClient) -> None:
    assert heading(here.get(reverse("remove-app"))) == "Remove the app with codes"
    here.post(reverse("remove-app"))
    assert not Authenticator.objects.filter(user=user).exists()
    response = here.__class__().post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD})
    assert response["Location"] == "/"


def test_signing_in_leads_on_after_the_second_step(cast: Cast, key: str, visitor: PageClient) -> None:
    stranger, wanted = visitor.__class__(), reverse("clients", args=[cast.firm])
    stranger.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD, "next": wanted})
    response = stranger.post(reverse("mfa_authenticate"), {"code": code_at(key, time.time() + 30)})
    assert response["Location"] == wanted


def test_without_scripts_a_passkey_is_refused_with_what_it_needs(
    here: PageClient, key: str, begin: Callable[[], PageClient]
) -> None:
    told = "No passkey was handed over. That needs JavaScript, and a browser that knows passkeys"
    form = {"name": "Key", "credential": ""}
    response = here.post(reverse("add-passkey"), form, headers={"host": "localhost"})
    assert errors(response) == [(told, "#passkey")]
    assert errors(begin().post(reverse("mfa_authenticate"), {"credential": ""})) == [(told, "#code")]


@pytest.mark.parametrize("credential", ["x", "{}", "[]", "null", '{"id": "x"}', '{"id": 1, "rawId": {}}'])
def test_what_is_no_passkey_is_refused(
    credential: str, user: User, key: str, here: PageClient, begin: Callable[[], PageClient]
) -> None:
    there = {"host": "localhost"}
    here.get(reverse("add-passkey"), headers=there)
    form = {"name": "Key", "credential": credential}
    response = here.post(reverse("add-passkey"), form, headers=there)
    assert errors(response) == [("The passkey was not accepted. Try again", "#passkey")]
    assert not Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()
    client = begin()
    response = client.post(reverse("mfa_authenticate"), {"credential": credential})
    assert errors(response)[0][0] == "The passkey was not accepted. Try again, or use a code"
    assert "_auth_user_id" not in client.session


def test_a_passkey_is_not_offered_where_none_works(here: PageClient) -> None:
    response = here.get(reverse("add-passkey"), headers={"host": "127.0.0.1:8000"})
    assert "Passkeys work where Ringfence is reached by a name" in text(response)
    assert not list(document(response).find(".//main").iter("form"))


def test_anothers_passkey_is_not_found(cast: Cast, here: PageClient) -> None:
    lenas = Authenticator.objects.create(
        user=cast.users["Lena"], type=Authenticator.Type.WEBAUTHN, data={"name": "Hers"}
    )
    assert here.get(reverse("remove-passkey", args=[lenas.pk])).status_code == 404
    assert here.post(reverse("remove-passkey", args=[lenas.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=lenas.pk).exists()
