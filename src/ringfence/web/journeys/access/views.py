"""The control side of clients: every client by name, and who can open it (rules.md 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.core.terms import Level
from ringfence.web.browse.client_lines import control_listing
from ringfence.web.browse.listing import ListPage
from ringfence.web.browse.member_lines import member_listing
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.clients import client_rows, clients_matching
from ringfence.web.queries.holders import StandingGrant, standing_grants
from ringfence.web.queries.people import ListedMember, members_matching
from ringfence.web.queries.things import groups_offered, services_of
from ringfence.web.shell.addresses import sharing_address
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.standing import idle_text, opening_text
from ringfence.wording.times import until_text


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A member who sees the client, with the level on it as a whole."""

    name: str
    email: str
    level: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine:
    """One of the client's engagements."""

    service: str
    reference: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantLine:
    """One grant that stands on the client."""

    name: str
    kind: str
    """What the holder is, empty for a single member."""
    href: str
    terms: str
    """Level, what it is on where that is a part, and until when."""
    notes: tuple[str, ...]
    """Why it gives nothing, and what removing it would open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPage(ListPage[PersonLine]):
    reference: str
    confidential: bool
    record: str
    """The client's record, empty where the member does not see it."""
    share: str
    """The page on which the client is shared, empty for who may not."""
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
    page = ListPage(
        frame=frame_for(visit, "manage"),
        title=_("Who can open which [client]"),
        back=reverse("manage", args=[visit.firm.pk]),
        errors=search.errors,
        listing=control_listing(visit, search, clients, now.engagements),
    )
    return show(visit.request, "shared/client_list.html", page)


@needs(Capability.READ_CONTROL)
def client(visit: Visit, number: int) -> HttpResponse:
    """Who can open the client, by which groups and grants (rules.md 5, "everybody's access")."""
    now = visit.firm_now
    if number not in now.clients:
        raise Http404
    firm = visit.firm.pk
    row = client_rows(visit.firm_now, visit.number, [number], now.engagements)[number]
    names = dict(services_of(firm))
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
        lines=lambda rows: [_person(visit, seen_by.get(row.number), row, number) for row in rows],
        heading=partial(_people_heading, everybody),
    )
    everybodys = visit.firm_now.open_to_everybody
    page = AccessPage(
        frame=frame_for(visit, "manage"),
        title=row.name,
        back=reverse("client-access-list", args=[firm]),
        errors=search.errors,
        listing=people,
        reference=row.reference,
        confidential=row.confidential,
        record=reverse("client", args=[firm, number]) if now.sees(visit.number, number) else "",
        share=sharing_address(visit, number),
        services=tuple(
            ServiceLine(
                service=names.get(each.service, ""),
                reference=each.reference,
                open=each.number in everybodys,
            )
            for each in row.engagements
        ),
        grants=tuple(_grant(visit, each, number, names) for each in standing_grants(visit.firm_now, number)),
        everybody=everybody,
        other=Link(text=_("Show only those who can open it"), href=here)
        if everybody
        else Link(text=_("Show also those who cannot open it"), href=f"{here}?show=all"),
    )
    return show(visit.request, "access/client.html", page)


def _person(visit: Visit, level: Level | None, row: ListedMember, client: int) -> PersonLine:
    return PersonLine(
        name=row.name,
        email=row.email,
        level=_level(visit, level, row.number, client),
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


def _grant(visit: Visit, grant: StandingGrant, client: int, services: Mapping[int, str]) -> GrantLine:
    holder, now = grant.holder, visit.firm_now
    single = holder.subject.kind == "member"
    own = single and grant.target.kind in {"client", "engagement"}
    parts = [level_shown(holder.level, own=own)]
    if grant.target.kind == "engagement":
        parts.append(services.get(now.service_of(grant.target.number), ""))
    elif grant.target.kind == "service":
        parts.append(
            _("all [clients] with the service %(service)s")
            % {"service": services.get(grant.target.number, "")}
        )
    if grant.expires is not None:
        parts.append(until_text(grant.expires, visit.zone))
    notes = [idle_text(grant.idle)] if grant.idle is not None else []
    if grant.opens:
        opened = [services.get(now.service_of(number), "") for number in grant.opens]
        notes.append(opening_text(opened, whole=len(opened) == len(now.engagements_of(client))))
    kind = "" if single else _("built-in [group]") if holder.built_in else _("[group]")
    return GrantLine(
        name=holder.name or _("a former [member]"),
        kind=kind,
        href="" if single else reverse("group", args=[visit.firm.pk, holder.subject.number]),
        terms=", ".join(parts),
        notes=tuple(notes),
    )


def _people_heading(everybody: bool, paging: Paging, search: SearchForm) -> str:
    if everybody:
        words = ngettext("%(total)s [member]", "%(total)s [members]", paging.total)
    else:
        words = ngettext("%(total)s [member] can open it", "%(total)s [members] can open it", paging.total)
    return words % paging.words
