"""The secrets with which events are signed (Standard Webhooks).

None is kept: each is made of the installation's secret key and a salt, so whoever gets hold of the database
or a backup alone can sign nothing. With another secret key all of them are others.
"""

import base64
import os

from django.utils.crypto import salted_hmac

from .reading import KeptWebhook

SALT = 16
PREFIX = "whsec_"


def new_salt() -> bytes:
    """For a secret unlike any other."""
    return os.urandom(SALT)


def secret_bytes(uid: str, webhook: int, salt: bytes) -> bytes:
    """The 32 bytes that sign."""
    place = f"{uid}/{webhook}/{salt.hex()}"
    return salted_hmac("ringfence.access.webhooks.secrets", place, algorithm="sha256").digest()


def secret_text(uid: str, webhook: int, salt: bytes) -> str:
    """The secret as receivers take it: standard base64 with its padding, after ``whsec_``."""
    return PREFIX + base64.b64encode(secret_bytes(uid, webhook, salt)).decode()


def signing_secrets(hook: KeptWebhook, now: int) -> list[str]:
    """All secrets that sign at that instant, the present one first."""
    found = [secret_text(hook.uid, hook.number, hook.salt)]
    if hook.earlier_salt and now < hook.earlier_until:
        found.append(secret_text(hook.uid, hook.number, hook.earlier_salt))
    return found
