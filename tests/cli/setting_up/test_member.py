"""`ringfence member`: one-time links to set a password, and help for who has lost their second step."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from ringfence.firms.models import User
from tests.cli.listing import refuse, succeed

pytestmark = pytest.mark.both_databases

Answer = Callable[..., Any]

BETH = "beth@ace.example"
SITE = "https://ringfence.example"


@pytest.fixture
def link(agency: str, answer: Answer, settings: Any) -> str:
    """The path of a link for Beth."""
    settings.ALLOWED_HOSTS = [SITE.removeprefix("https://"), "testserver"]
    printed = answer("member", "link", BETH, "--address", f"{SITE}/")["set_password"]
    assert printed.startswith(f"{SITE}/set-password/")
    return str(printed.removeprefix(SITE))


def choose(client: Any, link: str, password: str) -> int:
    """Set a password through the link; the status of the answer."""
    client.get(link)
    passwords = {"password1": password, "password2": password}
    return int(client.post(reverse("choose-password"), passwords).status_code)


def test_the_link_lets_the_member_set_a_password_once(link: str, client: Any) -> None:
    assert choose(client, link, "correct horse battery") == 302
    assert User.objects.get(email=BETH).check_password("correct horse battery")
    assert choose(client, link, "another long password") == 404


def test_a_password_stays_until_the_link_is_used(agency: str, answer: Answer, client: Any) -> None:
    user = User.objects.get(email=BETH)
    user.set_password("the one she forgot")
    user.save()
    link = answer("member", "link", BETH)["set_password"].removeprefix("http://127.0.0.1:8000")
    assert User.objects.get(email=BETH).check_password("the one she forgot")
    assert choose(client, link, "correct horse battery") == 302
    assert User.objects.get(email=BETH).check_password("correct horse battery")


def test_people_read_whose_link_it_is_and_how_long_it_is_good(agency: str) -> None:
    said = succeed("member", "link", "Beth", "--firm", "Ace Agents")
    assert f"Beth ({BETH}) sets a password here, once, within 3 days:" in said
    assert "http://127.0.0.1:8000/set-password/" in said


def test_an_inactive_member_gets_no_link(agency: str) -> None:
    succeed("do", "member.deactivate", f"member={BETH}")
    assert "not an active member of Ace Agents" in refuse("member", "link", BETH)


def test_a_member_without_an_address_gets_no_link(agency: str) -> None:
    succeed("do", "member.add", "member=Nan")
    assert "Nan has no address to sign in with" in refuse("member", "link", "Nan")


def test_a_stranger_is_no_member(agency: str) -> None:
    assert "Ace Agents has no team member 'zed@ace.example'" in refuse("member", "link", "zed@ace.example")


@pytest.fixture
def beths_app(agency: str) -> User:
    """Beth, who has an app with codes."""
    beth = User.objects.get(email=BETH)
    Authenticator.objects.create(user=beth, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return beth


def test_who_has_lost_everything_signs_in_with_the_password_alone_and_is_signed_out(
    beths_app: User, client: Any
) -> None:
    client.force_login(beths_app)
    said = succeed("member", "drop-second-step", BETH, "--yes")
    assert f"({BETH}) signs in with the password alone" in said
    assert not Authenticator.objects.exists()
    assert client.get(reverse("your-sign-in")).status_code == 302


def test_who_has_no_second_step_is_told_so(agency: str) -> None:
    assert "signs in without a second step already" in refuse("member", "drop-second-step", BETH, "--yes")
