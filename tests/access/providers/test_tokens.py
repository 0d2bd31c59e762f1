"""What an ID token and a logout token must be: each rule broken by itself is refused at its own check."""

from __future__ import annotations

import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from ringfence.access.providers.checks import CheckFailed, SignInCheck, SignInFault
from ringfence.access.providers.tokens import (
    LOGOUT_EVENT,
    SKEW,
    check_id_token,
    check_logout_token,
    signed_claims,
)

ISSUER = "https://id.example.com"
NOW = 1_800_000_000.0
RSA = rsa.generate_private_key(65537, 2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()


def published(key: Any, kid: str, **more: str) -> dict[str, Any]:
    """The public part of a key as its provider publishes it."""
    algorithm: Any = OKPAlgorithm
    if isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        algorithm = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig", **more}


KEYS = [published(RSA, "r", alg="RS256"), published(EC, "e"), published(ED, "d")]


def keys(anew: bool) -> list[dict[str, Any]]:
    return KEYS


def claims(**changed: Any) -> dict[str, Any]:
    """Those of a good ID token, some of them others; None leaves one out."""
    good = {"iss": ISSUER, "aud": "c", "sub": "a", "nonce": "n", "iat": NOW, "exp": NOW + 600}
    return {name: value for name, value in {**good, **changed}.items() if value is not None}


def signed(key: Any = RSA, algorithm: str = "RS256", kid: str | None = "r", **changed: Any) -> str:
    return jwt.encode(claims(**changed), key, algorithm, headers={"kid": kid} if kid else None)


def looked_at(told: dict[str, Any], access_token: str = "") -> None:
    check_id_token(
        told,
        issuer=ISSUER,
        client_id="c",
        nonce="n",
        algorithm="RS256",
        access_token=access_token,
        now=NOW,
    )


def refusal(told: dict[str, Any]) -> tuple[SignInCheck, SignInFault]:
    with pytest.raises(CheckFailed) as failed:
        looked_at(told)
    return failed.value.check, failed.value.fault


# --- Signatures


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"), [(RSA, "RS256", "r"), (EC, "ES256", "e"), (ED, "EdDSA", "d")]
)
def test_a_token_signed_with_one_of_the_keys_is_read(key: Any, algorithm: str, kid: str) -> None:
    assert signed_claims(signed(key, algorithm, kid), keys) == claims()


def test_a_token_that_names_no_key_is_read_where_one_alone_can_be_meant() -> None:
    assert signed_claims(signed(kid=None), lambda _: KEYS[:1]) == claims()
    with pytest.raises(CheckFailed) as failed:
        signed_claims(signed(kid=None), lambda _: [KEYS[0], published(RSA, "s")])
    assert failed.value.fault is SignInFault.UNKNOWN_KEY


def test_keys_are_asked_for_anew_once_a_token_names_another_one() -> None:
    asked: list[bool] = []

    def rotating(anew: bool) -> list[dict[str, Any]]:
        asked.append(anew)
        return KEYS if anew else [published(EC, "old")]

    assert signed_claims(signed(), rotating) == claims()
    assert asked == [False, True]


def test_a_token_signed_with_a_foreign_key_under_a_known_name_is_refused() -> None:
    foreign = rsa.generate_private_key(65537, 2048)
    with pytest.raises(CheckFailed) as failed:
        signed_claims(signed(foreign), keys)
    assert (failed.value.check, failed.value.fault) == (SignInCheck.SIGNATURE, SignInFault.FORGED)


@pytest.mark.parametrize(
    "token",
    [
        jwt.encode(claims(), "", "none"),
        jwt.encode(claims(), "the-client-secret-of-the-client-itself", "HS256", headers={"kid": "r"}),
    ],
)
def test_a_token_that_proves_nothing_of_the_provider_is_refused(token: str) -> None:
    with pytest.raises(CheckFailed) as failed:
        signed_claims(token, keys)
    assert failed.value.fault is SignInFault.ALGORITHM


def test_a_key_is_not_taken_for_another_kind_of_signature() -> None:
    with pytest.raises(CheckFailed) as failed:
        signed_claims(signed(RSA, "RS512", "r"), keys)
    assert failed.value.fault is SignInFault.UNKNOWN_KEY


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "{}", "€.€.€", "a" * 100_000, "e30.e30."])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(CheckFailed) as failed:
        signed_claims(token, keys)
    assert failed.value.check is SignInCheck.SIGNATURE


# --- Claims of an ID token


def test_a_good_token_passes() -> None:
    looked_at(claims())
    looked_at(claims(aud=["c", "d"], azp="c"))


