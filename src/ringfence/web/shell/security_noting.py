"""What pages write into the security log: who it is about, and where their request came from."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from ringfence.access.security_log import SecurityKind, SeenFrom, note
from ringfence.firms.models import Member, User

from .came_by import came_by
from .sign_ins import BROWSERS, SYSTEMS, named_in

WAYS = {
    "password": "password",
    "totp": "app",
    "recovery_codes": "code",
    "webauthn": "passkey",
    "socialaccount": "provider",
}
"""The words of the log for the library's."""


def source_of(request: HttpRequest) -> SeenFrom:
    """Address and browser of the request, as far as they are known."""
    said = request.headers.get("User-Agent", "")
    try:
        address = get_adapter().get_client_ip(request)
    except PermissionDenied:
        # None can be told, as over a socket of this machine.
        address = ""
    return SeenFrom(address=address, browser=named_in(said, BROWSERS), system=named_in(said, SYSTEMS))


def note_signed_in(request: HttpRequest, user: User, place: tuple[int, int] | None = None) -> None:
    """Note that somebody has just signed in, and how, as the library has it in their session.

    In each of their firms, or at one `place` (firm and member).
    """
    how: dict[str, str] = {}
    for each in get_authentication_records(request, user):
        method, kind = each.get("method"), each.get("type", "")
        if method == "mfa" and not each.get("passwordless"):
            how["second"] = WAYS.get(kind, kind)
        else:
            how["by"] = WAYS.get(kind if method == "mfa" else method, str(method))
    if place is None:
        note_of(request, SecurityKind.SIGN_IN, user, **how)
        return
    firm, member = place
    note(SecurityKind.SIGN_IN, firm=firm, member=member, source=source_of(request), details=how)


def note_of(request: HttpRequest, kind: SecurityKind, user: User | int, **details: str) -> None:
    """Note it in each of the user's firms; `details` as in `access.security_log.note`. Never raises.

    Of a session that one firm's provider began, in that firm alone: no other one knew of it.
    """
    number, came, source = user if isinstance(user, int) else user.pk, came_by(request), source_of(request)
    if came is not None:
        for member in Member.objects.filter(firm=came.firm, user=number).values_list("number", flat=True):
            note(kind, firm=came.firm, member=member, source=source, details=details)
        return
    note(kind, user=number, source=source, details=details)
