"""The second step of signing in: a code from an app, a passkey, or a recovery code. The library keeps them.

A code is good once, also while the clocks' tolerance would take it again. Nothing here decides access.
"""

from __future__ import annotations

import json
from ipaddress import ip_address
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.cache import cache
from django.forms import Form
from django.http import HttpRequest

from ringfence.firms.models import User
from ringfence.firms.sealing import seal, unseal
from ringfence.wording.saying import gettext as _

MALFORMED = (ValueError, TypeError, KeyError, AttributeError, IndexError)
"""What the library raises over an answer of a passkey that makes no sense."""
PURPOSE = "second step"
"""Of what is sealed."""
NAME = 50
"""Characters that the name of a passkey may have."""


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    """What a passkey and an app are told of us, and that our pages send the mails."""

    def encrypt(self, text: str) -> str:
        """The key of an app, or of recovery codes, as it lies in the database."""
        return seal(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """The same key again. Raises `Unsealable`."""
        return unseal(encrypted_text, PURPOSE)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For whom a passkey is: the host, by the name that people know."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Ringfence"}


class CodeForm(AuthenticateForm):  # type: ignore[misc]  # allauth is not typed
    """A code from an app, or a recovery code."""

    def clean_code(self) -> str:
        """Take a code of an app once for as long as the clocks' tolerance would take it."""
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            lasts = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
            digits = "".join(filter(str.isdigit, code))
            if not cache.add(f"code {self.user.pk} {digits}", 1, timeout=lasts):
                raise get_account_adapter().validation_error("incorrect_code")
        return code


def has_second_step(user: User) -> bool:
    """Whether the user signs in with one."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def passkeys_of(user: User) -> list[Authenticator]:
    """The user's passkeys, the oldest first."""
    return list(Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).order_by("pk"))


def passkeys_work_here(request: HttpRequest) -> bool:
    """Whether browsers offer passkeys at this address: over TLS or on this machine, and by a name."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost" or host.endswith(".localhost")
    return False


def options_to_add(user: User) -> str:
    """What a browser needs to make a passkey, as JSON; one that names its user, where there is room."""
    options: dict[str, Any] = json.loads(json.dumps(webauthn.begin_registration(user, False)))
    options["publicKey"].setdefault("authenticatorSelection", {})["residentKey"] = "preferred"
    return json.dumps(options)


def options_to_use(user: User) -> str:
    """What a browser needs to use one of the user's passkeys, as JSON."""
    return json.dumps(webauthn.begin_authentication(user))


def options_for_anybody() -> str:
    """What a browser needs to use a passkey of whoever sits there, as JSON; it must make sure of them."""
    return json.dumps(webauthn.begin_authentication())


def read_passkey_of_anybody(request: HttpRequest) -> Authenticator | None:
    """The passkey that was used, proved, by the user whom it names; None where it makes no sense."""
    form = _good(LoginWebAuthnForm({"credential": request.POST.get("credential", "")}))
    found: Authenticator | None = form.cleaned_data["credential"] if form is not None else None
    return found


def none_came(request: HttpRequest, field: str = "credential") -> str:
    """What to say where the form was sent without any answer of a browser; empty where there is one."""
    if request.POST.get(field):
        return ""
    return _("No passkey was handed over. That needs JavaScript, and a browser that knows passkeys")


def read_new_passkey(request: HttpRequest, user: User) -> Form | None:
    """The passkey that a browser made, proved; None where it makes no sense or was not asked for."""
    given = {
        "name": request.POST.get("name", "").strip()[:NAME],
        "credential": request.POST.get("credential", ""),
    }
    return _good(AddWebAuthnForm(given, user=user))


def read_used_passkey(request: HttpRequest, user: User, field: str = "credential") -> Form | None:
    """The passkey that was used, proved; None likewise."""
    return _good(AuthenticateWebAuthnForm({"credential": request.POST.get(field, "")}, user=user))


def _good(form: Form) -> Form | None:
    try:
        return form if form.is_valid() else None
    except MALFORMED:
        return None
