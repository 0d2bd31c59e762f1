"""A member's own grants on single clients and their services, also such as count no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Idle
from ringfence.access.listing.clients import ListedClient, client_rows, clients_matching, page_of_clients
from ringfence.core.terms import Level, Target, member_subject
from ringfence.web.browse.client_lines import client_heading
from ringfence.web.browse.listing import ListPage, list_page
from ringfence.web.browse.search import read_search
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.standing import idle_text
from ringfence.wording.times import until_text

from .person import member_row


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnGrant:
    """One grant of the member's own."""

    on: str
    """The whole client, or one of its services."""
    terms: str
    note: str
    remove: str
    """Where it is removed; empty for who may not."""
    successor: str
    """Where another Owner is named in their place, who is needed first; empty where none is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """A client with the member's own grants on it."""

    name: str
    href: str
    reference: str
    confidential: bool
    grants: tuple[OwnGrant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccessPage(ListPage[OwnLine]):
    caption: str


@needs(Capability.READ_CONTROL)
def own_access(visit: Visit, member: int) -> HttpResponse:
    """The clients on which a grant of the member's own stands (rules.md 1), each grant with its removal."""
    firm, row = visit.firm.pk, member_row(visit, member)
    here = reverse("member-access", args=[firm, member])
    search = read_search(visit, here, services=services_of(firm))
    held = visit.firm_now.grants_of(member_subject(member))
    standing = BitMap.union(BitMap(), *held.clients)
    standing |= visit.firm_now.clients_of(
        BitMap.union(BitMap(), *held.engagements) & visit.firm_now.engagements
    )
    found = clients_matching(visit.firm_now, visit.number, standing & visit.firm_now.clients, search.wanted)
    page = OwnAccessPage(
        frame=frame_for(visit, "manage"),
        title=_("Own access of %(member)s") % {"member": row.name or _("a former [member]")},
        caption=_("[Member]"),
        back=reverse("member", args=[firm, member]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=partial(page_of_clients, visit.firm_now, found),
            lines=lambda numbers: list(_lines(visit, member, numbers, dict(search.services))),
            heading=client_heading,
            empty=_("Try fewer words, or clear the search.") if search.active else "",
        ),
    )
    return show(visit.request, "team/own_access.html", page)


def _lines(visit: Visit, member: int, numbers: Sequence[int], services: dict[int, str]) -> Iterator[OwnLine]:
    rows = client_rows(visit.firm_now, visit.number, numbers, visit.firm_now.engagements)
    for number in numbers:
        if (row := rows.get(number)) is not None:
            yield OwnLine(
                name=row.name,
                href=reverse("client-access", args=[visit.firm.pk, number]),
                reference=row.reference,
                confidential=row.confidential,
                grants=tuple(_grants(visit, member, row, services)),
            )


def _grants(visit: Visit, member: int, row: ListedClient, services: dict[int, str]) -> Iterator[OwnGrant]:
    now = visit.firm_now
    held, who = now.grants_of(member_subject(member)), now.members[member]
    on = [(Target("client", row.number), _("The whole [client]"))]
    on += [(Target("engagement", each.number), services.get(each.service, "")) for each in row.engagements]
    for target, name in on:
        terms = held.grant_on(target)
        if terms is None:
            continue
        said = [level_shown(terms.level, own=True)]
        if terms.expires is not None:
            said.append(until_text(terms.expires, visit.zone))
        note = ""
        if not terms.counts(now.now):
            note = idle_text(Idle.EXPIRED)
        elif not who.active:
            note = idle_text(Idle.INACTIVE_MEMBER)
        yield OwnGrant(
            on=name,
            terms=", ".join(said),
            note=note,
            remove=reverse("remove-access", args=[visit.firm.pk, member, target.kind, target.number])
            if visit.can(Capability.MANAGE)
            else "",
            successor=_successor(visit, member, target) if terms.level is Level.OWNER else "",
        )


def _successor(visit: Visit, member: int, target: Target) -> str:
    """Where every client keeps an Owner, the page that names the one in this member's place (rules.md 5)."""
    if target.kind != "client" or not visit.settings.owner_required or not visit.can(Capability.MANAGE):
        return ""
    return f"{reverse('choose-owner', args=[visit.firm.pk, target.number])}?instead={member}"