@pytest.mark.parametrize(
    ("changed", "check", "fault"),
    [
        ({"iss": "https://id.example.com/"}, SignInCheck.TOKEN_ISSUER, SignInFault.OTHER_ISSUER),
        ({"iss": None}, SignInCheck.TOKEN_ISSUER, SignInFault.OTHER_ISSUER),
        ({"aud": "d"}, SignInCheck.AUDIENCE, SignInFault.OTHER_AUDIENCE),
        ({"aud": None}, SignInCheck.AUDIENCE, SignInFault.OTHER_AUDIENCE),
        ({"aud": ["c", "d"]}, SignInCheck.AUDIENCE, SignInFault.OTHER_AUDIENCE),
        ({"azp": "d"}, SignInCheck.AUDIENCE, SignInFault.OTHER_AUDIENCE),
        ({"nonce": "m"}, SignInCheck.NONCE, SignInFault.OTHER_NONCE),
        ({"nonce": None}, SignInCheck.NONCE, SignInFault.OTHER_NONCE),
        ({"exp": None}, SignInCheck.TIME, SignInFault.NO_TIME),
        ({"exp": "soon"}, SignInCheck.TIME, SignInFault.NO_TIME),
        ({"iat": True}, SignInCheck.TIME, SignInFault.NO_TIME),
        ({"exp": 1e300}, SignInCheck.TIME, SignInFault.NO_TIME),
        ({"sub": None}, SignInCheck.SUBJECT, SignInFault.NO_SUBJECT),
        ({"sub": ""}, SignInCheck.SUBJECT, SignInFault.NO_SUBJECT),
        ({"sub": 7}, SignInCheck.SUBJECT, SignInFault.NO_SUBJECT),
        ({"sub": "a" * 256}, SignInCheck.SUBJECT, SignInFault.NO_SUBJECT),
    ],
)
def test_a_claim_that_is_not_as_asked_for_fails_its_check(
    changed: dict[str, Any], check: SignInCheck, fault: SignInFault
) -> None:
    assert refusal(claims(**changed)) == (check, fault)


@pytest.mark.parametrize("late", [SKEW, SKEW - 1])
def test_clocks_may_differ_by_two_minutes(late: int) -> None:
    looked_at(claims(exp=NOW - late))
    looked_at(claims(iat=NOW + late))
    looked_at(claims(nbf=NOW + late))


def test_clocks_may_not_differ_by_more() -> None:
    assert refusal(claims(exp=NOW - SKEW - 1)) == (SignInCheck.TIME, SignInFault.EXPIRED)
    assert refusal(claims(iat=NOW + SKEW + 1)) == (SignInCheck.TIME, SignInFault.NOT_YET)
    assert refusal(claims(nbf=NOW + SKEW + 1)) == (SignInCheck.TIME, SignInFault.NOT_YET)


def test_the_access_token_is_the_one_that_the_token_speaks_of() -> None:
    looked_at(claims(at_hash="77QmUPtjPfzWtF2AnpK9RQ"), "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")
    with pytest.raises(CheckFailed):
        looked_at(claims(at_hash="77QmUPtjPfzWtF2AnpK9RQ"), "another")


@pytest.mark.parametrize("subject", ["a\x00b", "a\nb", "\ud800"])
def test_a_subject_is_text_that_can_be_read(subject: str) -> None:
    assert refusal(claims(sub=subject)) == (SignInCheck.SUBJECT, SignInFault.NO_SUBJECT)


# --- Claims of a logout token


def logout(**changed: Any) -> dict[str, Any]:
    return claims(nonce=None, sid="s", jti="j", events={LOGOUT_EVENT: {}}, **changed)


def test_a_good_logout_token_passes() -> None:
    for told in (logout(), logout(sub=None), {**logout(), "sid": ""}):
        check_logout_token(told, issuer=ISSUER, client_id="c", now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "n"},
        {"events": None},
        {"events": {"http://schemas.openid.net/event/another": {}}},
        {"events": {LOGOUT_EVENT: "yes"}},
        {"jti": ""},
        {"sub": None, "sid": None},
        {"sub": 123},
        {"sid": ["s"]},
        {"sub": "a\x00b"},
        {"iss": "https://other.example.com"},
        {"aud": "d"},
        {"exp": NOW - SKEW - 1},
        {"exp": None},
    ],
)
def test_an_id_token_or_another_event_signs_nobody_out(changed: dict[str, Any]) -> None:
    told = {name: value for name, value in {**logout(), **changed}.items() if value is not None}
    with pytest.raises(CheckFailed):
        check_logout_token(told, issuer=ISSUER, client_id="c", now=NOW)


def test_the_clock_is_asked_where_no_time_is_given() -> None:
    fresh = claims(iat=time.time(), exp=time.time() + 60)
    check_id_token(fresh, issuer=ISSUER, client_id="c", nonce="n", algorithm="RS256")
