"""A firm that lets its people in by its own provider alone, the real one; and who keeps a password."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.test import override_settings
from django.urls import reverse

from ringfence import access
from ringfence.access import OPERATOR, Actor
from ringfence.access.providers import (
    OpenIdSettings,
    ProviderKind,
    StillRequired,
    add_provider,
    remove_provider,
    turn_off,
)
from ringfence.access.security_log import SecurityKind
from ringfence.access.sign_in_only import (
    CannotRequire,
    WhyNotOnly,
    could_keep,
    lift_requirement,
    require_provider,
    required_of,
)
from ringfence.core.commands.definitions import AddMember, ChangeMember, DeactivateMember
from ringfence.core.events import SignInNoted
from ringfence.core.refusals import Refused
from ringfence.core.terms import Role, SignInStep
from ringfence.firms.models import Member, SecurityEvent, User
from ringfence.jobs import tell_sign_in_only
from ringfence.jobs.tell_changes import Ledgers
from ringfence.web.shell.came_by import CAME_BY
from ringfence.wording.providers import NOT_ONLY
from tests.support.jobs import do_waiting
from tests.web.cast import ADA, CAI, OWEN, Cast, do
from tests.web.reading import errors, heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient
    from tests.web.journeys.single_sign_on.firm_provider import FirmProvider

PASSWORD = "three unrelated words"


@pytest.fixture(autouse=True)
def mail_is_sent() -> Iterator[None]:
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


@pytest.fixture
def required(cast: Cast, provider: FirmProvider, visitor: PageClient) -> FirmProvider:
    """Owen has signed in with it, keeps a password, and it is required."""
    give_password("owen")
    provider.come(visitor, "owen")
    visitor.post(reverse("account_logout"))
    require_provider(cast.firm, provider.number, OWEN, actor=Actor(OWEN))
    return provider


def give_password(name: str) -> User:
    found = User.objects.get(email=f"{name}@pike.example")
    found.set_password(PASSWORD)
    found.save()
    return found


def with_password(visitor: PageClient, name: str, **more: str) -> Any:
    sent = {"login": f"{name}@pike.example", "password": PASSWORD, **more}
    return visitor.post(reverse("account_login"), sent)


def led_to(response: Any, provider: FirmProvider) -> dict[str, list[str]]:
    """Asserts that the response leads to the provider's page; what its address asks."""
    assert response.status_code == 302, text(response)
    parts = urlsplit(response["Location"])
    assert parts.path == reverse("provider", args=[provider.uid])
    return parse_qs(parts.query)


# --- Who comes in


def test_the_provider_lets_in(cast: Cast, required: FirmProvider, visitor: PageClient) -> None:
    assert heading(required.come(visitor, "cai")) == "Clients"


def test_a_session_that_began_with_a_password_opens_no_page_of_the_firm(
    cast: Cast, required: FirmProvider, visitor: PageClient
) -> None:
    visitor.force_login(give_password("cai"))
    wanted = reverse("clients", args=[cast.firm])
    assert led_to(visitor.get(wanted), required) == {"next": [wanted]}
    assert led_to(visitor.post(reverse("require-provider", args=[cast.firm]), {"way": "any"}), required)


def test_a_password_that_is_right_and_one_that_is_wrong_are_both_led_to_the_provider(
    cast: Cast, required: FirmProvider, visitor: PageClient
) -> None:
    give_password("cai")
    known = led_to(with_password(visitor, "cai"), required)
    assert led_to(with_password(visitor, "cai", password="wrong"), required) == known
    assert led_to(with_password(visitor, "nobody"), required) == {**known, "as": ["nobody@pike.example"]}
    assert "_auth_user_id" not in visitor.session


def test_who_insists_on_a_password_is_let_into_no_page_of_the_firm(
    cast: Cast, required: FirmProvider, visitor: PageClient
) -> None:
    give_password("cai")
    assert with_password(visitor, "cai", way="password").status_code == 302
    led_to(visitor.get(reverse("clients", args=[cast.firm])), required)


