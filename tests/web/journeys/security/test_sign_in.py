"""Your sign-in: the password is asked for again, changed, and ends sessions elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from ringfence.access.linking import CAME_BY_PROVIDER
from ringfence.access.password_links import password_link
from ringfence.firms.models import SignIn, User
from tests.web.cast import Cast
from tests.web.confirmed import confirmed_ago
from tests.web.journeys.security.cai import EMAIL, PASSWORD
from tests.web.reading import errors, heading, link, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

NEW = "four quite unrelated words"
GUARDED = (
    "change-address",
    "add-app",
    "remove-app",
    "new-recovery-codes",
    "add-passkey",
    "sign-out-everywhere",
)


def sessions(response: Any) -> list[list[str]]:
    """Where one is signed in; what happened lately has a column more."""
    return [row for row in rows(response) if len(row) == 2]


def change(client: PageClient, present: str = PASSWORD, first: str = NEW, second: str = NEW) -> Any:
    form = {"present": present, "password1": first, "password2": second}
    return client.post(reverse("change-password"), form, follow=True)


def test_the_name_in_the_header_leads_to_your_sign_in(cast: Cast, here: PageClient) -> None:
    assert link(here.get(reverse("clients", args=[cast.firm])), "Cai") == reverse("your-sign-in")


def test_the_page_tells_where_one_is_signed_in(here: PageClient, elsewhere: PageClient) -> None:
    told = [row[0] for row in sessions(here.get(reverse("your-sign-in")))]
    assert told == ["Safari on iPhone", "Firefox on Windows This one"]


def test_signing_out_takes_the_session_off_the_list(here: PageClient, elsewhere: PageClient) -> None:
    elsewhere.post(reverse("account_logout"))
    assert len(sessions(here.get(reverse("your-sign-in")))) == 1


def test_signing_out_everywhere_else_keeps_this_session_alone(
    user: User, here: PageClient, elsewhere: PageClient
) -> None:
    unlisted = here.__class__()
    unlisted.force_login(user)
    response = here.post(reverse("sign-out-everywhere"), follow=True)
    assert "You are signed out everywhere else." in text(response)
    assert [row[0] for row in sessions(response)] == ["Firefox on Windows This one"]
    for other in (elsewhere, unlisted):
        assert other.get(reverse("your-sign-in")).status_code == 302
    assert Session.objects.filter(pk__in=SignIn.objects.values("session")).count() == 1


def test_signing_in_works_as_before_after_all_sessions_were_ended(
    user: User, here: PageClient, elsewhere: PageClient
) -> None:
    here.post(reverse("sign-out-everywhere"))
    form = {"login": EMAIL, "password": PASSWORD}
    assert elsewhere.post(reverse("account_login"), form).status_code == 302
    assert elsewhere.get(reverse("your-sign-in")).status_code == 200


@pytest.mark.parametrize("route", GUARDED)
def test_what_changes_the_sign_in_asks_for_the_password_after_a_while(route: str, here: PageClient) -> None:
    assert here.get(reverse(route)).headers.get("Location", "") != reverse("prove")
    confirmed_ago(here)
    asked = here.get(reverse(route))
    assert asked["Location"] == f"{reverse('prove')}?{urlencode({'next': reverse(route)})}"
    assert heading(here.post(reverse(route))) == "Confirm that it is you"


def test_the_right_password_leads_on(here: PageClient) -> None:
    confirmed_ago(here)
    asked = here.get(reverse("add-app"), follow=True)
    assert heading(asked) == "Confirm that it is you"
    form = {"prove-password": "guess", "prove-next": reverse("add-app"), "prove-sends": "no"}
    assert errors(here.post(reverse("prove"), form)) == [("The password is not right", "#prove-password")]
    response = here.post(reverse("prove"), {**form, "prove-password": PASSWORD}, follow=True)
    assert heading(response) == "Set up an app with codes"


def test_confirming_leads_to_no_other_site(here: PageClient) -> None:
    form = {"prove-password": PASSWORD, "prove-next": "https://evil.example/", "prove-sends": "no"}
    assert here.post(reverse("prove"), form)["Location"] == "/"


def test_wrong_passwords_are_counted_there_too(here: PageClient) -> None:
    confirmed_ago(here)
    for _time in range(5):
        here.post(reverse("prove"), {"prove-password": "guess"})
    response = here.post(reverse("prove"), {"prove-password": PASSWORD})
    told = "There were too many attempts. Try again in a few minutes"
    assert errors(response) == [(told, "#prove-password")]


def test_a_password_is_changed_with_the_one_of_before(
    user: User, here: PageClient, elsewhere: PageClient
) -> None:
    response = change(here)
    assert "Your password is changed." in text(response)
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert elsewhere.get(reverse("your-sign-in")).status_code == 302
    assert [row[0] for row in sessions(here.get(reverse("your-sign-in")))] == ["Firefox on Windows This one"]


@pytest.mark.parametrize(
    ("present", "first", "second", "told"),
    [
        ("guess", NEW, NEW, ("The password is not right", "#present")),
        ("", NEW, NEW, ("Enter your password", "#present")),
        (PASSWORD, "short", "short", ("The password must have at least 10 characters", "#password1")),
        (PASSWORD, NEW, "other", ("Type the same password in both fields", "#password2")),
    ],
)
def test_a_password_that_cannot_be_changed_says_why(
    present: str, first: str, second: str, told: tuple[str, str], user: User, here: PageClient
) -> None:
    assert errors(change(here, present, first, second)) == [told]
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_who_came_by_a_firms_provider_is_told_that_there_is_no_password_to_change(
    user: User, here: PageClient
) -> None:
    user.password = CAME_BY_PROVIDER + "word"
    user.save()
    here.force_login(user)
    assert "Password Not set" in text(here.get(reverse("your-sign-in")))
    response = change(here)
    assert "have no password here" in text(response)
    assert link(response, "Get a link to set your password") == reverse("password-link")
    user.refresh_from_db()
    assert user.password == CAME_BY_PROVIDER + "word"


def test_signed_out_leads_to_the_sign_in_page(cast: Cast, visitor: PageClient) -> None:
    for route in ("your-sign-in", "prove", "change-password", "recovery-codes", *GUARDED):
        assert visitor.get(reverse(route))["Location"].startswith(reverse("account_login"))


def test_a_new_password_by_link_ends_all_sessions(
    user: User, here: PageClient, elsewhere: PageClient
) -> None:
    stranger = here.__class__()
    stranger.get(password_link(User.objects.get(pk=user.pk), ""))
    stranger.post(reverse("choose-password"), {"password1": NEW, "password2": NEW})
    for client in (here, elsewhere):
        assert client.get(reverse("your-sign-in")).status_code == 302
    assert not SignIn.objects.exists()


def test_what_happened_lately_is_told_of_oneself_alone(user: User, cast: Cast, here: PageClient) -> None:
    said = text(here.get(reverse("your-sign-in")))
    assert "What happened lately" in said
    assert "Signed in" in said
    assert "Firefox" in said
    other = here.__class__()
    other.force_login(cast.users["Dilys"])
    assert "What happened lately" not in text(other.get(reverse("your-sign-in")))
