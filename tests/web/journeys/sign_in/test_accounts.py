"""Signing in and out, the first password, the idle session, choosing a firm."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.urls import reverse

from ringfence.access import create_firm
from ringfence.core.commands.definitions import AddMember, DeactivateMember, ReactivateMember
from ringfence.firms.models import User
from ringfence.web.urls import urlpatterns
from tests.web.cast import CAI, DILYS, Cast, do, seat
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


def give(client: PageClient, email: str, password: str) -> object:
    return client.post(reverse("account_login"), {"login": email, "password": password}, follow=True)


def test_no_firms_account_is_offered_where_no_firm_has_a_provider(cast: Cast, visitor: PageClient) -> None:
    assert "your firm’s account" not in text(visitor.get(reverse("account_login")))


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


def test_who_is_in_one_firm_goes_straight_to_it(cast: Cast, cai: PageClient) -> None:
    assert heading(cai.get("/", follow=True)) == "Clients"


def test_who_is_in_two_firms_chooses(cast: Cast, signed_in: SignIn) -> None:
    seat(cast.other, cast.users["Cai"], "Cai L")
    response = signed_in(cast, "Cai").get("/")
    assert heading(response) == "Choose a firm"
    assert link(response, "Larks") == reverse("firm-home", args=[cast.other])


def test_who_is_in_no_firm_is_told_so(cast: Cast, visitor: PageClient) -> None:
    visitor.force_login(User.objects.create(email="new@pike.example"))
    assert heading(visitor.get("/")) == "You have no place in a firm"


def test_whose_last_place_ends_is_signed_out_until_it_is_given_back(known: Cast, cai: PageClient) -> None:
    do(known.firm, DeactivateMember(member=CAI))
    assert cai.get(reverse("clients", args=[known.firm])).status_code == 302
    assert "You can no longer sign in." in text(give(cai, "cai@pike.example", PASSWORD))
    do(known.firm, ReactivateMember(member=CAI))
    assert heading(give(cai, "cai@pike.example", PASSWORD)) == "Clients"


def test_whose_last_place_ends_while_they_are_signed_in_is_told_so(known: Cast, cai: PageClient) -> None:
    do(known.firm, DeactivateMember(member=CAI))
    response = cai.get(reverse("clients", args=[known.firm]), follow=True)
    assert heading(response) == "Sign in"
    assert "you have no place in any firm any more" in text(response)
    assert "any firm any more" not in text(cai.get(reverse("account_login")))


def test_who_is_given_a_place_in_another_firm_signs_in_again(known: Cast, visitor: PageClient) -> None:
    do(known.firm, DeactivateMember(member=CAI))
    do(known.other, AddMember(name="Cai L", email="cai@pike.example"))
    assert heading(give(visitor, "cai@pike.example", PASSWORD)) == "Clients"


def test_who_has_a_place_elsewhere_stays_signed_in(cast: Cast, cai: PageClient) -> None:
    seat(cast.other, cast.users["Cai"], "Cai L")
    do(cast.firm, DeactivateMember(member=CAI))
    assert cai.get(reverse("clients", args=[cast.other])).status_code == 200


def test_a_deactivated_member_is_told_that_their_place_has_ended(cast: Cast, dilys: PageClient) -> None:
    seat(cast.other, cast.users["Dilys"], "Dilys L")
    do(cast.firm, DeactivateMember(member=DILYS))
    response = dilys.get(reverse("clients", args=[cast.firm]))
    assert response.status_code == 404
    assert "Pike & Marlow" in text(response)


def test_an_auditor_starts_on_the_control_side(cast: Cast, ada: PageClient) -> None:
    response = ada.get("/", follow=True)
    assert heading(response) == "Pike & Marlow"
    assert link(response, "Manage account") == reverse("manage", args=[cast.firm])


def test_no_address_leads_to_a_page_of_a_library() -> None:
    """Nobody signs themselves up, and no page is there that is not ours."""
    assert {route.callback.__module__.split(".")[0] for route in urlpatterns} == {"ringfence"}


def test_an_unknown_address_costs_as_much_as_one_that_is_known(known: Cast, visitor: PageClient) -> None:
    worked_out = []
    for email in ("cai@pike.example", "dilys@pike.example", "nobody@pike.example"):
        with patch.object(PBKDF2PasswordHasher, "encode", autospec=True, return_value="x") as encoded:
            visitor.post(reverse("account_login"), {"login": email, "password": "guess"})
        worked_out.append(encoded.call_count)
    assert worked_out == [1, 1, 1]


def test_who_is_in_many_firms_finds_one_by_a_part_of_its_name(cast: Cast, visitor: PageClient) -> None:
    cai = cast.users["Cai"]
    for number in range(8):
        seat(create_firm(f"Firm {number}", "agency", admin_email="lena@larks.example").firm, cai, "Cai")
    visitor.force_login(cai)
    assert link(visitor.get("/"), "Firm 7")
    found = visitor.get("/", {"search": "FIRM 3"})
    assert link(found, "Firm 3")
    assert "Firm 4" not in text(found)
    assert "None of your firms is called so." in text(visitor.get("/", {"search": "Zed"}))