def test_another_firm_of_the_same_person_opens_with_their_password(
    cast: Cast, required: FirmProvider, visitor: PageClient
) -> None:
    do(cast.other, AddMember(name="Cai", email="cai@pike.example"))
    visitor.force_login(give_password("cai"))
    assert visitor.get(reverse("clients", args=[cast.other])).status_code == 200
    led_to(visitor.get(reverse("clients", args=[cast.firm])), required)


def test_who_is_signed_in_when_it_is_required_is_led_to_the_provider_at_the_next_page(
    cast: Cast, provider: FirmProvider, visitor: PageClient, cai: PageClient
) -> None:
    give_password("owen")
    provider.come(visitor, "owen")
    wanted = reverse("clients", args=[cast.firm])
    assert cai.get(wanted).status_code == 200
    require_provider(cast.firm, provider.number, OWEN, actor=Actor(OWEN))
    led_to(cai.get(wanted), provider)
    lift_requirement(cast.firm, actor=OPERATOR)
    assert cai.get(wanted).status_code == 200


# --- The kept password


def test_the_kept_password_lets_in_and_all_administrators_are_told_once(
    cast: Cast, required: FirmProvider, visitor: PageClient
) -> None:
    do(cast.firm, ChangeMember(member=ADA, role=Role.ADMINISTRATOR))
    give_password("ada")
    do_waiting()
    mail.outbox.clear()
    assert with_password(visitor, "owen", way="password").status_code == 302
    for _ in range(2):
        assert visitor.get(reverse("manage", args=[cast.firm])).status_code == 200
        do_waiting()
    told = {letter.to[0]: letter for letter in mail.outbox}
    assert sorted(told) == ["ada@pike.example", "owen@pike.example"]
    assert len(mail.outbox) == 2
    assert told["ada@pike.example"].subject == "The kept password of Pike & Marlow was used"
    assert "Owen came in with the password" in told["ada@pike.example"].body
    used = SecurityEvent.objects.filter(firm=cast.firm, kind=SecurityKind.KEPT_PASSWORD_USED)
    assert [row.member for row in used] == [OWEN]


