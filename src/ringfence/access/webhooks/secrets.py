"""The secrets with which events are signed (Standard Webhooks): random, and sealed where they lie.

Whoever gets hold of the database or a backup alone, without the installation's secret key, can sign nothing.
"""

import base64
import os
from contextlib import suppress

from ringfence.firms.sealing import Unsealable, seal, unseal

from .reading import KeptWebhook

LENGTH = 32
"""Bytes."""
PREFIX = "whsec_"
PURPOSE = "webhook"


def new_secret() -> str:
    """A secret unlike any other, sealed."""
    return seal(PREFIX + base64.b64encode(os.urandom(LENGTH)).decode(), PURPOSE)


def secret_text(hook: KeptWebhook) -> str:
    """The secret as receivers take it: standard base64 with its padding, after ``whsec_``.

    Raises `firms.sealing.Unsealable` where the secret key is another one than that which sealed it.
    """
    return unseal(hook.secret, PURPOSE)


def signing_secrets(hook: KeptWebhook, now: int) -> list[str]:
    """All secrets that sign at that instant, the present one first. Raises `Unsealable` for that one."""
    found = [secret_text(hook)]
    if hook.earlier_secret and now < hook.earlier_until:
        with suppress(Unsealable):
            found.append(unseal(hook.earlier_secret, PURPOSE))
    return found
