"""The clients of a group: those in it with those that were removed from it, and those that it blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.listing.clients import (
    ListedEngagement,
    client_rows,
    engagements_matching,
    page_of_clients,
)
from ringfence.core.terms import Instant, Level
from ringfence.web.browse.client_lines import client_heading
from ringfence.web.browse.listing import Listing, ListPage, list_page
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.group_parts import terms_on
from ringfence.web.queries.things import Choice
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import four_levels, ngettext
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import until_text

from .group import GroupHead, OneGroup, group_at, head_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceInGroup:
    """A service of a client, and how it is in the group."""

    service: str
    reference: str
    terms: str
    """Level and end, where they have to be said."""
    mark: str
    """That it was removed, has ended or is blocked; empty where it is simply in the group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientInGroup:
    """A client in the list of a group."""

    name: str
    href: str
    reference: str
    confidential: bool
    services: tuple[ServiceInGroup, ...]
    changes: tuple[Link, ...]
    """What can be done with it alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupClientsPage(ListPage[ClientInGroup]):
    head: GroupHead
    lead: str
    actions: tuple[Link, ...]


@needs(Capability.READ_CONTROL)
def clients(visit: Visit, number: int) -> HttpResponse:
    """The group's clients, searched and in pages; of a service's those that were removed too, marked.

    Of a group that has none and blocks some, those.
    """
    group = group_at(visit, number)
    if group.blocked and not group.held and not group.removed:
        return redirect("group-blocked", firm=visit.firm.pk, number=number)
    shown = group.held | group.removed if group.removed else group.held
    listing = _listing(group, "group", shown)
    lead = ""
    if group.wide and group.changeable:
        lead = _(
            "[Clients] cannot be taken out one by one while the [group] is for all [clients]: remove that "
            "first, under “What it gives”."
        )
    return _page(group, "group", listing, lead=lead, actions=_actions(group))


@needs(Capability.READ_CONTROL)
def blocked(visit: Visit, number: int) -> HttpResponse:
    """The clients that the group blocks its members from."""
    group = group_at(visit, number)
    lead = _("Nobody in this [group] can open these [clients] by it or by any other [group].")
    listing = _listing(group, "group-blocked", group.blocked)
    actions: tuple[Link, ...] = ()
    if group.changeable and group.unblockable:
        actions = (Link(text=_("End blocks"), href=group.address("group-remove-blocks")),)
    return _page(group, "group-blocked", listing, lead=lead, actions=actions)


def _page(
    group: OneGroup, tab: str, listing: Listing[ClientInGroup], *, lead: str, actions: tuple[Link, ...]
) -> HttpResponse:
    page = GroupClientsPage(
        frame=frame_for(group.visit, "manage"),
        title=group.name,
        back=reverse("groups", args=[group.visit.firm.pk]),
        errors=listing.search.errors,
        listing=listing,
        head=head_of(group, tab),
        lead=lead,
        actions=actions,
    )
    return show(group.visit.request, "groups/clients.html", page)


def _actions(group: OneGroup) -> tuple[Link, ...]:
    if not group.changeable:
        return ()
    found = [Link(text=_("Add [clients]"), href=group.address("group-add-clients"))]
    if group.removable:
        found.append(Link(text=_("Take [clients] out"), href=group.address("group-remove-clients")))
    return tuple(found)


def _listing(group: OneGroup, route: str, shown: BitMap) -> Listing[ClientInGroup]:
    visit, now = group.visit, group.visit.firm_now
    services = tuple(Choice(number, name) for number, name in group.services.items())
    search = read_search(visit, group.address(route), services=services)
    found = now.clients_of(engagements_matching(now, visit.number, shown, search.wanted))
    return list_page(
        visit,
        search,
        total=len(found),
        page=partial(page_of_clients, now, found),
        lines=lambda numbers: _lines(group, route, numbers, shown),
        heading=partial(_heading, group, found),
        empty=_empty(search),
    )


def _empty(search: SearchForm) -> str:
    if search.active:
        return _("Try fewer words, in any order, or a part of one. Or clear the search.")
    return _("There is no [client] in this [group].")


def _heading(group: OneGroup, found: BitMap, paging: Paging, search: SearchForm) -> str:
    heading = client_heading(paging, search)
    if not group.removed:
        return heading
    now = group.visit.firm_now
    count = len((now.clients_of(group.removed) - now.clients_of(group.held)) & found)
    words = ngettext(
        "%(heading)s, %(count)s of them removed", "%(heading)s, %(count)s of them removed", count
    )
    return words % {"heading": heading, "count": figure(count)} if count else heading


def _lines(group: OneGroup, route: str, numbers: Sequence[int], shown: BitMap) -> Iterator[ClientInGroup]:
    visit, now = group.visit, group.visit.firm_now
    firm = visit.firm.pk
    rows = client_rows(now, visit.number, numbers, shown)
    for number in numbers:
        if (row := rows.get(number)) is None:
            continue
        theirs = BitMap(each.number for each in row.engagements)
        yield ClientInGroup(
            name=row.name,
            href=reverse("client-access", args=[firm, number]),
            reference=row.reference,
            confidential=row.confidential,
            services=tuple(_service(group, route, each) for each in row.engagements),
            changes=tuple(_changes(group, route, number, theirs)) if group.changeable else (),
        )


def _changes(group: OneGroup, route: str, client: int, theirs: BitMap) -> Iterator[Link]:
    """What can be done with this client alone, of which the group has or blocks these engagements."""
    wanted = [("group-remove-clients", _("Take out"), group.removable)]
    wanted.append(("group-put-back", _("Put back"), group.removed - group.held))
    if route == "group-blocked":
        wanted = [("group-remove-blocks", _("End block"), group.unblockable)]
    for change, text, can in wanted:
        if theirs.intersect(can):
            yield Link(text=text, href=f"{group.address(f'{change}-check')}?only={client}")


def _service(group: OneGroup, route: str, row: ListedEngagement) -> ServiceInGroup:
    now = group.visit.firm_now
    terms = terms_on(now, group.number, row.number)
    said = {_said(group, level, expires) for level, expires in terms if expires is None or now.now < expires}
    return ServiceInGroup(
        service=group.services.get(row.service, ""),
        reference=row.reference,
        terms="; ".join(sorted(each for each in said if each)),
        mark=_mark(group, route, row.number, expired=not said),
    )


def _mark(group: OneGroup, route: str, engagement: int, *, expired: bool) -> str:
    if engagement in group.removed and engagement not in group.held:
        return _("Removed")
    if expired:
        return _("Has expired")
    return _("Blocked") if route == "group" and engagement in group.blocked else ""


def _said(group: OneGroup, level: Level, expires: Instant | None) -> str:
    """The level where the firm shows four, and the end where there is one."""
    parts = [level_shown(level)] if four_levels() else []
    if expires is not None:
        parts.append(until_text(expires, group.visit.zone))
    return ", ".join(parts)
