"""Manage account: whether access groups are on, and the way to everything an administrator can change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.reading import offers_restoring
from ringfence.web.queries.drafts import GROUP, draft_for
from ringfence.web.queries.openness import openness
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import control_on, everybody_opens
from ringfence.wording.saying import LazyText, gettext_lazy
from ringfence.wording.saying import gettext as _


class AccountSection(NamedTuple):
    """A heading of the page with its links."""

    title: str
    links: tuple[Link, ...]


SECTIONS: tuple[tuple[LazyText, tuple[tuple[LazyText, str, Capability], ...]], ...] = (
    (
        gettext_lazy("[Groups]"),
        (
            (gettext_lazy("Manage [groups]"), "groups", Capability.READ_CONTROL),
            (gettext_lazy("Unassigned [clients]"), "unassigned-clients", Capability.MANAGE),
        ),
    ),
    (
        gettext_lazy("[Clients]"),
        (
            (gettext_lazy("Manage [clients]"), "client-access-list", Capability.READ_CONTROL),
            (gettext_lazy("Add [a client]"), "add-client", Capability.USE_CLIENTS),
            (gettext_lazy("Services"), "services", Capability.READ_CONTROL),
            (gettext_lazy("Bring in a list"), "lists", Capability.MANAGE),
            (gettext_lazy("Your own fields for [clients]"), "client-fields", Capability.MANAGE),
            (gettext_lazy("Removed [clients]"), "removed-clients", Capability.READ_CLIENTS),
        ),
    ),
    (
        gettext_lazy("[Members]"),
        (
            (gettext_lazy("Manage [members]"), "team", Capability.READ_CONTROL),
            (gettext_lazy("A picture of who reaches what"), "firm-picture", Capability.READ_CONTROL),
        ),
    ),
    (
        gettext_lazy("Giving access"),
        (
            (gettext_lazy("Requests for access"), "open-requests", Capability.MANAGE),
            (gettext_lazy("Permissions wizard"), "wizard", Capability.MANAGE_ACCESS),
            (gettext_lazy("Policies for new [clients]"), "policies", Capability.MANAGE),
            (gettext_lazy("Who delegates to whom"), "everybodys-delegations", Capability.MANAGE_ACCESS),
        ),
    ),
    (
        gettext_lazy("Keeping access right"),
        (
            (gettext_lazy("Access reviews"), "reviews", Capability.READ_CONTROL),
            (gettext_lazy("Use of access"), "use", Capability.READ_CONTROL),
            (gettext_lazy("Policies of your firm"), "firm-policies", Capability.READ_CONTROL),
            (gettext_lazy("Walls"), "walls", Capability.READ_CONTROL),
            (gettext_lazy("Emergency access"), "emergencies", Capability.READ_CONTROL),
        ),
    ),
    (
        gettext_lazy("What happened"),
        (
            (gettext_lazy("Reports"), "reports", Capability.READ_CONTROL),
            (gettext_lazy("Ledger"), "ledger", Capability.READ_CONTROL),
            (gettext_lazy("Proof for outsiders"), "proof", Capability.READ_CONTROL),
        ),
    ),
    (
        gettext_lazy("How people sign in"),
        (
            (gettext_lazy("Sign-in settings"), "firm-sign-in", Capability.READ_CONTROL),
            (gettext_lazy("E-mail domains"), "domains", Capability.READ_CONTROL),
            (gettext_lazy("Single sign-on"), "providers", Capability.READ_CONTROL),
            (gettext_lazy("Directory"), "directory", Capability.READ_CONTROL),
            (gettext_lazy("Security log"), "security-log", Capability.READ_CONTROL),
        ),
    ),
    (
        gettext_lazy("Other software"),
        (
            (gettext_lazy("Tokens for other software"), "tokens", Capability.READ_CONTROL),
            (gettext_lazy("Names in other software"), "software-names", Capability.READ_CONTROL),
            (gettext_lazy("Webhooks"), "webhooks", Capability.READ_CONTROL),
        ),
    ),
    (
        gettext_lazy("Settings and help"),
        (
            (gettext_lazy("Settings"), "settings", Capability.READ_CONTROL),
            (gettext_lazy("Mail and background work"), "firm-mail", Capability.MANAGE),
            (gettext_lazy("Questions and answers"), "help", Capability.MEMBER),
        ),
    ),
)
"""Headings, each with its links: text, route and whom it is for."""

NEEDED: dict[str, Callable[[Visit], bool]] = {
    "open-requests": lambda visit: visit.settings.requests or bool(visit.firm_now.requests),
    "everybodys-delegations": lambda visit: visit.settings.delegation or bool(visit.firm_now.delegations),
    "emergencies": lambda visit: visit.settings.emergency != "no" or bool(visit.firm_now.emergencies),
    "removed-clients": lambda visit: offers_restoring(visit.firm_now, visit.number),
}
"""By route, where a link is left out: what the firm has switched off, and nothing stands of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagePage(Page):
    on: bool
    status: str
    sections: tuple[AccountSection, ...]
    facts: tuple[tuple[str, str], ...]
    """What there is, each with its number."""
    turn: Link | None
    create: Link | None
    draft: str
    """The name of the group that this member has begun to make."""


