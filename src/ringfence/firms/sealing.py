"""Secrets that lie in the database sealed: AES-256-GCM from `cryptography`, with keys made of the secret key.

Each purpose has a key of its own, so what was sealed for one opens for no other. A sealed text says by which
secret key it was sealed. Passwords and tokens are not sealed: of them nothing lies here but a digest.
"""

import base64
import binascii
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from ringfence import secret_keys

FORM = "s1"
"""What a sealed text begins with: the number of this form."""
NONCE = 12
"""Bytes, random for each text."""


class Unsealable(ValueError):
    """Sealed by a secret key that is not here, for another purpose, or damaged."""


def seal(text: str, purpose: str, *, secret: str | None = None) -> str:
    """The text for a column of the database; `secret` in place of the present secret key."""
    secret = secret or settings.SECRET_KEY
    head, nonce = f"{FORM}:{key_id(secret)}:", os.urandom(NONCE)
    body = AESGCM(_key(secret, f"seal {purpose}")).encrypt(nonce, text.encode(), head.encode())
    return head + base64.urlsafe_b64encode(nonce + body).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The text that was sealed for the purpose. Raises `Unsealable`."""
    form, _, rest = sealed.partition(":")
    by, _, body = rest.partition(":")
    secret = _secret_of(by)
    if form != FORM or secret is None:
        raise Unsealable("sealed by a secret key that is not here")
    try:
        raw = base64.urlsafe_b64decode(body)
        head = f"{form}:{by}:".encode()
        return AESGCM(_key(secret, f"seal {purpose}")).decrypt(raw[:NONCE], raw[NONCE:], head).decode()
    except (InvalidTag, binascii.Error, ValueError) as problem:
        raise Unsealable("sealed for another purpose, or damaged") from problem


def is_sealed(text: str) -> bool:
    """Whether the text has the form of a sealed one; whether it opens is another question."""
    return text.startswith(f"{FORM}:")


def sealed_by(sealed: str) -> str:
    """The `key_id` of the secret key by which it was sealed."""
    return sealed.split(":")[1] if is_sealed(sealed) else ""


def opens(by: str) -> bool:
    """Whether the secret key of this `key_id` is here."""
    return _secret_of(by) is not None


def key_id(secret: str) -> str:
    """By what a sealed text tells its secret key: eight characters that give nothing of it away."""
    return _key(secret, "key id")[:4].hex()


def _secret_of(by: str) -> str | None:
    for keys in (_keys_at_start, _keys_of_files):
        for secret in keys():
            if key_id(secret) == by:
                return secret
    return None


def _keys_at_start() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _keys_of_files() -> list[str]:
    """Another process may have brought a new key while this one runs."""
    if secret_keys.from_environment():
        return []
    return [secret_keys.present_key(settings.DATA), *secret_keys.other_keys(settings.DATA)]


@lru_cache(maxsize=64)
def _key(secret: str, label: str) -> bytes:
    info = f"ringfence {label}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())
