"""What a firm asks of whoever enters it (`access.sign_in_policy`), held before any of its pages is made.

The rules of the firm that is entered hold, and of no other: whoever has places in several firms meets each
firm's in its own pages. Pages about one's own sign-in stay open, as do those of other firms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ringfence.access.clock import clock
from ringfence.access.security_log import SecurityKind, note
from ringfence.access.sign_in_policy import NOTHING_ASKED, SignInPolicy, policy_of
from ringfence.core.days import instant
from ringfence.core.terms import Instant, Role
from ringfence.firms.models import Member, User

from .came_by import came_by
from .only_provider import stopped_by_provider
from .security_noting import source_of
from .session_end import longest_message, shorten

if TYPE_CHECKING:
    from .visit import Visit

HOUR = 3600
LED = "led_to_second_step"
"""The session's key for: they were shown once that a second step will be asked of them."""


class Outside(PermissionDenied):
    """An administrator is in none of the firm's networks: its name, and their address as far as known."""

    def __init__(self, firm: str, address: str) -> None:
        super().__init__(firm, address)
        self.firm, self.address = firm, address


def stopped_by_policy(visit: Visit) -> HttpResponse | None:
    """What they are answered with instead of the page; None where the firm lets them in.

    Raises `Outside`, which is answered by `errors.forbidden`.
    """
    policy = policy_of(visit.firm)
    if policy == NOTHING_ASKED:
        return None
    _need_inside(visit, policy)
    stopped = stopped_by_provider(visit, policy) or _too_long(visit, policy)
    return stopped or _without_second_step(visit, policy)


def _need_inside(visit: Visit, policy: SignInPolicy) -> None:
    """Administrators and principals alone are asked where they are."""
    source = source_of(visit.request)
    if policy.lets_in(Role(visit.row.role), source.address):
        return
    # What this firm refuses is no other firm's to know.
    note(
        SecurityKind.SIGN_IN_REFUSED,
        firm=visit.firm.pk,
        member=visit.number,
        source=source,
        details={"why": "network"},
    )
    raise Outside(visit.firm.name, source.address)


def _too_long(visit: Visit, policy: SignInPolicy) -> HttpResponse | None:
    """Whoever has been signed in for longer than the firm lets them; the whole session is over then."""
    seconds = policy.session_hours * HOUR
    if not seconds or shorten(visit.request, seconds):
        return None
    visit.request.session.flush()
    messages.info(visit.request, longest_message(seconds))
    return redirect_to_login(visit.request.get_full_path())


def _without_second_step(visit: Visit, policy: SignInPolicy) -> HttpResponse | None:
    """Whoever is asked for a second step and used none: led to set one up, at first once in a session."""
    if has_used_second_step(visit.request) or came_by(visit.request) is not None:
        # The firm's own provider asks for one, or does not, as the firm has it there.
        return None
    due = due_for(visit.row, policy)
    if due is None:
        return None
    if clock() < due:
        if visit.request.method != "GET" or visit.request.session.get(LED):
            return None
        visit.request.session[LED] = True
    return redirect("second-step-asked", firm=visit.firm.pk)


def due_for(place: Member, policy: SignInPolicy) -> Instant | None:
    """From when on the place opens with a second step alone; None for never."""
    role = Role(place.role)
    if role not in policy.second_step:
        return None
    (joined,) = User.objects.filter(pk=place.user_id or 0).values_list("joined_at", flat=True)
    return policy.second_step_due(role, instant(joined))


def has_used_second_step(request: HttpRequest) -> bool:
    """Whether the session of a signed-in user was begun, or confirmed, with more than a password."""
    records = get_authentication_records(request, request.user)
    return any(each.get("method") == "mfa" for each in records)
