"""Signing in at a provider that speaks SAML, a real one: what counts, and what does not and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from ringfence.access import OPERATOR
from ringfence.access.domains import domains_of, remove_domain, vouch_for_domain
from ringfence.access.providers import Protocol, provider_numbered, turn_on
from ringfence.web.journeys.single_sign_on import saml_form, saml_way
from ringfence.wording.providers import CHECKS
from tests.support.saml_provider import SamlProvider, Sent, saml_provider
from tests.web.cast import Cast
from tests.web.reading import errors, heading, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

PEOPLE = [
    {"sub": name, "email": f"{name}@{domain}", "name": name.title()}
    for name, domain in (("owen", "pike.example"), ("cai", "pike.example"), ("lena", "larks.example"))
]


@pytest.fixture(scope="module")
def peer() -> Iterator[SamlProvider]:
    with saml_provider(PEOPLE) as found:
        yield found


@dataclass
class Spoken:
    """The provider as the firm keeps it, and the real one."""

    firm: int
    number: int
    uid: str
    peer: SamlProvider

    def sent(self, visitor: PageClient, sub: str, go: str = "") -> Sent:
        """Walk the browser there, and sign in: what it is to post here."""
        away = visitor.get(go or reverse("provider-go", args=[self.uid]))
        assert away.status_code == 302, away.content.decode()
        return self.peer.sign_in(away["Location"], sub)

    def post(self, visitor: PageClient, sent: Sent, **more: Any) -> Any:
        assert urlsplit(sent.address).path == reverse("provider-answer", args=[self.uid])
        return visitor.post(urlsplit(sent.address).path, {"SAMLResponse": sent.answer, **more})

    def come(self, visitor: PageClient, sub: str, **spoil: Any) -> Any:
        self.peer.change(spoil=spoil)
        return self.post(visitor, self.sent(visitor, sub))

    def test(self, owen: PageClient, sub: str = "owen", **spoil: Any) -> Any:
        """The administrator's test page, after a test with this fault."""
        self.peer.change(spoil=spoil)
        go = reverse("provider-test-go", args=[self.firm, self.number])
        answer = self.post(owen, self.sent(owen, sub, go))
        return owen.get(answer["Location"])


@pytest.fixture
def provider(cast: Cast, owen: PageClient, peer: SamlProvider, settings: Any) -> Spoken:
    """It as Pike & Marlow's, added on the page from its address, turned on; its domain is proved."""
    settings.SIGN_IN_NETWORKS = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    vouch_for_domain(cast.firm, "pike.example")
    sent = {"name": "Old directory", "metadata": f"{peer.root}/metadata"}
    added = owen.post(reverse("add-saml-provider", args=[cast.firm]), sent)
    assert added.status_code == 302, text(added)
    kept = provider_numbered(cast.firm, 1)
    assert kept is not None
    assert kept.protocol is Protocol.SAML
    turn_on(cast.firm, 1, actor=OPERATOR)
    ours = owen.get(reverse("provider-metadata", args=[kept.uid]))
    assert 'WantAssertionsSigned="true"' in ours.content.decode()
    peer.change(receiver=ours.content.decode(), spoil={})
    return Spoken(cast.firm, 1, kept.uid, peer)


def test_a_member_signs_in_and_is_linked(cast: Cast, provider: Spoken, visitor: PageClient) -> None:
    assert provider.come(visitor, "cai").status_code == 302
    assert visitor.get(reverse("clients", args=[cast.firm])).status_code == 200
    linked = SocialAccount.objects.get()
    assert (linked.provider, linked.uid, linked.user.email) == (provider.uid, "cai", "cai@pike.example")


def test_the_answer_that_comes_without_a_cookie_is_sent_on_and_then_counts(
    cast: Cast, provider: Spoken, visitor: PageClient, client: PageClient
) -> None:
    sent = provider.sent(visitor, "cai")
    page = provider.post(client, sent)
    assert heading(page) == "Go on signing in"
    assert sent.answer in page.content.decode()
    provider.post(visitor, sent, again="yes")
    assert visitor.get(reverse("clients", args=[cast.firm])).status_code == 200


def test_the_answer_to_another_browsers_request_signs_nobody_in(
    provider: Spoken, visitor: PageClient, client: PageClient
) -> None:
    sent = provider.sent(visitor, "cai")
    answer = provider.post(client, sent, again="yes")
    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session


