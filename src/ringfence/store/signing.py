"""What the installation signs for other software to carry from one of its processes to another: JWS, Ed25519.

The key is made of the installation's secret key and kept nowhere, so a stolen database or backup signs
nothing; with another secret key it is another one. `requestable.py` has what is signed.
"""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .databases import data_folder

PURPOSE = b"ringfence: signed for other software"
ALGORITHM = "EdDSA"
SEED = 32
"""Bytes of which a key is made."""
LONGEST = 8_192
"""Characters; what is longer is nothing of ours."""


class NotSigned(Exception):
    """A text that this installation has not signed, or not for this purpose."""


class Ended(NotSigned):
    """Signed here, and no longer good."""


class Signer:
    """One key with what is known of it."""

    def __init__(self, secret: str) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        seed = HKDF(algorithm=SHA256(), length=SEED, salt=None, info=PURPOSE).derive(secret.encode())
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._key.public_key()
        named = {"crv": "Ed25519", "kty": "OKP", "x": _text(self._public.public_bytes_raw())}
        # Its thumbprint (RFC 7638), so another key has another name.
        self.kid = _text(hashlib.sha256(json.dumps(named, separators=(",", ":")).encode()).digest())
        self.jwk: Mapping[str, str] = {**named, "kid": self.kid, "use": "sig", "alg": ALGORITHM}
        """The public half (RFC 7517, 8037)."""

    def signed(self, claims: Mapping[str, Any], *, kind: str) -> str:
        """The claims as a JWS in compact form; `kind` stands in its header, as what it is."""
        import jwt

        return jwt.encode(
            dict(claims), self._key, algorithm=ALGORITHM, headers={"kid": self.kid, "typ": kind}
        )

    def claims(self, text: str, *, kind: str, issuer: str, audience: str) -> Mapping[str, Any]:
        """What was signed here as this kind, for this audience; raises `NotSigned`, `Ended`."""
        import jwt

        if len(text) > LONGEST:
            raise NotSigned
        try:
            found = jwt.decode_complete(
                text,
                self._public,
                algorithms=[ALGORITHM],
                issuer=issuer,
                audience=audience,
                options={"require": ["iss", "aud", "iat", "exp", "jti"], "strict_aud": True},
            )
        except jwt.ExpiredSignatureError as error:
            raise Ended from error
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise NotSigned from error
        header = found["header"]
        if header.get("kid") != self.kid or header.get("typ") != kind:
            raise NotSigned
        payload: Mapping[str, Any] = found["payload"]
        return payload


def signer() -> Signer | None:
    """The installation's own; None for a process to which nobody has given the secret key."""
    secret = os.environ.get("RINGFENCE_SECRET_KEY") or _kept()
    return _made(secret) if secret else None


@lru_cache(maxsize=4)
def _made(secret: str) -> Signer:
    return Signer(secret)


def _kept() -> str:
    """The one that `ringfence.settings` writes at the first start."""
    path = data_folder() / "secret-key"
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
