"""The control side of clients: every client by name, and who can open it (rules.md 5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.listing.clients import (
    ListedEngagement,
    client_rows,
    clients_matching,
    groups_of_clients,
)
from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.core.terms import Level
from ringfence.web.browse.client_lines import control_listing
from ringfence.web.browse.client_list import ClientListPage, add_address, other_lists
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.grant_lines import GrantLine, grant_line
from ringfence.web.browse.listing import ListPage
from ringfence.web.browse.member_lines import member_listing
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.browse.take_links import take_links
from ringfence.web.queries.client_ways import ways_into
from ringfence.web.queries.holders import standing_grants
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.queries.things import groups_offered, services_of
from ringfence.web.shell.addresses import numbered, sharing_address
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.client_rights import (
    add_service_address,
    correct_address,
    mark_address,
    remove_address,
    remove_service_address,
    tax_reference_address,
)
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A member who sees the client, with the level on it as a whole and by which ways."""

    name: str
    email: str
    level: str
    ways: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine:
    """One of the client's engagements."""

    service: str
    reference: str
    open: bool
    refer: str
    """Where its tax reference is changed, empty for who may not."""
    remove: str
    """Where it is removed, empty for who may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPage(ListPage[PersonLine]):
    reference: str
    kind: str
    confidential: bool
    groups: tuple[Link, ...]
    """The groups that were given access to any part of it, those with all clients too."""
    correct: str
    """Where name and reference are changed, empty for who may not; so the three that follow."""
    mark: str
    add_service: str
    remove: str
    share: str
    """The page on which the client is shared, empty for who may not."""
    past: tuple[Link, ...]
    """Who had access at other times."""
    services: tuple[ServiceLine, ...]
    grants: tuple[GrantLine, ...]
    everybody: bool
    """Whether the list is of all members, with those who cannot open it."""
    other: Link


@needs(Capability.READ_CONTROL)
def listing(visit: Visit) -> HttpResponse:
    """Every client of the firm by name, each with the way to who can open it."""
    here = reverse("client-access-list", args=[visit.firm.pk])
    groups = groups_offered(visit.firm_now, visit.number)
    search = read_search(visit, here, services=services_of(visit.firm.pk), groups=groups)
    now = visit.firm_now
    clients = clients_matching(visit.firm_now, visit.number, now.clients, search.wanted)
    page = ClientListPage(
        frame=frame_for(visit, "manage"),
        title=_("Manage [clients]"),
        back=reverse("manage", args=[visit.firm.pk]),
        errors=search.errors,
        listing=control_listing(visit, search, clients, now.engagements),
        add=add_address(visit),
        others=other_lists(visit),
        taken=take_links("take-access", search, visit.firm.pk),
    )
    return show(visit.request, "clients/list.html", page)


@needs(Capability.READ_CONTROL)
def client(visit: Visit, number: int) -> HttpResponse:
    """Who can open the client, by which groups and grants (rules.md 5, "everybody's access")."""
    now = visit.firm_now
    if number not in now.clients:
        raise Http404
    firm = visit.firm.pk
    row = client_rows(visit.firm_now, visit.number, [number], now.engagements)[number]
    sentences = SentenceNames(visit.firm, [number])
    names = sentences.services
    here = reverse("client-access", args=[firm, number])
    everybody = visit.request.GET.get("show") == "all"
    label = _("[Member] by name or e-mail address")
    search = read_search(visit, here, label, kept={"show": "all"} if everybody else None)
    seen_by = now.who(number)
    within = now.active_members if everybody else seen_by
    people = member_listing(
        visit,
        search,
        members_matching(firm, search.wanted.text, within=within),
        lines=lambda rows: [_person(visit, seen_by.get(row.number), row, number, sentences) for row in rows],
        heading=partial(_people_heading, everybody),
    )
    standing = standing_grants(visit.firm_now, number, sentences)
    page = AccessPage(
        frame=frame_for(visit, "manage"),
        title=row.name,
        back=reverse("client-access-list", args=[firm]),
        row=client_pages(visit, number, "client-access"),
        errors=search.errors,
        listing=people,
        reference=row.reference,
        kind=row.kind,
        confidential=row.confidential,
        groups=_groups(visit, row.engagements),
        correct=correct_address(visit, number),
        mark=mark_address(visit, number),
        add_service=add_service_address(visit, number),
        remove=remove_address(visit, number),
        share=sharing_address(visit, number),
        past=_past(visit, number),
        services=_services(visit, number, row.engagements, names),
        grants=tuple(grant_line(visit, each, number, names) for each in standing),
        everybody=everybody,
        other=_other_people(here, everybody),
    )
    return show(visit.request, "access/client.html", page)


def _past(visit: Visit, number: int) -> tuple[Link, ...]:
    about = [visit.firm.pk, number]
    return (
        Link(text=_("Who had access on another day"), href=reverse("client-then", args=about)),
        Link(text=_("Who could open it between two days"), href=reverse("client-between", args=about)),
    )


def _other_people(here: str, everybody: bool) -> Link:
    """From those who can open it to everybody, and back."""
    if everybody:
        return Link(text=_("Show only those who can open it"), href=here)
    return Link(text=_("Show also those who cannot open it"), href=f"{here}?show=all")


def _services(
    visit: Visit, number: int, rows: Iterable[ListedEngagement], names: Mapping[int, str]
) -> tuple[ServiceLine, ...]:
    everybodys = visit.firm_now.open_to_everybody
    return tuple(
        ServiceLine(
            service=names.get(each.service, ""),
            reference=each.reference,
            open=each.number in everybodys,
            refer=tax_reference_address(visit, number, each.number),
            remove=remove_service_address(visit, number, each.number),
        )
        for each in rows
    )


def _groups(visit: Visit, engagements: Iterable[ListedEngagement]) -> tuple[Link, ...]:
    """The groups that the list of clients names for it, those that were given all clients too."""
    found = groups_of_clients(visit.firm_now, visit.number, BitMap(each.number for each in engagements))
    address = numbered("group", visit.firm.pk)
    return tuple(
        Link(text=each.name, href=address(each.number))
        for each in groups_offered(visit.firm_now, visit.number)
        if any(each.number in groups for groups in found.values())
    )


def _person(
    visit: Visit, level: Level | None, row: ListedMember, client: int, names: SentenceNames
) -> PersonLine:
    return PersonLine(
        name=row.name,
        email=row.email,
        level=_level(visit, level, row.number, client),
        ways=ways_into(visit.firm_now, row.number, client, names),
        href=reverse("why-member", args=[visit.firm.pk, client, row.number]),
    )


def _level(visit: Visit, whole: Level | None, member: int, client: int) -> str:
    """The level on the client as a whole, or that only a part of it can be opened."""
    if whole is None:
        return level_shown(Level.NONE)
    if whole is not Level.NONE:
        return level_shown(whole, own=visit.firm_now.owns(member, client))
    now = visit.firm_now
    engagements = now.engagements_of(client)
    seen = sum(now.can(member, number) for number in engagements)
    return ngettext(
        "%(seen)s of its %(all)s services", "%(seen)s of its %(all)s services", len(engagements)
    ) % {"seen": seen, "all": len(engagements)}


def _people_heading(everybody: bool, paging: Paging, search: SearchForm) -> str:
    if everybody:
        words = ngettext("%(total)s [member]", "%(total)s [members]", paging.total)
    else:
        words = ngettext("%(total)s [member] can open it", "%(total)s [members] can open it", paging.total)
    return words % paging.words
