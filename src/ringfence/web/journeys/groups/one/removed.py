"""The clients that were removed from a service's group: who can open each now, and putting them back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.http import HttpResponse
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.listing.clients import client_rows, engagements_matching, page_of_clients
from ringfence.web.browse.client_lines import client_heading
from ringfence.web.browse.listing import ListPage, list_page
from ringfence.web.browse.search import read_search
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .group import GroupHead, OneGroup, group_at, head_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedClient:
    """A client with those of its services that were removed."""

    name: str
    href: str
    reference: str
    services: tuple[tuple[str, str], ...]
    """Each service with its tax reference."""
    open_to: str
    """Who can open it now."""
    put_back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedPage(ListPage[RemovedClient]):
    head: GroupHead
    actions: tuple[Link, ...]


@needs(Capability.READ_CONTROL)
def removed(visit: Visit, number: int) -> HttpResponse:
    """What the group's services leave out, searched and in pages."""
    group, now = group_at(visit, number), visit.firm_now
    search = read_search(visit, group.address("group-removed-clients"))
    found = now.clients_of(engagements_matching(now, visit.number, group.removed, search.wanted))
    actions: tuple[Link, ...] = ()
    if group.changeable and group.removed:
        actions = (Link(text=_("Put [clients] back"), href=group.address("group-put-back")),)
    page = RemovedPage(
        frame=frame_for(visit, "manage"),
        title=group.name,
        back=reverse("groups", args=[visit.firm.pk]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=partial(page_of_clients, now, found),
            lines=partial(_lines, group),
            heading=client_heading,
            empty=_("Try fewer words, or clear the search.")
            if search.active
            else _("No [client] is removed from this [group]."),
        ),
        head=head_of(group, "group-removed-clients"),
        actions=actions,
    )
    return show(visit.request, "groups/removed.html", page)


def _lines(group: OneGroup, numbers: Sequence[int]) -> Iterator[RemovedClient]:
    visit, now = group.visit, group.visit.firm_now
    rows = client_rows(now, visit.number, numbers, group.removed)
    theirs = BitMap(each.number for row in rows.values() for each in row.engagements)
    others = now.groups_on(theirs)
    check = group.address("group-put-back-check")
    for number in numbers:
        if (row := rows.get(number)) is None:
            continue
        removed = BitMap(each.number for each in row.engagements)
        yield RemovedClient(
            name=row.name,
            href=reverse("client-access", args=[visit.firm.pk, number]),
            reference=row.reference,
            services=tuple(
                (group.services.get(each.service, ""), each.reference) for each in row.engagements
            ),
            open_to=_open_to(group, removed, others),
            put_back=f"{check}?only={number}" if group.changeable else "",
        )


def _open_to(group: OneGroup, removed: BitMap, others: dict[int, BitMap]) -> str:
    now = group.visit.firm_now
    if removed <= now.open_to_everybody:
        return _("Everybody who uses client records")
    if removed.intersect(now.open_to_everybody):
        return _("Everybody, in part")
    if removed <= group.held:
        return _("This [group] too, as a single [client]")
    if any(number != group.number and theirs.intersect(removed) for number, theirs in others.items()):
        return _("Other [groups] that it is in")
    return _("Only those who were given access by themselves")
