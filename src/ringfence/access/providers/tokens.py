"""What a provider's tokens must be: an ID token of a sign-in, a logout token of its back channel.

OpenID Connect Core 1.0, 3.1.3.7, and Back-Channel Logout 1.0, 2.6. The library proves signatures; what claims
must say stands here, each with its own fault.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any

import jwt
from jwt import PyJWK

from .checks import CheckFailed, SignInCheck, SignInFault

SKEW = 120
"""Seconds by which a provider's clock may differ from ours."""
LONGEST = 2**16
"""Characters of a token."""
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""With a private key of the provider's. Never `none`, and none whose key is our client secret."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"

Keys = Callable[[bool], list[dict[str, Any]]]
"""The provider's keys; asked again with True where the first do not suffice."""


def signed_claims(token: str, keys: Keys) -> dict[str, Any]:
    """What the token says, once its signature is proved by a key of the provider's; raises `CheckFailed`."""
    if len(token) > LONGEST:
        raise CheckFailed(SignInCheck.SIGNATURE, SignInFault.NO_JWT)
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as nonsense:
        raise CheckFailed(SignInCheck.SIGNATURE, SignInFault.NO_JWT) from nonsense
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS:
        raise CheckFailed(SignInCheck.SIGNATURE, SignInFault.ALGORITHM, algorithm=str(algorithm)[:20])
    key = _key(keys(False), kid, algorithm) or _key(keys(True), kid, algorithm)
    if key is None:
        raise CheckFailed(SignInCheck.SIGNATURE, SignInFault.UNKNOWN_KEY, key=str(kid)[:100])
    try:
        claims: dict[str, Any] = jwt.decode(token, key, algorithms=[algorithm], options=_SIGNATURE_ALONE)
    except jwt.PyJWTError as forged:
        raise CheckFailed(SignInCheck.SIGNATURE, SignInFault.FORGED) from forged
    return claims


_SIGNATURE_ALONE: Any = {
    "verify_signature": True,
    **dict.fromkeys(
        ("verify_exp", "verify_nbf", "verify_iat", "verify_aud", "verify_iss", "verify_sub", "verify_jti"),
        False,
    ),
}


def _key(keys: list[dict[str, Any]], kid: object, algorithm: str) -> PyJWK | None:
    """The one key that the token can be signed with; None where there is none, or it is not clear which."""
    fitting = [
        each for each in keys if each.get("use", "sig") == "sig" and each.get("alg", algorithm) == algorithm
    ]
    named = [each for each in fitting if each.get("kid") == kid] if kid is not None else fitting
    if len(named) != 1:
        return None
    try:
        return PyJWK(named[0], algorithm=algorithm)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None


def check_id_token(
    claims: dict[str, Any],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    algorithm: str,
    access_token: str = "",
    now: float | None = None,
) -> None:
    """Hold an ID token's claims against what was asked for; raises `CheckFailed`. `now` is in seconds."""
    _check_parties(claims, issuer, client_id)
    _check_times(claims, time.time() if now is None else now, SignInCheck.TIME)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise CheckFailed(SignInCheck.NONCE, SignInFault.OTHER_NONCE)
    told = claims.get("at_hash")
    if told is not None and access_token and told != _half_hash(access_token, algorithm):
        raise CheckFailed(SignInCheck.NONCE, SignInFault.OTHER_NONCE)
    check_subject(claims)


def check_subject(claims: dict[str, Any]) -> None:
    """Whether the token says of whom it speaks; raises `CheckFailed`."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise CheckFailed(SignInCheck.SUBJECT, SignInFault.NO_SUBJECT)


def check_logout_token(
    claims: dict[str, Any], *, issuer: str, client_id: str, now: float | None = None
) -> None:
    """Hold the claims of a logout token against the standard; raises `CheckFailed`."""
    _check_parties(claims, issuer, client_id)
    _check_times(claims, time.time() if now is None else now, SignInCheck.TIME)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise CheckFailed(SignInCheck.SUBJECT, SignInFault.MISSING, what="events")
    if "nonce" in claims:
        raise CheckFailed(SignInCheck.NONCE, SignInFault.OTHER_NONCE)
    told = [claims[name] for name in ("sub", "sid") if claims.get(name) not in (None, "")]
    if not told or not all(isinstance(each, str) and each.isprintable() for each in told):
        raise CheckFailed(SignInCheck.SUBJECT, SignInFault.NO_SUBJECT)
    if not isinstance(claims.get("jti"), str) or not claims["jti"]:
        raise CheckFailed(SignInCheck.SUBJECT, SignInFault.MISSING, what="jti")


def _check_parties(claims: dict[str, Any], issuer: str, client_id: str) -> None:
    if claims.get("iss") != issuer:
        raise CheckFailed(
            SignInCheck.TOKEN_ISSUER, SignInFault.OTHER_ISSUER, told=str(claims.get("iss")), entered=issuer
        )
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    others = len(audiences) > 1 and claims.get("azp") != client_id
    if client_id not in audiences or others or claims.get("azp", client_id) != client_id:
        raise CheckFailed(
            SignInCheck.AUDIENCE, SignInFault.OTHER_AUDIENCE, told=str(audience), entered=client_id
        )


def _check_times(claims: dict[str, Any], now: float, check: SignInCheck) -> None:
    told = claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)
    if not all(map(_is_time, told)):
        raise CheckFailed(check, SignInFault.NO_TIME)
    expires, issued, begins = (float(each) for each in told if each is not None)
    if now > expires + SKEW:
        raise CheckFailed(check, SignInFault.EXPIRED, seconds=str(int(now - expires)))
    if max(issued, begins) > now + SKEW:
        raise CheckFailed(check, SignInFault.NOT_YET, seconds=str(int(max(issued, begins) - now)))


def _is_time(told: object) -> bool:
    return isinstance(told, int | float) and not isinstance(told, bool) and abs(told) < 2**53


def _half_hash(text: str, algorithm: str) -> str:
    """`at_hash` of an access token: the left half of its digest (Core, 3.1.3.6)."""
    if algorithm == "EdDSA":
        digest = hashlib.sha512(text.encode()).digest()
    else:
        digest = hashlib.new(f"sha{algorithm[-3:]}", text.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
