"""The start page of a firm, by role and by how far the firm has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.invitations import anybody_asked
from ringfence.web.browse.report_line import ReportLine
from ringfence.web.browse.reports_on_access import reports_on_access
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import control_off, control_on
from ringfence.wording.saying import gettext as _

from .looks import things_to_look_at


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    """One of the first things to do in a new firm."""

    text: str
    href: str
    from_list: str
    """Where a list does it for many at once; empty where none can."""
    done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(Page):
    on: bool
    status: str
    steps: tuple[FirstStep, ...]
    """None once the firm has come that far, and for who cannot take them."""
    looks: tuple[Link, ...]
    reports: tuple[ReportLine, ...]
    """For who audits the firm: managing it is not what they are here for."""
    ways: tuple[Link, ...]


@needs(Capability.MEMBER)
def home(visit: Visit) -> HttpResponse:
    """What needs a look, for who manages or audits the firm; everybody else goes on to their clients."""
    if not visit.can(Capability.READ_CONTROL):
        return redirect("clients" if visit.everyday else "your-account", firm=visit.firm.pk)
    on = visit.settings.control
    page = HomePage(
        frame=frame_for(visit),
        title=visit.firm.name,
        on=on,
        status=control_on(visit.settings) if on else control_off(walls=visit.firm_now.walled),
        steps=tuple(_first_steps(visit)),
        looks=tuple(things_to_look_at(visit)),
        reports=() if visit.can(Capability.MANAGE) else tuple(reports_on_access(visit)),
        ways=tuple(_ways(visit)),
    )
    return show(visit.request, "home/home.html", page)


def _first_steps(visit: Visit) -> Iterator[FirstStep]:
    """What a new firm does first, until each was done once."""
    now, firm = visit.firm_now, visit.firm.pk
    several = len(now.active_members) > 1
    if not visit.can(Capability.MANAGE) or (several and now.clients and now.was_on):
        return
    named = (_("Name the services that your firm provides"), "services", "", len(now.services) > 1)
    steps = (
        # Clients can do with the built-in service: once there are some, this is no first step any more.
        *(() if now.clients else (named,)),
        (_("Add your [clients]"), "add-client", "clients", bool(now.clients)),
        (
            _("Add your [members] and invite them"),
            "team",
            "members",
            several and anybody_asked(firm, visit.number),
        ),
        (_("Turn on [access control]"), "turn-on", "", now.was_on),
    )
    if not all(done for *_step, done in steps):
        for text, route, kind, done in steps:
            listed = reverse("add-list", args=[firm, kind]) if kind and not done else ""
            yield FirstStep(text=text, href=reverse(route, args=[firm]), from_list=listed, done=done)


WAYS = (
    ("clients", Capability.READ_CLIENTS),
    ("manage", Capability.READ_CONTROL),
    ("client-access-list", Capability.READ_CONTROL),
    ("reports", Capability.READ_CONTROL),
    ("ledger", Capability.READ_CONTROL),
    ("your-account", Capability.MEMBER),
)
"""Where people go on from here, and who may."""


def _ways(visit: Visit) -> Iterator[Link]:
    texts = {
        "clients": _("[Clients] that you can open"),
        "manage": _("Manage account"),
        "client-access-list": _("Who can open which [client]"),
        "reports": _("Reports"),
        "ledger": _("Ledger"),
        "your-account": _("Your account"),
    }
    for route, capability in WAYS:
        if visit.can(capability):
            yield Link(text=texts[route], href=reverse(route, args=[visit.firm.pk]))
