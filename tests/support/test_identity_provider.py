"""The identity provider that the tests speak to is a real one, and does what its helper says."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from tests.support.identity_provider import IdentityProvider, client, identity_provider

ROOT = "http://ringfence.test"
ALICE = {
    "sub": "a-1",
    "email": "alice@example.com",
    "email_verified": True,
    "name": "Alice",
    "groups": ["Tax"],
}
VERIFIER = "v" * 43
CHALLENGE = urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    with identity_provider([client("c", ROOT, back="/back")], [ALICE]) as found:
        yield found


def signed_in(provider: IdentityProvider) -> tuple[str, str]:
    """An ID token and the access token beside it, got by the code flow."""
    asked = httpx.URL(
        f"{provider.issuer}/auth",
        params={
            "client_id": "c",
            "response_type": "code",
            "scope": "openid profile email",
            "redirect_uri": f"{ROOT}/back",
            "state": "s",
            "nonce": "n",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        },
    )
    came = parse_qs(urlsplit(provider.browser().sign_in(str(asked), "a-1")).query)
    assert came["state"] == ["s"]
    answer = httpx.post(
        f"{provider.issuer}/token",
        auth=("c", "very-secret"),
        data={
            "grant_type": "authorization_code",
            "code": came["code"][0],
            "redirect_uri": f"{ROOT}/back",
            "code_verifier": VERIFIER,
        },
    ).raise_for_status()
    return answer.json()["id_token"], answer.json()["access_token"]


def decoded(provider: IdentityProvider, token: str) -> dict[str, Any]:
    """What the token says, once its signature by a key that the provider publishes is proved."""
    published = httpx.get(f"{provider.issuer}/jwks").raise_for_status().json()
    key = jwt.PyJWKSet.from_dict(published)[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["RS256"], audience="c", issuer=provider.issuer)


def keys(provider: IdentityProvider) -> set[str]:
    answer = httpx.get(f"{provider.issuer}/jwks").raise_for_status()
    return {each["kid"] for each in answer.json()["keys"]}


def test_it_lets_a_person_in_and_signs_who_they_are(provider: IdentityProvider) -> None:
    token, access = signed_in(provider)
    claims = decoded(provider, token)
    told = httpx.get(f"{provider.issuer}/me", headers={"Authorization": f"Bearer {access}"}).json()
    assert (claims["sub"], claims["nonce"]) == ("a-1", "n")
    assert told == ALICE


def test_it_rotates_its_keys(provider: IdentityProvider) -> None:
    before = keys(provider)
    provider.change(rotate=True)
    after = keys(provider)
    token, _ = signed_in(provider)
    assert not before & after
    assert {jwt.get_unverified_header(token)["kid"]} == after


def test_it_signs_a_claim_that_a_test_spoils(provider: IdentityProvider) -> None:
    provider.change(spoil={"claims": {"nonce": "another"}})
    token, _ = signed_in(provider)
    provider.change(spoil={})
    assert decoded(provider, token)["nonce"] == "another"


def test_it_refuses_an_address_that_is_not_the_clients(provider: IdentityProvider) -> None:
    answer = httpx.get(
        f"{provider.issuer}/auth",
        params={
            "client_id": "c",
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": "http://evil.test/",
        },
    )
    assert answer.status_code == 400
