"""Everybody's own page: their groups, what else they can open, whom to ask. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.listing.clients import client_name_of
from ringfence.core.directory import sort_key
from ringfence.core.terms import EVERYONE, Role, group_subject
from ringfence.web.browse.member_lines import administrators
from ringfence.web.queries.way_names import NamesOfWays
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import control_off, role_name, role_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import until_text

from .own import by_groups
from .sections import account_links


@dataclass(frozen=True, slots=True, kw_only=True)
class YourGroupLine:
    """One of the member's groups."""

    name: str
    href: str
    clients: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhomToAsk:
    """Whom to ask."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YourAccountPage(Page):
    email: str
    role: str
    role_text: str
    permissions: tuple[str, ...]
    """The two permissions in sentences (rules.md 1)."""
    off: tuple[str, ...]
    """What holds while control is off; empty while it is on."""
    groups: tuple[YourGroupLine, ...]
    others: str
    """How many other clients they can open."""
    others_link: Link | None
    delegations: tuple[str, ...]
    requests: tuple[str, ...]
    """What they have asked for and not been answered."""
    links: tuple[Link, ...]
    """The other pages of the member's own, and the control side for who may read it."""
    administrators: tuple[WhomToAsk, ...]


@needs(Capability.MEMBER)
def account(visit: Visit) -> HttpResponse:
    """What the member is in, what they can open by it and besides, and who can change that."""
    firm, now = visit.firm.pk, visit.firm_now
    who = now.members[visit.number]
    others = len(now.clients_of(now.seen_by(visit.number) - by_groups(visit)))
    page = YourAccountPage(
        frame=frame_for(visit, "account", here=True),
        title=_("Your account"),
        email=visit.row.email,
        role=role_name(Role(who.role)),
        role_text=role_text(Role(who.role)),
        permissions=tuple(_permissions(visit)),
        off=()
        if visit.settings.control
        else (control_off(walls=now.walled), _("Only administrators can turn [access control] on.")),
        groups=tuple(_groups(visit)),
        others=count_clients(others),
        others_link=Link(text=_("See them, and by what"), href=reverse("your-other-clients", args=[firm]))
        if others
        else None,
        delegations=tuple(_delegations(visit)) if visit.settings.delegation else (),
        requests=tuple(_requests(visit)) if visit.settings.requests else (),
        links=tuple(account_links(visit)),
        administrators=tuple(WhomToAsk(name=row.name, email=row.email) for row in administrators(visit)),
    )
    return show(visit.request, "your_account/account.html", page)


def _permissions(visit: Visit) -> Iterator[str]:
    who = visit.firm_now.members[visit.number]
    yield _("You may use client records.") if who.access else _("You may not use client records.")
    if visit.can(Capability.MANAGE_ACCESS):
        yield _("You may manage who has access to every [client].")


def _groups(visit: Visit) -> Iterator[YourGroupLine]:
    """The member's groups by name; the built-in one where something was given to it."""
    names, now = NamesOfWays(visit.firm.pk), visit.firm_now
    seen = now.seen_by(visit.number)
    for number in sorted(now.groups_of(visit.number), key=lambda each: sort_key(names.group(each))):
        if number != EVERYONE or now.levels_given(group_subject(EVERYONE)):
            yield YourGroupLine(
                name=names.group(number),
                href=reverse("your-group", args=[visit.firm.pk, number]),
                clients=count_clients(len(now.clients_of(now.given(number) & seen))),
            )


def _requests(visit: Visit) -> Iterator[str]:
    """What the member has asked for, of clients that they may still know of."""
    now = visit.firm_now
    asked = now.asked_for(visit.number)
    names = client_name_of(visit.firm.pk, now.known_clients(visit.number) & BitMap(asked))
    for client, name in sorted(names.items(), key=lambda each: sort_key(each[1])):
        yield f"{name}: {level_shown(asked[client].level)}"


def _delegations(visit: Visit) -> Iterator[str]:
    """Who delegates to the member and to whom they delegate, as far as it counts."""
    now = visit.firm_now
    pairs = {
        pair: made
        for pair, made in sorted(now.delegations.items())
        if visit.number in pair and made.counts(now.now)
    }
    names = NamesOfWays(visit.firm.pk, members={end for pair in pairs for end in pair})
    for (giver, taker), made in pairs.items():
        if taker == visit.number:
            said = _("%(member)s delegates to you") % {"member": names.member(giver)}
        else:
            said = _("You delegate to %(member)s") % {"member": names.member(taker)}
        yield f"{said}, {until_text(made.expires, visit.zone)}" if made.expires is not None else said
