"""Another address to sign in with: by a link at the new one, once, with word to the one of before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from ringfence.firms.models import AddressChange, Member, User
from tests.support.jobs import do_waiting
from tests.web.cast import CAI, Cast
from tests.web.journeys.security.cai import EMAIL, PASSWORD
from tests.web.reading import errors, heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

LATELY = "What happened lately"


NEW = "cai.llwyd@pike.example"


@pytest.fixture(autouse=True)
def sends_mail() -> Iterator[None]:
    """As with a mail server."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


def ask(client: PageClient, email: str = NEW) -> Any:
    return client.post(reverse("change-address"), {"email": email}, follow=True)


def sent() -> list[EmailMessage]:
    """What has been sent once nothing waits."""
    do_waiting()
    found: list[EmailMessage] = mail.outbox
    return found


def sent_link() -> str:
    """The one of the last mail that has one."""
    found = [
        match[1]
        for message in sent()
        if (match := re.search(r"https://ringfence.example(/new-address/\S+)", str(message.body)))
    ]
    return found[-1]


def address_of(user: User) -> str:
    return User.objects.get(pk=user.pk).email


def test_the_address_is_changed_once_the_link_is_used(cast: Cast, user: User, here: PageClient) -> None:
    response = ask(here, "Cai.Llwyd@Pike.example")
    assert "A link is on its way to cai.llwyd@pike.example." in text(response)
    assert address_of(user) == EMAIL
    asked = here.get(sent_link(), follow=True)
    assert heading(asked) == "Confirm your new e-mail address"
    assert "From now on you sign in with cai.llwyd@pike.example." in text(
        here.post(reverse("confirm-address"), follow=True)
    )
    assert address_of(user) == NEW
    # The firm's own address for its member is the firm's (rules.md 1).
    assert Member.objects.get(firm=cast.firm, number=CAI).email == EMAIL


def test_another_password_makes_the_link_void(user: User, here: PageClient) -> None:
    ask(here)
    address = sent_link()
    another = "four quite unrelated words"
    here.post(reverse("change-password"), {"present": PASSWORD, "password1": another, "password2": another})
    assert here.get(address).status_code == 404
    assert address_of(user) == EMAIL


def test_signing_out_everywhere_else_makes_the_link_void(user: User, here: PageClient) -> None:
    ask(here)
    address = sent_link()
    here.post(reverse("sign-out-everywhere"))
    assert here.get(address).status_code == 404


def test_one_signs_in_with_the_new_address_and_not_with_the_old(user: User, here: PageClient) -> None:
    ask(here)
    here.get(sent_link())
    here.post(reverse("confirm-address"))
    stranger = here.__class__()
    assert stranger.post(reverse("account_login"), {"login": EMAIL, "password": PASSWORD}).status_code == 422
    assert stranger.post(reverse("account_login"), {"login": NEW, "password": PASSWORD}).status_code == 302


def test_the_old_address_is_told_before_anything_changes(user: User, here: PageClient) -> None:
    ask(here)
    assert [message.to for message in sent()] == [[NEW], [EMAIL]]
    assert "If it was not you, set a new password now" in str(sent()[1].body)
    assert NEW not in str(sent()[1].body)


def test_a_link_is_used_once_and_its_key_leaves_the_address(user: User, here: PageClient) -> None:
    ask(here)
    opened = here.get(sent_link())
    assert opened["Location"] == reverse("confirm-address")
    assert sent_link().rpartition("/")[2] not in here.get(reverse("confirm-address")).content.decode()
    here.post(reverse("confirm-address"))
    for response in (here.get(sent_link()), here.get(reverse("confirm-address"))):
        assert heading(response) == "This link cannot be used any more"


def test_a_link_works_in_another_browser(user: User, here: PageClient) -> None:
    ask(here)
    stranger = here.__class__()
    stranger.get(sent_link())
    assert heading(stranger.post(reverse("confirm-address"), follow=True)) == "Sign in"
    assert address_of(user) == NEW


def test_opening_a_link_changes_nothing_by_itself(user: User, here: PageClient) -> None:
    ask(here)
    here.get(sent_link(), follow=True)
    assert address_of(user) == EMAIL


def test_a_link_lapses_after_a_day(user: User, here: PageClient) -> None:
    ask(here)
    link = sent_link()
    AddressChange.objects.update(lapses_at=timezone.now() - timedelta(seconds=1))
    assert here.get(link).status_code == 404


def test_the_last_link_alone_is_good(user: User, here: PageClient) -> None:
    ask(here)
    first = sent_link()
    ask(here, "other@pike.example")
    assert here.get(first).status_code == 404
    here.get(sent_link())
    here.post(reverse("confirm-address"))
    assert address_of(user) == "other@pike.example"


def test_a_link_is_made_void_by_its_user(user: User, here: PageClient) -> None:
    ask(here)
    link = sent_link()
    here.post(reverse("change-address"), {"go": "forget"})
    assert here.get(link).status_code == 404


def test_a_new_password_by_link_makes_it_void(user: User, here: PageClient) -> None:
    from ringfence.access.password_links import password_link

    ask(here)
    link, stranger = sent_link(), here.__class__()
    stranger.get(password_link(User.objects.get(pk=user.pk), ""))
    form = {"password1": "seven quiet lanterns", "password2": "seven quiet lanterns"}
    stranger.post(reverse("choose-password"), form)
    assert stranger.get(link).status_code == 404


def test_an_address_that_somebody_has_gets_the_same_answer_and_no_link(user: User, here: PageClient) -> None:
    # What happened lately says that it was asked for, each time.
    usual, _, lately = text(ask(here, "stranger@pike.example")).replace("stranger", "x").partition(LATELY)
    assert lately.count("Asked for another e-mail address") == 1
    sent().clear()
    again, _, lately = text(ask(here, "dilys@pike.example")).replace("dilys", "x").partition(LATELY)
    assert again == usual
    assert lately.count("Asked for another e-mail address") == 2
    assert sent()[0].to == ["dilys@pike.example"]
    assert "You sign in with it already" in str(sent()[0].body)
    assert "/new-address/" not in str(sent()[0].body)


def test_an_address_that_was_taken_meanwhile_changes_nothing(user: User, here: PageClient) -> None:
    ask(here)
    here.get(sent_link())
    User.objects.create_user(NEW)
    response = here.post(reverse("confirm-address"))
    assert heading(response) == "This link cannot be used any more"
    assert address_of(user) == EMAIL


@pytest.mark.parametrize(
    ("email", "told"),
    [
        ("", "Enter an e-mail address, like name@example.com"),
        ("cai", "Enter an e-mail address, like name@example.com"),
        ("CAI@pike.example ", "This is the address that you sign in with already"),
    ],
)
def test_a_bad_address_is_refused(email: str, told: str, here: PageClient) -> None:
    assert errors(ask(here, email)) == [(told, "#email")]
    assert sent() == []


def test_five_links_an_hour_at_most(here: PageClient) -> None:
    for number in range(5):
        ask(here, f"cai{number}@pike.example")
    told = "Links were asked for several times. Use the last one, or ask again in an hour"
    assert errors(ask(here)) == [(told, "#email")]
    assert len(sent()) == 10


def test_without_mail_no_address_is_changed(here: PageClient) -> None:
    with override_settings(SENDS_MAIL=False):
        assert "Ringfence sends no e-mail here" in text(ask(here))
    assert not AddressChange.objects.exists()
