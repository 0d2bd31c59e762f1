"""The end of a sign-in at a firm's provider, whatever its protocol: linked, signed in, bound to that firm.

Who it leads to is decided by `access.linking`. The second step of the user's own password is not asked for:
how its people prove themselves is the firm's and its provider's matter, and the session opens no other firm.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ringfence.access.claims import carry_over
from ringfence.access.linking import Arrival, link
from ringfence.access.providers import CheckFailed, Provider, SignInCheck, SignInFault
from ringfence.access.providers.sessions import note_session

from .came_by import note_came_by
from .proving import BY_PROVIDER, safe_address
from .sign_ins import forget_sign_in
from .signed_in import signed_in


def finish(request: HttpRequest, provider: Provider, arrival: Arrival, *, after: str = "/") -> HttpResponse:
    """Sign in who came, and go on at `after`; raises `CheckFailed` where it leads to nobody.

    Whoever was signed in before in this browser is not any more.
    """
    with transaction.atomic():
        # Whoever turns the provider off waits until its session is noted here, and ends it.
        linked = link(provider, arrival)
        if request.user.is_authenticated:
            forget_sign_in(request)
            logout(request)
        get_adapter().login(request, linked.user)
        # What they proved there this morning, they did not prove just now.
        record_authentication(
            request, linked.user, BY_PROVIDER, provider=provider.uid, uid=arrival.subject, at=arrival.at
        )
        note_came_by(request, provider.firm, provider.number, arrival.token)
        note_session(
            str(request.session.session_key),
            user=linked.user.pk,
            firm=provider.firm,
            provider=provider.number,
            subject=arrival.subject,
            theirs=arrival.session,
        )
    carry_over(provider, linked.member, arrival)
    return signed_in(request, redirect(safe_address(request, after)), (provider.firm, linked.member))


def confirm(request: HttpRequest, provider: Provider, arrival: Arrival) -> None:
    """Note that who is signed in by the provider has just shown there once more that it is them.

    Raises `CheckFailed` where it was somebody else.
    """
    linked = link(provider, arrival)
    if linked.user != request.user:
        raise CheckFailed(SignInCheck.MEMBER, SignInFault.SOMEBODY_ELSE)
    record_authentication(
        request, linked.user, BY_PROVIDER, provider=provider.uid, uid=arrival.subject, reauthenticated=True
    )
