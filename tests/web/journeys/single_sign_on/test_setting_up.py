"""Setting up a provider on pages: one question each, one press to test, and nothing secret shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ringfence import access
from ringfence.access.providers import Protocol, ProviderKind, SignInCheck, provider_numbered
from ringfence.access.providers.checks import CHECKS_OF, SignInFault
from ringfence.wording.providers import CHECKS, FAULTS
from tests.web.cast import OWEN, Cast
from tests.web.journeys.single_sign_on.firm_provider import ROOT, SECRET, FirmProvider, here
from tests.web.reading import errors, heading, link, rows, text

if TYPE_CHECKING:
    from tests.support.identity_provider import IdentityProvider
    from tests.web.checks import PageClient


SHOWN: list[SignInCheck] = [
    check for check in CHECKS_OF[Protocol.OIDC] if check is not SignInCheck.HOSTED_DOMAIN
]
"""Of a provider at which not anybody may have an account."""


def answer(page: PageClient, cast: Cast, route: str, **form: str) -> Any:
    return page.post(reverse(route, args=[cast.firm]), form, follow=True)


def entered(page: PageClient, cast: Cast, kind: str, where: str) -> Any:
    """All four questions, answered."""
    answer(page, cast, "add-provider", kind=kind)
    answer(page, cast, "add-provider-where", where=where)
    answer(page, cast, "add-provider-client", client="ringfence")
    return answer(page, cast, "add-provider-secret", secret=SECRET)


@pytest.mark.parametrize(
    ("kind", "where", "issuer"),
    [
        ("entra", "72f988bf-86f1-41af-91ab-2d7cd011db47", "https://login.microsoftonline.com/72f988bf-"),
        ("okta", "pike.okta.com", "https://pike.okta.com"),
        ("google", "pike.example", "https://accounts.google.com"),
        ("keycloak", "https://id.pike.example/realms/staff", "https://id.pike.example/realms/staff"),
        ("other", "https://id.pike.example", "https://id.pike.example"),
    ],
)
def test_an_administrator_adds_a_provider_with_four_answers(
    cast: Cast, owen: PageClient, kind: str, where: str, issuer: str
) -> None:
    shown = entered(owen, cast, kind, where)
    kept = provider_numbered(cast.firm, 1)
    assert kept is not None
    assert kept.openid.issuer.startswith(issuer)
    assert (kept.kind, kept.on, kept.secret()) == (ProviderKind(kind), False, SECRET)
    assert ROOT + reverse("provider-callback", args=[kept.uid]) in text(shown)
    assert SECRET not in shown.content.decode()
    (entry,) = access.entries(cast.firm, after=access.firm_state(cast.firm).version - 1)
    assert (entry.command, entry.actor.member) == ("sign_in.change", OWEN)
    assert SECRET not in str(entry)


@pytest.mark.parametrize(
    ("kind", "where", "told"),
    [
        ("entra", "common", "Enter the directory (tenant) id"),
        ("okta", "not a domain", "Enter your Okta domain"),
        ("google", "localhost", "Enter your Workspace domain"),
        ("keycloak", "http://id.pike.example", "Enter an address that begins with https://"),
        ("other", "https://10.0.0.1", "Enter an address that begins with https://"),
        ("other", "", "Enter an address that begins with https://"),
    ],
)
def test_what_is_no_provider_is_told_at_its_field(
    cast: Cast, owen: PageClient, kind: str, where: str, told: str
) -> None:
    answer(owen, cast, "add-provider", kind=kind)
    (error,) = errors(answer(owen, cast, "add-provider-where", where=where))
    assert error[0].startswith(told)
    assert error[1] == "#where"


def test_each_question_must_be_answered(cast: Cast, owen: PageClient) -> None:
    assert errors(answer(owen, cast, "add-provider")) == [("Select your provider", "#kind")]
    answer(owen, cast, "add-provider", kind="okta")
    answer(owen, cast, "add-provider-where", where="pike.okta.com")
    assert errors(answer(owen, cast, "add-provider-client", client=" ")) == [
        ("Enter the client id", "#client")
    ]
    answer(owen, cast, "add-provider-client", client="c")
    assert errors(answer(owen, cast, "add-provider-secret")) == [("Enter the client secret", "#secret")]


def test_a_question_is_not_reached_before_the_one_before_it(cast: Cast, owen: PageClient) -> None:
    page = owen.get(reverse("add-provider-secret", args=[cast.firm]), follow=True)
    assert heading(page) == "Which provider do your people sign in with?"


# --- The test


def pressed(client: PageClient, provider: FirmProvider, sub: str) -> Any:
    """Press the button, sign in there, come back."""
    page = client.get(reverse("provider-test", args=[provider.firm, provider.number]))
    away = client.get(link(page, "Test now"))
    if not away["Location"].startswith(provider.peer.issuer):
        return client.get(away["Location"])
    return client.get(here(provider.peer.browser().sign_in(away["Location"], sub)), follow=True)


def outcomes(page: Any) -> dict[str, str]:
    return {row[0]: row[1] for row in rows(page)}


def test_the_test_shows_what_came_back_and_to_whom_it_leads(
    cast: Cast, provider: FirmProvider, owen: PageClient
) -> None:
    page = pressed(owen, provider, "cai")
    assert "All checks passed" in text(page)
    assert "would lead to Cai, who comes by it for the first time" in text(page)
    assert all(outcome.endswith("Passed") for outcome in outcomes(page).values())
    assert len(outcomes(page)) == len(SHOWN)
    assert '"external_id": ""' in page.content.decode().replace("&#34;", '"')
    for told in ('"sub": "cai"', '"email": "cai@pike.example"', "token_endpoint", "access_token"):
        assert told in page.content.decode().replace("&#34;", '"')
    # Nobody was signed in, and no token is shown.
    assert page.wsgi_request.user == cast.users["Owen"]
    assert "eyJ" not in page.content.decode()


@pytest.mark.parametrize(
    ("spoil", "check"),
    [
        ({"metadata": {"issuer": "https://elsewhere.example"}}, SignInCheck.ISSUER),
        ({"metadata": {"code_challenge_methods_supported": ["plain"]}}, SignInCheck.PKCE),
        ({"metadata": {"token_endpoint": None}}, SignInCheck.METADATA),
        ({"key": "foreign"}, SignInCheck.SIGNATURE),
        ({"claims": {"iss": "https://elsewhere.example"}}, SignInCheck.TOKEN_ISSUER),
        ({"claims": {"aud": "another"}}, SignInCheck.AUDIENCE),
        ({"claims": {"exp": 1}}, SignInCheck.TIME),
        ({"claims": {"nonce": "another"}}, SignInCheck.NONCE),
        ({"claims": {"sub": ""}}, SignInCheck.SUBJECT),
        ({"userinfo": {"sub": "dilys"}}, SignInCheck.USERINFO),
        ({"userinfo": {"email": ""}}, SignInCheck.EMAIL),
        ({"userinfo": {"email_verified": False}}, SignInCheck.VERIFIED),
        ({"userinfo": {"email": "cai@elsewhere.example"}}, SignInCheck.DOMAIN),
        ({"userinfo": {"email": "nobody@pike.example"}}, SignInCheck.MEMBER),
    ],
    ids=str,
)
def test_the_test_says_which_check_failed(
    provider: FirmProvider,
    owen: PageClient,
    peer: IdentityProvider,
    spoil: dict[str, Any],
    check: SignInCheck,
) -> None:
    peer.change(spoil=spoil)
    page = pressed(owen, provider, "cai")
    found = outcomes(page)
    place = SHOWN.index(check)
    assert "A check failed" in text(page)
    assert [outcome.removeprefix("Outcome ")[:6] for outcome in found.values()] == [
        "Passed" if at < place else "Failed" if at == place else "Not re" for at in range(len(SHOWN))
    ]


def test_a_test_that_is_left_at_the_provider_says_so(provider: FirmProvider, owen: PageClient) -> None:
    away = owen.get(reverse("provider-test-go", args=[provider.firm, provider.number]))["Location"]
    page = owen.get(here(provider.peer.browser().cancel(away)), follow=True)
    assert "The person left the sign-in at the provider" in text(page)


def test_every_check_and_every_fault_has_its_sentence() -> None:
    assert set(CHECKS) == {each.value for each in SignInCheck}
    assert set(FAULTS) == {each.value for each in SignInFault}


# --- Changing it


@pytest.mark.parametrize(
    ("part", "form", "shown"),
    [
        ("name", {"name": "Head office"}, "Head office"),
        ("client", {"client": "another"}, "another"),
        ("verified", {"verified": "all"}, "All that the provider sends count as verified"),
        (
            "claims",
            {"email_claim": "mail", "name_claim": "", "external_claim": "oid", "groups_claim": ""},
            "mail",
        ),
        ("where", {"where": "https://id.pike.example"}, "https://id.pike.example"),
    ],
)
def test_one_thing_is_changed(
    cast: Cast, provider: FirmProvider, owen: PageClient, part: str, form: dict[str, str], shown: str
) -> None:
    address = reverse("change-provider", args=[cast.firm, provider.number, part])
    assert owen.get(address).status_code == 200
    assert shown in text(owen.post(address, form, follow=True))


def test_a_new_secret_is_kept_and_shown_to_nobody(
    cast: Cast, provider: FirmProvider, owen: PageClient
) -> None:
    address = reverse("change-provider", args=[cast.firm, provider.number, "secret"])
    assert SECRET not in owen.get(address).content.decode()
    owen.post(address, {"secret": "a new one"})
    kept = provider_numbered(cast.firm, provider.number)
    assert kept is not None
    assert kept.secret() == "a new one"


def test_addresses_that_the_provider_vouches_for_count_as_verified(
    cast: Cast, provider: FirmProvider, owen: PageClient, visitor: PageClient
) -> None:
    address = reverse("change-provider", args=[cast.firm, provider.number, "verified"])
    owen.post(address, {"verified": "all"})
    assert heading(provider.come(visitor, "unsure")) != "You were not signed in"


def test_with_another_issuer_nobody_is_known_any_more(
    cast: Cast, provider: FirmProvider, owen: PageClient, visitor: PageClient
) -> None:
    provider.come(visitor, "cai")
    address = reverse("change-provider", args=[cast.firm, provider.number, "where"])
    owen.post(address, {"where": "https://id.pike.example"})
    assert visitor.get(reverse("clients", args=[cast.firm])).status_code == 302


@pytest.mark.parametrize("who", ["Ada", "Cai"])
def test_only_administrators_change_how_people_sign_in(
    cast: Cast, provider: FirmProvider, signed_in: Any, who: str
) -> None:
    for route in ("turn-off-provider", "remove-provider"):
        address = reverse(route, args=[cast.firm, provider.number])
        assert signed_in(cast, who).post(address, {"answer": "yes"}).status_code == 403
    kept = provider_numbered(cast.firm, provider.number)
    assert kept is not None
    assert kept.on


# --- What it costs


def counted(client: PageClient, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code in {200, 302}, response.content
    asked = [each["sql"] for each in captured if "SAVEPOINT" not in each["sql"]]
    return len(asked)


def test_the_page_of_signing_in_and_the_way_back_ask_the_database_twelve_things_at_most(
    provider: FirmProvider, visitor: PageClient
) -> None:
    provider.come(visitor, "cai")
    visitor.post(reverse("account_logout"))
    assert counted(visitor, reverse("account_login")) <= 12
    assert counted(visitor, reverse("provider", args=[provider.uid])) <= 12
    back = provider.back(visitor, "cai")
    assert counted(visitor, back) <= 12