@needs(Capability.READ_CONTROL)
def account(visit: Visit) -> HttpResponse:
    """The start page of the control side; auditors see it without the ways to change anything."""
    firm, now = visit.firm.pk, visit.firm_now
    on = now.settings.control
    manages = visit.can(Capability.MANAGE)
    groups = len(now.groups) - 1
    draft = draft_for(firm, visit.number, GROUP) if manages else None
    turn = Link(text=_("Turn off [access control]"), href=reverse("turn-off", args=[firm]))
    if not on:
        turn = Link(text=_("Turn on [access control]"), href=reverse("turn-on", args=[firm]))
    page = ManagePage(
        frame=frame_for(visit, "manage", here=True),
        title=_("Manage account"),
        on=on,
        status=_status(visit, groups),
        sections=tuple(_sections(visit)),
        facts=_facts(visit, groups),
        turn=turn if manages else None,
        create=Link(text=_("Create [a group]"), href=reverse("create-group", args=[firm]))
        if manages
        else None,
        draft=str(draft.values.get("name", "")) if draft is not None else "",
    )
    return show(visit.request, "control/account.html", page)


def _always(visit: Visit) -> bool:
    return True


def _sections(visit: Visit) -> Iterator[AccountSection]:
    """The ways to everything that the visitor may open, ordered by what it is about."""
    for title, rows in SECTIONS:
        links = tuple(
            Link(text=str(text), href=reverse(route, args=[visit.firm.pk]))
            for text, route, capability in rows
            if visit.can(capability) and NEEDED.get(route, _always)(visit)
        )
        if links:
            yield AccountSection(str(title), links)


def _facts(visit: Visit, groups: int) -> tuple[tuple[str, str], ...]:
    """The firm in numbers; the built-in group is none of the groups."""
    firm_now = visit.firm_now
    found, active = openness(firm_now), firm_now.active_members
    using = sum(firm_now.members[number].access for number in active)
    rows = [(_("[Clients]"), len(firm_now.clients)), (_("[Clients] open to everybody"), found.whole)]
    if found.part:
        rows.append((_("[Clients] open to everybody in part"), found.part))
    if found.closed:
        rows.append((_("[Clients] closed"), found.closed))
    rows.append((_("[Members]"), len(active)))
    if using < len(active):
        rows.append((_("[Members] who use client records"), using))
    rows.append((_("[Groups]"), groups))
    return tuple((name, figure(count)) for name, count in rows)


def _status(visit: Visit, groups: int) -> str:
    if visit.settings.control:
        return control_on(visit.settings)
    opens = everybody_opens(walls=visit.firm_now.walled)
    return " ".join((opens, _("Your [groups] are kept."))) if groups else opens