def test_all_administrators_are_told_when_it_is_turned_on_and_off(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    do(cast.firm, ChangeMember(member=ADA, role=Role.ADMINISTRATOR))
    give_password("owen")
    provider.come(visitor, "owen")
    do_waiting()
    mail.outbox.clear()
    form = reverse("require-provider", args=[cast.firm])
    visitor.post(form, {"way": str(provider.number), "kept": str(OWEN)})
    do_waiting()
    assert sorted(letter.to[0] for letter in mail.outbox) == ["ada@pike.example", "owen@pike.example"]
    assert {letter.subject for letter in mail.outbox} == {"Pike & Marlow opens by its own sign-in alone now"}
    assert "Owen keeps a password" in mail.outbox[0].body
    mail.outbox.clear()
    visitor.post(form, {"way": "any"})
    do_waiting()
    assert {letter.subject for letter in mail.outbox} == {
        "Pike & Marlow opens by every way of signing in again"
    }


@pytest.mark.parametrize("on", [True, False])
def test_it_is_not_turned_where_administrators_cannot_be_told(
    cast: Cast, required: FirmProvider, monkeypatch: pytest.MonkeyPatch, on: bool
) -> None:
    if on:
        lift_requirement(cast.firm, actor=OPERATOR)

    def fail(*_given: Any) -> bool:
        raise RuntimeError

    monkeypatch.setattr(tell_sign_in_only, "enqueue", fail)
    told = tell_sign_in_only.TellingTurned(cast.firm, OWEN)
    turn = (
        partial(require_provider, cast.firm, required.number, OWEN)
        if on
        else partial(lift_requirement, cast.firm)
    )
    with pytest.raises(RuntimeError):
        turn(actor=Actor(OWEN), beside=told)
    assert (required_of(cast.firm) is None) is on


def test_administrators_are_told_when_who_keeps_the_password_manages_the_firm_no_more(
    cast: Cast, required: FirmProvider
) -> None:
    do(cast.firm, ChangeMember(member=ADA, role=Role.ADMINISTRATOR))
    do_waiting()
    Ledgers().tell()
    do_waiting()
    mail.outbox.clear()
    do(cast.firm, ChangeMember(member=CAI, manage_access=True))
    Ledgers().tell()
    do_waiting()
    assert not [letter for letter in mail.outbox if "password" in letter.subject]
    do(cast.firm, DeactivateMember(member=OWEN))
    Ledgers().tell()
    do_waiting()
    told = {letter.to[0]: letter for letter in mail.outbox if "password" in letter.subject}
    assert list(told) == ["ada@pike.example"]
    assert told["ada@pike.example"].subject == "Nobody keeps a password for Pike & Marlow any more"
    assert "Owen kept a password" in told["ada@pike.example"].body


def test_who_keeps_a_password_and_comes_by_the_provider_is_told_of_to_nobody(
    cast: Cast, required: FirmProvider, visitor: PageClient
) -> None:
    mail.outbox.clear()
    required.come(visitor, "owen")
    assert visitor.get(reverse("manage", args=[cast.firm])).status_code == 200
    do_waiting()
    assert mail.outbox == []


def test_who_manages_the_firm_no_more_keeps_no_password(
    cast: Cast, required: FirmProvider, visitor: PageClient
) -> None:
    do(cast.firm, ChangeMember(member=ADA, role=Role.ADMINISTRATOR))
    do(cast.firm, ChangeMember(member=OWEN, role=Role.STANDARD))
    visitor.force_login(User.objects.get(email="owen@pike.example"))
    led_to(visitor.get(reverse("clients", args=[cast.firm])), required)


def test_other_administrators_are_led_to_the_provider(
    cast: Cast, required: FirmProvider, visitor: PageClient
) -> None:
    do(cast.firm, ChangeMember(member=ADA, role=Role.ADMINISTRATOR))
    visitor.force_login(give_password("ada"))
    led_to(visitor.get(reverse("clients", args=[cast.firm])), required)


def test_who_came_by_another_provider_of_the_firm_is_led_to_the_required_one(
    cast: Cast, required: FirmProvider, visitor: PageClient
) -> None:
    second = OpenIdSettings(issuer="https://second.example", client_id="ringfence")
    other = add_provider(
        cast.firm, "Second directory", ProviderKind.OTHER, second, secret="a secret", actor=OPERATOR
    )
    visitor.force_login(User.objects.get(email="cai@pike.example"))
    session = visitor.session
    session[CAME_BY] = [cast.firm, other.number, ""]
    session.save()
    led_to(visitor.get(reverse("clients", args=[cast.firm])), required)


# --- Turning it on


def refused(cast: Cast, provider: FirmProvider, kept: int) -> WhyNotOnly:
    with pytest.raises(CannotRequire) as why:
        require_provider(cast.firm, provider.number, kept, actor=Actor(OWEN))
    assert required_of(cast.firm) is None
    return why.value.why


def test_what_would_lock_everybody_out_is_refused(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    give_password("owen")
    assert refused(cast, provider, OWEN) is WhyNotOnly.NOBODY_LINKED
    provider.come(visitor, "cai")
    assert refused(cast, provider, OWEN) is WhyNotOnly.NOBODY_LINKED
    provider.come(visitor, "owen")
    assert refused(cast, provider, CAI) is WhyNotOnly.NOT_ADMINISTRATOR
    assert refused(cast, provider, 77) is WhyNotOnly.NOT_ADMINISTRATOR
    owen = User.objects.get(email="owen@pike.example")
    owen.set_unusable_password()
    owen.save()
    assert refused(cast, provider, OWEN) is WhyNotOnly.NO_PASSWORD
    give_password("owen")
    turn_off(cast.firm, provider.number, actor=OPERATOR)
    assert refused(cast, provider, OWEN) is WhyNotOnly.OFF


def test_only_administrators_require_it_and_take_it_back(cast: Cast, required: FirmProvider) -> None:
    for member in (CAI, ADA):
        with pytest.raises(Refused):
            lift_requirement(cast.firm, actor=Actor(member))
        with pytest.raises(Refused):
            require_provider(cast.firm, required.number, OWEN, actor=Actor(member))
    found = required_of(cast.firm)
    assert found is not None
    assert found.number == required.number


def test_the_ledger_says_who_required_it_and_who_keeps_a_password(cast: Cast, required: FirmProvider) -> None:
    lift_requirement(cast.firm, actor=Actor(OWEN))
    noted = [event for entry in access.entries(cast.firm) for event in entry.events]
    assert noted[-2:] == [
        SignInNoted(did=SignInStep.PROVIDER_REQUIRED, words=("Test directory",), member=OWEN),
        SignInNoted(did=SignInStep.PROVIDER_NOT_REQUIRED, words=("Test directory",)),
    ]
    assert access.verify(cast.firm).whole


def test_a_provider_that_is_required_is_neither_turned_off_nor_removed(
    cast: Cast, required: FirmProvider
) -> None:
    for change in (turn_off, remove_provider):
        with pytest.raises(StillRequired):
            change(cast.firm, required.number, actor=Actor(OWEN))


def test_an_administrator_requires_it_on_a_page_and_takes_it_back(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    give_password("owen")
    here = reverse("require-provider", args=[cast.firm])
    provider.come(visitor, "cai")
    visitor.post(reverse("account_logout"))
    visitor.force_login(User.objects.get(email="owen@pike.example"))
    sent = {"way": str(provider.number), "kept": str(OWEN)}
    assert errors(visitor.post(here, sent)) == [(str(NOT_ONLY[WhyNotOnly.NOBODY_LINKED]), "#way")]
    provider.come(visitor, "owen")
    assert errors(visitor.post(here, {**sent, "way": "9"})) == [("Select how people sign in", "#way")]
    assert errors(visitor.post(here, {**sent, "kept": ""})) == [("Select who keeps a password", "#kept")]
    assert "by its own sign-in alone" in text(visitor.post(here, sent, follow=True))
    shown = text(visitor.get(reverse("firm-sign-in", args=[cast.firm])))
    assert "Test directory alone; Owen keeps a password" in shown
    assert "every way that is theirs" in text(visitor.post(here, {"way": "any"}, follow=True))
    assert required_of(cast.firm) is None


def test_only_who_has_a_password_of_their_own_is_offered_to_keep_one(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    do(cast.firm, ChangeMember(member=CAI, role=Role.ADMINISTRATOR))
    give_password("owen")
    cai = Member.objects.get(firm=cast.firm, number=CAI).user
    assert cai is not None
    cai.set_unusable_password()
    cai.save()
    provider.come(visitor, "cai")
    assert could_keep(cast.firm) == [(OWEN, "Owen")]


# --- Where the provider is not required


def test_without_a_password_an_address_of_a_proved_domain_is_led_to_the_firms_sign_in(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    for name in ("cai", "nobody-at-all"):
        asked = led_to(with_password(visitor, name, password="", next="/x"), provider)
        assert asked == {"next": ["/x"], "as": [f"{name}@pike.example"]}
    lena = visitor.post(reverse("account_login"), {"login": "lena@larks.example", "password": ""})
    assert errors(lena) == [("Enter your password", "#password")]


def test_with_a_password_it_lets_in_as_ever(cast: Cast, provider: FirmProvider, visitor: PageClient) -> None:
    give_password("cai")
    with_password(visitor, "cai")
    assert visitor.get(reverse("clients", args=[cast.firm])).status_code == 200
