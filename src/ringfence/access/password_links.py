"""Links at which a person sets a password, once: the way in for whoever has none yet or forgot theirs.

Whoever has the link can sign in as them. Sending or printing it is left to who asked for it.
"""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from ringfence.firms.models import User


def password_link(user: User, root: str) -> str:
    """Where the user sets a password, once, within `PASSWORD_RESET_TIMEOUT` seconds.

    `root` is the address at which people reach Ringfence, with or without a slash at its end.
    """
    key = default_token_generator.make_token(user)
    return root.rstrip("/") + reverse("set-password", args=[user_pk_to_url_str(user), key])


def link_days() -> int:
    """For how many days such a link is good."""
    return int(settings.PASSWORD_RESET_TIMEOUT) // 86_400
