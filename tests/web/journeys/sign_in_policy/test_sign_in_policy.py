"""What a firm asks of whoever enters it: set on its pages, held on all of them, and on no other firm's."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse

from ringfence.access.sign_in_policy import SignInPolicy, policy_of
from ringfence.core.terms import Instant, Role
from ringfence.firms.models import Firm, SecurityEvent, User
from tests.web.cast import Cast, seat
from tests.web.confirmed import confirmed_ago
from tests.web.reading import document, errors, heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

INSIDE, OUTSIDE = "192.0.2.7", "198.51.100.1"
LED = "Set up a second step"


def asks(firm: int, **policy: Any) -> None:
    """The firm's rules, as though they had been set long ago."""
    import msgspec

    Firm.objects.filter(pk=firm).update(sign_in=msgspec.to_builtins(SignInPolicy(**policy)))


def second_step(*roles: Role) -> dict[Role, Instant]:
    return dict.fromkeys(roles, Instant(1))


def policy(cast: Cast) -> SignInPolicy:
    return policy_of(Firm.objects.get(pk=cast.firm))


def home(client: PageClient, firm: int, address: str = INSIDE) -> Any:
    return client.get(reverse("clients", args=[firm]), follow=True, REMOTE_ADDR=address)


def set_up(user: User) -> None:
    TOTP.activate(user, generate_totp_secret())


def used_second_step(client: PageClient) -> None:
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session.save()


def test_each_of_them_is_set_on_a_page_of_its_own(cast: Cast, owen: PageClient) -> None:
    place = [cast.firm]
    owen.post(reverse("ask-second-step", args=place), {"roles": ["principal", "auditor"], "days": "7"})
    owen.post(reverse("limit-sessions", args=place), {"hours": "4"})
    owen.post(reverse("limit-networks", args=place), {"networks": "192.0.2.0/24"}, REMOTE_ADDR=INSIDE)
    set_to = policy(cast)
    assert (set(set_to.second_step), set_to.grace_days) == ({Role.PRINCIPAL, Role.AUDITOR}, 7)
    assert (set_to.session_hours, set_to.networks) == (4, ("192.0.2.0/24",))
    said = text(owen.get(reverse("firm-sign-in", args=place), REMOTE_ADDR=INSIDE))
    for words in ("Principal, Auditor, after 7 days", "4 hours at most", "192.0.2.0/24"):
        assert words in said


def test_an_auditor_reads_it_and_changes_nothing(cast: Cast, ada: PageClient) -> None:
    page = ada.get(reverse("firm-sign-in", args=[cast.firm]))
    assert "Not asked for" in text(page)
    links = {each.get("href") for each in document(page).find(".//main").iter("a")}
    assert reverse("limit-sessions", args=[cast.firm]) not in links
    assert ada.get(reverse("limit-sessions", args=[cast.firm])).status_code == 403


@pytest.mark.parametrize(
    ("route", "given", "field"),
    [
        ("ask-second-step", {"roles": ["auditor"], "days": "91"}, "#days"),
        ("ask-second-step", {"roles": ["auditor"], "days": "soon"}, "#days"),
        ("limit-sessions", {"hours": "13"}, "#hours"),
        ("limit-sessions", {"hours": "0"}, "#hours"),
        ("limit-networks", {"networks": "the office"}, "#networks"),
        ("limit-networks", {"networks": "198.51.100.0/24"}, "#networks"),
    ],
)
def test_what_makes_no_sense_or_shuts_out_who_sets_it_changes_nothing(
    route: str, given: dict[str, Any], field: str, cast: Cast, owen: PageClient
) -> None:
    page = owen.post(reverse(route, args=[cast.firm]), given, REMOTE_ADDR=INSIDE)
    assert [href for _text, href in errors(page)] == [field]
    assert policy(cast) == SignInPolicy()


def test_setting_it_asks_again_who_did_not_confirm_lately(cast: Cast, owen: PageClient) -> None:
    confirmed_ago(owen)
    page = owen.post(reverse("limit-sessions", args=[cast.firm]), {"hours": "4"})
    assert heading(page) == "Confirm that it is you"
    assert policy(cast) == SignInPolicy()


def test_who_has_days_left_is_led_once_and_goes_on(cast: Cast, cai: PageClient) -> None:
    asks(cast.firm, second_step=second_step(Role.STANDARD), grace_days=7)
    page = home(cai, cast.firm)
    assert heading(page) == LED
    assert "You may go on without one until" in text(page)
    assert heading(home(cai, cast.firm)) == "Clients"


def test_when_the_days_are_over_nothing_of_the_firm_opens(cast: Cast, cai: PageClient) -> None:
    asks(cast.firm, second_step=second_step(Role.STANDARD))
    for _time in range(2):
        page = home(cai, cast.firm)
        assert heading(page) == LED
        assert "Nothing of this firm opens" in text(page)
    sent = cai.post(reverse("your-account", args=[cast.firm]), {})
    assert sent.status_code in {302, 405}
    assert heading(cai.get(reverse("your-sign-in"))) == "Your sign-in"


