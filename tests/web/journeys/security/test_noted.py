"""What Cai does to their sign-in stands in the security log of their firm, and no secret with it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.test import override_settings
from django.urls import reverse

from ringfence.access import OPERATOR, execute
from ringfence.access.password_links import password_link
from ringfence.core.commands.definitions import DeactivateMember
from ringfence.firms.models import SecurityEvent
from ringfence.firms.sealing import is_sealed
from ringfence.web.shell.asking_again import OWN
from tests.web.cast import CAI, seat
from tests.web.journeys.security.cai import EMAIL, PASSWORD
from tests.web.journeys.security.test_second_step import code_at, key_of

if TYPE_CHECKING:
    from ringfence.firms.models import User
    from tests.web.cast import Cast
    from tests.web.checks import PageClient

ANOTHER = "four quite unrelated words"


def noted(cast: Cast) -> list[tuple[str, dict[str, str]]]:
    """The lines about Cai, the first one first."""
    rows = SecurityEvent.objects.filter(firm=cast.firm, member=CAI).order_by("first_at")
    return [(kind, json.loads(details or "{}")) for kind, details in rows.values_list("kind", "details")]


def sign_in(visitor: PageClient, password: str, address: str = EMAIL) -> None:
    visitor.post(reverse("account_login"), {"login": address, "password": password})


def test_signing_in_and_out(cast: Cast, here: PageClient) -> None:
    here.post(reverse("account_logout"))
    assert noted(cast) == [("sign_in", {"by": "password"}), ("sign_out", {})]
    row = SecurityEvent.objects.get(firm=cast.firm, kind="sign_in")
    assert (row.address, row.browser, row.system) == ("127.0.0.1", "Firefox", "Windows")
    assert not SecurityEvent.objects.filter(firm=cast.other).exists()


def test_signing_out_of_what_a_firms_provider_began_stands_in_that_firm_alone(
    cast: Cast, here: PageClient
) -> None:
    seat(cast.other, cast.users["Cai"], "Cai")
    SecurityEvent.objects.all().delete()
    session = here.session
    session["came_by"] = [cast.firm, 1, ""]
    session.save()
    here.post(reverse("account_logout"))
    assert list(SecurityEvent.objects.values_list("firm", "kind")) == [(cast.firm, "sign_out")]


def test_a_wrong_password_and_too_many_of_them(cast: Cast, user: User, visitor: PageClient) -> None:
    for _attempt in range(7):
        sign_in(visitor, "not it")
    rows = SecurityEvent.objects.filter(firm=cast.firm).values_list("kind", "count")
    assert sorted(rows) == [("sign_in_failed", 5), ("sign_in_limited", 2)]


def test_an_address_of_nobody_stands_in_no_firm(cast: Cast, user: User, visitor: PageClient) -> None:
    sign_in(visitor, "not it", "nobody@nowhere.example")
    assert list(SecurityEvent.objects.values_list("firm", "member", "address")) == [(0, 0, "")]


def test_who_was_deactivated_and_tries_with_the_right_password(
    cast: Cast, user: User, visitor: PageClient
) -> None:
    execute(cast.firm, DeactivateMember(member=CAI), actor=OPERATOR)
    sign_in(visitor, PASSWORD)
    assert noted(cast) == [("sign_in_refused", {"why": "inactive"})]


def test_a_second_step_added_used_failed_and_removed(
    cast: Cast, here: PageClient, elsewhere: PageClient
) -> None:
    key = key_of(here.get(reverse("add-app")))
    here.post(reverse("add-app"), {"code": code_at(key, time.time())})
    (code, *_rest) = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    visitor = here.__class__()
    sign_in(visitor, PASSWORD)
    visitor.post(reverse("mfa_authenticate"), {"code": "000000"})
    visitor.post(reverse("mfa_authenticate"), {"code": code})
    here.post(reverse("new-recovery-codes"))
    here.post(reverse("remove-app"))
    assert noted(cast)[2:] == [
        ("factor_added", {"what": "app"}),
        ("second_step_failed", {}),
        ("code_used", {}),
        ("sign_in", {"by": "password", "second": "code"}),
        ("codes_made", {}),
        ("factor_removed", {"what": "app"}),
    ]


def test_keys_of_a_second_step_lie_sealed(cast: Cast, here: PageClient) -> None:
    key = key_of(here.get(reverse("add-app")))
    here.post(reverse("add-app"), {"code": code_at(key, time.time())})
    kept = dict(Authenticator.objects.values_list("type", "data"))
    assert is_sealed(kept["totp"]["secret"])
    assert is_sealed(kept["recovery_codes"]["seed"])
    assert key not in json.dumps(kept)


def test_the_password_changed_and_confirmed(cast: Cast, here: PageClient) -> None:
    here.post(reverse("prove"), {f"{OWN}password": "not it"})
    here.post(reverse("prove"), {f"{OWN}password": PASSWORD})
    form = {"present": PASSWORD, "password1": ANOTHER, "password2": ANOTHER}
    here.post(reverse("change-password"), form)
    here.post(reverse("sign-out-everywhere"))
    kinds = [kind for kind, _details in noted(cast)]
    assert kinds == ["sign_in", "confirm_failed", "confirmed", "password_changed", "sessions_ended"]
    rows = str(list(SecurityEvent.objects.values()))
    assert PASSWORD not in rows
    assert ANOTHER not in rows


def test_a_link_asked_for_and_a_password_set_with_it(cast: Cast, user: User, visitor: PageClient) -> None:
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        visitor.post(reverse("password-link"), {"email": EMAIL})
    visitor.get(password_link(user, ""))
    visitor.post(reverse("choose-password"), {"password1": ANOTHER, "password2": ANOTHER})
    assert [kind for kind, _details in noted(cast)] == ["password_link_sent", "password_set"]