def test_an_answer_counts_once(cast: Cast, provider: Spoken, visitor: PageClient) -> None:
    provider.peer.change(spoil={})
    sent = provider.sent(visitor, "cai")
    begun = visitor.session[saml_way.BEGUN]
    assert provider.post(visitor, sent).status_code == 302
    visitor.post(reverse("account_logout"))
    again = provider.post(visitor, sent, again="yes")
    assert again.status_code == 403
    # Also where the request were begun still.
    session = visitor.session
    session[saml_way.BEGUN] = begun
    session.save()
    assert provider.post(visitor, sent).status_code == 403
    assert "_auth_user_id" not in visitor.session


ELSEWHERE = "https://other.example/a"
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "unsigned": ({"unsigned": True}, "signature", "not signed"),
    "by another key": ({"wrongKey": True}, "signature", "does not fit"),
    "changed afterwards": (
        {"replace": [["cai@pike.example", "owen@pike.example"]]},
        "signature",
        "does not fit",
    ),
    "by SHA-1": ({"sha1": True}, "signature", "SHA-1"),
    "for another receiver": ({"values": {"Audience": "https://other.example"}}, "audience", "Audience"),
    "to another address": (
        {"values": {"Destination": "https://other.example/a"}},
        "recipient",
        "Destination",
    ),
    "for another recipient": ({"values": {"Recipient": "https://other.example/a"}}, "recipient", "Recipient"),
    "of another provider": ({"values": {"Issuer": "https://other.example"}}, "issuer", "another provider"),
    "over": ({"late": True}, "time", "over already"),
    "too early": ({"early": True}, "time", "later"),
    "to another request": ({"values": {"InResponseTo": "_other"}}, "request", "did not begin"),
    "a refusal": (
        {"values": {"StatusCode": "urn:oasis:names:tc:SAML:2.0:status:Responder"}},
        "status",
        "The provider answered",
    ),
    "of a name that changes": (
        {"values": {"NameIDFormat": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"}},
        "subject",
        "transient",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_signs_nobody_in_and_the_test_says_which_check_failed(
    cast: Cast, provider: Spoken, visitor: PageClient, owen: PageClient, wrong: str
) -> None:
    spoil, check, told = WRONG[wrong]
    refused = provider.come(visitor, "cai", **spoil)
    assert (refused.status_code, heading(refused)) == (403, "You were not signed in")
    assert "_auth_user_id" not in visitor.session
    assert not SocialAccount.objects.exists()
    shown = {row[0]: row[1] for row in rows(provider.test(owen, "cai", **spoil))}
    assert shown[str(CHECKS[check])].startswith("Failed")
    assert told in shown[str(CHECKS[check])]


def test_a_test_that_passes_says_to_whom_it_leads_and_signs_nobody_in(
    cast: Cast, provider: Spoken, owen: PageClient
) -> None:
    shown = provider.test(owen)
    assert "All checks passed" in text(shown)
    assert "would lead to Owen" in text(shown)
    assert {row[1] for row in rows(shown)} == {"Passed"}
    assert not SocialAccount.objects.exists()


def test_the_domain_and_the_member_decide_as_with_any_provider(
    cast: Cast, provider: Spoken, visitor: PageClient
) -> None:
    assert provider.come(visitor, "lena").status_code == 403
    remove_domain(cast.firm, domains_of(cast.firm)[0].number, actor=OPERATOR)
    assert provider.come(visitor, "cai").status_code == 403
    assert not SocialAccount.objects.exists()


ENTITY = "PCFET0NUWVBFIGEgWzwhRU5USVRZIGIgImMiPl0+PGE+JmI7PC9hPg=="
"""A document type that defines an entity."""
NONSENSE = ["", "no base64!", "PHg+", ENTITY]


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_nonsense_is_refused_with_a_sentence(provider: Spoken, visitor: PageClient, nonsense: str) -> None:
    sent = provider.sent(visitor, "cai")
    refused = provider.post(visitor, Sent(sent.address, nonsense))
    assert (refused.status_code, heading(refused)) == (403, "You were not signed in")


@pytest.mark.parametrize("given", ["", "nothing", "<a/>", "<EntityDescriptor/>"])
def test_metadata_that_say_too_little_are_told_at_their_field(
    cast: Cast, owen: PageClient, given: str
) -> None:
    here = reverse("add-saml-provider", args=[cast.firm])
    ((told, field),) = errors(owen.post(here, {"name": "Old", "metadata": given}))
    assert (field, told.startswith("Enter the provider’s metadata")) == ("#metadata", True)
    assert provider_numbered(cast.firm, 1) is None


def test_without_the_extra_the_page_says_what_to_install(
    cast: Cast, owen: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saml_form, "installed", lambda: False)
    here = reverse("add-saml-provider", args=[cast.firm])
    assert "ringfence[saml]" in text(owen.get(here))
    assert "ringfence[saml]" in text(owen.post(here, {"name": "Old", "metadata": "x"}))
