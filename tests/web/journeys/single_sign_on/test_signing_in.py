"""Signing in at a firm's real provider: who is let in, to what, and who is not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from django.utils import timezone

from ringfence.access import OPERATOR
from ringfence.access.invitations import InvitationStage, invitations_of, invite, revoke
from ringfence.access.linking import has_own_password
from ringfence.access.providers import OpenIdSettings, change_provider, turn_off
from ringfence.access.security_log import SecurityKind, note
from ringfence.access.sign_in_policy import ask_second_step
from ringfence.core.commands.definitions import DeactivateMember
from ringfence.core.terms import Role
from ringfence.firms.models import Member, User
from ringfence.web.journeys.single_sign_on import signing_in
from ringfence.web.shell import provider_sign_in
from ringfence.web.shell.provider_sign_in import finish
from ringfence.wording.security_log import happened_text
from tests.web.cast import CAI, DILYS, Cast, do, seat
from tests.web.journeys.single_sign_on.firm_provider import FirmProvider, firm_provider
from tests.web.reading import heading, text

if TYPE_CHECKING:
    from tests.support.identity_provider import IdentityProvider
    from tests.web.checks import PageClient

PASSWORD = "three unrelated words"


def why(response: Any) -> str:
    """What whoever is refused is told; they are signed in nowhere."""
    assert (response.status_code, heading(response)) == (403, "You were not signed in")
    assert not response.wsgi_request.user.is_authenticated
    return text(response)


def user(name: str) -> User:
    return User.objects.get(email=f"{name}@pike.example")


# --- Who is let in


def test_an_invited_member_signs_in_with_the_firms_account(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    assert heading(provider.come(visitor, "cai")) == "Clients"
    assert visitor.get(reverse("clients", args=[cast.firm])).status_code == 200


def test_a_second_step_is_left_to_the_provider(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    ask_second_step(cast.firm, [Role.STANDARD], 0, actor=OPERATOR)
    assert heading(provider.come(visitor, "cai")) == "Clients"


def test_signing_in_leads_on_to_the_page_that_was_asked_for(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    wanted = reverse("your-account", args=[cast.firm])
    page = visitor.get(f"{reverse('provider', args=[provider.uid])}?next={wanted}")
    assert heading(page) == "Sign in to Pike & Marlow"
    go = f"{reverse('provider-go', args=[provider.uid])}?next={wanted}"
    assert provider.come(visitor, "cai", go=go, follow=False)["Location"] == wanted


def test_signing_in_never_leads_to_another_site(provider: FirmProvider, visitor: PageClient) -> None:
    go = f"{reverse('provider-go', args=[provider.uid])}?next=https://evil.example/"
    assert provider.come(visitor, "cai", go=go, follow=False)["Location"] == "/"


def test_who_comes_by_a_provider_has_come_in_without_any_password(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    invite(cast.firm, CAI, actor=OPERATOR)
    provider.come(visitor, "cai")
    assert invitations_of(cast.firm, [CAI])[CAI].stage is InvitationStage.ACCEPTED
    assert not has_own_password(user("cai"))
    assert not user("cai").check_password(user("cai").password)
    assert not user("cai").check_password("")


def test_what_the_provider_says_of_a_person_is_not_kept(provider: FirmProvider, visitor: PageClient) -> None:
    provider.come(visitor, "cai")
    kept = SocialAccount.objects.get()
    assert (kept.provider, kept.uid, kept.extra_data) == (provider.uid, "cai", {})


def test_a_person_is_known_by_the_subject_once_they_have_come(
    provider: FirmProvider, visitor: PageClient, peer: IdentityProvider
) -> None:
    provider.come(visitor, "cai")
    visitor.logout()
    peer.change(people=[{"sub": "cai", "email": "married@elsewhere.example", "email_verified": False}])
    provider.come(visitor, "cai")
    assert visitor.get(reverse("your-sign-in")).wsgi_request.user == user("cai")


# --- Who is not


def test_another_account_with_the_address_of_one_who_has_come_is_refused(
    provider: FirmProvider, visitor: PageClient
) -> None:
    provider.come(visitor, "cai")
    visitor.logout()
    assert "does not open a place in Pike & Marlow" in why(provider.come(visitor, "impostor"))


def test_an_address_that_is_not_said_to_be_verified_lets_nobody_in(
    provider: FirmProvider, visitor: PageClient
) -> None:
    assert "does not say that your e-mail address is verified" in why(provider.come(visitor, "unsure"))
    assert not SocialAccount.objects.exists()


def test_who_has_no_address_is_not_let_in(provider: FirmProvider, visitor: PageClient) -> None:
    assert "did not tell your e-mail address" in why(provider.come(visitor, "silent"))


def test_an_address_of_a_domain_that_is_not_the_firms_lets_nobody_in(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    seat(cast.firm, cast.users["Lena"], "Lena")
    assert "a domain that is not known to be Pike & Marlow’s" in why(provider.come(visitor, "lena"))


def test_an_unknown_address_a_deactivated_member_and_one_no_longer_invited_are_told_the_same(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    unknown = why(provider.come(visitor, "nobody"))
    invite(cast.firm, CAI, actor=OPERATOR)
    revoke(cast.firm, CAI, actor=OPERATOR)
    do(cast.firm, DeactivateMember(member=DILYS))
    assert why(provider.come(visitor, "cai")) == unknown
    assert why(provider.come(visitor, "dilys")) == unknown
    assert "An administrator of Pike & Marlow can see why" in unknown


def test_a_place_in_another_firm_alone_opens_nothing(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    seat(cast.other, User.objects.create_user("nobody@pike.example"), "Nobody")
    assert "does not open a place in Pike & Marlow" in why(provider.come(visitor, "nobody"))
    assert not SocialAccount.objects.exists()


def test_a_leaver_who_has_come_before_is_refused(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    provider.come(visitor, "dilys")
    do(cast.firm, DeactivateMember(member=DILYS))
    assert visitor.get(reverse("clients", args=[cast.firm])).status_code == 302
    visitor.logout()
    assert "does not open a place" in why(provider.come(visitor, "dilys"))


def test_who_leaves_the_sign_in_there_is_told_so(provider: FirmProvider, visitor: PageClient) -> None:
    away = visitor.get(reverse("provider-go", args=[provider.uid]))["Location"]
    back = provider.peer.browser().cancel(away).removeprefix("http://testserver")
    assert "You left the sign-in at Test directory" in why(visitor.get(back))


def test_a_sign_in_that_another_browser_began_is_refused(provider: FirmProvider, visitor: PageClient) -> None:
    from tests.web.checks import PageClient

    back = provider.back(visitor, "cai")
    assert "begun in another browser" in why(PageClient().get(back))


def test_a_sign_in_counts_once(provider: FirmProvider, visitor: PageClient) -> None:
    back = provider.back(visitor, "cai")
    assert visitor.get(back).status_code == 302
    visitor.logout()
    assert "took too long" in why(visitor.get(back))


def test_a_provider_that_is_off_signs_nobody_in(
    cast: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    back = provider.back(visitor, "cai")
    turn_off(cast.firm, provider.number, actor=OPERATOR)
    assert visitor.get(back).status_code == 404
    assert visitor.get(reverse("provider-go", args=[provider.uid])).status_code == 404
    assert "Nobody signs in" in text(visitor.get(reverse("provider", args=[provider.uid])))


# --- One firm's provider, and other firms


@pytest.fixture
def in_both(cast: Cast, provider: FirmProvider) -> Cast:
    """Cai has a place at Larks as well, and a password of their own."""
    seat(cast.other, cast.users["Cai"], "Cai Rhys")
    cast.users["Cai"].set_password(PASSWORD)
    cast.users["Cai"].save()
    return cast


def test_a_firms_provider_opens_that_firm_and_no_other(
    in_both: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    provider.come(visitor, "cai")
    assert visitor.get(reverse("firm-home", args=[in_both.other])).status_code == 404
    assert visitor.get("/", follow=True).redirect_chain[0][0] == reverse("firm-home", args=[in_both.firm])
    assert "Change firm" not in visitor.get(reverse("clients", args=[in_both.firm])).content.decode()


def test_who_comes_by_a_provider_after_their_password_is_bound_to_its_firm(
    in_both: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    visitor.post(reverse("account_login"), {"login": "cai@pike.example", "password": PASSWORD})
    assert visitor.get(reverse("firm-home", args=[in_both.other])).status_code != 404
    provider.come(visitor, "cai")
    assert visitor.get(reverse("firm-home", args=[in_both.other])).status_code == 404


@pytest.mark.parametrize("route", ["change-address", "add-app", "add-passkey", "sign-out-everywhere"])
def test_a_firms_provider_changes_nothing_of_the_persons_own_sign_in(
    in_both: Cast, provider: FirmProvider, visitor: PageClient, route: str
) -> None:
    provider.come(visitor, "cai")
    asked = visitor.get(reverse(route))
    assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, reverse("prove"))


def test_what_stands_in_another_firms_security_log_is_not_shown_to_who_came_by_a_provider(
    in_both: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    ask_second_step(in_both.other, [Role.STANDARD], 0, actor=OPERATOR)
    (there,) = Member.objects.filter(firm=in_both.other, user=in_both.users["Cai"])
    note(SecurityKind.CODES_MADE, firm=in_both.other, member=there.number)
    note(SecurityKind.ADDRESS_CHANGED, firm=in_both.firm, member=CAI)
    provider.come(visitor, "cai")
    said = text(visitor.get(reverse("your-sign-in")))
    assert happened_text(SecurityKind.ADDRESS_CHANGED.value, "") in said
    assert happened_text(SecurityKind.CODES_MADE.value, "") not in said
    assert visitor.get(reverse("second-step-asked", args=[in_both.other])).status_code == 404


def test_a_password_signs_in_to_all_firms_as_before(
    in_both: Cast, provider: FirmProvider, visitor: PageClient
) -> None:
    provider.come(visitor, "cai")
    visitor.post(reverse("account_logout"))
    visitor.post(reverse("account_login"), {"login": "cai@pike.example", "password": PASSWORD})
    assert visitor.get(reverse("firm-home", args=[in_both.other])).status_code != 404


def test_two_firms_with_one_provider_stay_apart(
    cast: Cast, provider: FirmProvider, visitor: PageClient, peer: IdentityProvider, settings: object
) -> None:
    provider.come(visitor, "cai")
    visitor.logout()
    seat(cast.other, cast.users["Cai"], "Cai Rhys")
    with ExitStack() as stack:
        theirs = stack.enter_context(
            firm_provider(cast.other, "larks.example", peer, settings, client_id="larks")
        )
        # Known to one firm by their subject, and to the other by nothing: the domain is not its own.
        assert "is not known to be Larks’s" in why(theirs.come(visitor, "cai"))
        assert heading(theirs.come(visitor, "lena")) != "You were not signed in"
        assert visitor.get(reverse("firm-home", args=[cast.firm])).status_code == 404


def test_a_code_of_one_firms_sign_in_is_none_at_the_others(
    cast: Cast, provider: FirmProvider, visitor: PageClient, peer: IdentityProvider, settings: object
) -> None:
    with firm_provider(cast.other, "larks.example", peer, settings, client_id="larks") as theirs:
        back = provider.back(visitor, "cai").replace(provider.uid, theirs.uid)
        assert "took too long" in why(visitor.get(back))


# --- To the firm's provider by an address


def test_an_address_of_a_proved_domain_leads_to_the_firms_provider(
    provider: FirmProvider, visitor: PageClient
) -> None:
    found = visitor.post(reverse("find-provider"), {"email": "anybody@pike.example"})
    assert found["Location"].partition("?")[0] == reverse("provider", args=[provider.uid])
    known = visitor.post(reverse("find-provider"), {"email": "cai@pike.example"})
    assert known["Location"].replace("cai", "anybody") == found["Location"]


def test_the_firms_account_is_offered_where_a_firm_has_a_provider(
    provider: FirmProvider, visitor: PageClient
) -> None:
    words = "Sign in with your firm’s account"
    assert words in text(visitor.get(reverse("account_login")))
    turn_off(provider.firm, provider.number, actor=OPERATOR)
    assert words not in text(visitor.get(reverse("account_login")))


def test_an_address_of_no_firms_domain_is_told_so(provider: FirmProvider, visitor: PageClient) -> None:
    told = text(visitor.post(reverse("find-provider"), {"email": "lena@larks.example"}))
    assert "No firm here signs in with addresses that end in larks.example" in told


def test_when_a_person_was_last_here_is_kept(provider: FirmProvider, visitor: PageClient) -> None:
    before = timezone.now()
    provider.come(visitor, "cai")
    assert (user("cai").last_login or before) > before


# --- While somebody is on their way


def turned_off(provider: FirmProvider) -> None:
    turn_off(provider.firm, provider.number, actor=OPERATOR)


def somebody_else(provider: FirmProvider) -> None:
    other = OpenIdSettings(issuer="https://other.example", client_id="ringfence")
    change_provider(provider.firm, provider.number, settings=other, actor=OPERATOR)


@pytest.mark.parametrize("meanwhile", [turned_off, somebody_else])
def test_who_comes_back_when_the_provider_is_not_what_it_was_is_linked_to_nobody(
    provider: FirmProvider,
    visitor: PageClient,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[FirmProvider], None],
) -> None:
    back = provider.back(visitor, "cai")

    def late(*what: Any, **how: Any) -> Any:
        meanwhile(provider)
        return finish(*what, **how)

    monkeypatch.setattr(signing_in, "finish", late)
    why(visitor.get(back))
    assert not SocialAccount.objects.exists()


def test_a_session_that_begins_while_the_provider_is_turned_off_is_none(
    cast: Cast, provider: FirmProvider, visitor: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = provider.back(visitor, "cai")

    def late(*what: Any, **how: Any) -> None:
        turned_off(provider)

    monkeypatch.setattr(provider_sign_in, "carry_over", late)
    visitor.get(back)
    assert visitor.get(reverse("clients", args=[cast.firm])).status_code == 302


def test_an_address_in_another_claim_is_not_what_is_said_to_be_verified(
    cast: Cast, provider: FirmProvider, peer: IdentityProvider, visitor: PageClient
) -> None:
    changed = OpenIdSettings(issuer=peer.issuer, client_id="ringfence", email_claim="name")
    change_provider(provider.firm, provider.number, settings=changed, actor=OPERATOR)
    told = {
        "sub": "new",
        "email": "new@elsewhere.example",
        "email_verified": True,
        "name": "cai@pike.example",
    }
    peer.change(people=[told])
    why(provider.come(visitor, "new"))
    peer.change(people=[told | {"email": "Cai@pike.example"}])
    assert heading(provider.come(visitor, "new")) == "Clients"
