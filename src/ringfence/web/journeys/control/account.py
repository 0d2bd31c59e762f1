"""Manage account: whether access groups are on, and the way to everything an administrator can change."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.web.queries.drafts import GROUP, draft_for
from ringfence.web.queries.openness import openness
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagePage(Page):
    on: bool
    status: str
    links: tuple[Link, ...]
    facts: tuple[tuple[str, str], ...]
    """What there is, each with its number."""
    turn: Link | None
    create: Link | None
    draft: str
    """The name of the group that this member has begun to make."""


@needs(Capability.READ_CONTROL)
def account(visit: Visit) -> HttpResponse:
    """The start page of the control side; auditors see it without the ways to change anything."""
    firm, now = visit.firm.pk, visit.view
    on = now.settings.control
    manages = visit.can(Capability.MANAGE)
    groups = len(now.groups) - 1
    everybodys = openness(visit.view)
    partly: tuple[tuple[str, str], ...] = ()
    if everybodys.part:
        partly = ((_("[Clients] open to everybody in part"), figure(everybodys.part)),)
    draft = draft_for(firm, visit.number, GROUP) if manages else None
    turn = Link(text=_("Turn off [access control]"), href=reverse("turn-off", args=[firm]))
    if not on:
        turn = Link(text=_("Turn on [access control]"), href=reverse("turn-on", args=[firm]))
    page = ManagePage(
        frame=frame_for(visit, "manage", here=True),
        title=_("Manage account"),
        on=on,
        status=_status(on, groups),
        links=(
            Link(text=_("[Groups]"), href=reverse("groups", args=[firm])),
            Link(text=_("Who can open which [client]"), href=reverse("client-access-list", args=[firm])),
        ),
        facts=(
            (_("[Clients]"), figure(len(now.clients))),
            (_("[Clients] open to everybody"), figure(everybodys.whole)),
            *partly,
            (_("[Members]"), figure(len(now.active_members))),
            (_("[Groups]"), figure(groups)),
        ),
        turn=turn if manages else None,
        create=Link(text=_("Create [a group]"), href=reverse("create-group", args=[firm]))
        if manages
        else None,
        draft=str(draft.values.get("name", "")) if draft is not None else "",
    )
    return show(visit.request, "control/account.html", page)


def _status(on: bool, groups: int) -> str:
    if on:
        return _("[A client] that is in [a group] can be opened only by those who were given access to it.")
    if groups:
        return _(
            "Everybody can open every [client] while [access control is] turned off. Your [groups] are kept."
        )
    return _("Everybody can open every [client].")
