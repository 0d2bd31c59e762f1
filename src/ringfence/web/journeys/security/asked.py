"""A second step that a firm asks for: who has none is led here, and what they have is not the last to go."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ringfence.access.clock import clock
from ringfence.access.sign_in_policy import policy_of
from ringfence.core.terms import Role
from ringfence.firms.models import User
from ringfence.web.shell.capability import Audience
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.second_step import has_second_step, passkeys_work_here
from ringfence.web.shell.sign_in_rules import due_for, has_used_second_step
from ringfence.web.shell.visit import memberships, open_to, places_open
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

from .frames import sure, user_of, zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPage(Page):
    firm: str
    number: int
    due: str
    """Until when they may go on without; empty where that is over."""
    has_one: bool
    """Whether they have one, and signed in before they had."""
    passkeys: bool


@open_to(Audience.SIGNED_IN)
def asked(request: HttpRequest, firm: int) -> HttpResponse:
    """Say what the firm asks for and from when on, with the ways to set it up."""
    user = user_of(request)
    place = next((each for each in places_open(request, user) if each.firm_id == firm), None)
    if place is None:
        raise Http404
    due = due_for(place, policy_of(place.firm))
    if due is None or has_used_second_step(request):
        return redirect("firm-home", firm=firm)
    page = AskedPage(
        frame=outer_frame(request),
        title=_("Set up a second step"),
        firm=place.firm.name,
        number=firm,
        due=moment_text(due, zone_of(user)) if clock() < due else "",
        has_one=has_second_step(user),
        passkeys=passkeys_work_here(request),
    )
    return show(request, "security/asked.html", page)


def firms_that_ask(user: User) -> tuple[str, ...]:
    """The names of the firms that ask the user for a second step."""
    return tuple(
        place.firm.name
        for place in memberships(user)
        if Role(place.role) in policy_of(place.firm).second_step
    )


def kept_for_a_firm(request: HttpRequest, user: User, step: Authenticator) -> HttpResponse | None:
    """The page that refuses to take away the last second step of somebody whose firm asks for one."""
    others = Authenticator.objects.filter(user=user).exclude(pk=step.pk)
    if others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        return None
    firms = firms_that_ask(user)
    if not firms:
        return None
    return sure(
        request,
        _("This cannot be removed yet"),
        (
            _("A second step is asked of you by: %(firms)s.") % {"firms": ", ".join(firms)},
            _("Set up another app or passkey first, then remove this one."),
        ),
        "",
    )