def test_other_roles_are_not_asked(cast: Cast, cai: PageClient) -> None:
    asks(cast.firm, second_step=second_step(Role.ADMINISTRATOR, Role.PRINCIPAL, Role.AUDITOR))
    assert heading(home(cai, cast.firm)) == "Clients"


def test_who_used_one_goes_on(cast: Cast, cai: PageClient) -> None:
    asks(cast.firm, second_step=second_step(Role.STANDARD))
    used_second_step(cai)
    assert heading(home(cai, cast.firm)) == "Clients"


def test_who_has_one_and_signed_in_without_signs_in_again(cast: Cast, cai: PageClient) -> None:
    asks(cast.firm, second_step=second_step(Role.STANDARD))
    set_up(cast.users["Cai"])
    assert "Sign out, and sign in again with it" in text(home(cai, cast.firm))


def test_the_last_one_stays_while_a_firm_asks_for_it(cast: Cast, cai: PageClient) -> None:
    set_up(cast.users["Cai"])
    asks(cast.firm, second_step=second_step(Role.STANDARD), grace_days=7)
    page = cai.post(reverse("remove-app"))
    assert heading(page) == "This cannot be removed yet"
    assert "Pike & Marlow" in text(page)
    assert Authenticator.objects.filter(user=cast.users["Cai"]).exists()
    asks(cast.firm)
    cai.post(reverse("remove-app"))
    assert not Authenticator.objects.filter(user=cast.users["Cai"]).exists()


def test_a_session_ends_after_the_hours_of_the_firm(cast: Cast, cai: PageClient) -> None:
    asks(cast.firm, session_hours=2)
    assert heading(home(cai, cast.firm)) == "Clients"
    session = cai.session
    session["signed_in"] = int(time.time()) - 2 * 3600 - 1
    session.save()
    page = home(cai, cast.firm)
    assert heading(page) == "Sign in"
    assert "you had been signed in for 2 hours" in text(page)


def test_a_session_that_is_too_old_as_the_hours_are_set_ends_at_once(cast: Cast, cai: PageClient) -> None:
    home(cai, cast.firm)
    session = cai.session
    session["signed_in"] = int(time.time()) - 3 * 3600
    session.save()
    assert heading(home(cai, cast.firm)) == "Clients"
    asks(cast.firm, session_hours=2)
    assert heading(home(cai, cast.firm)) == "Sign in"


def test_the_warning_before_it_counts_by_the_firms_hours(cast: Cast, cai: PageClient) -> None:
    asks(cast.firm, session_hours=1)
    home(cai, cast.firm)
    session = cai.session
    session["signed_in"] = int(time.time()) - 3600 + 60
    session.save()
    assert 0 < cai.get(reverse("session")).json()["left"] <= 60


def test_an_administrator_outside_the_networks_opens_nothing_of_the_firm(
    cast: Cast, owen: PageClient, cai: PageClient
) -> None:
    asks(cast.firm, networks=("192.0.2.0/24",))
    assert heading(home(owen, cast.firm)) == "Clients"
    page = home(owen, cast.firm, OUTSIDE)
    assert (page.status_code, heading(page)) == (403, "You cannot open this firm from here")
    assert OUTSIDE in text(page)
    assert heading(owen.get(reverse("your-sign-in"), REMOTE_ADDR=OUTSIDE)) == "Your sign-in"
    assert heading(home(cai, cast.firm, OUTSIDE)) == "Clients"
    (noted,) = SecurityEvent.objects.filter(firm=cast.firm, kind="sign_in_refused")
    assert "network" in noted.details


def test_what_a_firms_networks_refuse_stands_in_no_other_firms_security_log(
    cast: Cast, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    seat(cast.other, cast.users["Owen"], "Owen")
    asks(cast.firm, networks=("192.0.2.0/24",))
    home(signed_in(cast, "Owen"), cast.firm, OUTSIDE)
    assert SecurityEvent.objects.filter(firm=cast.firm, kind="sign_in_refused").exists()
    assert not SecurityEvent.objects.filter(firm=cast.other, kind="sign_in_refused").exists()


def test_who_has_places_in_two_firms_meets_the_rules_of_the_one_that_they_enter(
    cast: Cast, signed_in: Callable[[Cast, str], PageClient]
) -> None:
    seat(cast.other, cast.users["Owen"], "Owen")
    owen = signed_in(cast, "Owen")
    asks(cast.firm, networks=("192.0.2.0/24",), second_step=second_step(Role.ADMINISTRATOR))
    assert home(owen, cast.firm, OUTSIDE).status_code == 403
    assert heading(home(owen, cast.firm)) == LED
    assert heading(home(owen, cast.other, OUTSIDE)) == "Clients"
