"""Changing how the firm's people sign in, one question a page."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.sign_in_policy import (
    MOST_GRACE,
    MOST_HOURS,
    LockedOut,
    ask_second_step,
    limit_networks,
    limit_sessions,
    policy_of,
)
from ringfence.core.refusals import Refused
from ringfence.core.terms import Role
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.security_noting import source_of
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import problem_text
from ringfence.wording.levels_and_roles import role_name
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStepRolesPage(Page):
    roles: tuple[tuple[str, str], ...]
    """Each with its name."""
    chosen: tuple[str, ...]
    days: str
    days_error: str
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage(Page):
    hours: str
    hours_error: str
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworksPage(Page):
    networks: str
    networks_error: str
    address: str
    """Where the one who sets it is."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def second_step(visit: Visit) -> HttpResponse:
    """Of which roles it is asked, and after how many days."""
    post, policy = visit.request.POST, policy_of(visit.firm)
    if visit.request.method != "POST":
        chosen = tuple(role.value for role in policy.second_step)
        return _second_step_page(visit, chosen, str(policy.grace_days if chosen else 14))
    roles = [role for role in Role if role.value in post.getlist("roles")]
    text = post.get("days", "").strip()
    days = number_in(text) if text not in {"", "0"} else 0
    if not 0 <= days <= MOST_GRACE or (text and not text.isdecimal()):
        error = _("Enter a number of days from 0 to %(most)s") % {"most": MOST_GRACE}
        return _second_step_page(visit, tuple(role.value for role in roles), showable(text), error)
    ask_second_step(visit.firm.pk, roles, days, actor=visit.actor)
    return _saved(visit)


def _second_step_page(visit: Visit, chosen: tuple[str, ...], days: str, error: str = "") -> HttpResponse:
    page = SecondStepRolesPage(
        frame=frame_for(visit, "manage"),
        title=_("Who needs a second step"),
        back=_back(visit),
        errors=(ErrorLine(text=error, href="#days"),) if error else (),
        roles=tuple((role.value, role_name(role)) for role in Role),
        chosen=chosen,
        days=days,
        days_error=error,
        most=MOST_GRACE,
    )
    return show(visit.request, "sign_in_policy/second_step.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def session(visit: Visit) -> HttpResponse:
    """After how many hours people sign in again."""
    if visit.request.method != "POST":
        return _session_page(visit, str(policy_of(visit.firm).session_hours or ""))
    text = visit.request.POST.get("hours", "").strip()
    hours = number_in(text) if text else 0
    if text and not 1 <= hours <= MOST_HOURS:
        error = _("Enter a number of hours from 1 to %(most)s, or nothing") % {"most": MOST_HOURS}
        return _session_page(visit, showable(text), error)
    limit_sessions(visit.firm.pk, hours, actor=visit.actor)
    return _saved(visit)


def _session_page(visit: Visit, hours: str, error: str = "") -> HttpResponse:
    page = SessionPage(
        frame=frame_for(visit, "manage"),
        title=_("How long people stay signed in"),
        back=_back(visit),
        errors=(ErrorLine(text=error, href="#hours"),) if error else (),
        hours=hours,
        hours_error=error,
        most=MOST_HOURS,
    )
    return show(visit.request, "sign_in_policy/session.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def networks(visit: Visit) -> HttpResponse:
    """From where administrators and principals sign in."""
    here = source_of(visit.request).address
    if visit.request.method != "POST":
        return _networks_page(visit, here, "\n".join(policy_of(visit.firm).networks))
    given = visit.request.POST.get("networks", "")
    try:
        limit_networks(visit.firm.pk, given.replace(",", " ").split(), actor=visit.actor, address=here)
    except Refused as refused:
        return _networks_page(visit, here, showable(given), problem_text(refused.problem, refused.limit))
    except LockedOut:
        return _networks_page(visit, here, showable(given), _locked_out(here))
    return _saved(visit)


def _locked_out(here: str) -> str:
    if not here:
        return _("Ringfence cannot tell from which address you come, so you would shut yourself out")
    return _("Your own address %(address)s is in none of these, so you would shut yourself out") % {
        "address": here
    }


def _networks_page(visit: Visit, here: str, given: str, error: str = "") -> HttpResponse:
    page = NetworksPage(
        frame=frame_for(visit, "manage"),
        title=_("From where administrators sign in"),
        back=_back(visit),
        errors=(ErrorLine(text=error, href="#networks"),) if error else (),
        networks=given,
        networks_error=error,
        address=here,
    )
    return show(visit.request, "sign_in_policy/networks.html", page)


def _back(visit: Visit) -> str:
    return reverse("firm-sign-in", args=[visit.firm.pk])


def _saved(visit: Visit) -> HttpResponse:
    messages.success(visit.request, _("The sign-in settings are saved."))
    return redirect("firm-sign-in", firm=visit.firm.pk)
